package scenario

import (
	"context"

	"github.com/altegio-readiness/harness/fakealtegio/journal"
	"github.com/altegio-readiness/harness/suites/partner"
)

var payment = Scenario{
	Name: journal.StoryPayment, Item: "payment",
	Title: "The customer pays, and pays again when the period renews",
	After: []string{journal.StoryNewOwner},
	Needs: []string{"paid", "register", "pay"},
	Roles: []string{journal.RoleLocation},
	play: func(ctx context.Context, a *act) error {
		owner, role := a.newOwner(), journal.RoleLocation
		if err := a.mustConnect(ctx, owner, role, "register", journal.MomentActivation); err != nil {
			return err
		}
		for i, m := range [][2]string{
			{journal.MomentPayment1, journal.MomentAfterPayment1},
			{journal.MomentPayment2, journal.MomentAfterPayment2},
		} {
			_, ok, err := a.pay(ctx, owner, role, m[0])
			if err != nil {
				return err
			}
			if err := a.quiet(ctx, m[1], role); err != nil {
				return err
			}
			if !ok && i == 0 {
				return stop("the first payment was not reported")
			}
		}
		return nil
	},
}

var chargeback = Scenario{
	Name: journal.StoryChargeback, Item: "chargeback",
	Title: "The customer pays twice and gets the older payment back",
	After: []string{journal.StoryNewOwner, journal.StoryPayment},
	Needs: []string{"paid", "register", "pay", "refund"},
	Roles: []string{journal.RoleLocation},
	play: func(ctx context.Context, a *act) error {
		owner, role := a.newOwner(), journal.RoleLocation
		if err := a.mustConnect(ctx, owner, role, "register", journal.MomentActivation); err != nil {
			return err
		}
		older, ok, err := a.pay(ctx, owner, role, journal.MomentPayment1)
		if err != nil {
			return err
		}
		if !ok {
			return stop("the payment to be refunded was not reported")
		}
		if err := a.quiet(ctx, journal.MomentAfterPayment1, role); err != nil {
			return err
		}
		if _, _, err := a.pay(ctx, owner, role, journal.MomentPayment2); err != nil {
			return err
		}
		if err := a.quiet(ctx, journal.MomentAfterPayment2, role); err != nil {
			return err
		}
		if err := a.refund(ctx, owner, role, older); err != nil {
			return err
		}
		return a.quiet(ctx, journal.MomentAfterRefund, role)
	},
}

// refund runs the refund hook for a payment and waits for the refund call.
func (a *act) refund(ctx context.Context, p *person, role string, made paid) error {
	call := a.call(p, role)
	call.Payment = made.Payment
	call.Vars.Vars = made.vars.Vars
	sum, currency := made.Sum, made.Currency
	call.Vars.Payment = partner.Payment{Key: made.Key, Sum: sum, Currency: currency, ID: made.ID}
	since := a.Journal.Seq()
	limit := a.Config.Limits.Wait
	a.tell("running the hook refund")
	if _, err := a.Driver.Run(ctx, "refund", call); err != nil {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		limit = a.quietWindow()
	}
	_, err := a.await(ctx, expectation{
		token: "refund", what: "the refund report of location", role: role, moment: journal.MomentRefund,
		since: since, limit: limit, operations: []string{journal.OpRefund},
	})
	return err
}
