package journal_test

import (
	"encoding/json"
	"net/url"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/altegio-readiness/harness/fakealtegio/journal"
)

// The fuzzed text holds these wherever the fuzzer puts them. One is plain, one has everything that
// some encoding escapes.
const (
	canary      = "Canary7Hidden9"
	spikyCanary = "can'ary-\"&<>/\\+=%41é\n{[,:]}"
)

func canaries() *journal.Redactor {
	r := journal.NewRedactor()
	r.Secret("canary", canary)
	r.Secret("spiky", spikyCanary)
	return r
}

func checkHidden(t *testing.T, out string) {
	t.Helper()
	if strings.Contains(out, canary) || strings.Contains(out, spikyCanary) {
		t.Fatalf("a canary is in %q", out)
	}
	if !utf8.ValidString(out) {
		t.Fatalf("%q is not UTF-8", out)
	}
}

func FuzzRedactBody(f *testing.F) {
	spiky, _ := json.Marshal(spikyCanary)
	for _, body := range []string{
		`{"salon_id":55,"partner_token":"` + canary + `","name":"x","phones":[1,{"a":null}]}`,
		`{"a":` + string(spiky) + `,"b":"` + canary + canary[:8] + `"}`,
		`{"password":"` + canary, `{'token': '` + spikyCanary + `'}`, `{"login":{a:[b,"c"]},}`, `{"card":01}`, `{"token":"\x"}`,
		`{"a":"{\"password\":\"x\",\"card\":1}","u":"https://u:p@h/?token=a%26b#c"}`,
		"user[email]=a%40b&x=" + url.QueryEscape(spikyCanary) + "&u=%2F%3Ftoken%3Dx",
		"--B\r\nContent-Disposition: form-data; name=\"password\"\r\n\r\n" + canary + "\r\n--B--",
		`["password" => "x", {\"token\":\"y\"}`, "[token:12345678]", "<a href=\"?a=1&amp;token=" + canary + "\">\xff",
		canary + "phone:0", "{\"0\":\"00000000\\\xe80\"}", "{\"\":\"\\\xa9\"}", "\xecan" + spikyCanary[3:], // found by fuzzing
	} {
		for _, contentType := range []string{"application/json", "application/x-www-form-urlencoded", "multipart/form-data; boundary=B"} {
			f.Add(contentType, []byte(body))
		}
	}
	f.Fuzz(func(t *testing.T, contentType string, b []byte) {
		r := canaries()
		once := r.Body(contentType, b)
		if once == nil {
			if len(b) > 0 {
				t.Fatal("no record of a body")
			}
			return
		}
		checkHidden(t, once.Text)
		if once.Size != int64(len(b)) {
			t.Fatalf("got size %d, want %d", once.Size, len(b))
		}
		if valid := utf8.Valid(b) && json.Valid(b); !once.Truncated && json.Valid([]byte(once.Text)) != valid {
			t.Fatalf("valid is %v, but not so of %q", valid, once.Text)
		}
		if twice := r.Body(contentType, []byte(once.Text)); twice.Text != once.Text {
			t.Fatalf("got\n%q\nand then\n%q", once.Text, twice.Text)
		}
		text := r.Text(string(b))
		checkHidden(t, text)
		if again := r.Text(text); again != text {
			t.Fatalf("Text: got\n%q\nand then\n%q", text, again)
		}
	})
}

func FuzzRedactURL(f *testing.F) {
	for _, raw := range []string{
		"https://u:p@h.test/a?salon_id=1&user_data=x%2By%3D&user_data_sign=12#access_token=z",
		"/?token=" + canary + "&x=" + url.QueryEscape(spikyCanary), "//a@b//c@d", "/?next=%2F%3Ftoken%3D%2526a%26b", "?a=b?token=c&d",
		"http://[::1]:80/?%74oken=x", "%5Buserinfo%3A12345678%5D@x", "https://%5Buserinfo%3A12345678%5D@x", "a:b?amp;key=\xff&amp;key=" + spikyCanary,
	} {
		f.Add(raw)
	}
	f.Fuzz(func(t *testing.T, raw string) {
		r := canaries()
		once := r.URL(raw)
		checkHidden(t, once)
		if twice := r.URL(once); twice != once {
			t.Fatalf("got\n%q\nand then\n%q", once, twice)
		}
		before, err := url.Parse(raw)
		if err != nil || r.Text(raw) != raw || strings.ContainsAny(before.User.String()+before.Host, "&=") || before.Host+before.Scheme == "" && !strings.HasPrefix(raw, "/") {
			return // a tag in the name of a host or at the beginning makes another URL of it
		}
		after, err := url.Parse(once)
		if err != nil {
			t.Fatalf("%q does not parse: %v", once, err)
		}
		if before.Host != after.Host || strings.Count(before.RawQuery, "&") != strings.Count(after.RawQuery, "&") {
			t.Fatalf("got %q", once)
		}
	})
}
