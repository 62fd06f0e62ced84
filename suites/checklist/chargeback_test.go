package checklist_test

import (
	"testing"

	"github.com/altegio-readiness/harness/fakealtegio/journal"
)

func TestChargeback(t *testing.T) {
	const story = journal.StoryChargeback
	refund, hook := callsTo(story, journal.OpRefund), hooks(story, "refund")
	none := func(r *run) {
		remove(refund)(r)
		change(waits(story, journal.MomentRefund), 1, unmet)(r)
	}
	// The chargeback story's payments have the ids 8003 and 8004.
	naming := func(id int64) func(*journal.Record) {
		return func(rec *journal.Record) { rec.Exchange.Payment = id }
	}
	unknown := both(nowhere, naming(0), refused(422, "unknown-payment"))
	misshapen := []string{"CHB-04 fail", "CHB-01 blocked by CHB-04"}
	misnamed := []string{"CHB-02 fail", "CHB-01 blocked by CHB-02"}
	judgeAll(t, goodRun, []flawed{
		{"not reported", []edit{none}, append([]string{"CHB-01 fail"}, each([]string{"CHB-02", "CHB-03", "CHB-04"}, "blocked by CHB-01")...), "No refund call reached the platform within 15s of the refund hook."},
		{"not reported, because the hook broke", []edit{none, change(hook, 1, failedHook)}, []string{"CHB-01 open"}, "The refund hook did not work"},
		{"not reported, because the integration crashed", []edit{none, change(hook, 1, failedHook), change(func(rec journal.Record) bool {
			return rec.Scenario == story && rec.Step != nil && rec.Step.Hook == "refund"
		}, 1, crashed)}, []string{"CHB-01 fail"}, "ended with status 500"},
		{"reported with DELETE on the payment", []edit{change(refund, 1, both(unknownPath, func(rec *journal.Record) {
			rec.Exchange.Request.Method, rec.Exchange.Request.URL = "DELETE", "/marketplace/partner/payment/8003"
		}))}, []string{"CHB-01 fail"}, "Instead of the refund a call came to a path"},
		{"reported on a mistaken path, but before there was anything to refund", []edit{none, copied(activation, 1, callsTo(story, journal.OpInstall), 1, both(unknownPath, func(rec *journal.Record) {
			rec.Exchange.Request.URL = "/refunds"
		}))}, []string{"CHB-01 fail", "CHB-04 blocked by CHB-01"}, "No refund call"},
		{"not possible", []edit{remove(hook), none, func(r *run) {
			change(func(rec journal.Record) bool {
				return rec.Scenario == story && rec.ScenarioEvent != nil && rec.ScenarioEvent.Phase == "end"
			}, 1, func(rec *journal.Record) {
				rec.ScenarioEvent = &journal.Scenario{Phase: "end", Stopped: "the payment to be refunded was not reported"}
			})(r)
		}}, []string{"CHB-01 open"}, "was not reported."},
		{"refused", []edit{change(refund, 1, refused(403, "wrong-application"))}, []string{"CHB-01 fail"}, "refused with 403"},

		{"of the newer payment", []edit{change(refund, 1, naming(8004))}, misnamed, "another payment"},
		{"of another story's payment", []edit{func(r *run) { change(refund, 1, both(naming(8001), atLocationOf(r, journal.StoryPayment)))(r) }}, misnamed, "another payment"},
		{"of an unknown payment", []edit{change(refund, 1, both(unknown, naming(17)))}, misnamed, "another payment"},
		{"of an id that is no number", []edit{change(refund, 1, both(unknown, deviates("path", "payment_id", "type")))}, misnamed, "another payment"},
		{
			"of the payment and of two others",
			[]edit{copied(refund, 1, refund, 1, both(unknown, naming(17))), copied(refund, 1, refund, 1, naming(8004))},
			[]string{"CHB-02 fail"},
			"another payment",
		},

		{"reported twice", []edit{copied(refund, 1, refund, 1, refused(422, "already-refunded"))}, []string{"CHB-03 fail"}, "more than once"},
		{"reported twice, and taken", []edit{copied(refund, 1, waits(story, journal.MomentAfterRefund), 1, nil)}, []string{"CHB-03 fail"}, "more than once"},
		{"reported right at the second try", []edit{
			copied(refund, 1, refund, 1, nil), change(refund, 1, both(refused(401, "wrong-token"), deviates("header", "Authorization", "required"))),
		}, []string{"CHB-04 fail"}, "Authorization is wrong"},

		{"with a body", []edit{change(refund, 1, both(written(`{"sum":1}`), deviates("body", "", "body")))}, []string{"CHB-04 fail"}, ""},
		{"with GET", []edit{change(refund, 1, both(refused(405, "method-not-allowed"), func(rec *journal.Record) { rec.Exchange.Request.Method = "GET" }))}, misshapen, "a method that the path does not have"},
		{"with another token", []edit{change(refund, 1, refused(401, "wrong-token"))}, misshapen, "another token"},
		{"on another path", []edit{change(refund, 1, both(unknownPath, func(rec *journal.Record) {
			rec.Exchange.Request.URL = "/marketplace/partner/payment/8003/refund"
		}))}, misshapen, "a path that the platform does not know"},
		{
			"of a payment the platform gave no id",
			[]edit{change(callsTo(story, journal.OpPayment), 1, refused(403, "not-installed"))},
			[]string{"CHB-02 open", "CHB-01 blocked by CHB-02"},
			"gave no id",
		},
	})
	// A payment that was reported twice has two ids, and both may be refunded. That it was is
	// another requirement's finding.
	twice := goodRun(t).with(
		copied(callsTo(story, journal.OpPayment), 1, callsTo(story, journal.OpPayment), 1, naming(8100)),
		copied(refund, 1, refund, 1, naming(8100)),
	)
	expect(t, judged(t, twice.records), "PAY-05 fail")
}
