package openapi_test

import (
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/altegio-readiness/harness/openapi"
)

// Ensure that no body takes the validator down or keeps it busy.
func TestHostileBodies(t *testing.T) {
	contract := load(t)
	const many = 100_000
	var strangers strings.Builder
	for i := range many {
		fmt.Fprintf(&strangers, `"k%d":1,`, i)
	}
	for _, test := range []struct{ name, body, want string }{
		{"brackets", strings.Repeat("[", many), "error body  depth"},
		{"braces", strings.Repeat(`{"a":`, many), "error body  depth"},
		{"closed brackets", strings.Repeat("[", many) + strings.Repeat("]", many), "error body  depth"},
		{"brackets in a field", `{"salon_id":` + strings.Repeat("[", many), "error body  depth"},
		{"digits", `{"salon_id":` + strings.Repeat("9", many) + "}", "error body /salon_id number"},
		{"exponent", `{"payment_sum":1e999999999}`, "error body /payment_sum number"},
		{"negative exponent", `{"payment_sum":1e-999999999}`, ""},
		{"one name many times", `{` + strings.Repeat(`"a":1,`, many) + `"a":1}`, "error body /a duplicate"},
		{"many names", `{` + strangers.String() + `"a":1}`, "tolerated body  limit"},
		{"many wrong items", `{"webhook_urls":[` + strings.Repeat("1,", many) + `1]}`, "error body  limit"},
		{"invalid UTF-8", strings.Repeat("\xff", many), "error body  utf-8"},
		{"backslashes", `{"` + strings.Repeat(`\`, many), "error body  syntax"},
		{"nulls", strings.Repeat("\x00", many), "error body  syntax"},
	} {
		t.Run(test.name, func(t *testing.T) {
			start := time.Now()
			got := validate(t, contract, request("POST", "/marketplace/partner/callback", test.body))
			if took := time.Since(start); took > 5*time.Second {
				t.Errorf("took %v", took)
			}
			if len(got) > 402 {
				t.Errorf("got %d violations, want a bounded list", len(got))
			}
			if !strings.Contains("\n"+brief(got)+"\n", test.want+"\n") {
				t.Errorf("got\n%s\nwant %q among them", detailed(got[:min(len(got), 10)]), test.want)
			}
		})
	}
}

// A flood of remarks must not push an error out of the list, nor change it from run to run.
func TestFloodHidesNothing(t *testing.T) {
	contract := load(t)
	query := strings.Repeat("x=1&", 3) + "y=1"
	for i := range 1000 {
		query += fmt.Sprintf("&z%d=1", i)
	}
	req := pay(`{"salon_id":null}`)
	req.RawQuery = query
	first := brief(validate(t, contract, req))
	if !strings.Contains(first, "error body /salon_id type") || !strings.Contains(first, "tolerated query  limit") {
		t.Errorf("got\n%s\nwant the fault of salon_id and a limit", first)
	}
	for range 10 {
		if again := brief(validate(t, contract, req)); again != first {
			t.Fatalf("got another list\n%s", again)
		}
	}
}

// One contract serves all goroutines. The race detector is the judge.
func TestConcurrentUse(t *testing.T) {
	contract := load(t)
	var group sync.WaitGroup
	for range 8 {
		group.Go(func() {
			for range 50 {
				if got := len(validate(t, contract, pay(eightFaults))); got != 8 {
					t.Errorf("got %d violations, want 8", got)
				}
			}
		})
	}
	group.Wait()
}

func FuzzValidateRequest(f *testing.F) {
	contract := load(f)
	const form = "application/x-www-form-urlencoded"
	f.Add("POST", "/marketplace/partner/payment", "", "application/json", []byte(goodPayment))
	f.Add("POST", "/v1/marketplace/partner/payment/", "a=%zz&b", "text/plain", []byte(eightFaults))
	f.Add("POST", "/marketplace/partner/callback", "", "application/json; charset=x", []byte(`{"salon_id":1e400,"webhook_urls":["a","a",{}]}`))
	f.Add("POST", "/marketplace/partner/callback/redirect", "", form, []byte("salon_id=1&application_id=%zz&webhook_urls[0]=a&webhook_urls=b"))
	f.Add("POST", "/marketplace/partner/callback/redirect", "", "", []byte("\xef\xbb\xbf{\"\xff\":[[[]]]}"))
	f.Add("POST", "/marketplace/partner/payment/refund/%2f", "", "", []byte("{}"))
	f.Add("GET", "/marketplace/application/-1/salons", "page=1&page=2&count=1e3", "", []byte(nil))
	f.Add("GET", "/marketplace/salon/1/application/2", "", "", []byte(strings.Repeat("[", 100)))
	f.Fuzz(func(t *testing.T, method, path, query, contentType string, body []byte) {
		req := request(method, path, "")
		req.Path, req.RawQuery, req.Body = path, query, body
		req.Header["Content-Type"] = []string{contentType}
		op, err := contract.Find(method, path)
		if err != nil && op.ID == "" {
			op.ID = payment // so that no body is wasted
		}
		got := contract.ValidateRequest(op, req)
		if again := contract.ValidateRequest(op, req); detailed(got) != detailed(again) {
			t.Errorf("got\n%sand the second time\n%s", detailed(got), detailed(again))
		}
		for _, v := range got {
			if v.Message == "" || v.Rule == "" || v.Where == "" || v.Class != openapi.ClassError && v.Class != openapi.ClassTolerated {
				t.Errorf("incomplete violation %+v", v)
			}
			if len(v.Pointer) > 300 || len(v.Message) > 600 || strings.ContainsAny(v.Pointer+v.Message, "\x00\n\x1b") {
				t.Errorf("violation %+v is too long or not printable", v)
			}
		}
		contract.ValidateWebhook(webhook, req.Header, body)
		contract.ValidateResponse(op, 200, req.Header, body)
	})
}
