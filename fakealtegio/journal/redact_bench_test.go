package journal_test

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/altegio-readiness/harness/fakealtegio/journal"
)

// aPayment is a body of 1 KiB as an integration sends it, most of it spread over a comment.
var aPayment = func() []byte {
	const payment = `{"salon_id":712345,"application_id":4242,"currency_iso":"EUR","payment_sum":990.99,` +
		`"payment_date":"2026-11-22 10:10:00","period_from":"2026-11-22 00:00:00","period_to":"2026-12-21 23:59:59","comment":"`
	return []byte(payment + strings.Repeat("lorem ipsum ", (1024-len(payment)-2)/12) + `"}`)
}()

// busyRedactor knows 200 values, of 50 owners.
func busyRedactor() *journal.Redactor {
	r := journal.NewRedactor()
	for i := range 50 {
		r.Secret("owner-name", fmt.Sprintf("Анна Попова %d", i))
		r.Secret("owner-email", fmt.Sprintf("owner-%06d@example.test", i*7919))
		r.Secret("owner-phone", fmt.Sprintf("1555%07d", i*7919))
		r.Secret("owner-password", fmt.Sprintf("Xy7-%06d-qwErty-9a", i*104729))
	}
	r.Secret("partner-token", "Pq7Rs2Tu9Vw4Pq7Rs2Tu9Vw4")
	return r
}

func BenchmarkRedactPaymentBody(b *testing.B) {
	r := busyRedactor()
	run := func(name string, f func() int) {
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(len(aPayment)))
			b.ReportAllocs()
			for b.Loop() {
				f()
			}
		})
	}
	run("baseline-copy", func() int { return len(bytes.Clone(aPayment)) })
	s := string(aPayment)
	run("Text", func() int { return len(r.Text(s)) })
	run("Body", func() int { return len(r.Body("application/json", aPayment).Text) })
}

func BenchmarkRedactHeader(b *testing.B) {
	r := busyRedactor()
	h := http.Header{
		"Authorization": {"Bearer Pq7Rs2Tu9Vw4Pq7Rs2Tu9Vw4"}, "Accept": {"application/vnd.api.v2+json"},
		"Content-Type": {"application/json"}, "User-Agent": {"Go-http-client/1.1"}, "Content-Length": {"1024"},
	}
	b.ReportAllocs()
	for b.Loop() {
		r.Header(h)
	}
}

func anExchange(r *journal.Redactor) journal.Record {
	rec := oneOfEach()[2]
	rec.Exchange.Request.Body = r.Body("application/json", aPayment)
	return rec
}

func BenchmarkAppend(b *testing.B) {
	r := busyRedactor()
	w := journal.NewWriter(io.Discard, r)
	rec := anExchange(r)
	b.ReportAllocs()
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			mustAppend(b, w, rec)
		}
	})
}

func BenchmarkRead10MB(b *testing.B) {
	var buf bytes.Buffer
	w := journal.NewWriter(&buf, nil)
	for buf.Len() < 10<<20 {
		mustAppend(b, w, anExchange(w.Redactor()))
	}
	b.SetBytes(int64(buf.Len()))
	for b.Loop() {
		if _, err := journal.Read(bytes.NewReader(buf.Bytes())); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkSecret(b *testing.B) {
	for b.Loop() {
		busyRedactor()
	}
}
