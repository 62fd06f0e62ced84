package openapi_test

import (
	"net/http"
	"testing"

	"github.com/altegio-readiness/harness/openapi"
)

func TestResponses(t *testing.T) {
	contract := load(t)
	const (
		denied   = `{"success":false,"data":null,"meta":{"message":"Access denied."}}`
		notFound = `{"success":false,"data":null,"meta":[]}`
		state    = `{"success":true,"data":{"logs":[{"changed_at":"2026-01-01 10:00:00","status_from":"uninstalled","status_to":"pending","source":"marketplace"}],` +
			`"payments":[{"id":1,"payment_sum":9.5,"payment_date":"2026-01-01 10:00:00","is_refunded":false,"period_from":"2026-01-01 00:00:00","period_to":"2026-01-31 23:59:59","currency_iso":"EUR","refunded_at":null}],` +
			`"connection_status":{"status":"active","created_at":"2026-01-01 10:00:00"},"special_settings":[]},"meta":[]}`
	)
	for _, test := range []struct {
		name   string
		op     string
		status int
		body   string
		want   []string
	}{
		{"installed", install, 201, `{"success":true,"data":[],"meta":[]}`, nil},
		{"installed, bare array", install, 201, `[]`, nil},
		{"installed, no body", install, 201, ``, nil},
		{"installed, object meta", install, 201, `{"success":true,"data":null,"meta":{}}`, nil},
		{"installed already", install, 403, denied, nil},
		{"installed, wrong status", install, 200, `{"success":true}`, []string{"error response  status"}},
		{"paid", payment, 200, `{"success":true,"data":{"id":5},"meta":[]}`, nil},
		{"paid, without id", payment, 200, `{"success":true,"data":{}}`, []string{"error response /data/id required"}},
		{"paid, id as a string", payment, 200, `{"success":true,"data":{"id":"5"}}`, []string{"error response /data/id type"}},
		{"paid, no body", payment, 200, ``, []string{"error response  required"}},
		{"paid, more than described", payment, 200, `{"success":true,"data":{"id":5,"more":1},"more":1}`, []string{"tolerated response /data/more unknown", "tolerated response /more unknown"}},
		{"paid, named twice", payment, 200, `{"success":true,"data":{"id":5,"id":6}}`, []string{"error response /data/id duplicate"}},
		{"paid, but not so", payment, 200, denied, []string{"error response /data type", "error response /success enum"}},
		{"refunded, no body", refund, 200, ``, nil},
		{"refunded", refund, 200, `{"success":true,"data":null,"meta":{}}`, nil},
		{"refund unknown", refund, 404, notFound, []string{"error response  status"}},
		{"left", leave, 200, `{"success":true,"data":null,"meta":{}}`, nil},
		{"not installed, array", leave, 404, notFound, nil},
		{"not installed, object", status, 404, `{"success":false,"data":null,"meta":{}}`, nil},
		{"status", status, 200, state, nil},
		{"list", list, 200, `{"success":true,"data":[{"id":1,"title":"A","phones":[],"coordinate_lat":"1.5"},{"id":"2","title":null}],"meta":{}}`, nil},
		{"list with a stranger", list, 200, `{"success":true,"data":[{"id":1},{"id":2,"x":1}]}`, []string{"tolerated response /data/1/x unknown"}},
		{"unauthenticated", list, 401, denied, nil},
		{"unauthenticated, without a message", list, 401, `{"success":false,"data":null,"meta":{}}`, []string{"error response /meta/message required"}},
		{"invalid, map", payment, 422, `{"success":false,"data":null,"meta":{"message":"m","errors":{"a":["b"]}}}`, nil},
		{"invalid, list", payment, 422, `{"success":false,"data":null,"meta":{"message":"m","errors":["a"]}}`, nil},
		{"invalid, text", payment, 422, `{"success":false,"data":null,"meta":{"message":"m","errors":"a"}}`, []string{"error response /meta/errors anyOf"}},
		{"invalid, yet a success", payment, 422, `{"success":true,"data":null,"meta":{"message":"m"}}`, []string{"error response /success enum"}},
		{"too many", payment, 429, denied, nil},
		{"rejected", redirect, 400, denied, nil},
		{"redirected nowhere", redirect, 301, ``, []string{"error response Location required"}},
		{"broken", payment, 500, ``, []string{"error response  status"}},
		{"not JSON", payment, 200, `<html>`, []string{"error response  syntax"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			header := http.Header{"Content-Type": {"application/json"}}
			got := contract.ValidateResponse(openapi.Operation{ID: test.op}, test.status, header, []byte(test.body))
			expect(t, got, test.want...)
		})
	}
}

func TestResponseHeaders(t *testing.T) {
	contract := load(t)
	answer := func(op string, status int, header http.Header, body string) []openapi.Violation {
		return contract.ValidateResponse(openapi.Operation{ID: op}, status, header, []byte(body))
	}
	expect(t, answer(redirect, 301, http.Header{"Location": {"https://app.alteg.io/"}}, "<html>"))
	expect(t, answer(payment, 200, http.Header{"Content-Type": {"application/json; charset=UTF-8"}}, `{"success":true,"data":{"id":5}}`))
	expect(t, answer(payment, 200, http.Header{"Content-Type": {"text/html"}}, `<html>`), "error response Content-Type content-type")
	expect(t, answer(payment, 200, nil, `{}`), "error response Content-Type required")
	limited := http.Header{"Content-Type": {"application/json"}, "Retry-After": {"soon"}}
	expect(t, answer(payment, 429, limited, `{"success":false,"data":null,"meta":{"message":"m"}}`), "error response Retry-After type")
}

func TestWebhook(t *testing.T) {
	contract := load(t)
	const (
		common = `{"salon_id":1,"application_id":2,"partner_token":"t",`
		paid   = `"payment_id":3,"amount":100,"currency_iso":"EUR","discount":null,"period_from":"2026-01-01 00:00:00",` +
			`"period_to":"2026-01-31 23:59:59","payment_date":"2026-01-01 10:00:00","tariff_option_id":null,` +
			`"sign":"bc03fc8e96a8e321f9467e0341e242c9a0ef0cea6632a37bf5cf29efe0ae98a1"}`
	)
	for _, test := range []struct {
		name, body string
		want       []string
	}{
		{"uninstall", common + `"event":"uninstall"}`, nil},
		{"freeze", common + `"event":"freeze"}`, nil},
		{"payment", common + `"event":"payment",` + paid, nil},
		{"uninstall with a payment's field", common + `"event":"uninstall","amount":1}`, []string{"tolerated body /amount unknown"}},
		{"payment without a sign", common + `"event":"payment",` + paid[:len(paid)-75] + `}`, []string{"error body /sign required"}},
		{"ids as strings", `{"salon_id":"1","application_id":"2","partner_token":"t","event":"freeze"}`, []string{"error body /application_id type", "error body /salon_id type"}},
		{"no token", `{"salon_id":1,"application_id":2,"event":"freeze"}`, []string{"error body /partner_token required"}},
		{"empty token", `{"salon_id":1,"application_id":2,"event":"freeze","partner_token":""}`, []string{"error body /partner_token minLength"}},
		{"unknown event", common + `"event":"install"}`, []string{"error body /event enum"}},
		{"event is a number", common + `"event":1}`, []string{"error body /event type"}},
		{"no event", `{}`, []string{"error body /event required"}},
		{"array", `[]`, []string{"error body  type"}},
		{"named twice", common + `"event":"freeze","event":"uninstall"}`, []string{"error body /event duplicate"}},
		{"empty", ``, []string{"error body  required"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			header := http.Header{"Content-Type": {"application/json"}}
			expect(t, contract.ValidateWebhook(webhook, header, []byte(test.body)), test.want...)
		})
	}
	expect(t, contract.ValidateWebhook(webhook, nil, []byte(common+`"event":"freeze"}`)), "error header Content-Type required")
	expect(t, contract.ValidateResponse(openapi.Operation{ID: webhook}, 204, nil, nil))
	expect(t, contract.ValidateResponse(openapi.Operation{ID: webhook}, 401, nil, nil), "error response  status")
}
