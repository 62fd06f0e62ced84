package openapi_test

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers"

	"github.com/altegio-readiness/harness/openapi"
)

const eightFaults = `{"salon_id":"123","currency_iso":"euro","payment_sum":-1,"payment_date":"2026-01-15T10:10:00Z",` +
	`"period_from":"2026-02-31 00:00:00","period_to":5,"extra":true}`

// BenchmarkValidatePayment measures routing and validation of the busiest operation. Its peers
// are kin-openapi's own validator, which finds less and is given the route, and what any server
// has to pay: decoding the body.
func BenchmarkValidatePayment(b *testing.B) {
	contract := load(b)
	for _, bench := range []struct {
		name, body string
		violations int
	}{
		{"valid", goodPayment, 0},
		{"eight faults", eightFaults, 8},
	} {
		b.Run(bench.name, func(b *testing.B) {
			req := pay(bench.body)
			b.ReportAllocs()
			for b.Loop() {
				op, err := contract.Find(req.Method, req.Path)
				if err != nil {
					b.Fatal(err)
				}
				if got := contract.ValidateRequest(op, req); len(got) != bench.violations {
					b.Fatalf("got %d violations, want %d", len(got), bench.violations)
				}
			}
		})
		b.Run("peer: kin-openapi, "+bench.name, func(b *testing.B) { benchmarkKin(b, bench.body) })
	}
	b.Run("baseline: decode", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			var value map[string]any
			if err := json.Unmarshal([]byte(goodPayment), &value); err != nil {
				b.Fatal(err)
			}
		}
	})
}

func benchmarkKin(b *testing.B, body string) {
	doc, err := openapi3.NewLoader().LoadFromData(openapi.Document())
	if err != nil {
		b.Fatal(err)
	}
	item := doc.Paths.Value("/marketplace/partner/payment")
	route := &routers.Route{Spec: doc, PathItem: item, Method: "POST", Operation: item.Post}
	options := &openapi3filter.Options{
		MultiError: true, SkipSettingDefaults: true,
		AuthenticationFunc: openapi3filter.NoopAuthenticationFunc,
	}
	req, err := http.NewRequest("POST", "/marketplace/partner/payment", nil)
	if err != nil {
		b.Fatal(err)
	}
	req.Header = pay(body).Header
	b.ReportAllocs()
	for b.Loop() {
		req.Body = io.NopCloser(bytes.NewReader([]byte(body)))
		input := &openapi3filter.RequestValidationInput{Request: req, Route: route, Options: options}
		if err := openapi3filter.ValidateRequest(context.Background(), input); (err == nil) != (body == goodPayment) {
			b.Fatal(err)
		}
	}
}

func BenchmarkFind(b *testing.B) {
	contract := load(b)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := contract.Find("POST", "/api/v1/marketplace/salon/55/application/7/uninstall/"); err != nil {
			b.Fatal(err)
		}
	}
}
