package checklist_test

import (
	"bytes"
	"encoding/json"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/altegio-readiness/harness/fakealtegio/journal"
	"github.com/altegio-readiness/harness/suites/checklist"
)

func TestGoodRuns(t *testing.T) {
	for name, start := range map[string]func(testing.TB) *run{"with a probe": goodRun, "without a probe": bareRun} {
		t.Run(name, func(t *testing.T) {
			result := judged(t, start(t).records)
			expect(t, result)
			if result.Overall != checklist.Ready {
				t.Errorf("got %s: %s", result.Overall, result.Reason)
			}
			for _, v := range result.Verdicts {
				if v.Outcome != checklist.Pass || len(v.Evidence) == 0 {
					t.Errorf("%s: got %s with evidence %v, want pass with evidence", v.Requirement, v.Outcome, v.Evidence)
				}
			}
		})
	}
}

// The good journal is one that the journal's own reader takes, and judging leaves it alone.
func TestGoodJournalIsOne(t *testing.T) {
	r := goodRun(t)
	before := encoded(t, r.records)
	read, err := journal.Read(bytes.NewReader(before))
	if err != nil {
		t.Fatal(err)
	}
	if got, want := checklist.Judge(read), checklist.Judge(r.records); !reflect.DeepEqual(got, want) {
		t.Error("the journal is judged differently once it has been on disk")
	}
	if !bytes.Equal(before, encoded(t, r.records)) {
		t.Error("judging changed the records")
	}
}

func encoded(t testing.TB, records []journal.Record) []byte {
	t.Helper()
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	for _, rec := range records {
		if err := enc.Encode(rec); err != nil {
			t.Fatal(err)
		}
	}
	return b.Bytes()
}

// A journal that was cut off is judged as far as it goes: nothing is green that was not driven to
// its end, and nothing fails that passes in the whole.
func TestCutOff(t *testing.T) {
	for _, start := range []func(testing.TB) *run{goodRun, bareRun} {
		records := start(t).records
		for n := range records {
			result := checklist.Judge(records[:n])
			sound(t, records[:n], result)
			if result.Overall != checklist.Interrupted {
				t.Fatalf("%d records: got %s, want interrupted", n, result.Overall)
			}
			for i, v := range result.Verdicts {
				over := slices.ContainsFunc(records[:n], func(rec journal.Record) bool {
					return rec.ScenarioEvent != nil && rec.ScenarioEvent.Phase == "end" && slices.Contains(checklist.Catalogue()[i].Scenarios, rec.Scenario)
				})
				if want := checklist.Pass; over != (v.Outcome == want) || !over && v.Outcome != checklist.NotVerified {
					t.Fatalf("%d records: got %s, story over: %t", n, line(v), over)
				}
			}
		}
	}
}

func TestEnds(t *testing.T) {
	ended := func(reason string) edit {
		return change(func(rec journal.Record) bool { return rec.End != nil }, 1, func(rec *journal.Record) { rec.End.Reason = reason })
	}
	// half is a run that ended in the middle of the payment story.
	half := func(r *run) {
		at := r.find(hooks(journal.StoryPayment, "pay"), 1)
		end := r.records[len(r.records)-1]
		r.records = append(r.records[:at:at], end)
	}
	broken := change(callsTo(journal.StoryNewOwner, journal.OpInstall), 1, deviates("header", "Accept", "accept"))
	for _, c := range []struct {
		name    string
		edit    []edit
		want    checklist.Overall
		code    int
		payment checklist.Outcome // of PAY-01
	}{
		{"completed", nil, checklist.Ready, 0, checklist.Pass},
		{"interrupted", []edit{ended(journal.EndInterrupted)}, checklist.Interrupted, 130, checklist.Pass},
		{"environment", []edit{ended(journal.EndEnvironment)}, checklist.EnvironmentFailure, 3, checklist.Pass},
		{"harness", []edit{ended(journal.EndHarness)}, checklist.HarnessFailure, 5, checklist.Pass},
		{"unknown reason", []edit{ended("")}, checklist.HarnessFailure, 5, checklist.Pass},
		{"failed and completed", []edit{broken}, checklist.NotReady, 1, checklist.Pass},
		{"failed, then environment", []edit{broken, ended(journal.EndEnvironment)}, checklist.NotReady, 1, checklist.Pass},
		{"failed, then harness", []edit{broken, ended(journal.EndHarness)}, checklist.HarnessFailure, 5, checklist.Pass},
		{"failed, then interrupted", []edit{broken, ended(journal.EndInterrupted)}, checklist.Interrupted, 130, checklist.Pass},
		{"half and completed", []edit{half}, checklist.Incomplete, 4, checklist.NotVerified},
		{"half and interrupted", []edit{half, ended(journal.EndInterrupted)}, checklist.Interrupted, 130, checklist.NotVerified},
		{"half and environment", []edit{half, ended(journal.EndEnvironment)}, checklist.EnvironmentFailure, 3, checklist.EnvError},
		{"half and harness", []edit{half, ended(journal.EndHarness)}, checklist.HarnessFailure, 5, checklist.HarnessError},
	} {
		t.Run(c.name, func(t *testing.T) {
			result := judged(t, goodRun(t).with(c.edit...).records)
			if result.Overall != c.want || result.Overall.ExitCode() != c.code {
				t.Errorf("got %s (%s), exit code %d, want %s, %d", result.Overall, result.Reason, result.Overall.ExitCode(), c.want, c.code)
			}
			if got := verdict(t, result, "PAY-01").Outcome; got != c.payment {
				t.Errorf("PAY-01: got %s, want %s", got, c.payment)
			}
		})
	}
	if got := checklist.Overall("nonsense").ExitCode(); got != 5 {
		t.Errorf("an unknown overall verdict exits with %d, want 5", got)
	}
}

func TestReasons(t *testing.T) {
	sum := change(paymentCall, 1, replaced(":901.42", ":1"))
	settings, twice := change(activation, 1, tolerated("body", "/settings", "unknown")), copied(activation, 1, activation, 1, nil)
	for _, c := range []struct {
		edit []edit
		want string
	}{
		{nil, "Every mandatory requirement holds."},
		{[]edit{settings}, "Every mandatory requirement holds; 1 recommendation is not followed."},
		{[]edit{settings, twice}, "Every mandatory requirement holds; 2 recommendations are not followed."},
		{[]edit{sum}, "1 mandatory requirement does not hold."},
		{[]edit{sum, dated(2, 0, 90*day, 99*day)}, "2 mandatory requirements do not hold."},
		{[]edit{remove(webhooks(journal.StoryForeignApp, "uninstall"))}, "Nothing mandatory failed, but 1 mandatory requirement was not verified."},
		{[]edit{without("refund"), undriven(journal.StoryChargeback)}, "Nothing mandatory failed, but 4 mandatory requirements were not verified."},
	} {
		if got := judged(t, goodRun(t).with(c.edit...).records).Reason; got != c.want {
			t.Errorf("got %q, want %q", got, c.want)
		}
	}
}

// What was not driven says why.
func TestUndriven(t *testing.T) {
	for reason, want := range map[string]string{
		journal.EndCompleted:   "was not driven",
		journal.EndInterrupted: "was interrupted",
		journal.EndEnvironment: "the reason: environment",
		journal.EndHarness:     "the reason: harness",
	} {
		r := newRun(t).end(reason)
		if got := verdict(t, judged(t, r.records), "CON-01").Summary; !strings.Contains(got, want) {
			t.Errorf("%s: got %q, want it to say %q", reason, got, want)
		}
		// Nothing was declared either: the run ended before it began.
		bare := judged(t, r.records[1:])
		if got := verdict(t, bare, "PAY-01"); got.Outcome == checklist.NotApplicable || !strings.Contains(got.Summary, want) {
			t.Errorf("%s, nothing declared: got %s: %s", reason, line(got), got.Summary)
		}
		r.records[1].End.Seen = ""
		if got := judged(t, r.records); verdict(t, got, "CON-01").Summary == "" || got.Reason == "" {
			t.Errorf("%s without a word: got nothing said", reason)
		}
	}
	r := newRun(t)
	if got := verdict(t, judged(t, r.records), "CON-01").Summary; !strings.Contains(got, "cut off") {
		t.Errorf("got %q", got)
	}
}
