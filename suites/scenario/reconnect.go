package scenario

import (
	"context"
	"time"

	"github.com/altegio-readiness/harness/fakealtegio"
	"github.com/altegio-readiness/harness/fakealtegio/journal"
	"github.com/altegio-readiness/harness/suites/partner"
)

var reconnect = Scenario{
	Name: journal.StoryReconnect, Item: "reconnect",
	Title: "The owner disconnects in Altegio, connects again, and disconnects once more",
	After: []string{journal.StoryNewOwner},
	Needs: []string{"register"},
	Roles: []string{journal.RoleLocation},
	play: func(ctx context.Context, a *act) error {
		role := journal.RoleLocation
		owner, err := a.customer(ctx, role)
		if err != nil {
			return err
		}
		if err := a.disconnect(ctx, owner, role, journal.MomentAfterUninstall); err != nil {
			return err
		}
		if !a.Driver.Has("sign_in") {
			return stop("without the hook sign_in the owner cannot connect again")
		}
		owner = a.freshBrowser(owner)
		if err := a.mustConnect(ctx, owner, role, "sign_in", journal.MomentReactivation); err != nil {
			return err
		}
		if err := a.probeUntil(ctx, owner, role, journal.MomentAfterReactivation, true); err != nil {
			return err
		}
		return a.disconnect(ctx, owner, role, journal.MomentAfterUninstall2)
	},
}

// disconnect lets the owner disable the app in Altegio, gives the integration time to take it in,
// and then tries to make it report a payment.
func (a *act) disconnect(ctx context.Context, owner *person, role, moment string) error {
	a.tell("the owner disconnects the location")
	if _, err := a.Platform.Disconnect(ctx, a.Config.Application.ID, a.id(role)); err != nil {
		return err
	}
	settled := moment + "-settled"
	if a.Driver.Has("observe.connected") {
		if err := a.probeUntil(ctx, owner, role, settled, false); err != nil {
			return err
		}
	} else if err := a.quiet(ctx, settled, role); err != nil {
		return err
	}
	if a.paysAtAll() {
		// The hook may well fail: nobody has to take money for a customer who left.
		if _, _, err := a.pay(ctx, owner, role, ""); err != nil {
			return err
		}
	}
	if err := a.quiet(ctx, moment, role); err != nil {
		return err
	}
	return a.probe(ctx, owner, role, moment)
}

var forgedWebhooks = Scenario{
	Name: journal.StoryForgedWebhooks, Item: "reconnect",
	Title: "Somebody sends uninstall webhooks with wrong tokens",
	After: []string{journal.StoryNewOwner},
	Needs: []string{"register"},
	Roles: []string{journal.RoleLocation},
	play: func(ctx context.Context, a *act) error {
		role := journal.RoleLocation
		owner, err := a.customer(ctx, role)
		if err != nil {
			return err
		}
		for _, forged := range fakealtegio.ForgedTokens() {
			forged.Event = "uninstall"
			a.tell("sending an uninstall webhook with a wrong token: %s", forged.Variant)
			if _, err := a.Platform.Send(ctx, a.Config.Application.ID, a.id(role), forged); err != nil {
				return err
			}
			if err := a.probe(ctx, owner, role, journal.MomentForged(forged.Variant)); err != nil {
				return err
			}
		}
		if err := a.quiet(ctx, journal.MomentAfterForged, role); err != nil {
			return err
		}
		return a.showConnected(ctx, owner, role, journal.MomentAfterForged, journal.MomentPaymentAfterForged)
	},
}

var foreignApplication = Scenario{
	Name: journal.StoryForeignApp, Item: "reconnect",
	Title: "The customer leaves another application of the same developer",
	After: []string{journal.StoryNewOwner},
	Needs: []string{"register"},
	Roles: []string{journal.RoleLocation},
	play: func(ctx context.Context, a *act) error {
		role := journal.RoleLocation
		owner, err := a.customer(ctx, role)
		if err != nil {
			return err
		}
		if _, err := a.Platform.Send(ctx, a.Config.Application.ID, a.id(role), fakealtegio.Webhook{
			Event: "uninstall", Variant: journal.VariantForeignApplication,
			Body: func(body map[string]any) { body["application_id"] = a.Config.Application.ID + 1 },
		}); err != nil {
			return err
		}
		if err := a.quiet(ctx, journal.MomentAfterForeign, role); err != nil {
			return err
		}
		return a.showConnected(ctx, owner, role, journal.MomentAfterForeign, journal.MomentPaymentAfterForeign)
	},
}

// grace is how long an app goes on after trial or period have ended, by "Working with
// subscription payments" (Altegio support): it is disabled within 24 hours.
const grace = 24 * time.Hour

// past is how long ago the freeze story begins. It ends in the present, because the integration
// lives there: a payment it reports now has to fall into the location's now.
func past(cfg *partner.Config) time.Duration {
	return time.Duration(cfg.Application.TrialDays)*24*time.Hour + grace + time.Hour
}

var freeze = Scenario{
	Name: journal.StoryFreeze, Item: "reconnect",
	Title: "The trial ends without payment, the app is frozen, and the customer pays",
	After: []string{journal.StoryNewOwner, journal.StoryPayment},
	Needs: []string{"paid", "register", "pay"},
	Roles: []string{journal.RoleLocation},
	Start: func(cfg *partner.Config) time.Duration { return -past(cfg) },
	play: func(ctx context.Context, a *act) error {
		owner, role := a.newOwner(), journal.RoleLocation
		if err := a.mustConnect(ctx, owner, role, "register", journal.MomentActivation); err != nil {
			return err
		}
		a.tell("the trial ends without payment")
		if _, err := a.Platform.Advance(ctx, a.id(role), past(a.Config)); err != nil {
			return err
		}
		if err := a.quiet(ctx, "after-freeze", role); err != nil {
			return err
		}
		if _, _, err := a.pay(ctx, owner, role, journal.MomentPaymentAfterFreeze); err != nil {
			return err
		}
		return nil
	},
}
