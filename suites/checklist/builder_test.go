package checklist_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/altegio-readiness/harness/fakealtegio/journal"
)

// Operations of the contract, as the journal names them.
const (
	opInstall  = "marketplace_notification_settings_callback"
	opRedirect = "marketplace_notification_settings_redirect_callback"
	opPayment  = "marketplace_notification_payment_callback"
	opRefund   = "marketplace_payment_refund_callback"
	opStatus   = "marketplace_application_status"
)

const (
	application = 4242
	trialDays   = 7
	wireTime    = "2006-01-02 15:04:05"
	hookURL     = "https://integration.example.test/altegio/events"
)

// run is a journal in the making. Every record comes ten milliseconds after the one before.
type run struct {
	t        testing.TB
	records  []journal.Record
	at       time.Time
	location int64
	payment  int64
	paid     int // payments made, each of another sum
}

func newRun(t testing.TB) *run {
	r := &run{t: t, at: time.Date(2026, 1, 15, 10, 0, 0, 0, time.UTC), location: 700000, payment: 8000}
	r.add(journal.Record{Kind: journal.KindRun, Run: &journal.Run{
		Format: journal.FormatVersion, Harness: "test", Requirements: "test", Reach: "url",
		Application: journal.Application{
			ID: application, Monetization: "paid", TrialDays: trialDays, UserData: true,
			RedirectURL: "http://127.0.0.1:9000/connect", CallbackURL: "http://127.0.0.1:9000/callback",
		},
		Hooks: []string{"pay", "refund", "register", "sign_in"}, Probes: []string{"connected"},
	}})
	return r
}

func (r *run) add(rec journal.Record) *journal.Record {
	r.at = r.at.Add(10 * time.Millisecond)
	rec.Seq, rec.At = int64(len(r.records)+1), r.at
	r.records = append(r.records, rec)
	return &r.records[len(r.records)-1]
}

func (r *run) declared() *journal.Run { return r.records[0].Run }

func (r *run) end(reason string) *run {
	r.add(journal.Record{Kind: journal.KindEnd, End: &journal.End{Reason: reason, Seen: "the reason: " + reason}})
	return r
}

// scene is a story being written down.
type scene struct {
	*run
	name string
	cast map[string]int64
	ago  time.Duration // how far the clocks of its locations are behind
}

func (r *run) story(name string, roles ...string) *scene {
	s := &scene{run: r, name: name, cast: map[string]int64{}}
	for _, role := range roles {
		r.location++
		s.cast[role] = r.location
	}
	s.write("", journal.Record{Kind: journal.KindScenario, ScenarioEvent: &journal.Scenario{Phase: "start", Title: name, Cast: s.cast}})
	return s
}

// write adds a record of the story; role "" is no location.
func (s *scene) write(role string, rec journal.Record) *journal.Record {
	rec.Scenario, rec.Location = s.name, s.cast[role]
	written := s.add(rec)
	if rec.Location != 0 {
		clock := written.At.Add(-s.ago)
		written.Clock = &clock
	}
	return written
}

func (s *scene) now() time.Time { return s.at.Add(-s.ago) }

func (s *scene) end() {
	s.write("", journal.Record{Kind: journal.KindScenario, ScenarioEvent: &journal.Scenario{Phase: "end", Reached: true}})
}

func (s *scene) transition(role, from, to string) {
	s.write(role, journal.Record{Kind: journal.KindTransition, Transition: &journal.Transition{Application: application, From: from, To: to}})
}

// click is the owner's on Connect.
func (s *scene) click(role string) *scene {
	s.transition(role, journal.StateNone, journal.StatePending)
	return s
}

func (s *scene) visit(role string) *scene {
	s.write(role, journal.Record{Kind: journal.KindStep, Step: &journal.Step{
		Hook: "visit", Index: 1, Kind: "visit", Owner: "owner",
		Response: &journal.Response{Status: 200, Body: &journal.Body{Text: "<h1>Welcome</h1>", Size: 16}},
	}})
	return s
}

func (s *scene) hook(role, name string) *scene {
	s.write(role, journal.Record{Kind: journal.KindStep, Step: &journal.Step{
		Hook: name, Index: 1, Kind: "form", Response: &journal.Response{Status: 200, Body: &journal.Body{Text: "ok", Size: 2}},
	}})
	s.write(role, journal.Record{Kind: journal.KindHook, Hook: &journal.Hook{Name: name, OK: true}})
	return s
}

// call is an accepted call of the integration.
func (s *scene) call(role, operation, path, body string, status int) *journal.Exchange {
	ex := &journal.Exchange{
		Direction: journal.ToPlatform, Operation: operation, Application: application,
		Request: journal.Request{
			Method: "POST", URL: path,
			Header: map[string][]string{"Content-Type": {"application/json"}},
		},
		Response: &journal.Response{Status: status}, Millis: 1,
	}
	if body != "" {
		ex.Request.Body = &journal.Body{Text: body, Size: int64(len(body))}
	}
	s.write(role, journal.Record{Kind: journal.KindExchange, Exchange: ex})
	return ex
}

func installBody(location int64) string {
	return fmt.Sprintf(`{"salon_id":%d,"application_id":%d,"webhook_urls":["%s"]}`, location, application, hookURL)
}

func (s *scene) install(role string) *scene {
	s.call(role, journal.OpInstall, "/marketplace/partner/callback", installBody(s.cast[role]), 201)
	s.transition(role, journal.StatePending, journal.StateActive)
	return s
}

func (s *scene) wait(role, token, moment string) *scene {
	s.write(role, journal.Record{Kind: journal.KindWait, Wait: &journal.Wait{
		For: token, What: token, Moment: moment, Met: true, LimitMS: 15000, Millis: 3,
	}})
	return s
}

func (s *scene) quiet(role, moment string) *scene { return s.wait(role, "silence", moment) }

func (s *scene) probe(role, moment string, value bool) *scene {
	s.write(role, journal.Record{Kind: journal.KindProbe, Probe: &journal.Probe{Name: "connected", Moment: moment, Value: &value}})
	return s
}

// connect is the whole way from the click to the activation.
func (s *scene) connect(role, hook, moment string) *scene {
	return s.click(role).visit(role).install(role).hook(role, hook).wait(role, "activation", moment)
}

func paymentBody(location int64, sum string, at time.Time) string {
	return fmt.Sprintf(`{"salon_id":%d,"application_id":%d,"currency_iso":"EUR","payment_sum":%s,"payment_date":"%s","period_from":"%s","period_to":"%s"}`,
		location, application, sum, at.Format(wireTime), at.Format(wireTime), at.AddDate(0, 1, 0).Format(wireTime))
}

// pay is a payment and its report, which comes while the hook still runs.
func (s *scene) pay(role, moment string) int64 {
	s.paid++
	sum := fmt.Sprintf("%d.42", 900+s.paid)
	s.payment++
	s.call(role, journal.OpPayment, "/marketplace/partner/payment", paymentBody(s.cast[role], sum, s.now()), 200).Payment = s.payment
	s.payHook(role, sum)
	s.wait(role, "payment", moment)
	return s.payment
}

func (s *scene) payHook(role, sum string) {
	s.write(role, journal.Record{Kind: journal.KindHook, Hook: &journal.Hook{Name: "pay", OK: true, Payment: &journal.Payment{
		Key: fmt.Sprintf("payment-%d", s.paid), Sum: sum, Currency: "EUR",
	}}})
}

func (s *scene) refund(role string, id int64) *scene {
	s.call(role, journal.OpRefund, fmt.Sprintf("/marketplace/partner/payment/refund/%d", id), "", 200).Payment = id
	return s
}

func (s *scene) webhook(role, event, variant string) *scene {
	s.write(role, journal.Record{Kind: journal.KindExchange, Exchange: &journal.Exchange{
		Direction: journal.FromPlatform, Operation: "marketplace_lifecycle_webhook", Event: event, Variant: variant,
		Application: application, Request: journal.Request{Method: "POST", URL: "http://127.0.0.1:9000/callback"},
		Response: &journal.Response{Status: 200}, Millis: 2,
	}})
	return s
}

// uninstall is the owner's, and what the integration answers to the webhook.
func (s *scene) uninstall(role string) *scene {
	s.transition(role, journal.StateActive, journal.StateUninstalled)
	return s.webhook(role, "uninstall", "")
}
