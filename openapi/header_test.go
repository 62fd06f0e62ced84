package openapi_test

import (
	"strings"
	"testing"

	"github.com/altegio-readiness/harness/openapi"
)

func TestAccept(t *testing.T) {
	contract := load(t)
	const v2 = "application/vnd.api.v2+json"
	for _, test := range []struct {
		name  string
		lines []string
		want  []string
	}{
		{"as it should be", []string{v2}, nil},
		{"in a list", []string{v2 + ", */*;q=0.1"}, nil},
		{"at the end of a list", []string{"text/html,application/json ;q=0.5 , " + v2}, nil},
		{"with parameters", []string{v2 + "; charset=utf-8;q=0.9"}, nil},
		{"in capitals", []string{"Application/VND.api.v2+JSON"}, nil},
		{"on the second line", []string{"text/html", v2}, nil},
		{"missing", nil, []string{"error header Accept required"}},
		{"empty", []string{" "}, []string{"error header Accept required"}},
		{"JSON", []string{"application/json"}, []string{"error header Accept accept"}},
		{"anything", []string{"*/*"}, []string{"error header Accept accept"}},
		{"refused", []string{v2 + ";q=0"}, []string{"error header Accept accept"}},
		{"version 1", []string{"application/vnd.api.v1+json"}, []string{"error header Accept accept"}},
		{"longer", []string{v2 + "x"}, []string{"error header Accept accept"}},
		{"sibling", []string{"application/vnd.yclients.v2+json"}, []string{"error header Accept accept"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			req := pay(goodPayment)
			req.Header["Accept"] = test.lines
			got := validate(t, contract, req)
			expect(t, got, test.want...)
			if test.name == "sibling" && !strings.Contains(got[0].Message, "YCLIENTS") {
				t.Errorf("got message %q, want it to name the sibling platform", got[0].Message)
			}
		})
	}
}

func TestAuthorization(t *testing.T) {
	contract := load(t)
	for _, test := range []struct {
		name  string
		lines []string
		want  []string
	}{
		{"as it should be", []string{"Bearer abc.DEF-123_~+/="}, nil},
		{"padded", []string{"Bearer  abc "}, nil},
		{"missing", nil, []string{"error header Authorization required"}},
		{"empty", []string{""}, []string{"error header Authorization required"}},
		{"basic", []string{"Basic YTpi"}, []string{"error header Authorization scheme"}},
		{"token alone", []string{"abc"}, []string{"error header Authorization scheme"}},
		{"scheme alone", []string{"Bearer "}, []string{"error header Authorization scheme"}},
		{"two tokens", []string{"Bearer abc def"}, []string{"error header Authorization scheme"}},
		{"glued", []string{"Bearer:abc"}, []string{"error header Authorization scheme"}},
		{"lower case", []string{"bearer abc"}, []string{"tolerated header Authorization scheme"}},
		{"with a user", []string{"Bearer abc, User def"}, []string{"tolerated header Authorization scheme"}},
		{"with a user, no space", []string{"Bearer abc,User def"}, []string{"tolerated header Authorization scheme"}},
		{"with a user without a token", []string{"Bearer abc, User"}, []string{"error header Authorization scheme"}},
		{"only a user", []string{"Bearer , User def"}, []string{"error header Authorization scheme"}},
		{"with something else", []string{"Bearer abc, Partner def"}, []string{"error header Authorization scheme"}},
		{"two lines", []string{"Bearer abc", "Bearer def"}, []string{"tolerated header Authorization repeated"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			req := pay(goodPayment)
			req.Header["Authorization"] = test.lines
			expect(t, validate(t, contract, req), test.want...)
		})
	}
}

func TestContentType(t *testing.T) {
	contract := load(t)
	for _, test := range []struct {
		name  string
		lines []string
		body  string
		want  []string
	}{
		{"as it should be", []string{"application/json"}, goodPayment, nil},
		{"with a charset", []string{"application/json; charset=utf-8"}, goodPayment, nil},
		{"in capitals, with a broken parameter", []string{"Application/JSON; charset"}, goodPayment, nil},
		{"missing", nil, goodPayment, []string{"error header Content-Type required"}},
		{"text", []string{"text/plain"}, goodPayment, []string{"error header Content-Type content-type"}},
		{"text, and a fault within", []string{"text/plain"}, "\n" + with(map[string]string{"salon_id": ""}), []string{"error header Content-Type content-type", "error body /salon_id required"}},
		{"the API's own", []string{"application/vnd.api.v2+json"}, goodPayment, []string{"error header Content-Type content-type"}},
		{"a form", []string{"application/x-www-form-urlencoded"}, "salon_id=1", []string{"error header Content-Type content-type"}},
		{"neither header nor body", nil, "", []string{"error header Content-Type required", "error body  required"}},
		{"header without body", []string{"application/json"}, "", []string{"error body  required"}},
		{"twice", []string{"application/json", "text/plain"}, goodPayment, []string{"tolerated header Content-Type repeated"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			req := pay(test.body)
			req.Header["Content-Type"] = test.lines
			expect(t, validate(t, contract, req), test.want...)
		})
	}
}

func TestHost(t *testing.T) {
	contract := load(t)
	tolerated := []string{"tolerated header Host host"}
	for host, want := range map[string][]string{
		"app.alteg.io": nil, "APP.Alteg.io:443": nil, "app.alteg.io.": nil, "": nil,
		"localhost": nil, "localhost:8080": nil, "127.0.0.1": nil, "127.0.0.1:9000": nil,
		"[::1]": nil, "[::1]:9000": nil, "192.168.1.5:80": nil,
		"api.alteg.io": tolerated, "api.alteg.io:443": tolerated, "api.yclients.com": tolerated,
		"app.alteg.io.evil.test": tolerated, "localhost.evil.test": tolerated, "fake:8080": tolerated,
	} {
		req := pay(goodPayment)
		req.Host = host
		t.Run(host, func(t *testing.T) { expect(t, validate(t, contract, req), want...) })
	}
}

// A nil header is a request without any.
func TestNoHeadersAtAll(t *testing.T) {
	got := load(t).ValidateRequest(openapi.Operation{ID: payment}, openapi.Request{Method: "POST"})
	expect(t, got,
		"error header Accept required",
		"error header Authorization required",
		"error header Content-Type required",
		"error body  required",
	)
}

func TestUnknownOperation(t *testing.T) {
	contract := load(t)
	for _, id := range []string{"", "no_such_operation", webhook} {
		expect(t, contract.ValidateRequest(openapi.Operation{ID: id}, pay(goodPayment)), "error path  operation")
	}
	for _, id := range []string{"", "no_such_operation", payment} {
		expect(t, contract.ValidateWebhook(id, nil, nil), "error path  operation")
	}
	expect(t, contract.ValidateResponse(openapi.Operation{}, 200, nil, nil), "error response  operation")
}
