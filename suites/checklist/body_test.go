package checklist_test

import (
	"strings"
	"testing"

	"github.com/altegio-readiness/harness/fakealtegio/journal"
	"github.com/altegio-readiness/harness/suites/checklist"
)

func TestSums(t *testing.T) {
	for _, c := range []struct {
		reported, paid string
		same           bool
	}{
		{"901.42", "901.42", true},
		{"901.420", "901.42", true},
		{"901.4", "901.40", true},
		{"901", "901.00", true},
		{"90142e-2", "901.42", true},
		{"0.90142E+3", "901.42", true},
		{"1e30", "1" + strings.Repeat("0", 30), true},
		{"901.420001", "901.42", true},   // no currency has a millionth
		{"901.4200011", "901.42", false}, // but we look no closer than that
		{"901.43", "901.42", false},
		{"901", "901.42", false},
		{"90142", "901.42", false},
		{"-901.42", "901.42", false},
		{"1e31", "1" + strings.Repeat("0", 31), false},
		{"1e-31", "0.00", false},
		{"1e999999999", "901.42", false},
		{"1e-999999999", "0.00", false},
		{"1e-9223372036854775808", "0.00", false},
		{"1e99999999999999999999", "901.42", false},
		{"0." + strings.Repeat("0", 198), "0.00", true},
		{"0." + strings.Repeat("0", 199), "0.00", false},
		{strings.Repeat("9", 1<<20), "901.42", false},
		{`"901.42"`, "901.42", true}, // the type is for PAY-02
		{`"901,42"`, "901.42", false},
		{`" 901.42"`, "901.42", false},
		{`"e2"`, "901.42", false},
		{`"."`, "901.42", false},
		{`"0x385"`, "901.00", false},
		{`"1803/2"`, "901.50", false},
		{`"Inf"`, "901.42", false},
	} {
		r := goodRun(t).with(
			change(payHook, 1, func(rec *journal.Record) { rec.Hook.Payment.Sum = c.paid }),
			change(paymentCall, 1, replaced(":901.42", ":"+c.reported)),
		)
		v := verdict(t, judged(t, r.records), "PAY-03")
		if got := v.Outcome == checklist.Pass; got != c.same || v.Outcome == checklist.NotVerified {
			t.Errorf("%.60s reported for %.60s: got %s (%.100s)", c.reported, c.paid, v.Outcome, v.Summary)
		}
	}
}

// A sum or a currency that is not there is the contract's matter, or else a fault of our record.
func TestNoSum(t *testing.T) {
	judgeAll(t, goodRun, []flawed{
		{"no body", []edit{change(paymentCall, 1, func(rec *journal.Record) { rec.Exchange.Request.Body = nil })}, []string{"PAY-03 open", "PAY-04 open"}, "The record of a payment call"},
		{
			"no body, as was remarked",
			[]edit{change(paymentCall, 1, both(deviates("body", "", "required"), func(rec *journal.Record) { rec.Exchange.Request.Body = nil }))},
			[]string{"PAY-02 fail"},
			"",
		},
		{"no currency", []edit{change(paymentCall, 1, replaced(`"currency_iso"`, `"currency"`))}, []string{"PAY-03 open"}, "The record of a payment call"},
		{"no currency to compare with", []edit{change(payHook, 1, func(rec *journal.Record) { rec.Hook.Payment.Currency = "" })}, []string{"PAY-03 open"}, "Only the integration knows"},
		{"a date that is none", []edit{change(paymentCall, 1, replaced(`"payment_date":"2026-01-15`, `"payment_date":"2026-02-31`))}, []string{"PAY-04 open"}, "The record of a payment call"},
		{"a sum in text that is wrong as well", []edit{change(paymentCall, 1, both(deviates("body", "/payment_sum", "type"), replaced(":901.42", `:"90142"`)))}, []string{"PAY-02 fail"}, ""},
		{"a sum in text that is right", []edit{change(paymentCall, 1, both(deviates("body", "/payment_sum", "type"), replaced(":901.42", `:"901.42"`)))}, []string{"PAY-02 fail"}, ""},
	})
}

// Of a browser's form the lists are read as PHP writes them.
func TestForms(t *testing.T) {
	second := func(f func(*journal.Record)) edit {
		return change(callsTo(journal.StoryReconnect, journal.OpRedirect), 2, f)
	}
	forget := second(func(rec *journal.Record) {
		rec.Exchange.Request.Body.Text = strings.Split(rec.Exchange.Request.Body.Text, "&webhook_urls")[0]
	})
	for _, name := range []string{"webhook_urls[]", "webhook_urls[0]", "webhook_urls[17]"} {
		judgeAll(t, goodRun, []flawed{
			{name + " forgotten", []edit{byBrowser(name), forget}, []string{"REC-08 fail"}, "other webhook_urls"},
			{name + " of another name the second time", []edit{byBrowser(name), second(replaced("webhook_urls", "webhooks"))}, []string{"REC-08 fail"}, "other webhook_urls"},
			{name + " and one that is no list", []edit{byBrowser(name), second(func(rec *journal.Record) {
				rec.Exchange.Request.Body.Text += "&salon_id=1&salon_id=2"
			})}, nil, ""},
			{name + " in a form without its type", []edit{byBrowser(name), second(func(rec *journal.Record) { rec.Exchange.Request.Header = nil })}, []string{"REC-08 fail"}, "other webhook_urls"},
			{name + " in a form with an empty type", []edit{byBrowser(name), second(func(rec *journal.Record) {
				rec.Exchange.Request.Header = map[string][]string{"Content-Type": {}, "X": {"application/x-www-form-urlencoded"}}
			})}, []string{"REC-08 fail"}, "other webhook_urls"},
			{name + " in a form with a broken escape", []edit{byBrowser(name), second(func(rec *journal.Record) { rec.Exchange.Request.Body.Text += "&x=%zz" })}, nil, ""},
		})
	}
	// The indices may change from time to time, the addresses may not.
	judgeAll(t, goodRun, []flawed{
		{"other indices", []edit{byBrowser("webhook_urls[0]"), second(replaced("webhook_urls%5B0%5D", "webhook_urls%5B1%5D"))}, nil, ""},
		{"a second list member", []edit{byBrowser("webhook_urls[]"), second(func(rec *journal.Record) {
			rec.Exchange.Request.Body.Text += "&webhook_urls%5B3%5D=https%3A%2F%2Fmore.test"
		})}, []string{"REC-08 fail"}, "other webhook_urls"},
	})
}
