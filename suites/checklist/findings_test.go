package checklist_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/altegio-readiness/harness/fakealtegio/journal"
	"github.com/altegio-readiness/harness/suites/checklist"
)

// What a finding says in its small print, and which record it points to.
func TestFindings(t *testing.T) {
	for _, c := range []struct {
		name                        string
		edit                        []edit
		id                          string
		pointer, expected, received string
		record                      pick
	}{
		{
			"activation of another location",
			[]edit{change(activation, 1, both(elsewhere, refused(403, "no-pending-link")))},
			"CON-03", "/salon_id", "700001", "999", func(rec journal.Record) bool { return rec.Location == 999 },
		},
		{
			"activation of another application",
			[]edit{change(activation, 1, func(rec *journal.Record) { rec.Exchange.Application = 7 })},
			"CON-03", "/application_id", "4242", "7", activation,
		},
		{"activation of no location", []edit{change(activation, 1, nowhere)}, "CON-03", "/salon_id", "700001", "none", func(rec journal.Record) bool { return rec.Exchange != nil && rec.Location == 0 }},
		{
			"activation refused",
			[]edit{change(activation, 1, refused(403, "no-pending-link"))},
			"CON-02", "", "an accepted call", "403, no-pending-link", activation,
		},
		{
			"activation not answered",
			[]edit{change(activation, 1, func(rec *journal.Record) { rec.Exchange.Response = nil })},
			"CON-02", "", "an accepted call", "no answer", activation,
		},
		{"no activation", []edit{notActivated}, "CON-02", "", "POST /marketplace/partner/callback, answered 201", "no call", waits(journal.StoryNewOwner, journal.MomentActivation)},
		{
			"no activation, no wait",
			[]edit{notActivated, remove(waits(journal.StoryNewOwner, journal.MomentActivation))},
			"CON-02", "", "POST /marketplace/partner/callback, answered 201", "no call", hooks(journal.StoryNewOwner, "register"),
		},
		{
			"no activation, nothing at all",
			[]edit{notActivated, remove(waits(journal.StoryNewOwner, journal.MomentActivation)), remove(hooks(journal.StoryNewOwner, "register"))},
			"CON-02", "", "POST /marketplace/partner/callback, answered 201", "no call", func(rec journal.Record) bool {
				return rec.Scenario == journal.StoryNewOwner && rec.ScenarioEvent != nil && rec.ScenarioEvent.Phase == "end"
			},
		},
		{
			"activation on a mistaken path",
			[]edit{change(activation, 1, both(unknownPath, func(rec *journal.Record) { rec.Exchange.Request.URL = "/partner/CallBack?token=x" }))},
			"CON-02", "", "POST /marketplace/partner/callback, answered 201", "POST /partner/CallBack", func(rec journal.Record) bool { return rec.Exchange != nil && rec.Exchange.Refused == "unknown-path" },
		},
		{"a violation", []edit{change(activation, 1, deviates("header", "Accept", "required"))}, "CON-04", "Accept", "", "", activation},
		{"another token", []edit{change(activation, 1, refused(401, "wrong-token"))}, "CON-04", "Authorization", "Bearer, the partner token of the configuration", "another credential", activation},
		{
			"another method",
			[]edit{change(activation, 1, both(refused(405, "method-not-allowed"), func(rec *journal.Record) { rec.Exchange.Request.Method = strings.Repeat("X", 50) }))},
			"CON-04", "", "POST", strings.Repeat("X", 40) + "…", activation,
		},
		{"two activations", []edit{copied(activation, 1, activation, 1, nil)}, "CON-07", "", "1 call", "2 calls", activation},
		{"payment for another location", []edit{change(paymentCall, 1, elsewhere)}, "PAY-01", "/salon_id", "700002", "999", func(rec journal.Record) bool { return rec.Location == 999 }},
		{"another sum", []edit{change(paymentCall, 1, replaced(":901.42", ":90142"))}, "PAY-03", "/payment_sum", "901.42", "90142", paymentCall},
		{"a sum that fills a line", []edit{change(paymentCall, 1, replaced(":901.42", ":"+strings.Repeat("9", 50)))}, "PAY-03", "/payment_sum", "901.42", strings.Repeat("9", 40) + "…", paymentCall},
		{"another currency", []edit{change(paymentCall, 1, replaced("EUR", "USD"))}, "PAY-03", "/currency_iso", "EUR", "USD", paymentCall},
		{"a currency of euros", []edit{change(paymentCall, 1, replaced("EUR", strings.Repeat("€", 40)))}, "PAY-03", "/currency_iso", "EUR", strings.Repeat("€", 40), paymentCall},
		{
			"refund of another payment",
			[]edit{change(callsTo(journal.StoryChargeback, journal.OpRefund), 1, func(rec *journal.Record) { rec.Exchange.Payment = 8004 })},
			"CHB-02", "payment_id", "8003", "8004", callsTo(journal.StoryChargeback, journal.OpRefund),
		},
		{
			"refund of no number",
			[]edit{change(callsTo(journal.StoryChargeback, journal.OpRefund), 1, both(nowhere, func(rec *journal.Record) { rec.Exchange.Payment = 0 }))},
			"CHB-02", "payment_id", "8003", "an id that is no number", func(rec journal.Record) bool {
				return rec.Exchange != nil && rec.Exchange.Operation == journal.OpRefund
			},
		},
		{
			"webhooks forgotten",
			[]edit{change(callsTo(journal.StoryReconnect, journal.OpInstall), 2, replaced(`,"webhook_urls":["`+hookURL+`"]`, ""))},
			"REC-08", "/webhook_urls", hookURL, "none", nil,
		},
		{"a payment no longer reported", []edit{remove(callsTo(journal.StoryFreeze, journal.OpPayment))}, "REC-11", "", "a payment call", "none within 15s", webhooks(journal.StoryFreeze, "freeze")},
		{
			"endless patience",
			[]edit{remove(callsTo(journal.StoryFreeze, journal.OpPayment)), change(waits(journal.StoryFreeze, journal.MomentPaymentAfterFreeze), 1, func(rec *journal.Record) { rec.Wait.LimitMS = 1e300 })},
			"REC-11", "", "a payment call", "none within ages", webhooks(journal.StoryFreeze, "freeze"),
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := goodRun(t).with(c.edit...)
			v := verdict(t, judged(t, r.records), c.id)
			if len(v.Findings) == 0 {
				t.Fatalf("got %s: %s", line(v), v.Summary)
			}
			got := v.Findings[0]
			if got.Pointer != c.pointer || got.Expected != c.expected || got.Received != c.received {
				t.Errorf("got pointer %q, expected %q, received %q, want %q, %q, %q", got.Pointer, got.Expected, got.Received, c.pointer, c.expected, c.received)
			}
			if c.record == nil {
				return
			}
			i := slices.IndexFunc(r.records, func(rec journal.Record) bool { return rec.Seq == got.Record })
			if i < 0 || !c.record(r.records[i]) {
				t.Errorf("points to record %d, which is another one", got.Record)
			}
			if !slices.Contains(v.Evidence, got.Record) {
				t.Errorf("record %d is not among the evidence %v", got.Record, v.Evidence)
			}
		})
	}
}

// A finding that has no words of its own takes those of its requirement.
func TestFindingsTakeTheWordsOfTheRequirement(t *testing.T) {
	r, _ := checklist.Find("PAY-03")
	v := verdict(t, judged(t, goodRun(t).with(change(paymentCall, 1, replaced("EUR", "USD"))).records), "PAY-03")
	if got := v.Findings[0]; got.Want != r.Title+"." || got.Do != r.Fix || v.Summary != got.Seen {
		t.Errorf("got %+v, summary %q", got, v.Summary)
	}
}

// The same mistake in several calls is one finding; two mistakes in one call are two.
func TestFindingsAreNotRepeated(t *testing.T) {
	same := goodRun(t).with(changeAll(paymentCall, deviates("header", "Accept", "required")))
	if v := verdict(t, judged(t, same.records), "PAY-02"); len(v.Findings) != 1 || len(v.Evidence) != 2 {
		t.Errorf("got %d findings and %d records, want 1 and 2", len(v.Findings), len(v.Evidence))
	}
	two := goodRun(t).with(change(paymentCall, 1, both(replaced(":901.42", ":1"), replaced("EUR", "USD"))))
	if v := verdict(t, judged(t, two.records), "PAY-03"); len(v.Findings) != 2 || len(v.Evidence) != 1 {
		t.Errorf("got %d findings and %d records, want 2 and 1", len(v.Findings), len(v.Evidence))
	}
}

// Who a finding is about is said of the cause, and handed on to what it blocks.
func TestCulprits(t *testing.T) {
	for _, c := range []struct {
		edit        []edit
		id, blocked string
		want        checklist.Culprit
	}{
		{[]edit{notActivated}, "CON-02", "PAY-01", checklist.OfIntegration},
		{[]edit{notActivated, change(hooks(journal.StoryNewOwner, "register"), 1, failedHook)}, "CON-02", "PAY-01", checklist.OfConfiguration},
		{[]edit{without("register")}, "CON-02", "CHB-04", checklist.OfConfiguration},
		{[]edit{declare(func(d *journal.Run) { d.Selected = []string{"PAY-01"} })}, "CON-02", "PAY-01", checklist.OfConfiguration},
		{[]edit{remove(opened)}, "CON-01", "CON-02", checklist.OfHarness},
		{[]edit{change(activation, 1, refused(401, "wrong-token"))}, "CON-04", "CON-02", checklist.OfIntegration},
		{
			[]edit{undriven(journal.StoryNewOwner), change(func(rec journal.Record) bool { return rec.End != nil }, 1, func(rec *journal.Record) { rec.End.Reason = journal.EndEnvironment })},
			"CON-01", "REC-03", checklist.OfEnvironment,
		},
	} {
		result := judged(t, goodRun(t).with(c.edit...).records)
		cause, blocked := verdict(t, result, c.id), verdict(t, result, c.blocked)
		if cause.Culprit != c.want || blocked.Culprit != c.want || blocked.BlockedBy != c.id {
			t.Errorf("got %s of %s and %s of %s, want both of %s", line(cause), cause.Culprit, line(blocked), blocked.Culprit, c.want)
		}
	}
}
