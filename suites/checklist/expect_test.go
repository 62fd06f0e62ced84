package checklist_test

import (
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/altegio-readiness/harness/fakealtegio/journal"
	"github.com/altegio-readiness/harness/suites/checklist"
)

// flawed is a change to a good journal and what the judges have to say about it.
type flawed struct {
	name string
	edit []edit
	// want is one line for each verdict that matters: "PAY-02 fail", "CON-07 warn", "PAY-01 open",
	// "PAY-01 blocked by PAY-02". All others have to hold, or to be blocked by one of these because
	// they are of the same item or rest on it.
	want []string
	seen string // part of the first finding, or of the summary where there is none
}

func judgeAll(t *testing.T, start func(testing.TB) *run, cases []flawed) {
	t.Helper()
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			r := start(t).with(c.edit...)
			result := judged(t, r.records)
			expect(t, result, c.want...)
			if c.seen != "" {
				id, _, _ := strings.Cut(c.want[0], " ")
				v := verdict(t, result, id)
				got := v.Summary
				if len(v.Findings) > 0 {
					got = v.Findings[0].Seen
				}
				if !strings.Contains(got, c.seen) {
					t.Errorf("%s: got %q, want it to say %q", id, got, c.seen)
				}
			}
		})
	}
}

// judged judges, and checks what holds for every result.
func judged(t testing.TB, records []journal.Record) checklist.Result {
	t.Helper()
	result := checklist.Judge(records)
	sound(t, records, result)
	for _, v := range result.Verdicts {
		for _, f := range v.Findings {
			if f.Record == 0 {
				t.Errorf("%s: the finding %q has no record", v.Requirement, f.Seen)
			}
		}
	}
	if again := checklist.Judge(records); !reflect.DeepEqual(result, again) {
		t.Error("the same records were judged differently the second time")
	}
	return result
}

func verdict(t testing.TB, result checklist.Result, id string) checklist.Verdict {
	t.Helper()
	for _, v := range result.Verdicts {
		if v.Requirement == id {
			return v
		}
	}
	t.Fatalf("no verdict on %s", id)
	return checklist.Verdict{}
}

// line is a verdict in the notation of flawed.want.
func line(v checklist.Verdict) string {
	switch {
	case v.BlockedBy != "":
		return v.Requirement + " blocked by " + v.BlockedBy
	case v.Outcome == checklist.NotVerified:
		return v.Requirement + " open"
	}
	return v.Requirement + " " + string(v.Outcome)
}

func expect(t testing.TB, result checklist.Result, want ...string) {
	t.Helper()
	named := map[string]bool{}
	for _, w := range want {
		id, _, _ := strings.Cut(w, " ")
		named[id] = true
	}
	failed, open := false, false
	for _, v := range result.Verdicts {
		got := line(v)
		r, _ := checklist.Find(v.Requirement)
		if r.Level == checklist.Must {
			failed = failed || v.Outcome == checklist.Fail
			open = open || v.Outcome != checklist.Pass && v.Outcome != checklist.Warn && v.Outcome != checklist.NotApplicable
		}
		switch {
		case named[v.Requirement]:
			if !slices.Contains(want, got) {
				t.Errorf("got %s (%s), want one of %v", got, v.Summary, want)
			}
		case v.Outcome == checklist.Pass, v.Outcome == checklist.NotApplicable:
		case named[v.BlockedBy] && v.BlockedBy[:3] == v.Requirement[:3]: // of the same item
		case v.BlockedBy != "" && slices.ContainsFunc(checklist.Closure([]string{v.Requirement}), func(id string) bool { return named[id] }):
		default:
			t.Errorf("got %s: %s", got, v.Summary)
		}
	}
	overall := checklist.Ready
	if failed {
		overall = checklist.NotReady
	} else if open {
		overall = checklist.Incomplete
	}
	if result.Overall != overall {
		t.Errorf("got %s (%s), want %s", result.Overall, result.Reason, overall)
	}
}

// sound checks the promises that hold for every result, whatever the journal.
func sound(t testing.TB, records []journal.Record, result checklist.Result) {
	t.Helper()
	exists := map[int64]bool{}
	for _, rec := range records {
		exists[rec.Seq] = true
	}
	catalogue := checklist.Catalogue()
	if len(result.Verdicts) != len(catalogue) {
		t.Fatalf("got %d verdicts, want %d", len(result.Verdicts), len(catalogue))
	}
	ready := true
	for i, v := range result.Verdicts {
		r := catalogue[i]
		complain := func(what string) { t.Errorf("%s (%s: %s): %s", v.Requirement, v.Outcome, v.Summary, what) }
		if v.Requirement != r.ID {
			complain("the verdicts are not in the order of the catalogue")
		}
		if v.Summary == "" {
			complain("no summary")
		}
		holds := v.Outcome == checklist.Pass || v.Outcome == checklist.Warn || v.Outcome == checklist.NotApplicable
		ready = ready && (holds || r.Level == checklist.Should)
		bad := v.Outcome == checklist.Fail || v.Outcome == checklist.Warn
		if bad != (len(v.Findings) > 0) {
			complain("findings are for what fails or warns")
		}
		if v.Outcome == checklist.Fail && r.Level == checklist.Should {
			complain("a recommendation failed")
		}
		if (v.Culprit == "") != (v.Outcome == checklist.Pass || v.Outcome == checklist.NotApplicable) {
			complain("a culprit is for what does not pass")
		}
		for _, f := range v.Findings {
			if f.Seen == "" || f.Want == "" || f.Do == "" {
				complain("a finding lacks what was seen, what is wanted or what to do")
			}
			if f.Record != 0 && !exists[f.Record] {
				complain("a finding has a record that does not exist")
			}
		}
		for _, seq := range v.Evidence {
			if !exists[seq] {
				complain("evidence that does not exist")
			}
		}
		if !slices.IsSorted(v.Evidence) || len(slices.Compact(slices.Clone(v.Evidence))) != len(v.Evidence) {
			complain("evidence is not sorted")
		}
		if v.BlockedBy == "" {
			continue
		}
		root := verdict(t, result, v.BlockedBy)
		rootHolds := root.Outcome == checklist.Pass || root.Outcome == checklist.Warn || root.Outcome == checklist.NotApplicable
		if v.Outcome != checklist.NotVerified || v.BlockedBy == v.Requirement || root.BlockedBy != "" || rootHolds {
			complain("blocked by " + line(root))
		}
	}
	completed := len(records) > 0 && slices.ContainsFunc(records, func(rec journal.Record) bool {
		return rec.End != nil && rec.End.Reason == journal.EndCompleted
	})
	if result.Overall == checklist.Ready && !(ready && completed) {
		t.Errorf("READY although something mandatory does not hold or the run did not end")
	}
	if result.Reason == "" {
		t.Error("no reason for the overall verdict")
	}
}
