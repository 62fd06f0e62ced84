package openapi_test

import (
	"encoding/json"
	"strings"
	"testing"
)

// with returns the good payment with some members replaced by JSON text; "" takes one out.
func with(changes map[string]string) string {
	var members map[string]json.RawMessage
	if err := json.Unmarshal([]byte(goodPayment), &members); err != nil {
		panic(err)
	}
	for name, text := range changes {
		if members[name] = json.RawMessage(text); text == "" {
			delete(members, name)
		}
	}
	encoded, err := json.Marshal(members)
	if err != nil {
		panic(err)
	}
	return string(encoded)
}

func TestPaymentFields(t *testing.T) {
	contract := load(t)
	for _, test := range []struct {
		name, field, value string
		want               []string
	}{
		{"as it should be", "salon_id", "123", nil},
		{"id as an integral float", "salon_id", "123.0", nil},
		{"id with an exponent", "salon_id", "1.23e2", nil},
		{"id missing", "salon_id", "", []string{"error body /salon_id required"}},
		{"id as a decimal string", "salon_id", `"123"`, []string{"tolerated body /salon_id type"}},
		{"application as a decimal string", "application_id", `"123"`, []string{"tolerated body /application_id type"}},
		{"id as another string", "salon_id", `"12a"`, []string{"error body /salon_id type"}},
		{"id as an empty string", "salon_id", `""`, []string{"error body /salon_id type"}},
		{"id as a string of zero", "salon_id", `"0"`, []string{"error body /salon_id type"}},
		{"id as a long string", "salon_id", `"12345678901234567"`, []string{"error body /salon_id type"}},
		{"id with a fraction", "salon_id", "123.5", []string{"error body /salon_id type"}},
		{"id of zero", "salon_id", "0", []string{"error body /salon_id minimum"}},
		{"negative id", "salon_id", "-1", []string{"error body /salon_id minimum"}},
		{"id too large to be exact", "salon_id", "9223372036854775808", []string{"error body /salon_id maximum"}},
		{"id beyond a double", "salon_id", "1e400", []string{"error body /salon_id number"}},
		{"id null", "salon_id", "null", []string{"error body /salon_id type"}},
		{"id as an array", "salon_id", "[123]", []string{"error body /salon_id type"}},
		{"id as a boolean", "salon_id", "true", []string{"error body /salon_id type"}},
		{"lower case currency", "currency_iso", `"eur"`, []string{"error body /currency_iso pattern"}},
		{"currency with a line feed", "currency_iso", `"EUR\n"`, []string{"error body /currency_iso pattern"}},
		{"numeric currency", "currency_iso", "978", []string{"error body /currency_iso type"}},
		{"nothing paid", "payment_sum", "0", nil},
		{"integer sum", "payment_sum", "990", nil},
		{"negative sum", "payment_sum", "-0.01", []string{"error body /payment_sum minimum"}},
		{"sum as a string", "payment_sum", `"990.99"`, []string{"error body /payment_sum type"}},
		{"sum beyond a double", "payment_sum", strings.Repeat("9", 400), []string{"error body /payment_sum number"}},
		{"sum of many digits", "payment_sum", "0." + strings.Repeat("3", 400), nil},
		{"leap day", "payment_date", `"2028-02-29 23:59:59"`, nil},
		{"ISO date", "payment_date", `"2026-01-15T10:10:00Z"`, []string{"error body /payment_date format"}},
		{"date with an offset", "payment_date", `"2026-01-15 10:10:00+03:00"`, []string{"error body /payment_date format"}},
		{"date without a time", "period_from", `"2026-01-15"`, []string{"error body /period_from format"}},
		{"date with a fraction", "period_to", `"2026-01-15 10:10:00.5"`, []string{"error body /period_to format"}},
		{"date with a short hour", "period_to", `"2026-01-15 1:10:00"`, []string{"error body /period_to format"}},
		{"padded date", "period_to", `" 2026-01-15 10:10:00"`, []string{"error body /period_to format"}},
		{"day that does not exist", "payment_date", `"2026-02-31 10:10:00"`, []string{"error body /payment_date format"}},
		{"no leap day", "payment_date", `"2026-02-29 10:10:00"`, []string{"error body /payment_date format"}},
		{"hour that does not exist", "payment_date", `"2026-02-28 24:00:00"`, []string{"error body /payment_date format"}},
		{"MySQL's zero", "payment_date", `"0000-00-00 00:00:00"`, []string{"error body /payment_date format"}},
		{"date as a number", "payment_date", "1768471800", []string{"error body /payment_date type"}},
		{"empty date", "payment_date", `""`, []string{"error body /payment_date format"}},
		{"unknown field", "payment_summ", "1", []string{"tolerated body /payment_summ unknown"}},
		{"unknown object", "extra", `{"salon_id":"x"}`, []string{"tolerated body /extra unknown"}},
		{"name that needs escaping", "a/b~c", "1", []string{"tolerated body /a~1b~0c unknown"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			body := with(map[string]string{test.field: test.value})
			expect(t, validate(t, contract, pay(body)), test.want...)
		})
	}
}

func TestInstallationFields(t *testing.T) {
	contract := load(t)
	urls := func(n int) string {
		return `["https://a.test/` + strings.Repeat(`x","https://a.test/`, n-1) + `"]`
	}
	distinct := func(n int) string {
		var list []string
		for i := range n {
			list = append(list, `"https://a.test/`+strings.Repeat("x", i)+`"`)
		}
		return "[" + strings.Join(list, ",") + "]"
	}
	for _, test := range []struct {
		name, member string
		want         []string
	}{
		{"key", `"api_key":"8f3a"`, nil},
		{"key as a number", `"api_key":8`, []string{"tolerated body /api_key type"}},
		{"key as null", `"api_key":null`, []string{"error body /api_key type"}},
		{"key as a boolean", `"api_key":true`, []string{"error body /api_key type"}},
		{"no URL", `"webhook_urls":[]`, nil},
		{"ten URLs", `"webhook_urls":` + distinct(10), nil},
		{"eleven URLs", `"webhook_urls":` + distinct(11), []string{"tolerated body /webhook_urls maxItems"}},
		{"a URL thrice", `"webhook_urls":` + urls(3), []string{"tolerated body /webhook_urls uniqueItems"}},
		{"a URL twelve times", `"webhook_urls":` + urls(12), []string{"tolerated body /webhook_urls maxItems", "tolerated body /webhook_urls uniqueItems"}},
		{"a URL without its list", `"webhook_urls":"https://a.test/"`, []string{"error body /webhook_urls type"}},
		{"URLs as an object", `"webhook_urls":{"0":"https://a.test/"}`, []string{"error body /webhook_urls type"}},
		{"a URL that is none", `"webhook_urls":["https://a.test/",null,5]`, []string{"error body /webhook_urls/1 type", "error body /webhook_urls/2 type"}},
		{"channels", `"channels":["sms","whatsapp"]`, nil},
		{"another channel", `"channels":["sms","telegram"]`, []string{"error body /channels/1 enum"}},
		{"fields of the hub", `"chat_url":"https://a.test/","tips_url":"https://a.test/","login":"l","secret_key":"s"`, nil},
		{"fields seen in the wild", `"settings":{},"callback_url":"https://a.test/"`, []string{"tolerated body /callback_url unknown", "tolerated body /settings unknown"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			body := `{"salon_id":1,"application_id":2,` + test.member + `}`
			expect(t, validate(t, contract, request("POST", "/marketplace/partner/callback", body)), test.want...)
		})
	}
}

func TestBodySyntax(t *testing.T) {
	contract := load(t)
	missing := func(rest ...string) []string {
		var all []string
		for _, name := range []string{"application_id", "currency_iso", "payment_date", "payment_sum", "period_from", "period_to", "salon_id"} {
			all = append(all, "error body /"+name+" required")
		}
		return append(rest, all...)
	}
	for _, test := range []struct {
		name, body string
		want       []string
	}{
		{"white space around", " \r\n\t" + goodPayment + "\n", nil},
		{"escaped slashes and letters", `{"\u0073alon_id":123,` + goodPayment[len(`{"salon_id":123,`):], nil},
		{"empty object", `{}`, missing()},
		{"array", `[]`, []string{"error body  type"}},
		{"string", `"x"`, []string{"error body  type"}},
		{"null", `null`, []string{"error body  type"}},
		{"bytes after", goodPayment + "x", []string{"error body  trailing"}},
		{"two values", goodPayment + "{}", []string{"error body  trailing"}},
		{"named twice", goodPayment[:len(goodPayment)-1] + `,"salon_id":123}`, []string{"error body /salon_id duplicate"}},
		{"named twice in disguise", goodPayment[:len(goodPayment)-1] + `,"\u0073alon_id":123}`, []string{"error body /salon_id duplicate"}},
		{"named thrice", goodPayment[:len(goodPayment)-1] + `,"salon_id":1,"salon_id":123}`, []string{"error body /salon_id duplicate"}},
		{
			"named twice deep down", goodPayment[:len(goodPayment)-1] + `,"x":[0,{"y":1,"y":2}]}`,
			[]string{"tolerated body /x unknown", "error body /x/1/y duplicate"},
		},
		{"last one counts", goodPayment[:len(goodPayment)-1] + `,"salon_id":true}`, []string{"error body /salon_id duplicate", "error body /salon_id type"}},
		{"byte order mark", "\xef\xbb\xbf" + goodPayment, []string{"error body  syntax"}},
		{"not UTF-8", strings.Replace(goodPayment, "EUR", "EUR\xff", 1), []string{"error body  utf-8", "error body /currency_iso pattern"}},
		{"cut off", goodPayment[:len(goodPayment)-1], []string{"error body  syntax"}},
		{"cut off in a string", goodPayment[:len(goodPayment)-2], []string{"error body  syntax"}},
		{"trailing comma", `{"salon_id":1,}`, []string{"error body  syntax"}},
		{"single quotes", `{'salon_id':1}`, []string{"error body  syntax"}},
		{"leading zero", `{"salon_id":01}`, []string{"error body  syntax"}},
		{"bad escape", `{"salon_id":"\x"}`, []string{"error body  syntax"}},
		{"control character", "{\"salon_id\":\"a\nb\"}", []string{"error body  syntax"}},
		{"not a number", `{"salon_id":NaN}`, []string{"error body  syntax"}},
		{"a form", `salon_id=1&application_id=2`, []string{"error body  syntax"}},
		{"blank", " \n", []string{"error body  required"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			expect(t, validate(t, contract, pay(test.body)), test.want...)
		})
	}
}

// Ensure that every fault is reported, in the same order, whatever the order of the members.
func TestAllFaultsAtOnce(t *testing.T) {
	contract := load(t)
	want := []string{
		"error body /application_id required",
		"error body /currency_iso pattern",
		"tolerated body /extra unknown",
		"error body /payment_date format",
		"error body /payment_sum minimum",
		"error body /period_from format",
		"error body /period_to type",
		"tolerated body /salon_id type",
	}
	expect(t, validate(t, contract, pay(eightFaults)), want...)
	for range 20 {
		if got := validate(t, contract, pay(eightFaults)); brief(got) != strings.Join(want, "\n") {
			t.Fatalf("got another order\n%s", brief(got))
		}
	}
}

func TestMessages(t *testing.T) {
	contract := load(t)
	for _, test := range []struct{ field, value, want string }{
		{"payment_date", `"2026-01-15"`, "payment_date is not a date of the form YYYY-MM-DD HH:MM:SS"},
		{"payment_date", `"2026-02-31 00:00:00"`, "payment_date has the form YYYY-MM-DD HH:MM:SS, but no calendar or clock shows that moment"},
		{"payment_date", "", "payment_date is missing"},
		{"salon_id", `"1"`, "salon_id is a string; an integer is wanted"},
		{"salon_id", "1.5", "salon_id is a number with a fraction; an integer is wanted"},
		{"salon_id", "null", "salon_id is null; an integer is wanted"},
		{"salon_id", "0", "salon_id is below the minimum of 1"},
		{"payment_sum", "[]", "payment_sum is an array; a number is wanted"},
		{"currency_iso", `"€"`, "currency_iso does not match ^[A-Z]{3}$"},
		{"sum", "1", "sum is not a field of this operation; the platform ignores it"},
	} {
		got := validate(t, contract, pay(with(map[string]string{test.field: test.value})))
		if len(got) != 1 || got[0].Message != test.want {
			t.Errorf("%s: got\n%swant message %q", test.field, detailed(got), test.want)
		}
	}
}

func TestBodyWhereNoneIsDefined(t *testing.T) {
	contract := load(t)
	for _, call := range [][2]string{
		{"POST", "/marketplace/partner/payment/refund/9"},
		{"POST", "/marketplace/salon/1/application/2/uninstall"},
		{"GET", "/marketplace/salon/1/application/2"},
		{"GET", "/marketplace/application/2/salons?page=0&count=10"},
	} {
		expect(t, validate(t, contract, request(call[0], call[1], "")))
		for _, body := range []string{"{}", "[]", "null", "x", " "} {
			expect(t, validate(t, contract, request(call[0], call[1], body)), "error body  body")
		}
	}
}
