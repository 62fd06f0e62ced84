package checklist_test

import (
	"testing"
	"time"

	"github.com/altegio-readiness/harness/fakealtegio/journal"
)

var (
	paymentCall = callsTo(journal.StoryPayment, journal.OpPayment)
	payHook     = hooks(journal.StoryPayment, "pay")
)

// unpaid takes the first report away, and with it the second payment: the story stops.
func unpaid(r *run) {
	remove(paymentCall)(r)
	change(waits(journal.StoryPayment, journal.MomentPayment1), 1, unmet)(r)
	i := r.find(payHook, 2)
	r.records = append(r.records[:i:i], r.records[i+1:]...)
	change(func(rec journal.Record) bool {
		return rec.Scenario == journal.StoryPayment && rec.ScenarioEvent != nil && rec.ScenarioEvent.Phase == "end"
	}, 1, func(rec *journal.Record) {
		rec.ScenarioEvent = &journal.Scenario{Phase: "end", Stopped: "the first payment was not reported"}
	})(r)
}

// unpaid2 takes the second report away.
func unpaid2(r *run) {
	i := r.find(paymentCall, 2)
	r.records = append(r.records[:i:i], r.records[i+1:]...)
	change(waits(journal.StoryPayment, journal.MomentPayment2), 1, unmet)(r)
}

// atLocationOf makes a call one of the first location of another story.
func atLocationOf(r *run, story string) func(*journal.Record) {
	return func(rec *journal.Record) {
		rec.Scenario, rec.Location = story, r.records[r.find(transitions(story, journal.StatePending), 1)].Location
	}
}

func TestPaymentReported(t *testing.T) {
	toNewOwner := func(n int) edit {
		return func(r *run) { change(paymentCall, n, atLocationOf(r, journal.StoryNewOwner))(r) }
	}
	judgeAll(t, goodRun, []flawed{
		{"never", []edit{unpaid}, append([]string{"PAY-01 fail"}, each([]string{"PAY-02", "PAY-03", "PAY-04", "PAY-05", "PAY-06"}, "blocked by PAY-01")...), "No payment call reached the platform within 15s of the pay hook."},
		{"never, because the hook broke", []edit{unpaid, change(payHook, 1, failedHook)}, []string{"PAY-01 open"}, "The pay hook did not work"},
		{"on an unknown path", []edit{unpaid, copied(activation, 1, payHook, 1, both(unknownPath, func(rec *journal.Record) {
			rec.Exchange.Request.URL = "/marketplace/partner/payments"
		}))}, []string{"PAY-01 fail"}, "Instead of the payment a call came to a path"},
		{"refused", []edit{change(paymentCall, 1, refused(403, "not-installed"))}, []string{"PAY-01 fail"}, "refused with 403, not-installed"},
		{
			"for another application",
			[]edit{change(paymentCall, 1, both(refused(403, "wrong-application"), func(rec *journal.Record) { rec.Exchange.Application = 7 }))},
			[]string{"PAY-01 fail"},
			"another application",
		},
		{"for a location that is not known", []edit{change(paymentCall, 1, both(elsewhere, refused(403, "not-installed")))}, []string{"PAY-01 fail"}, "another location"},
		{"for another connected location", []edit{toNewOwner(1)}, []string{"PAY-01 fail"}, "another location"},
		{"for another location, the second time", []edit{toNewOwner(2)}, []string{"PAY-06 fail"}, "The second payment report names another location"},
		{"never, but another story's payment is", []edit{func(r *run) {
			change(paymentCall, 1, atLocationOf(r, journal.StoryChargeback))(r)
			change(waits(journal.StoryPayment, journal.MomentPayment1), 1, unmet)(r)
		}}, []string{"PAY-01 fail"}, "No payment call reached the platform"},
		{"not the second time", []edit{unpaid2}, []string{"PAY-06 fail"}, "No second payment call reached the platform within 15s"},
		{"refused the second time", []edit{change(paymentCall, 2, refused(403, "not-installed"))}, []string{"PAY-06 fail"}, "refused with 403"},
		{
			"in another form the second time",
			[]edit{change(paymentCall, 2, both(refused(422, "invalid"), deviates("body", "/period_to", "required")))},
			[]string{"PAY-02 fail", "PAY-06 blocked by PAY-02"},
			"/period_to is wrong",
		},
		{"by a story that did not get there", []edit{remove(payHook), remove(paymentCall), func(r *run) {
			change(func(rec journal.Record) bool {
				return rec.Scenario == journal.StoryPayment && rec.ScenarioEvent != nil && rec.ScenarioEvent.Phase == "end"
			}, 1, func(rec *journal.Record) {
				rec.ScenarioEvent = &journal.Scenario{Phase: "end", Stopped: "the location was not activated"}
			})(r)
		}}, []string{"PAY-01 open"}, "No payment was made. The story stopped before: the location was not activated."},
	})
}

func TestPaymentContent(t *testing.T) {
	misshapen := func(where, pointer string, more ...func(*journal.Record)) edit {
		return change(paymentCall, 1, both(append(more, refused(422, "invalid"), deviates(where, pointer, "type"))...))
	}
	badForm := []string{"PAY-02 fail", "PAY-01 blocked by PAY-02"}
	judgeAll(t, goodRun, []flawed{
		{"no Accept header", []edit{change(paymentCall, 1, deviates("header", "Accept", "required"))}, []string{"PAY-02 fail"}, "Accept is wrong"},
		{"no Accept header twice is one finding", []edit{changeAll(paymentCall, deviates("header", "Accept", "required"))}, []string{"PAY-02 fail"}, "Accept is wrong"},
		{"another token", []edit{change(paymentCall, 1, refused(401, "wrong-token"))}, badForm, "another token"},
		{"PUT", []edit{change(paymentCall, 1, refused(405, "method-not-allowed"))}, badForm, "a method that the path does not have"},
		{"no salon_id", []edit{misshapen("body", "/salon_id", nowhere)}, badForm, "/salon_id is wrong"},
		{"a list", []edit{misshapen("body", "", nowhere, written("[1]"))}, badForm, ""},
		{"no sum", []edit{misshapen("body", "/payment_sum", replaced(`"payment_sum"`, `"sum"`))}, badForm, "/payment_sum is wrong"},
		{"currency in small letters", []edit{misshapen("body", "/currency_iso", replaced(`"EUR"`, `"eur"`))}, badForm, "/currency_iso is wrong"},
		{"currency as a number", []edit{misshapen("body", "/currency_iso", replaced(`"EUR"`, `978`))}, badForm, "/currency_iso is wrong"},
		{"negative sum", []edit{misshapen("body", "/payment_sum", replaced(`:901.42`, `:-901.42`))}, badForm, "/payment_sum is wrong"},
		{"dates of another form", []edit{misshapen("body", "/payment_date", replaced(`"payment_date":"2026-01-15 `, `"payment_date":"2026-01-15T`))}, badForm, ""},

		{"in cents", []edit{change(paymentCall, 1, replaced(":901.42", ":90142"))}, []string{"PAY-03 fail"}, "The reported sum is not the one"},
		{"rounded", []edit{change(paymentCall, 2, replaced(":902.42", ":902"))}, []string{"PAY-03 fail"}, "The reported sum is not the one"},
		{"of the payment before", []edit{change(paymentCall, 2, replaced(":902.42", ":901.42"))}, []string{"PAY-03 fail"}, "The reported sum is not the one"},
		{"in another currency", []edit{change(paymentCall, 1, replaced("EUR", "USD"))}, []string{"PAY-03 fail"}, "The reported currency is not the one"},
		{"of a sum that only the integration knows", []edit{changeAll(payHook, func(rec *journal.Record) { rec.Hook.Payment.Sum = "" })}, []string{"PAY-03 open"}, "Only the integration knows"},
		{"of nothing the hook tells", []edit{changeAll(payHook, func(rec *journal.Record) { rec.Hook.Payment = nil })}, []string{"PAY-03 open"}, "Only the integration knows"},
		{"spoilt in our record", []edit{change(paymentCall, 1, replaced(":901.42", `:{"x":1}`))}, []string{"PAY-03 open"}, "The record of a payment call"},

		{"reported twice", []edit{copied(paymentCall, 1, paymentCall, 1, nil)}, []string{"PAY-05 fail"}, "Payment 1 was reported 2 times"},
		{"reported twice the second time", []edit{copied(paymentCall, 2, paymentCall, 2, nil)}, []string{"PAY-05 fail"}, "Payment 2 was reported 2 times"},
		{"reported again after the story", []edit{copied(paymentCall, 2, waits(journal.StoryPayment, journal.MomentAfterPayment2), 1, nil)}, []string{"PAY-05 fail"}, "Payment 2"},
		{"reported again with the next", []edit{copied(paymentCall, 1, waits(journal.StoryPayment, journal.MomentAfterPayment1), 1, nil)}, []string{"PAY-05 fail"}, "Payment 1 was reported 2 times"},
		{"reported again instead of the next", []edit{
			unpaid2, copied(paymentCall, 1, waits(journal.StoryPayment, journal.MomentAfterPayment1), 1, nil),
			change(paymentCall, 2, func(rec *journal.Record) {
				later := rec.Clock.Add(2 * time.Second)
				rec.Clock = &later
			}),
		}, []string{"PAY-05 fail", "PAY-06 fail"}, "Payment 1 was reported 2 times"},
		{"reported for another location as well", []edit{func(r *run) {
			copied(paymentCall, 1, paymentCall, 1, atLocationOf(r, journal.StoryNewOwner))(r)
		}}, []string{"PAY-05 fail"}, "Payment 1 was reported 2 times"},
	})
}
