package openapi_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/altegio-readiness/harness/openapi"
)

// canary is planted where a value can stand. It is a run of letters without a meaning, so that
// it survives escaping and finds nothing by chance.
const canary = "QxZjKvWq"

// silent fails the test if a violation quotes the canary.
func silent(t *testing.T, what string, violations []openapi.Violation) {
	t.Helper()
	if len(violations) == 0 {
		t.Errorf("%s: got no violation, so nothing was tested", what)
	}
	for _, v := range violations {
		if strings.Contains(strings.ToLower(fmt.Sprintf("%+v", v)), strings.ToLower(canary)) {
			t.Errorf("%s: violation %+v quotes a value", what, v)
		}
	}
}

func TestNoValueInAnyViolation(t *testing.T) {
	contract := load(t)
	fields := []string{"salon_id", "application_id", "currency_iso", "payment_sum", "payment_date", "period_from", "period_to", "unknown"}
	for _, field := range fields {
		for _, value := range []string{
			`"` + canary + `"`,
			`["` + canary + `"]`,
			`{"x":"` + canary + `"}`,
			`"` + canary + `\ud800"`,
			"\"" + canary + "\xff\"",
			`"` + canary + `","salon_id":"` + canary + `"`,
		} {
			body := fmt.Sprintf(`{"%s":%s}`, field, value)
			silent(t, "payment "+body, validate(t, contract, pay(body)))
			silent(t, "installation "+body, validate(t, contract, request("POST", "/marketplace/partner/callback", body)))
			silent(t, "webhook "+body, contract.ValidateWebhook(webhook, nil, []byte(body)))
			answer := http.Header{"Content-Type": {"application/json"}, "Retry-After": {canary}}
			for _, code := range []int{200, 401, 404, 422, 429} {
				silent(t, "answer "+body, contract.ValidateResponse(openapi.Operation{ID: leave}, code, answer, []byte(body)))
			}
		}
	}
	for _, body := range []string{
		canary, `"` + canary + `"`, `"` + canary, `{"salon_id":"` + canary, `{"salon_id":1}` + canary,
		`["` + canary + `","` + canary + `"]`, "\xef\xbb\xbf" + canary, `{"channels":["` + canary + `"],"webhook_urls":["` + canary + `","` + canary + `"]}`,
		`{"event":"` + canary + `"}`,
	} {
		silent(t, "body "+body, validate(t, contract, pay(body)))
		silent(t, "body "+body, validate(t, contract, request("POST", "/marketplace/partner/callback", body)))
		silent(t, "body "+body, validate(t, contract, request("POST", "/marketplace/partner/payment/refund/9", body)))
		silent(t, "webhook "+body, contract.ValidateWebhook(webhook, nil, []byte(body)))
	}
	for _, path := range []string{
		"/marketplace/application/" + canary + "/salons?page=" + canary + "&count=" + canary + "&page=" + canary,
		"/marketplace/application/1/salons?page=%zz" + canary + "&unknown=" + canary,
	} {
		silent(t, path, validate(t, contract, request("GET", path, "")))
	}
	for _, name := range []string{"Accept", "Authorization", "Content-Type"} {
		for _, value := range []string{canary, "Bearer " + canary + " " + canary, "Bearer " + canary + ", User " + canary, "bearer " + canary, canary + "/" + canary + "; " + canary + "=" + canary} {
			req := pay(`{"salon_id":"` + canary + `"}`)
			req.Header[name] = []string{value, canary}
			silent(t, name+": "+value, validate(t, contract, req))
		}
	}
	req := pay(goodPayment)
	req.Host = canary + ".test"
	silent(t, "host", validate(t, contract, req))
	req = request("POST", "/marketplace/partner/callback/redirect", "salon_id="+canary+"&salon_id="+canary+"&api_key=%ff"+canary+"&webhook_urls="+canary+"&x="+canary+"%")
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	silent(t, "form", validate(t, contract, req))
}

// Names may be told, but they come from the sender like everything else.
func TestNamesAreBounded(t *testing.T) {
	contract := load(t)
	long := strings.Repeat("n", 100_000)
	nested := strings.Repeat(`{"`+strings.Repeat("x", 60)+`":`, 60) + `{"a":1,"a":2}` + strings.Repeat("}", 60)
	for _, violations := range [][]openapi.Violation{
		validate(t, contract, pay(`{"`+long+`":1,"`+long+`":2}`)),
		validate(t, contract, pay(`{"a\u0000b\u001b[31m\u202egnp\ud800":1}`)),
		validate(t, contract, pay("{\"\xff\xfe\":1}")),
		validate(t, contract, pay(`{"x":`+nested+`}`)),
		validate(t, contract, pay(`{"":1,"":2}`)),
		validate(t, contract, request("GET", "/marketplace/application/1/salons?"+long+"=1&%1b%00=2", "")),
	} {
		for _, v := range violations {
			if len(v.Pointer) > 300 || len(v.Message) > 600 {
				t.Errorf("got a pointer of %d and a message of %d bytes, want bounded ones", len(v.Pointer), len(v.Message))
			}
			for _, r := range v.Pointer + v.Message {
				if r < ' ' || r == 0x7f || r == '\u202e' {
					t.Errorf("got %q, want it printable", v)
				}
			}
			if v.Pointer != strings.ToValidUTF8(v.Pointer, "") {
				t.Errorf("got pointer %q, want valid UTF-8", v.Pointer)
			}
		}
	}
}
