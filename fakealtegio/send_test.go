package fakealtegio_test

import (
	"fmt"
	"net/http"
	"slices"
	"testing"

	"github.com/altegio-readiness/harness/fakealtegio"
	"github.com/altegio-readiness/harness/fakealtegio/journal"
)

func TestForgedTokens(t *testing.T) {
	h := open(t)
	loc := h.location(journal.StateActive)
	var names []string
	want := map[string]any{
		"other-token": "the-token-of-another-developer", "missing": nil, "empty": "", "null": nil, "number": 0.0,
		"list": "[]", "prefix": token[:len(token)-1], "other-case": "pARTNER-tOKEN/OF+THE=DEVELOPER",
	}
	for i, w := range fakealtegio.ForgedTokens() {
		names = append(names, w.Variant)
		w.Event = fakealtegio.EventUninstall
		d, err := h.Send(t.Context(), app, loc, w)
		if err != nil || d.Status != 200 {
			t.Errorf("%s: %+v, %v", w.Variant, d, err)
		}
		body := h.receiver.bodies[i]
		got, present := body["partner_token"]
		if list, ok := got.([]any); ok {
			got = fmt.Sprint(list)
		}
		if got != want[w.Variant] || present == (w.Variant == "missing") || body["salon_id"] != float64(loc) {
			t.Errorf("%s: %v", w.Variant, body)
		}
		if ex := h.sent(d).Exchange; ex.Variant != w.Variant || ex.Event != "uninstall" {
			t.Errorf("%s: record %+v", w.Variant, ex)
		}
	}
	if !slices.Equal(names, journal.ForgedTokens()) {
		t.Errorf("variants: got %q, want %q", names, journal.ForgedTokens())
	}
	if got := h.Installation(app, loc).State; got != journal.StateActive {
		t.Errorf("state: %s", got)
	}
}

func TestSendDeliversAnything(t *testing.T) {
	h := open(t)
	loc := h.location(journal.StateActive)
	for name, tc := range map[string]struct {
		w   fakealtegio.Webhook
		loc int64
	}{
		"genuine freeze":   {fakealtegio.Webhook{Event: "freeze"}, loc},
		"genuine payment":  {fakealtegio.Webhook{Event: "payment"}, loc},
		"unknown location": {fakealtegio.Webhook{Event: "uninstall"}, 55},
		"payment nowhere":  {fakealtegio.Webhook{Event: "payment"}, 55},
		"unknown event":    {fakealtegio.Webhook{Event: "renamed", Variant: "unknown-event"}, loc},
		"empty body":       {fakealtegio.Webhook{Event: "uninstall", Variant: "empty", Raw: []byte{}}, loc},
		"a form":           {fakealtegio.Webhook{Event: "uninstall", Variant: "form", Raw: []byte("event=uninstall"), ContentType: "application/x-www-form-urlencoded"}, loc},
		"GET":              {fakealtegio.Webhook{Variant: "get", Method: http.MethodGet}, loc},
		"foreign app":      {fakealtegio.Webhook{Event: "uninstall", Variant: journal.VariantForeignApplication, Body: func(b map[string]any) { b["application_id"] = sibling }}, loc},
	} {
		d, err := h.Send(t.Context(), app, tc.loc, tc.w)
		if err != nil || d.Status != 200 || d.Err != nil {
			t.Errorf("%s: %+v, %v", name, d, err)
		}
		if r := h.sent(d); r.Location != tc.loc || r.Exchange.Variant != tc.w.Variant {
			t.Errorf("%s: record %+v", name, r)
		}
	}
	for name, w := range map[string]fakealtegio.Webhook{
		"unknown event": {Event: "renamed"},
		"changed body":  {Event: "freeze", Body: func(map[string]any) {}},
		"raw body":      {Event: "freeze", Raw: []byte("{}")},
		"GET":           {Event: "freeze", Method: http.MethodGet},
	} {
		if _, err := h.Send(t.Context(), app, loc, w); err == nil {
			t.Errorf("%s without a variant: no error", name)
		}
	}
	if _, err := h.Send(t.Context(), 999, loc, fakealtegio.Webhook{Event: "freeze"}); err == nil {
		t.Error("unknown application: no error")
	}
	if got := h.Installation(app, loc).State; got != journal.StateActive {
		t.Errorf("state: %s", got)
	}
}

func TestPaymentEventIsSigned(t *testing.T) {
	h := open(t)
	loc := h.location(journal.StateActive)
	if _, err := h.Send(t.Context(), app, loc, fakealtegio.Webhook{Event: fakealtegio.EventPayment}); err != nil {
		t.Fatal(err)
	}
	body := h.receiver.bodies[0]
	if body["sign"] != fakealtegio.SignPayment(token, loc, fmt.Sprint(body["amount"]), "") || len(body) != 13 {
		t.Errorf("body: %v", body)
	}
}
