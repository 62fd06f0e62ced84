package reports_test

import (
	"io"
	"testing"
	"time"

	"github.com/altegio-readiness/harness/fakealtegio/journal"
	"github.com/altegio-readiness/harness/reports"
)

// long returns a run with n exchanges: the one of testdata with its calls repeated inside its
// stories, as an integration would that polls.
func long(t testing.TB, n int) []journal.Record {
	all := records(t, "ready")
	exchanges := 0
	for _, rec := range all {
		if rec.Exchange != nil {
			exchanges++
		}
	}
	more := (n - 1) / exchanges
	var out []journal.Record
	for _, rec := range all {
		copies := 1
		if rec.Exchange != nil {
			copies += more
		}
		for range copies {
			rec.Seq = int64(len(out) + 1)
			rec.At = rec.At.Add(time.Duration(len(out)) * time.Millisecond)
			out = append(out, rec)
		}
	}
	return out
}

// BenchmarkReport10000 is the way from records to all four files; the budget is 500 ms.
func BenchmarkReport10000(b *testing.B) {
	run := long(b, 10_000)
	b.ReportAllocs()
	for b.Loop() {
		r := reports.New(run)
		for _, w := range writers {
			if err := w.write(io.Discard, r); err != nil {
				b.Fatal(err)
			}
		}
	}
}

func TestLongRunStaysReadable(t *testing.T) {
	r := reports.New(long(t, 10_000))
	if r.ExchangeCount < 10_000 {
		t.Fatalf("got %d exchanges, want 10000", r.ExchangeCount)
	}
	for _, w := range writers {
		if out := render(t, w.write, r); len(out) > 4<<20 {
			t.Errorf("%s of 10,000 exchanges has %d bytes, want at most 4 MiB", w.file, len(out))
		}
	}
	for _, v := range r.Verdicts { // whatever a verdict refers to is in a timeline
		for _, seq := range v.Evidence {
			if !told(r, seq) {
				t.Fatalf("record %d, evidence of %s, is in no timeline", seq, v.ID)
			}
		}
	}
}

func told(r reports.Report, seq int64) bool {
	for _, s := range r.Scenarios {
		for _, ev := range s.Events {
			if ev.Record == seq {
				return true
			}
		}
	}
	return false
}
