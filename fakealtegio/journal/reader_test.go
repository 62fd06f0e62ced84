package journal_test

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/altegio-readiness/harness/fakealtegio/journal"
)

func line(seq int, rest string) string {
	return fmt.Sprintf(`{"seq":%d,"at":"2026-11-22T10:00:00Z",%s}`+"\n", seq, rest)
}

const aNote = `"kind":"note","note":{"text":"x"}`

func TestReadRefuses(t *testing.T) {
	good := line(1, aNote)
	big := line(2, `"kind":"note","note":{"text":"`+strings.Repeat("x", journal.LineLimit)+`"}`)
	for _, c := range []struct {
		name, journal string
		line          int
		says          string
	}{
		{"bad JSON in the middle", good + "{\"canary\n" + line(2, aNote), 2, "not JSON"},
		{"incomplete JSON in the middle", good + `{"seq":2` + "\n" + line(3, aNote), 2, "not JSON"},
		{"bad JSON at the end", good + "canary}\n", 2, "not JSON"},
		{"blank line", good + "\n" + line(2, aNote), 2, "not JSON"},
		{"two records in a line", good + strings.TrimSpace(line(2, aNote)) + line(3, aNote), 2, "not JSON"},
		{"gap", good + line(3, aNote), 2, "seq"},
		{"disorder", line(2, aNote) + good, 1, "seq"},
		{"repetition", good + good, 2, "seq"},
		{"gap in a line without newline", good + strings.TrimSpace(line(3, aNote)), 2, "seq"},
		{"null", "null\n", 1, "seq"},
		{"unknown kind", line(1, `"kind":"canary","note":{"text":"x"}`), 1, "kind is unknown"},
		{"no kind", line(1, `"note":{"text":"x"}`), 1, "kind is unknown"},
		{"no payload", line(1, `"kind":"note"`), 1, "missing"},
		{"null payload", line(1, `"kind":"note","note":null`), 1, "missing"},
		{"other payload", line(1, `"kind":"note","end":{"reason":"canary"}`), 1, "missing"},
		{"two payloads", line(1, aNote+`,"end":{"reason":"canary"}`), 1, "contradicts"},
		{"later version", line(1, `"kind":"run","run":{"format":2}`), 1, "version"},
		{"no version", line(1, `"kind":"run","run":{}`), 1, "version"},
		{"wrong type", line(1, `"kind":"note","note":{"text":12345678}`), 1, "wrong type"},
		{"wrong time", `{"seq":1,"at":"canary",` + aNote + "}\n", 1, "wrong type"},
		{"number too large", line(1, `"kind":"hook","hook":{"name":"x","ok":true,"payment":{"id":1e99}}`), 1, "wrong type"},
		{"long line", good + big, 2, "longer"},
		{"long line without end", good + strings.TrimSpace(big), 2, "longer"},
		{"nested deeply", good + strings.Repeat("[", 20000) + "\n", 2, "not JSON"},
	} {
		t.Run(c.name, func(t *testing.T) {
			recs, err := journal.Read(strings.NewReader(c.journal))
			var at *journal.LineError
			if !errors.As(err, &at) {
				t.Fatalf("got %v, want a LineError", err)
			}
			if at.Line != c.line || !strings.Contains(err.Error(), c.says) || len(recs) != c.line-1 {
				t.Errorf("got %q after %d records, want line %d and %q", err, len(recs), c.line, c.says)
			}
			if strings.Contains(err.Error(), "canary") || strings.Contains(err.Error(), "12345678") {
				t.Errorf("the error shows the content: %q", err)
			}
		})
	}
}

func TestReadForgives(t *testing.T) {
	good := line(1, aNote)
	for _, c := range []struct {
		name, journal string
		records       int
		torn          bool
	}{
		{"nothing at all", "", 0, false},
		{"all complete", good + line(2, aNote), 2, false},
		{"only the newline is missing", good + strings.TrimSpace(line(2, aNote)), 2, false},
		{"Windows line ends", strings.ReplaceAll(good+line(2, aNote), "\n", "\r\n"), 2, false},
		{"a field of a later harness", line(1, aNote+`,"mood":"good"`), 1, false},
		{"torn in the middle", good + line(2, aNote)[:30], 1, true},
		{"torn first line", good[:3], 0, true},
		{"torn and ended by an editor", good + line(2, aNote)[:30] + "\n", 1, true},
		{"garbage of a lost page", good + "\x00\x00\x00", 1, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			recs, err := journal.Read(iotest.OneByteReader(strings.NewReader(c.journal)))
			if err != nil || len(recs) != c.records {
				t.Errorf("got %d records, %v, want %d", len(recs), err, c.records)
			}
			n, torn := 0, false
			for _, err := range journal.Scan(strings.NewReader(c.journal)) {
				if err != nil {
					torn = errors.Is(err, journal.ErrTorn)
					break
				}
				n++
			}
			if n != c.records || torn != c.torn {
				t.Errorf("Scan: got %d records, torn %v, want %d, %v", n, torn, c.records, c.torn)
			}
		})
	}
}

func TestEveryCutOfAJournalIsForgiven(t *testing.T) {
	all, err := os.ReadFile(filepath.Join("testdata", "lines.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	for n := range all {
		recs, err := journal.Read(bytes.NewReader(all[:n]))
		complete := bytes.Count(all[:n], []byte("\n"))
		if err != nil || len(recs) != complete && len(recs) != complete+1 {
			t.Fatalf("cut at %d: got %d records, %v, want %d", n, len(recs), err, complete)
		}
	}
}

func TestReadErrorOfTheReader(t *testing.T) {
	broken := errors.New("cable cut")
	_, err := journal.Read(iotest.ErrReader(broken))
	if !errors.Is(err, broken) {
		t.Errorf("got %v", err)
	}
	if _, err := journal.ReadFile(filepath.Join(t.TempDir(), "none")); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("got %v", err)
	}
}

func FuzzRead(f *testing.F) {
	all, err := os.ReadFile(filepath.Join("testdata", "lines.jsonl"))
	if err != nil {
		f.Fatal(err)
	}
	f.Add(all)
	f.Add([]byte(line(1, aNote) + line(2, aNote)[:20]))
	f.Add([]byte(line(1, aNote) + "\n\n"))
	f.Add([]byte("null\n[]\n{}"))
	f.Add([]byte(`{"seq":1,"kind":"probe","probe":{"value":null,"name":"\ud800"}}`))
	f.Fuzz(func(t *testing.T, b []byte) {
		recs, err := journal.Read(bytes.NewReader(b))
		if err != nil {
			var at *journal.LineError
			if !errors.As(err, &at) || at.Line != len(recs)+1 {
				t.Fatalf("got %v after %d records", err, len(recs))
			}
		}
		for i, rec := range recs {
			if rec.Seq != int64(i+1) {
				t.Fatalf("record %d has seq %d", i+1, rec.Seq)
			}
		}
		// What was read can be written and read again.
		var buf bytes.Buffer
		w := journal.NewWriter(&buf, nil)
		for _, rec := range recs {
			mustAppend(t, w, rec)
		}
		if again, err := journal.Read(&buf); err != nil || len(again) != len(recs) {
			t.Fatalf("got %d records, %v, want %d", len(again), err, len(recs))
		}
	})
}
