package fakealtegio_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/altegio-readiness/harness/fakealtegio/journal"
)

func TestPaymentIsAnsweredWithItsID(t *testing.T) {
	h := open(t)
	loc := h.location(journal.StateActive)
	r := h.post(pathPayment, h.paid(app, loc, 0, 30)).want(http.StatusOK, "")
	id := r.record.Exchange.Payment
	r.exactly(fmt.Sprintf(`{"success":true,"data":{"id":%d}}`, id))
	if len(r.record.Exchange.Violations) > 0 || r.record.Location != loc || r.record.Exchange.Application != app {
		t.Errorf("record: %+v", r.record.Exchange)
	}
	in := h.Installation(app, loc)
	if len(in.Payments) != 1 || in.Payments[0].ID != id || in.Payments[0].Sum != "990.99" || in.Payments[0].Currency != "EUR" {
		t.Errorf("payments: %+v", in.Payments)
	}
}

func TestRepeatedReportIsASecondPayment(t *testing.T) {
	h := open(t)
	loc := h.location(journal.StateActive)
	body := h.paid(app, loc, 0, 30)
	first := h.post(pathPayment, body).record.Exchange.Payment
	second := h.post(pathPayment, body, header("Idempotency-Key", "k")).record.Exchange.Payment
	if first == second || len(h.Installation(app, loc).Payments) != 2 {
		t.Errorf("ids %d and %d, payments %+v", first, second, h.Installation(app, loc).Payments)
	}
}

func TestPaymentIsRefused(t *testing.T) {
	for name, tc := range map[string]struct {
		state   string
		body    func(h *house, loc int64) string
		change  func(*http.Request)
		status  int
		refused string
	}{
		"with a wrong token":          {change: bearer("wrong-token-of-nobody"), status: 401, refused: journal.RefusedToken},
		"by another developer":        {change: bearer(otherToken), status: 403, refused: journal.RefusedApplication},
		"for an unknown application":  {body: func(h *house, l int64) string { return h.paid(999, l, 0, 30) }, status: 403, refused: journal.RefusedApplication},
		"for an unconnected location": {state: journal.StateNone, status: 403, refused: journal.RefusedNotInstalled},
		"for an unknown location":     {body: func(h *house, l int64) string { return h.paid(app, 55, 0, 30) }, status: 403, refused: journal.RefusedNotInstalled},
		"before the installation":     {state: journal.StatePending, status: 403, refused: journal.RefusedNotInstalled},
		"after the disconnect":        {state: journal.StateUninstalled, status: 403, refused: journal.RefusedNotInstalled},
		"with a reversed period":      {body: func(h *house, l int64) string { return h.paid(app, l, 30, 0) }, status: 422, refused: journal.RefusedInvalid},
		"without a sum":               {body: with("payment_sum", ""), status: 422, refused: journal.RefusedInvalid},
		"with a sum as a string":      {body: with("payment_sum", `"990.99"`), status: 422, refused: journal.RefusedInvalid},
		"with a negative sum":         {body: with("payment_sum", "-1"), status: 422, refused: journal.RefusedInvalid},
		"with a sum beyond numbers":   {body: with("payment_sum", "1e400"), status: 422, refused: journal.RefusedInvalid},
		"without a currency":          {body: with("currency_iso", ""), status: 422, refused: journal.RefusedInvalid},
		"with a currency in words":    {body: with("currency_iso", `"Euro"`), status: 422, refused: journal.RefusedInvalid},
		"with an ISO date":            {body: with("payment_date", `"2026-11-22T12:00:00Z"`), status: 422, refused: journal.RefusedInvalid},
		"with a day only":             {body: with("period_from", `"2026-11-22"`), status: 422, refused: journal.RefusedInvalid},
		"with an impossible date":     {body: with("period_from", `"2026-02-30 12:00:00"`), status: 422, refused: journal.RefusedInvalid},
		"with fractions of a second":  {body: with("period_from", `"2026-11-22 12:00:00.5"`), status: 422, refused: journal.RefusedInvalid},
		"as text":                     {change: header("Content-Type", "text/plain"), body: func(*house, int64) string { return "paid" }, status: 422, refused: journal.RefusedInvalid},
	} {
		t.Run(name, func(t *testing.T) {
			h := open(t)
			state := tc.state
			if state == "" {
				state = journal.StateActive
			}
			loc := h.location(state)
			body := h.paid(app, loc, 0, 30)
			if tc.body != nil {
				body = tc.body(h, loc)
			}
			change := tc.change
			if change == nil {
				change = func(*http.Request) {}
			}
			r := h.post(pathPayment, body, change).want(tc.status, tc.refused)
			if tc.status == 422 && len(r.data().Meta.Errors) == 0 {
				t.Errorf("422 without errors: %s", r.body)
			}
			if r.record.Exchange.Payment != 0 || len(h.Installation(app, loc).Payments) != 0 {
				t.Errorf("a payment was made: %+v", h.Installation(app, loc).Payments)
			}
		})
	}
}

// with changes a field of a right body; "" takes it out.
func with(field, value string) func(*house, int64) string {
	return func(h *house, loc int64) string {
		var body map[string]json.RawMessage
		if err := json.Unmarshal([]byte(h.paid(app, loc, 0, 30)), &body); err != nil {
			panic(err)
		}
		delete(body, field)
		if value != "" {
			body[field] = json.RawMessage(value)
		}
		var parts []string
		for name, value := range body { // RawMessage would refuse what is not to be JSON
			parts = append(parts, fmt.Sprintf("%q:%s", name, value))
		}
		return "{" + strings.Join(parts, ",") + "}"
	}
}

func TestErrorsOf422AreAMapOfLists(t *testing.T) {
	h := open(t)
	v := h.post(pathPayment, `{"salon_id":"many","payment_sum":{}}`).want(422, journal.RefusedInvalid).data()
	if v.Meta.Message != "An error has occurred." {
		t.Errorf("message: %q", v.Meta.Message)
	}
	for _, field := range []string{"salon_id", "application_id", "currency_iso", "payment_sum", "payment_date", "period_from", "period_to"} {
		if len(v.Meta.Errors[field]) != 1 {
			t.Errorf("%s: got %q, want one message", field, v.Meta.Errors[field])
		}
	}
}

func TestPaymentToleratesIDsAsStringsAndUnknownFields(t *testing.T) {
	h := open(t)
	loc := h.location(journal.StateActive)
	body := strings.Replace(h.paid(app, loc, 0, 30), fmt.Sprintf(`"salon_id":%d`, loc), fmt.Sprintf(`"salon_id":"%d","note":"x"`, loc), 1)
	r := h.post(pathPayment, body, header("Accept", "")).want(200, "")
	if len(r.record.Exchange.Violations) != 3 {
		t.Errorf("violations: %+v", r.record.Exchange.Violations)
	}
}

func TestRefund(t *testing.T) {
	h := open(t)
	loc := h.location(journal.StateActive)
	id := h.pay(app, loc, 0, 30)

	h.post(pathRefund+fmt.Sprint(id), "", bearer("wrong-token-of-nobody")).want(401, journal.RefusedToken)
	other := h.post(pathRefund+fmt.Sprint(id), "", bearer(otherToken)).want(422, journal.RefusedUnknownPayment)
	if other.record.Location != loc || other.record.Exchange.Application != app || other.record.Exchange.Payment != id {
		t.Errorf("record of a foreign refund: %+v", other.record)
	}
	h.refund(id+1).want(422, journal.RefusedUnknownPayment)
	h.post(pathRefund+"abc", "").want(422, journal.RefusedUnknownPayment)
	h.get(pathRefund+fmt.Sprint(id)).want(405, journal.RefusedMethod)

	r := h.refund(id).want(200, "").exactly(`{"success":true,"data":[],"meta":[]}`)
	if r.record.Location != loc || r.record.Exchange.Application != app || r.record.Exchange.Payment != id || r.record.Scenario != "story" {
		t.Errorf("record: %+v", r.record)
	}
	if h.Installation(app, loc).Payments[0].RefundedAt.IsZero() {
		t.Error("the payment is not refunded")
	}
	h.refund(id).want(422, journal.RefusedAlreadyRefunded)
}

func TestRefundWithABodyIsRecordedAndTaken(t *testing.T) {
	h := open(t)
	loc := h.location(journal.StateActive)
	id := h.pay(app, loc, 0, 30)
	r := h.post(pathRefund+fmt.Sprint(id), `{"sum":1}`, header("Accept", "")).want(200, "")
	if len(r.record.Exchange.Violations) != 2 {
		t.Errorf("violations: %+v", r.record.Exchange.Violations)
	}
}

func TestRefundIsRecordedAfterTheDisconnect(t *testing.T) {
	h := open(t)
	loc := h.location(journal.StateActive)
	id := h.pay(app, loc, 0, 30)
	h.disconnect(app, loc)
	h.refund(id).want(200, "")
}
