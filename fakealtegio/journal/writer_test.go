package journal_test

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/altegio-readiness/harness/fakealtegio/journal"
)

var update = flag.Bool("update", false, "rewrite the golden files in testdata")

func TestMain(m *testing.M) {
	if path := os.Getenv("JOURNAL_TEST_APPEND_TO"); path != "" {
		appendForever(path)
	}
	flag.Parse()
	os.Exit(m.Run())
}

// clock shows a second more every time it is asked.
func clock() func() time.Time {
	now := time.Date(2026, 11, 22, 10, 0, 0, 0, time.FixedZone("", 3*60*60))
	return func() time.Time {
		now = now.Add(time.Second + 250*time.Millisecond)
		return now
	}
}

func note(text string) journal.Record {
	return journal.Record{Kind: journal.KindNote, Note: &journal.Note{Text: text}}
}

func mustAppend(t testing.TB, w *journal.Writer, rec journal.Record) journal.Record {
	t.Helper()
	out, err := w.Append(rec)
	if err != nil {
		t.Fatalf("Append: %v", err)
	}
	return out
}

// oneOfEach returns a record of every kind, with nothing in it that a random key would change.
func oneOfEach() []journal.Record {
	at := time.Date(2026, 12, 1, 0, 0, 0, 0, time.FixedZone("", 60*60))
	yes, zero := true, 0
	return []journal.Record{
		{Kind: journal.KindRun, Run: &journal.Run{
			Harness: "v0.0.0", Requirements: "2026-11", Seed: 7, Reach: "process", Hooks: []string{"pay", "register"},
			Application: journal.Application{ID: 4242, Title: "App", RedirectURL: "http://a.test/connect", Monetization: "paid"},
			Choices:     []journal.Choice{{Name: "pending-window", Value: "1h"}},
		}},
		{Kind: journal.KindScenario, Scenario: journal.StoryPayment, ScenarioEvent: &journal.Scenario{
			Phase: "start", Title: "Payment", Cast: map[string]int64{journal.RoleLocation: 55},
		}},
		{Kind: journal.KindExchange, Scenario: journal.StoryPayment, Location: 55, Clock: &at, Exchange: &journal.Exchange{
			Direction: journal.ToPlatform, Operation: "marketplace_notification_payment_callback", Payment: 1, Millis: 1.5,
			Request: journal.Request{
				Method: "POST", URL: "/marketplace/partner/payment?a=1&b=<2>", Host: "app.alteg.io", Proto: "HTTP/1.1",
				Header: map[string][]string{"Content-Type": {"application/json"}, "Accept": {"application/vnd.api.v2+json"}},
				Body:   &journal.Body{Text: "{\"salon_id\": 55}\n", Size: 17},
			},
			Response:   &journal.Response{Status: 200, Body: &journal.Body{Text: `{"success":true,"data":{"id":1}}`, Size: 32}},
			Violations: []journal.Violation{{Where: "body", Pointer: "/salon_id", Rule: "type", Message: "m", Class: journal.ClassError}},
		}},
		{Kind: journal.KindStep, Step: &journal.Step{Hook: "pay", Index: 1, Kind: "exec", Command: []string{"make", "pay"}, Exit: &zero}},
		{Kind: journal.KindHook, Hook: &journal.Hook{Name: "pay", OK: true, Payment: &journal.Payment{Key: "p1", Sum: "990.99", Currency: "EUR"}}},
		{Kind: journal.KindProbe, Probe: &journal.Probe{Name: "connected", Moment: journal.MomentConnected, Value: &yes}},
		{Kind: journal.KindWait, Wait: &journal.Wait{For: "payment", What: "the payment of location 55", Met: true, LimitMS: 5000, Millis: 12.25, Seq: 3}},
		{Kind: journal.KindTransition, Transition: &journal.Transition{
			Application: 4242, From: journal.StatePending, To: journal.StateActive, Source: "partner_api",
		}},
		{Kind: journal.KindFault, Fault: &journal.Fault{Name: "status-500", Operation: "x", Detail: "first call"}},
		note("Снова ☕ & <b>"),
		{Kind: journal.KindOutput, Output: &journal.Output{Stream: "stderr", Line: "listening\u2028"}},
		{Kind: journal.KindEnd, End: &journal.End{Reason: journal.EndCompleted}},
	}
}

func TestRoundTripAndGoldenLines(t *testing.T) {
	var buf bytes.Buffer
	w := journal.NewWriter(&buf, nil)
	w.Clock = clock()
	var want []journal.Record
	for _, rec := range oneOfEach() {
		want = append(want, mustAppend(t, w, rec))
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	golden := filepath.Join("testdata", "lines.jsonl")
	if *update {
		if err := os.WriteFile(golden, buf.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	lines, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(buf.Bytes(), lines) {
		t.Errorf("the format of lines has changed, and journals are kept for long; got\n%s\nwant\n%s", buf.Bytes(), lines)
	}
	got, err := journal.Read(&buf)
	if err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v\nwant %+v", got, want)
	}
}

// lines counts calls of Write and can be told to fail.
type lines struct {
	calls [][]byte
	fail  error
	short bool
}

func (l *lines) Write(p []byte) (int, error) {
	if l.fail != nil {
		return 0, l.fail
	}
	l.calls = append(l.calls, bytes.Clone(p))
	if l.short {
		return len(p) / 2, nil
	}
	return len(p), nil
}

func TestAppendWritesOneLineWithOneCall(t *testing.T) {
	var out lines
	w := journal.NewWriter(&out, nil)
	for i := range 3 {
		rec := mustAppend(t, w, note("a\nb"))
		if rec.Seq != int64(i+1) || w.Seq() != rec.Seq || rec.At.Location() != time.UTC || rec.At.IsZero() {
			t.Errorf("got seq %d, Seq() %d, at %v", rec.Seq, w.Seq(), rec.At)
		}
	}
	if len(out.calls) != 3 {
		t.Fatalf("got %d calls of Write, want 3", len(out.calls))
	}
	for _, line := range out.calls {
		if bytes.Count(line, []byte("\n")) != 1 || line[len(line)-1] != '\n' {
			t.Errorf("got %q, want one line", line)
		}
	}
}

func TestAppendRefusesWithoutTakingANumber(t *testing.T) {
	w := journal.NewWriter(new(lines), nil)
	long := strings.Repeat("x", journal.LineLimit)
	for name, rec := range map[string]journal.Record{
		"no payload":    {Kind: journal.KindNote},
		"unknown kind":  {Kind: "novel", Note: &journal.Note{}},
		"two payloads":  {Kind: journal.KindNote, Note: &journal.Note{}, End: &journal.End{}},
		"later version": {Kind: journal.KindRun, Run: &journal.Run{Format: journal.FormatVersion + 1}},
		"long line":     note(long),
	} {
		if _, err := w.Append(rec); err == nil {
			t.Errorf("%s: got no error", name)
		}
	}
	if rec := mustAppend(t, w, note("ok")); rec.Seq != 1 || w.Err() != nil {
		t.Errorf("got seq %d and Err %v after refused records, want 1 and nil", rec.Seq, w.Err())
	}
}

func TestWriteErrorIsKept(t *testing.T) {
	full := errors.New("disk full")
	for name, out := range map[string]*lines{"error": {fail: full}, "short": {short: true}} {
		w := journal.NewWriter(out, nil)
		_, first := w.Append(note("lost"))
		out.fail, out.short = nil, false
		_, second := w.Append(note("after"))
		if first == nil || second != first || w.Err() != first || w.Seq() != 0 {
			t.Errorf("%s: got %v, then %v, Err %v, Seq %d", name, first, second, w.Err(), w.Seq())
		}
		if want := map[string]error{"error": full, "short": io.ErrShortWrite}[name]; !errors.Is(first, want) {
			t.Errorf("%s: got %v, want %v", name, first, want)
		}
		if _, err := w.Await(t.Context(), 0, func(journal.Record) bool { return true }); err != first {
			t.Errorf("%s: Await got %v, want the write error", name, err)
		}
	}
}

func TestClose(t *testing.T) {
	path := filepath.Join(t.TempDir(), "journal.jsonl")
	w, err := journal.Create(path, nil)
	if err != nil {
		t.Fatal(err)
	}
	mustAppend(t, w, note("one"))
	for range 2 {
		if err := w.Close(); err != nil {
			t.Errorf("Close: %v", err)
		}
	}
	if _, err := w.Append(note("two")); !errors.Is(err, journal.ErrClosed) {
		t.Errorf("Append after Close: got %v", err)
	}
	recs, err := journal.ReadFile(path)
	if err != nil || len(recs) != 1 {
		t.Errorf("got %d records, %v", len(recs), err)
	}
	if _, err := journal.Create(filepath.Join(path, "nowhere"), nil); err == nil {
		t.Error("Create below a file: got no error")
	}
}

func TestManyAppendAtOnce(t *testing.T) {
	var buf bytes.Buffer
	w := journal.NewWriter(&buf, nil)
	const writers, each = 8, 100
	var wg sync.WaitGroup
	for i := range writers {
		wg.Go(func() {
			for j := range each {
				w.Redactor().Secret("secret", fmt.Sprintf("secret %d of %d", j, i))
				mine := mustAppend(t, w, note(fmt.Sprintf("secret %d of %d", j, i)))
				got, err := w.Await(context.Background(), mine.Seq-1, func(r journal.Record) bool { return r.Note.Text == mine.Note.Text })
				if err != nil || got.Seq != mine.Seq {
					t.Errorf("Await: got %d, %v, want %d", got.Seq, err, mine.Seq)
				}
			}
		})
	}
	wg.Wait()
	if recs, err := journal.Read(&buf); err != nil || len(recs) != writers*each {
		t.Errorf("got %d records, %v", len(recs), err)
	}
}

// appendForever is what the process to be killed does: it says each number on stdout after Append has returned.
func appendForever(path string) {
	w, err := journal.Create(path, nil)
	if err != nil {
		panic(err)
	}
	for {
		rec, err := w.Append(note(strings.Repeat("x", 5000)))
		if err != nil {
			panic(err)
		}
		fmt.Println(rec.Seq)
	}
}

func TestAcknowledgedRecordsSurviveKill(t *testing.T) {
	path := filepath.Join(t.TempDir(), "journal.jsonl")
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), "JOURNAL_TEST_APPEND_TO="+path)
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	acknowledged := 0
	for scanner := bufio.NewScanner(stdout); scanner.Scan(); {
		if n, err := strconv.Atoi(scanner.Text()); err == nil {
			acknowledged = n
		}
		if acknowledged == 50 {
			cmd.Process.Kill() // SIGKILL: nothing runs afterwards
		}
	}
	cmd.Wait()
	recs, err := journal.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if acknowledged < 50 || len(recs) < acknowledged {
		t.Errorf("got %d records, %d were acknowledged", len(recs), acknowledged)
	}
}
