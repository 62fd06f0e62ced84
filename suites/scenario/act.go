package scenario

import (
	"context"
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/altegio-readiness/harness/fakealtegio"
	"github.com/altegio-readiness/harness/fakealtegio/journal"
	"github.com/altegio-readiness/harness/suites/partner"
)

// act is a story while it is being played.
type act struct {
	*Stage
	sc        Scenario
	locations map[string]fakealtegio.Location
}

// person is an owner with a browser.
type person struct {
	fakealtegio.Owner
	browser *partner.Browser
}

func (a *act) tell(format string, args ...any) {
	if a.Tell != nil {
		a.Tell(a.sc.Name, fmt.Sprintf(format, args...))
	}
}

func (a *act) record(rec journal.Record) error {
	rec.Scenario = a.sc.Name
	return a.append(rec)
}

// note tells the reader of the journal what happens next.
func (a *act) note(location int64, format string, args ...any) error {
	return a.record(journal.Record{Kind: journal.KindNote, Location: location, Note: &journal.Note{Text: fmt.Sprintf(format, args...)}})
}

func (a *act) id(role string) int64 { return a.locations[role].ID }

// newOwner is somebody who was never seen before, with an empty browser.
func (a *act) newOwner() *person {
	owner := a.Platform.NewOwner(a.sc.Name)
	return &person{Owner: owner, browser: a.Driver.NewBrowser(owner.Email)}
}

// freshBrowser is the same person without cookies: another day, another computer.
func (a *act) freshBrowser(p *person) *person {
	return &person{Owner: p.Owner, browser: a.Driver.NewBrowser(p.Email)}
}

// call is what the driver needs to know for a step of the person at the location.
func (a *act) call(p *person, role string) partner.Call {
	location := a.locations[role]
	vars := a.Vars
	vars.Owner = partner.Owner{ID: p.ID, Name: p.Name, Email: p.Email, Phone: p.Phone, Password: p.Password}
	vars.Location = partner.Location{
		ID: location.ID, Title: location.Title, City: location.City, Currency: location.Currency, Timezone: location.Timezone,
	}
	return partner.Call{Scenario: a.sc.Name, Location: location.ID, Browser: p.browser, Owner: p.Email, Vars: vars}
}

// arrive presses Connect for the location and opens the redirect URL in the person's browser.
func (a *act) arrive(ctx context.Context, p *person, role string, data fakealtegio.UserData) error {
	url, err := a.Platform.Connect(a.Config.Application.ID, p.Owner, fakealtegio.ConnectOptions{UserData: data}, a.id(role))
	if err != nil {
		return err
	}
	a.tell("the owner presses Connect; opening the registration redirect URL")
	if _, err := a.Driver.Visit(ctx, a.call(p, role), url); err != nil && ctx.Err() == nil {
		return stop("the registration redirect URL did not open: %v", err)
	}
	return ctx.Err()
}

// visit opens the redirect URL for a location without anybody having pressed Connect.
func (a *act) visit(ctx context.Context, p *person, role string) error {
	url, err := a.Platform.VisitURL(a.Config.Application.ID, p.Owner, fakealtegio.ConnectOptions{}, a.id(role))
	if err != nil {
		return err
	}
	_, _ = a.Driver.Visit(ctx, a.call(p, role), url) // what it showed is in the journal
	return ctx.Err()
}

// connect lets a person connect a location: Connect, the redirect URL, the steps of the hook,
// and the activation that has to follow. It reports whether the installation became active.
func (a *act) connect(ctx context.Context, p *person, role, hook, moment string) (bool, error) {
	since := a.Journal.Seq()
	if err := a.arrive(ctx, p, role, fakealtegio.UserDataNone); err != nil {
		return false, err
	}
	if !a.Driver.Has(hook) {
		return false, stop("the hook %s is not configured", hook)
	}
	limit := a.Config.Limits.Wait
	a.tell("running the hook %s", hook)
	if _, err := a.Driver.Run(ctx, hook, a.call(p, role)); err != nil {
		if ctx.Err() != nil {
			return false, ctx.Err()
		}
		limit = a.quietWindow() // nothing is to be expected of a form that could not be sent
	}
	return a.await(ctx, expectation{
		token: "activation", what: "the activation of location", role: role, moment: moment,
		since: since, limit: limit, operations: []string{journal.OpInstall, journal.OpRedirect},
	})
}

// mustConnect connects and stops the story when the installation does not become active.
func (a *act) mustConnect(ctx context.Context, p *person, role, hook, moment string) error {
	ok, err := a.connect(ctx, p, role, hook, moment)
	if err == nil && !ok {
		err = stop("the location was not activated")
	}
	return err
}

// customer is a new owner who has connected the location, and whom the integration has had time
// to know as connected.
func (a *act) customer(ctx context.Context, role string) (*person, error) {
	owner := a.newOwner()
	if err := a.mustConnect(ctx, owner, role, "register", journal.MomentActivation); err != nil {
		return nil, err
	}
	return owner, a.probeUntil(ctx, owner, role, journal.MomentConnected, true)
}

// pay runs the pay hook for the location and waits for the report, where the moment is not "".
// It returns the platform's id of the payment, 0 if none was accepted.
func (a *act) pay(ctx context.Context, p *person, role, moment string) (made paid, ok bool, err error) {
	a.payments++
	made.Payment = &journal.Payment{Key: fmt.Sprintf("%s-payment-%d", a.Vars.Run.ID, a.payments)}
	sum, currency := a.price()
	call := a.call(p, role)
	call.Payment = made.Payment
	call.Vars.Payment = partner.Payment{Key: made.Key, Sum: sum, Currency: currency}
	if a.Config.Payment.Sum != "" || a.Config.PaysWhatItIsTold() {
		made.Sum, made.Currency = sum, currency
	}
	since := a.Journal.Seq()
	a.tell("running the hook pay")
	limit := a.Config.Limits.Wait
	made.vars, err = a.Driver.Run(ctx, "pay", call)
	if err != nil {
		if ctx.Err() != nil {
			return made, false, ctx.Err()
		}
		limit = a.quietWindow()
	}
	if moment == "" {
		return made, false, nil
	}
	ok, err = a.await(ctx, expectation{
		token: "payment", what: "the payment report of location", role: role, moment: moment,
		since: since, limit: limit, operations: []string{journal.OpPayment}, found: func(rec journal.Record) { made.ID = rec.Exchange.Payment },
	})
	return made, ok, err
}

// paid is a payment that was made, with what its hook extracted.
type paid struct {
	*journal.Payment
	vars partner.Vars
}

// price is the sum and the currency of the next payment: the fixed ones of the configuration, or
// a sum of our own, each another one, so that reports can be told apart.
func (a *act) price() (sum, currency string) {
	if a.Config.Payment.Sum != "" {
		return a.Config.Payment.Sum, a.Config.Payment.Currency
	}
	random := rand.New(rand.NewPCG(uint64(a.payments), 1))
	return fmt.Sprintf("%d.%02d", 900+a.payments, 1+random.IntN(98)), a.Config.Payment.Currency
}

// paysAtAll reports whether payments can show anything in this run.
func (a *act) paysAtAll() bool {
	return a.Driver.Has("pay") && a.Config.Application.Monetization != "free"
}

// quietWindow is how long nothing may happen before we believe that nothing will: longer than
// this integration has ever taken to react, within bounds.
func (a *act) quietWindow() time.Duration {
	const ceiling = 30 * time.Second
	return min(a.Config.Limits.Quiet+2*a.slowest, ceiling)
}
