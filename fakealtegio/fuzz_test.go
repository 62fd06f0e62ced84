package fakealtegio_test

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/altegio-readiness/harness/fakealtegio"
	"github.com/altegio-readiness/harness/fakealtegio/journal"
)

// target is a platform that is fuzzed for a while, and then replaced, so that no state grows for ever.
type target struct {
	*fakealtegio.Platform
	bytes   *buffer
	pending int64
	active  int64
	rounds  int
}

func newTarget(t testing.TB) *target {
	tg := &target{bytes: new(buffer)}
	p, err := fakealtegio.New(fakealtegio.Config{
		Journal: journal.NewWriter(tg.bytes, nil), Seed: 1,
		Applications: []fakealtegio.Application{
			{ID: app, PartnerToken: token, RedirectURL: "https://a.example.test/", Title: "<Fuzz>"},
			{ID: foreign, PartnerToken: otherToken},
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	tg.Platform = p
	for _, id := range []*int64{&tg.pending, &tg.active} {
		*id = p.NewLocation(fakealtegio.LocationOptions{Scenario: "fuzz"}).ID
		if _, err := p.Connect(app, p.NewOwner("fuzz"), fakealtegio.ConnectOptions{}, *id); err != nil {
			t.Fatal(err)
		}
	}
	tg.send(http.MethodPost, pathInstall, "", "Authorization: Bearer "+token, []byte(installBody(tg.active, app)))
	return tg
}

// send parses a request as a server does; nil if there is none.
func (tg *target) send(method, path, query, headers string, body []byte) *httptest.ResponseRecorder {
	if query != "" {
		path += "?" + query
	}
	head := fmt.Sprintf("%s %s HTTP/1.1\r\nHost: fuzz\r\n%s\r\n\r\n", method, path, strings.ReplaceAll(headers, "\n", "\r\n"))
	r, err := http.ReadRequest(bufio.NewReader(strings.NewReader(head)))
	if err != nil {
		return nil
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	w := httptest.NewRecorder()
	tg.ServeHTTP(w, r)
	return w
}

func FuzzServeHTTP(f *testing.F) {
	tg := newTarget(f)
	auth := "Authorization: Bearer " + token + "\nAccept: application/vnd.api.v2+json\nContent-Type: application/json"
	form := "Content-Type: application/x-www-form-urlencoded"
	paid := fmt.Sprintf(`{"salon_id":%d,"application_id":4242,"currency_iso":"EUR","payment_sum":990.99,"payment_date":"2026-01-01 10:00:00","period_from":"2026-01-01 10:00:00","period_to":"2026-02-01 10:00:00"}`, tg.active)
	for _, seed := range []struct{ method, path, query, headers, body string }{
		{"POST", pathInstall, "", auth, installBody(tg.pending, app)},
		{"POST", "/api/v1" + pathInstall + "/", "", auth, installBody(tg.active, `"4242"`)},
		{"POST", pathRedirect, "", form, fmt.Sprintf("salon_id=%d&application_id=4242&webhook_urls[0]=x&webhook_urls%%5B%%5D=y", tg.pending)},
		{"POST", pathRedirect, "", auth, installBody(tg.pending, app)},
		{"POST", pathPayment, "", auth, paid},
		{"POST", pathPayment, "", auth, `{"salon_id":1e999,"salon_id":[],"payment_sum":-0}x`},
		{"POST", pathRefund + "12345678", "", auth, ""},
		{"GET", pathStatus(tg.active, app), "", auth, ""},
		{"POST", pathStatus(tg.active, app) + "/uninstall", "", auth, ""},
		{"GET", "/marketplace/application/4242/salons", "page=1&count=10", auth, ""},
		{"GET", "/marketplace/application/4242/salons", "page=-9223372036854775808&count=99999999999999999999", auth, ""},
		{"GET", fmt.Sprintf("/appstore/%d/applications/4242/info", tg.active), "", "", ""},
		{"PUT", "/%2e%2e/%00", "a=%zz;b", "Authorization: Basic x\nHost: evil/", "\xff\xfe"},
		{"OPTIONS", "*", "", "", ""},
		{"POST", "http://app.alteg.io" + pathPayment, "", auth, "[]"},
		{"POST", pathInstall, "", auth, strings.Repeat("[", 2000)},
	} {
		f.Add(seed.method, seed.path, seed.query, seed.headers, []byte(seed.body))
	}
	f.Fuzz(func(t *testing.T, method, path, query, headers string, body []byte) {
		if tg.rounds++; tg.rounds%500 == 0 {
			tg.Close()
			tg = newTarget(t)
		}
		before := tg.bytes.Len()
		w := tg.send(method, path, query, headers, body)
		if w == nil {
			return
		}
		if faults := tg.Faults(); len(faults) > 0 {
			t.Fatalf("harness faults: %q", faults)
		}
		checkAnswer(t, w)
		exchanges := 0
		for line := range strings.Lines(string(tg.bytes.From(before))) {
			var r journal.Record
			if err := json.Unmarshal([]byte(line), &r); err != nil {
				t.Fatalf("journal: %v in %s", err, line)
			}
			if r.Exchange != nil {
				exchanges++
				if r.Exchange.Response.Status != w.Code {
					t.Errorf("recorded %d, answered %d", r.Exchange.Response.Status, w.Code)
				}
			}
		}
		if exchanges != 1 {
			t.Errorf("%d exchanges recorded", exchanges)
		}
	})
}

// checkAnswer wants an envelope, a page or a redirect.
func checkAnswer(t *testing.T, w *httptest.ResponseRecorder) {
	t.Helper()
	body := w.Body.Bytes()
	switch contentType := w.Header().Get("Content-Type"); {
	case w.Code == http.StatusMovedPermanently:
		if _, err := url.Parse(w.Header().Get("Location")); err != nil || w.Header().Get("Location") == "" {
			t.Errorf("Location: %v", err)
		}
	case strings.HasPrefix(contentType, "text/html"):
		if w.Code != 200 || !bytes.Contains(body, []byte("&lt;Fuzz&gt;")) {
			t.Errorf("page: %d %s", w.Code, body)
		}
	case contentType == "application/json":
		var envelope map[string]json.RawMessage
		if err := json.Unmarshal(body, &envelope); err != nil {
			t.Fatalf("%v in %s", err, body)
		}
		if success := string(envelope["success"]); success != fmt.Sprint(w.Code < 300) {
			t.Errorf("answer %d with success %s", w.Code, success)
		}
		if w.Code >= 400 && (string(envelope["data"]) != "null" || len(envelope) != 3) {
			t.Errorf("error answer: %s", body)
		}
	default:
		t.Errorf("answer %d of type %q: %s", w.Code, contentType, body)
	}
	if w.Code >= 500 {
		t.Errorf("answer %d: %s", w.Code, body)
	}
}
