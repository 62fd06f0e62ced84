package fakealtegio_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"

	"github.com/altegio-readiness/harness/fakealtegio"
	"github.com/altegio-readiness/harness/fakealtegio/journal"
)

// benchmarkPlatform has its journal on disk and an installed location; it returns the body of a payment.
func benchmarkPlatform(b *testing.B) (http.Handler, string) {
	b.Helper()
	w, err := journal.Create(filepath.Join(b.TempDir(), "journal.jsonl"), journal.NewRedactor())
	if err != nil {
		b.Fatal(err)
	}
	h := open(b, func(c *fakealtegio.Config) { c.Journal, c.OnExchange = w, nil })
	b.Cleanup(func() { _ = w.Close() })
	loc := h.NewLocation(fakealtegio.LocationOptions{Scenario: "bench"}).ID
	for range 20 { // the redactor looks for all of them
		h.NewOwner("bench")
	}
	h.connect(app, loc)
	rec := httptest.NewRecorder()
	h.ServeHTTP(rec, paymentRequest(pathInstall, installBody(loc, app)))
	if rec.Code != 201 {
		b.Fatalf("install: %d %s", rec.Code, rec.Body)
	}
	return h, h.paid(app, loc, 0, 30)
}

// bare is the same route on net/http alone: a token compared, a body decoded, an id answered.
func bare() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("POST "+pathPayment, func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Authorization") != "Bearer "+token {
			w.WriteHeader(http.StatusUnauthorized)
			return
		}
		var p struct {
			Location    int64   `json:"salon_id"`
			Application int64   `json:"application_id"`
			Sum         float64 `json:"payment_sum"`
			Currency    string  `json:"currency_iso"`
			Date        string  `json:"payment_date"`
			From        string  `json:"period_from"`
			To          string  `json:"period_to"`
		}
		if err := json.NewDecoder(r.Body).Decode(&p); err != nil || p.Location == 0 {
			w.WriteHeader(http.StatusUnprocessableEntity)
			return
		}
		w.Header().Set("Content-Type", "application/json")
		fmt.Fprint(w, `{"success":true,"data":{"id":123}}`)
	})
	return mux
}

func paymentRequest(path, body string) *http.Request {
	r, _ := http.NewRequest(http.MethodPost, path, strings.NewReader(body))
	r.Header.Set("Authorization", "Bearer "+token)
	r.Header.Set("Accept", "application/vnd.api.v2+json")
	r.Header.Set("Content-Type", "application/json")
	return r
}

// BenchmarkPayment compares a validated, recorded and redacted payment with the same route on a
// bare handler: over loopback, where the budget is half of its rate, and without the network.
func BenchmarkPayment(b *testing.B) {
	for _, tc := range []struct {
		name string
		make func(b *testing.B) (http.Handler, string)
	}{
		{"bare", func(b *testing.B) (http.Handler, string) { return bare(), (&house{}).paid(app, 1234567, 0, 30) }},
		{"platform", benchmarkPlatform},
	} {
		b.Run(tc.name+"/handler", func(b *testing.B) {
			handler, body := tc.make(b)
			b.ReportAllocs()
			for b.Loop() {
				rec := httptest.NewRecorder()
				handler.ServeHTTP(rec, paymentRequest(pathPayment, body))
				if rec.Code != 200 {
					b.Fatal(rec.Code, rec.Body)
				}
			}
		})
		b.Run(tc.name+"/loopback", func(b *testing.B) {
			handler, body := tc.make(b)
			server := httptest.NewServer(handler)
			defer server.Close()
			client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 64}}
			defer client.CloseIdleConnections()
			b.SetParallelism(8) // sixteen connections on two cores
			b.ResetTimer()
			b.RunParallel(func(pb *testing.PB) {
				for pb.Next() {
					resp, err := client.Do(paymentRequest(server.URL+pathPayment, body))
					if err != nil {
						b.Error(err)
						return
					}
					_, _ = io.Copy(io.Discard, resp.Body)
					resp.Body.Close()
					if resp.StatusCode != 200 {
						b.Error(resp.StatusCode)
						return
					}
				}
			})
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "requests/s")
		})
	}
}
