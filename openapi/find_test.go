package openapi_test

import (
	"errors"
	"maps"
	"strings"
	"testing"

	"github.com/altegio-readiness/harness/openapi"
)

func TestFind(t *testing.T) {
	contract := load(t)
	type params = map[string]string
	both := params{"location_id": "55", "application_id": "7"}
	for _, test := range []struct {
		method, path string
		id, prefix   string
		slash        bool
		params       params
		err          error
	}{
		{method: "POST", path: "/marketplace/partner/callback", id: install},
		{method: "POST", path: "/marketplace/partner/callback/redirect", id: redirect},
		{method: "POST", path: "/marketplace/partner/payment", id: payment},
		{method: "POST", path: "/api/v1/marketplace/partner/payment", id: payment, prefix: "/api/v1"},
		{method: "POST", path: "/v1/marketplace/partner/payment", id: payment, prefix: "/v1"},
		{method: "POST", path: "/marketplace/partner/payment/", id: payment, slash: true},
		{method: "POST", path: "/v1/marketplace/partner/payment/", id: payment, prefix: "/v1", slash: true},
		{method: "POST", path: "/marketplace/partner/payment/refund/9", id: refund, params: params{"payment_id": "9"}},
		{method: "POST", path: "/marketplace/partner/payment/refund/9%2F9", id: refund, params: params{"payment_id": "9/9"}},
		{method: "POST", path: "/marketplace/partner/payment/refund/%zz", id: refund, params: params{"payment_id": "%zz"}},
		{method: "POST", path: "/marketplace/partner/payment/refund/null", id: refund, params: params{"payment_id": "null"}},
		{method: "GET", path: "/marketplace/salon/55/application/7", id: status, params: both},
		{method: "POST", path: "/marketplace/salon/55/application/7/uninstall", id: leave, params: both},
		{method: "GET", path: "/marketplace/application/7/salons", id: list, params: params{"application_id": "7"}},

		{method: "GET", path: "/marketplace/partner/payment", id: payment, err: openapi.ErrMethodNotAllowed},
		{method: "HEAD", path: "/v1/marketplace/salon/55/application/7/", id: status, prefix: "/v1", slash: true, params: both, err: openapi.ErrMethodNotAllowed},
		{method: "post", path: "/marketplace/partner/payment", id: payment, err: openapi.ErrMethodNotAllowed},
		{method: "POST", path: "/marketplace/partner/payment//", err: openapi.ErrUnknownPath},
		{method: "POST", path: "//marketplace/partner/payment", err: openapi.ErrUnknownPath},
		{method: "POST", path: "/marketplace/partner/payment/refund/", err: openapi.ErrUnknownPath},
		{method: "POST", path: "/marketplace/partner/payments", err: openapi.ErrUnknownPath},
		{method: "POST", path: "/marketplace/partner", err: openapi.ErrUnknownPath},
		{method: "POST", path: "marketplace/partner/payment", err: openapi.ErrUnknownPath},
		{method: "POST", path: "/v1/api/v1/marketplace/partner/payment", err: openapi.ErrUnknownPath},
		{method: "POST", path: "/v1marketplace/partner/payment", err: openapi.ErrUnknownPath},
		{method: "POST", path: "/v2/marketplace/partner/payment", err: openapi.ErrUnknownPath},
		{method: "POST", path: "/Marketplace/partner/payment", err: openapi.ErrUnknownPath},
		{method: "POST", path: "/marketplace_webhook", err: openapi.ErrUnknownPath},
		{method: "GET", path: "/marketplace_webhook", err: openapi.ErrUnknownPath},
		{method: "GET", path: "/marketplace/salon//application/7", err: openapi.ErrUnknownPath},
		{method: "GET", path: "/", err: openapi.ErrUnknownPath},
		{method: "GET", path: "", err: openapi.ErrUnknownPath},
		{method: "", path: "/v1", err: openapi.ErrUnknownPath},
	} {
		t.Run(test.method+" "+test.path, func(t *testing.T) {
			op, err := contract.Find(test.method, test.path)
			if !errors.Is(err, test.err) {
				t.Fatalf("got error %v, want %v", err, test.err)
			}
			if op.ID != test.id || op.Prefix != test.prefix || op.TrailingSlash != test.slash || !maps.Equal(op.Params, test.params) {
				t.Errorf("got %+v, want %+v", op, test)
			}
		})
	}
}

func FuzzFind(f *testing.F) {
	contract := load(f)
	for _, op := range contract.Operations() {
		f.Add(op.Method, op.Path)
		f.Add("GET", "/api/v1"+op.Path+"/")
	}
	f.Add("POST", "/marketplace_webhook")
	f.Add("POST", "/v1/marketplace/partner/payment/refund/%00%ff")
	f.Fuzz(func(t *testing.T, method, path string) {
		op, err := contract.Find(method, path)
		if errors.Is(err, openapi.ErrUnknownPath) {
			if op.ID != "" {
				t.Errorf("got operation %s for an unknown path", op.ID)
			}
			return
		}
		if err == nil && op.Method != method {
			t.Errorf("got %s for method %q", op.ID, method)
		}
		if op.ID == webhook {
			t.Error("got a webhook")
		}
		for name, value := range op.Params {
			if value == "" {
				t.Errorf("%s of %q is empty", name, path)
			}
		}
		rest := strings.TrimPrefix(path, op.Prefix)
		if op.TrailingSlash {
			rest = strings.TrimSuffix(rest, "/")
		}
		if strings.Count(rest, "/") != strings.Count(op.Path, "/") {
			t.Errorf("path %q has another number of steps than %s", path, op.Path)
		}
	})
}
