package openapi_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/altegio-readiness/harness/openapi"
)

const (
	install  = "marketplace_notification_settings_callback"
	redirect = "marketplace_notification_settings_redirect_callback"
	payment  = "marketplace_notification_payment_callback"
	refund   = "marketplace_payment_refund_callback"
	status   = "marketplace_application_status"
	leave    = "marketplace_application_uninstall"
	list     = "marketplace_application_locations"
	webhook  = "marketplace_lifecycle_webhook"
)

const goodPayment = `{"salon_id":123,"application_id":4242,"currency_iso":"EUR","payment_sum":990.99,` +
	`"payment_date":"2026-01-15 10:10:00","period_from":"2026-01-15 00:00:00","period_to":"2026-02-14 23:59:59"}`

func load(t testing.TB) *openapi.Contract {
	t.Helper()
	contract, err := openapi.Load()
	if err != nil {
		t.Fatal(err)
	}
	return contract
}

// request is a call that the contract has nothing against, unless body or query bring it in.
func request(method, path, body string) openapi.Request {
	path, query, _ := strings.Cut(path, "?")
	req := openapi.Request{
		Method: method, Path: path, RawQuery: query, Host: "app.alteg.io",
		Header: http.Header{
			"Accept":        {"application/vnd.api.v2+json"},
			"Authorization": {"Bearer partner-token"},
		},
		Body: []byte(body),
	}
	if body != "" {
		req.Header.Set("Content-Type", "application/json")
	}
	return req
}

func pay(body string) openapi.Request { return request("POST", "/marketplace/partner/payment", body) }

func validate(t testing.TB, contract *openapi.Contract, req openapi.Request) []openapi.Violation {
	t.Helper()
	op, err := contract.Find(req.Method, req.Path)
	if err != nil {
		t.Fatalf("find %s %s: %v", req.Method, req.Path, err)
	}
	return contract.ValidateRequest(op, req)
}

// brief writes violations as "class where pointer rule", one per line: what tables compare.
func brief(violations []openapi.Violation) string {
	var out strings.Builder
	for _, v := range violations {
		fmt.Fprintf(&out, "%s %s %s %s\n", v.Class, v.Where, v.Pointer, v.Rule)
	}
	return strings.TrimSuffix(out.String(), "\n")
}

// expect fails the test unless the violations are the wanted ones, in this order.
func expect(t *testing.T, got []openapi.Violation, want ...string) {
	t.Helper()
	if brief(got) != strings.Join(want, "\n") {
		t.Errorf("got violations\n%v\nwant\n%s", detailed(got), strings.Join(want, "\n"))
	}
}

func detailed(violations []openapi.Violation) string {
	var out strings.Builder
	for _, v := range violations {
		fmt.Fprintf(&out, "%s %s %s %s\t(%s)\n", v.Class, v.Where, v.Pointer, v.Rule, v.Message)
	}
	return out.String()
}
