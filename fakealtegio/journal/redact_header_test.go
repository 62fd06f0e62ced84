package journal_test

import (
	"bytes"
	"encoding/base64"
	"net/http"
	"net/url"
	"reflect"
	"strings"
	"testing"

	"github.com/altegio-readiness/harness/fakealtegio/journal"
)

func TestHeader(t *testing.T) {
	const plain = "Pq7Rs2Tu9Vw4"
	for _, c := range []struct{ name, in, want string }{
		{"Authorization", "Bearer " + plain, "Bearer <plain-token>"},
		{"Authorization", "Bearer " + token, "Bearer <partner-token>"},
		{"Authorization", "bearer  " + plain + " ", "bearer  <plain-token> "},
		{"Authorization", "Bearer " + plain + ", User " + token, "Bearer <plain-token>, User <partner-token>"},
		{"Authorization", "Bearer " + plain + ",User abc", "Bearer <plain-token>,User <token>"},
		{"Authorization", "Bearer " + plain + " User abc", "Bearer <plain-token> User <token>"},
		{"Authorization", "Bearer wrong", "Bearer <token>"},
		{"Authorization", "Bearer " + plain + "x", "Bearer <plain-token>x"},
		{"Authorization", "Bearer " + plain + "-and-much-more", "Bearer <token>"},
		{"Authorization", "Bearer " + strings.ToLower(plain), "Bearer <token>"},
		{"Authorization", "Bearer " + plain[:11], "Bearer <token>"},
		{"Authorization", "Bearer " + base64.StdEncoding.EncodeToString([]byte(plain)), "Bearer <token>"},
		{"Authorization", "Bearer " + url.QueryEscape(token), "Bearer <token>"},
		{"Authorization", "Bearer", "Bearer"},
		{"Authorization", "Bearer ", "Bearer "},
		{"Authorization", "", ""},
		{"Authorization", plain, "<plain-token>"},
		{"Authorization", "Basic dXNlcjpwYXNz", "Basic <token>"},
		{"Authorization", "Unheard of", "<token> <token>"},
		{"Proxy-Authorization", "Basic dXNlcjpwYXNz", "Basic <token>"},
		{"X-Api-Key", "k", "<key>"},
		{"X-Auth-Token", "Bearer " + plain, "Bearer <plain-token>"},
		{"X-Client-Secret", "k", "<secret>"},
		{"X-Hub-Signature-256", "sha256=12", "<signature>"},
		{"X-Signature", "12", "<signature>"},
		{"X-User-Email", "a@b", "<email>"},
		{"Idempotency-Key", "k-1", "k-1"},
		{"Cookie", "sid=abc; theme=; x=\"y z\";lonely", "sid=<cookie>; theme=; x=<cookie>;<cookie>"},
		{"Set-Cookie", "sid=abc; Path=/; Expires=Wed, 21 Oct 2026 07:28:00 GMT; HttpOnly", "sid=<cookie>; Path=/; Expires=Wed, 21 Oct 2026 07:28:00 GMT; HttpOnly"},
		{"Set-Cookie", "t=" + plain, "t=<plain-token>"},
		{"Set-Cookie", "a=; Path=/" + plain, "a=; Path=/<plain-token>"},
		{"Location", "/next?user_data=abc&salon_id=5", "/next?user_data=<user-data>&salon_id=5"},
		{"Referer", "http://a.test/?email=a%40b.c", "http://a.test/?email=<email>"},
		{"User-Agent", "curl/8 " + plain, "curl/8 <plain-token>"},
		{"Accept", "application/vnd.api.v2+json", "application/vnd.api.v2+json"},
		{"X-Odd", "a\xffb", `a\xffb`},
	} {
		r := redactor()
		h := http.Header{}
		h.Set(c.name, c.in)
		once := r.Header(h)
		if got := classes(once[c.name][0]); got != c.want {
			t.Errorf("%s: %s: got %s, want %s", c.name, c.in, got, c.want)
		}
		if twice := r.Header(once); !reflect.DeepEqual(once, twice) {
			t.Errorf("%s: %s: got %v, and then %v", c.name, c.in, once, twice)
		}
	}
}

func TestHeaderKeepsShape(t *testing.T) {
	r := redactor()
	if got := r.Header(nil); got != nil {
		t.Errorf("got %v for no header", got)
	}
	in := http.Header{"Accept": {"a", "b"}, "X-Pq7Rs2Tu9Vw4": {"v"}, "X-Token": {"a", "", "a"}}
	got := r.Header(in)
	if len(got["Accept"]) != 2 || len(got["X-Token"]) != 3 || got["X-Token"][0] != got["X-Token"][2] || got["X-Token"][1] != "" {
		t.Errorf("got %v", got)
	}
	for name := range got {
		if strings.Contains(name, "Pq7") {
			t.Errorf("the name of a header shows a secret: %s", name)
		}
	}
	if in["X-Token"][0] != "a" {
		t.Error("the header given was changed")
	}
}

func TestCookiesStayEqual(t *testing.T) {
	r := redactor()
	set := r.Header(http.Header{"Set-Cookie": {"sid=abc; Path=/"}})["Set-Cookie"][0]
	sent := r.Header(http.Header{"Cookie": {"sid=abc"}})["Cookie"][0]
	if !strings.HasPrefix(set, sent+";") {
		t.Errorf("got %s and %s, want the same value", set, sent)
	}
}

func TestURL(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{"", ""},
		{"/marketplace/partner/payment?salon_id=1&x=%2B", "/marketplace/partner/payment?salon_id=1&x=%2B"},
		{"https://u:p@a.test/hook?b=1", "https://%5Buserinfo%3AXXXXXXXX%5D@a.test/hook?b=1"},
		{"https://a@b:c@a.test", "https://%5Buserinfo%3AXXXXXXXX%5D@a.test"},
		{"//u@a.test/", "//%5Buserinfo%3AXXXXXXXX%5D@a.test/"},
		{"https://a.test/@scope//b@c", "https://a.test/@scope//%5Buserinfo%3AXXXXXXXX%5D@c"},
		{"http://a.test/?salon_id=55&user_data=eyJ%2Fx%3D&user_data_sign=12ab", "http://a.test/?salon_id=55&user_data=<user-data>&user_data_sign=<signature>"},
		{"/?user_data=&user_data_sign=", "/?user_data=&user_data_sign="},
		{"/?token=Pq7Rs2Tu9Vw4&token=other", "/?token=<plain-token>&token=<token>"},
		{"/?token=Pq7Rs2Tu9Vw4%26y", "/?token=<plain-token>%26y"},
		{"/?password=a?b&password", "/?password=<password>&password"},
		{"/?secret=1&email=2&phone=3&name=4&code=5&state=6&sign=7&key=8&hash=9", "/?secret=<secret>&email=<email>&phone=<phone>&name=<name>&code=<code>&state=<state>&sign=<signature>&key=<key>&hash=<hash>"},
		{"/?user%5Bemail%5D=a&user[phone]=b&api_key=c&partnerToken=d", "/?user%5Bemail%5D=<email>&user[phone]=<phone>&api_key=<key>&partnerToken=<token>"},
		{"/?a=1&amp;token=abc", "/?a=1&amp;token=<token>"},
		{"/cb#access_token=abc&expires=1", "/cb#access_token=<token>&expires=1"},
		{"/?next=%2Fx%3Ftoken%3Dabc%26a%3D1", "/?next=%2Fx%3Ftoken%3D<token>%26a%3D1"},
		{"/?next=/x?token=abc", "/?next=/x?token=<token>"},
		{"/smsprovider/status/callback/Pq7Rs2Tu9Vw4", "/smsprovider/status/callback/<plain-token>"},
		{"/a/tok-8f%2F2%2BZx&9%22%3C%D0%BA%D0%BB%D1%8E%D1%87%3E", "/a/<partner-token>"},
		{"/?q=owner-x1%40example.test", "/?q=<owner-email>"},
		{"://%zz?token=%zz&b=\xff", "://%zz?token=<token>&b=\\xff"},
		{"?", "?"},
		{"?token", "?token"},
		{"?=&==&token==", "?=&==&token=<token>"},
		{"//@", "//@"},
		{"%", "%"},
	} {
		r := redactor()
		got := r.URL(c.in)
		shown := classes(got)
		if u, err := url.Parse(got); err == nil && u.User.String() != "" {
			shown = strings.Replace(shown, u.User.String(), "%5Buserinfo%3AXXXXXXXX%5D", 1)
		} else if i := strings.Index(shown, "%5Buserinfo%3A"); i >= 0 {
			shown = shown[:i+14] + "XXXXXXXX" + shown[i+22:]
		}
		if shown != c.want {
			t.Errorf("%s: got %s, want %s", c.in, shown, c.want)
		}
		if again := r.URL(got); again != got {
			t.Errorf("%s: got %s, and then %s", c.in, got, again)
		}
		if _, err := url.Parse(c.in); err == nil {
			if _, err := url.Parse(got); err != nil {
				t.Errorf("%s: got %s, which does not parse: %v", c.in, got, err)
			}
		}
	}
}

// What did not come from Body, URL or Header is redacted when it is appended.
func TestAppendRedactsWhatIsLeft(t *testing.T) {
	r := redactor()
	r.Secret("owner-password-2", "payment")
	r.Secret("owner-password-3", "note")
	header := map[string][]string{"X-Odd": {"a", token}}
	rec := journal.Record{Kind: journal.KindStep, Scenario: "payment", Step: &journal.Step{
		Hook: "payment", Kind: "exec", Owner: "Анна Попова", Command: []string{"pay", "--token", token},
		Redirects: []string{"http://a.test/" + "Pq7Rs2Tu9Vw4"}, Title: "Hello owner-x1@example.test", Error: "bad\xff",
		Request: &journal.Request{Method: "GET", Header: header, Body: &journal.Body{Text: "payment", Digest: "payment"}},
	}}
	var buf bytes.Buffer
	w := journal.NewWriter(&buf, r)
	mustAppend(t, w, note("note"))
	got := mustAppend(t, w, rec)
	for _, value := range []string{token, "Pq7Rs2Tu9Vw4", "owner-x1@example.test", "Анна Попова"} {
		if found := leaks(buf.String(), value); found != nil {
			t.Errorf("the journal shows %s in %v", value, found)
		}
	}
	if rec.Step.Command[2] != token || header["X-Odd"][1] != token || rec.Step.Request.Body.Text != "payment" {
		t.Error("Append changed the record it was given")
	}
	if got.Scenario != "payment" || got.Step.Hook != "payment" || got.Step.Request.Body.Digest != "payment" {
		t.Errorf("Append changed the harness's own words: %+v", got)
	}
	if classes(got.Step.Request.Body.Text) != "<owner-password-2>" && !strings.HasPrefix(got.Step.Request.Body.Text, "[owner-password-2:") {
		t.Errorf("got %s", got.Step.Request.Body.Text)
	}
	recs, err := journal.Read(&buf)
	if err != nil || !reflect.DeepEqual(recs[1], got) {
		t.Errorf("read %+v, %v\nreturned %+v", recs, err, got)
	}
}
