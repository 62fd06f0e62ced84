package scenario

import (
	"context"

	"github.com/altegio-readiness/harness/fakealtegio/journal"
)

var registered = Scenario{
	Name: journal.StoryRegistered, Item: "registered",
	Title: "An owner who already has an account connects two more locations by signing in",
	After: []string{journal.StoryNewOwner},
	Needs: []string{"register", "sign_in"},
	Roles: []string{journal.RoleFirst, journal.RoleSecond, journal.RoleThird},
	play: func(ctx context.Context, a *act) error {
		owner := a.newOwner()
		if err := a.mustConnect(ctx, owner, journal.RoleFirst, "register", journal.MomentActivation); err != nil {
			return err
		}
		if _, err := a.Platform.Disconnect(ctx, a.Config.Application.ID, a.id(journal.RoleFirst)); err != nil {
			return err
		}
		owner = a.freshBrowser(owner)
		if err := a.mustConnect(ctx, owner, journal.RoleSecond, "sign_in", journal.MomentSecond); err != nil {
			return err
		}
		if err := a.probeUntil(ctx, owner, journal.RoleSecond, journal.MomentConnected, true); err != nil {
			return err
		}
		owner = a.freshBrowser(owner)
		if err := a.mustConnect(ctx, owner, journal.RoleThird, "sign_in", journal.MomentThird); err != nil {
			return err
		}
		if err := a.quiet(ctx, journal.MomentSecondStays, journal.RoleSecond, journal.RoleThird); err != nil {
			return err
		}
		return a.showConnected(ctx, owner, journal.RoleSecond, journal.MomentSecondStays, journal.MomentPaymentOfSecond)
	},
}
