package scenario

import (
	"context"
	"errors"
	"time"

	"github.com/altegio-readiness/harness/fakealtegio"
	"github.com/altegio-readiness/harness/fakealtegio/journal"
)

// beyondWindow moves a location's clock past the pending window of one hour.
const beyondWindow = 61 * time.Minute

var newOwner = Scenario{
	Name: journal.StoryNewOwner, Item: "connect",
	Title: "A new owner presses Connect, arrives with only salon_id and registers",
	Roles: []string{journal.RoleLocation},
	play: func(ctx context.Context, a *act) error {
		owner, role := a.newOwner(), journal.RoleLocation
		ok, err := a.connect(ctx, owner, role, "register", journal.MomentActivation)
		if err != nil {
			return err
		}
		if !ok {
			return a.returnTooLate(ctx, owner, role)
		}
		if err := a.quiet(ctx, journal.MomentAfterActivation, role); err != nil {
			return err
		}
		return a.probeUntil(ctx, owner, role, journal.MomentConnected, true)
	},
}

// returnTooLate lets the owner come back when the pending link is void: an integration that only
// activates now was too late, which is another defect than not activating at all.
func (a *act) returnTooLate(ctx context.Context, owner *person, role string) error {
	if err := a.note(a.id(role), "No activation was accepted. The pending window passes, and the owner opens the page again."); err != nil {
		return err
	}
	since := a.Journal.Seq()
	if _, err := a.Platform.Advance(ctx, a.id(role), beyondWindow); err != nil {
		return err
	}
	if err := a.visit(ctx, owner, role); err != nil {
		return err
	}
	if _, err := a.await(ctx, expectation{
		token: "activation", what: "a late activation of location", role: role, moment: journal.MomentLateActivation,
		since: since, limit: a.quietWindow() + afterRefusal, operations: []string{journal.OpInstall, journal.OpRedirect}, anyResult: true,
	}); err != nil {
		return err
	}
	return stop("the location was not activated")
}

var forgedUserData = Scenario{
	Name: journal.StoryForgedUserData, Item: "connect",
	Title: "Owners arrive with user data that Altegio did not sign",
	After: []string{journal.StoryNewOwner},
	Needs: []string{"user_data"},
	Roles: []string{journal.RoleWrongSignature, journal.RoleNoSignature, journal.RoleEmptySignature},
	play: func(ctx context.Context, a *act) error {
		for _, forged := range []struct {
			role string
			data fakealtegio.UserData
		}{
			{journal.RoleWrongSignature, fakealtegio.UserDataWrongSignature},
			{journal.RoleNoSignature, fakealtegio.UserDataNoSignature},
			{journal.RoleEmptySignature, fakealtegio.UserDataEmptySignature},
		} {
			// A page that refuses forged data with an error is as good as any.
			if err := a.arrive(ctx, a.newOwner(), forged.role, forged.data); err != nil && !errors.As(err, new(stopped)) {
				return err
			}
		}
		return a.quiet(ctx, journal.MomentAfterForgedData, a.sc.Roles...)
	},
}

var stranger = Scenario{
	Name: journal.StoryStranger, Item: "connect",
	Title: "A stranger opens the redirect URL with the salon_id of somebody else",
	After: []string{journal.StoryNewOwner},
	Needs: []string{"register"},
	Roles: []string{journal.RoleVictim, journal.RoleUnconnected},
	play: func(ctx context.Context, a *act) error {
		victim, err := a.customer(ctx, journal.RoleVictim)
		if err != nil {
			return err
		}
		for _, role := range a.sc.Roles {
			intruder := a.newOwner()
			if err := a.note(a.id(role), "A stranger opens the redirect URL with this salon_id; nobody has pressed Connect."); err != nil {
				return err
			}
			if err := a.visit(ctx, intruder, role); err != nil {
				return err
			}
			// Whether the registration succeeds does not matter: the stranger may well get an account.
			if _, err := a.Driver.Run(ctx, "register", a.call(intruder, role)); ctx.Err() != nil {
				return ctx.Err()
			} else if err != nil {
				a.tell("the integration did not let the stranger register")
			}
		}
		if err := a.quiet(ctx, journal.MomentVictim, a.sc.Roles...); err != nil {
			return err
		}
		if err := a.probe(ctx, victim, journal.RoleUnconnected, journal.MomentUnconnected); err != nil {
			return err
		}
		return a.showConnected(ctx, victim, journal.RoleVictim, journal.MomentVictim, journal.MomentPaymentOfVictim)
	},
}

// showConnected gathers what shows whether a location is still connected: the probe where there
// is one, otherwise a payment that should be reported.
func (a *act) showConnected(ctx context.Context, owner *person, role, probeAt, paymentAt string) error {
	if a.Driver.Has("observe.connected") {
		return a.probe(ctx, owner, role, probeAt)
	}
	if a.paysAtAll() {
		_, _, err := a.pay(ctx, owner, role, paymentAt)
		return err
	}
	return nil
}
