package openapi_test

import "testing"

func TestPath(t *testing.T) {
	contract := load(t)
	for _, test := range []struct {
		path string
		want []string
	}{
		{"/marketplace/partner/payment/refund/9", nil},
		{"/api/v1/marketplace/partner/payment/refund/9", []string{"tolerated path  prefix"}},
		{"/v1/marketplace/partner/payment/refund/9/", []string{"tolerated path  prefix", "tolerated path  trailing-slash"}},
		{"/marketplace/partner/payment/refund/%39", nil},
		{"/marketplace/partner/payment/refund/null", []string{"error path payment_id type"}},
		{"/marketplace/partner/payment/refund/9.0", []string{"error path payment_id type"}},
		{"/marketplace/partner/payment/refund/+9", []string{"error path payment_id type"}},
		{"/marketplace/partner/payment/refund/%209", []string{"error path payment_id type"}},
		{"/marketplace/partner/payment/refund/0", []string{"error path payment_id minimum"}},
		{"/marketplace/partner/payment/refund/-4", []string{"error path payment_id minimum"}},
		{"/marketplace/partner/payment/refund/99999999999999999999", []string{"error path payment_id maximum"}},
		{"/marketplace/salon/a/application/b/uninstall", []string{"error path application_id type", "error path location_id type"}},
		{"/marketplace/partner/payment/refund/9?force=1", []string{"tolerated query force unknown"}},
	} {
		t.Run(test.path, func(t *testing.T) {
			expect(t, validate(t, contract, request("POST", test.path, "")), test.want...)
		})
	}
}

func TestQuery(t *testing.T) {
	contract := load(t)
	for _, test := range []struct {
		query string
		want  []string
	}{
		{"page=0&count=1000", nil},
		{"count=1&page=1&", nil},
		{"p%61ge=0&count=10", nil},
		{"", []string{"error query count required", "error query page required"}},
		{"page=1", []string{"error query count required"}},
		{"page=&count=10", []string{"error query page type"}},
		{"page&count=10", []string{"error query page type"}},
		{"page=-1&count=10", []string{"error query page minimum"}},
		{"page=1&count=1001", []string{"error query count maximum"}},
		{"page=1&count=0", []string{"error query count minimum"}},
		{"page=1.0&count=1e2", []string{"error query count type", "error query page type"}},
		{"page=1&page=2&count=10", []string{"tolerated query page repeated"}},
		{"page=1&count=10&limit=5&limit=6", []string{"tolerated query limit unknown"}},
		{"page=1&count=10&Page=5", []string{"tolerated query Page unknown"}},
		{"page=1&count=10&=5", []string{"tolerated query  unknown"}},
		{"page=1&count=10&x=%zz", []string{"error query x encoding"}},
		{"page=1&count=10&%zz=1", []string{"error query  encoding"}},
		{"page=1;count=10", []string{"error query count required", "error query page type"}},
	} {
		t.Run(test.query, func(t *testing.T) {
			expect(t, validate(t, contract, request("GET", "/marketplace/application/7/salons?"+test.query, "")), test.want...)
		})
	}
}

func TestRedirectForm(t *testing.T) {
	contract := load(t)
	for _, test := range []struct {
		name, body string
		want       []string
	}{
		{"as it should be", "salon_id=1&application_id=2&api_key=k&webhook_urls%5B%5D=https%3A%2F%2Fa.test&webhook_urls[]=b", nil},
		{"indexed list", "salon_id=1&application_id=2&webhook_urls[0]=a&webhook_urls%5B1%5D=b", nil},
		{"numeric key", "salon_id=1&application_id=2&api_key=5", nil},
		{"ids missing", "api_key=k", []string{"error body /application_id required", "error body /salon_id required"}},
		{"id is a word", "salon_id=x&application_id=2", []string{"error body /salon_id type"}},
		{"id is empty", "salon_id=&application_id=2", []string{"error body /salon_id type"}},
		{"id has a fraction", "salon_id=1.0&application_id=2", []string{"error body /salon_id type"}},
		{"id is zero", "salon_id=0&application_id=2", []string{"error body /salon_id minimum"}},
		{"id twice", "salon_id=1&salon_id=1&application_id=2", []string{"error body /salon_id duplicate"}},
		{"unknown field", "salon_id=1&application_id=2&submit=Go", []string{"tolerated body /submit unknown"}},
		{"unknown list", "salon_id=1&application_id=2&urls[]=a", []string{"tolerated body /urls[] unknown"}},
		{"list without brackets", "salon_id=1&application_id=2&webhook_urls=a", []string{"error body /webhook_urls type"}},
		{"list with a key", "salon_id=1&application_id=2&webhook_urls[a]=a", []string{"tolerated body /webhook_urls[a] unknown"}},
		{"same URL twice", "salon_id=1&application_id=2&webhook_urls[]=a&webhook_urls[]=a", []string{"tolerated body /webhook_urls[] uniqueItems"}},
		{"broken escape", "salon_id=1&application_id=2&api_key=%z", []string{"error body /api_key encoding"}},
		{"not UTF-8", "salon_id=1&application_id=2&api_key=%ff", []string{"error body /api_key utf-8"}},
		{"empty", "", []string{"error body  required"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			req := request("POST", "/marketplace/partner/callback/redirect", test.body)
			req.Header = map[string][]string{ // as a browser's navigation
				"Accept":       {"text/html,*/*;q=0.8"},
				"Content-Type": {"application/x-www-form-urlencoded"},
			}
			expect(t, validate(t, contract, req), test.want...)
		})
	}
}

// From a server the redirect variant is like any other call.
func TestRedirectJSON(t *testing.T) {
	contract := load(t)
	req := request("POST", "/marketplace/partner/callback/redirect", `{"salon_id":1,"application_id":2,"webhook_urls":[]}`)
	expect(t, validate(t, contract, req))
	delete(req.Header, "Authorization")
	delete(req.Header, "Accept")
	delete(req.Header, "Content-Type")
	expect(t, validate(t, contract, req),
		"error header Accept required",
		"error header Authorization required",
		"error header Content-Type required",
	)
}
