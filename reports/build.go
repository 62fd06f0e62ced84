package reports

import (
	"slices"

	"github.com/altegio-readiness/harness/fakealtegio/journal"
	"github.com/altegio-readiness/harness/suites/checklist"
)

// New judges the records of a journal, complete or cut off, and returns the report on them.
func New(records []journal.Record) Report {
	return NewFrom(records, checklist.Judge(records))
}

// NewFrom returns the report on records whose verdicts are known.
func NewFrom(records []journal.Record, result checklist.Result) Report {
	return newFrom(records, result, checklist.Catalogue())
}

// builder holds what the parts of a report are made from.
type builder struct {
	records   []journal.Record
	catalogue map[string]checklist.Requirement
	run       journal.Run
	end       *journal.End
	started   journal.Record // the first record
	repeat    string         // command line, without --only
	// referred are the records that findings and evidence name.
	referred map[int64]bool
	report   Report
}

func newFrom(records []journal.Record, result checklist.Result, catalogue []checklist.Requirement) Report {
	b := &builder{records: records, catalogue: map[string]checklist.Requirement{}, referred: map[int64]bool{}}
	for _, r := range catalogue {
		b.catalogue[r.ID] = r
	}
	if len(records) > 0 {
		b.started = records[0]
	}
	for _, rec := range records {
		switch {
		case rec.Run != nil && b.run.Format == 0:
			b.run = *rec.Run
		case rec.End != nil:
			b.end = rec.End
		}
	}
	b.repeat = b.run.Repeat
	if b.repeat == "" {
		b.repeat = "altegio-readiness run"
	}
	b.report = Report{
		Schema: Schema, Overall: result.Overall, Reason: result.Reason,
		Meaning: meaning(result.Overall), ExitCode: result.Overall.ExitCode(),
	}
	b.facts()
	b.failure()
	b.verdicts(complete(result.Verdicts, catalogue))
	b.items()
	b.gaps()
	b.scenarios()
	b.exchanges()
	b.coverage()
	b.webhooks()
	b.log()
	scrub(&b.report)
	return b.report
}

// complete adds a verdict for each requirement that has none: nothing is green by being left out.
func complete(verdicts []checklist.Verdict, catalogue []checklist.Requirement) []checklist.Verdict {
	all := slices.Clone(verdicts)
	for _, r := range catalogue {
		if !slices.ContainsFunc(verdicts, func(v checklist.Verdict) bool { return v.Requirement == r.ID }) {
			all = append(all, checklist.Verdict{
				Requirement: r.ID, Outcome: checklist.NotVerified, Culprit: checklist.OfHarness,
				Summary: "No judge has spoken about it.",
			})
		}
	}
	return all
}

// meaning says what a reader may conclude from a verdict, and what not.
func meaning(o checklist.Overall) string {
	switch o {
	case checklist.Ready:
		return "Everything mandatory in the requirement set named below was driven against this integration and held. " +
			"This is a rehearsal on a fake Altegio; moderators may look at more, and the decision stays with Altegio's staff."
	case checklist.NotReady:
		return "In a moderation, something that Altegio's staff check by hand would fail. " +
			"Each finding below says what was seen, what is required and what to do."
	case checklist.Incomplete:
		return "What was driven holds, but not everything mandatory could be driven. " +
			"This run cannot vouch for the integration until the open points below have been seen working."
	case checklist.EnvironmentFailure:
		return "The run could not be carried out. It says nothing about the integration, neither good nor bad."
	case checklist.HarnessFailure:
		return "The test harness made a mistake of its own. The run says nothing about the integration; please report it to the harness."
	case checklist.Interrupted:
		return "The run stopped before its end. What had been driven by then is judged; the rest is open, and open is not passed."
	}
	return ""
}

// facts fills in what was run.
func (b *builder) facts() {
	run := Run{
		Harness: b.run.Harness, RequirementSet: checklist.RequirementSet, RecordedSet: b.run.Requirements,
		Seed: b.run.Seed, Application: b.run.Application, Reach: b.run.Reach,
		Hooks: list(b.run.Hooks), Probes: list(b.run.Probes), Only: list(b.run.Only), Selected: list(b.run.Selected),
		Choices: list(b.run.Choices), Repeat: b.repeat, Records: len(b.records), End: "cut off",
	}
	if b.end != nil {
		run.End = b.end.Reason
	}
	if len(b.records) > 0 {
		started, ended := b.started.At.UTC(), b.records[len(b.records)-1].At.UTC()
		run.Started, run.Ended = &started, &ended
		run.DurationMS = ended.Sub(started).Milliseconds()
	}
	if len(run.Only) > 0 {
		for _, id := range run.Only {
			run.Repeat += " --only " + id
		}
	}
	b.report.Run = run
}

// failure explains an end that is not the regular one.
func (b *builder) failure() {
	switch {
	case b.end == nil:
		last := "The journal is empty."
		if n := len(b.records); n > 0 {
			rec := b.records[n-1]
			last = "The journal ends without its last record. The last thing it holds is record " +
				thousands(rec.Seq) + ": " + b.sentence(rec)
		}
		b.report.Failure = &Failure{
			Reason: "cut off", Seen: last, Log: []string{},
			Want: "A journal ends with a record that says why the run ended.",
			Do:   "The process was killed or the machine went down. Run again; nothing has to be cleaned up.",
		}
	case b.end.Reason != journal.EndCompleted:
		f := &Failure{Reason: b.end.Reason, Seen: b.end.Seen, Want: b.end.Want, Do: b.end.Do, Log: last(b.end.Log, maxFailureLog)}
		if f.Seen == "" {
			f.Seen = b.sentence(b.records[len(b.records)-1])
		}
		if f.Do == "" {
			f.Do = "Run again and let the run come to its end."
		}
		b.report.Failure = f
	}
}

// Sizes at which a report stops growing. A report of 10,000 exchanges stays one that is read.
const (
	maxEvidence    = 100  // evidence of one verdict
	maxExchanges   = 300  // exchanges in full
	maxEvents      = 250  // events of one story
	maxAllEvents   = 6000 // events of all stories, where there are many
	maxDeviations  = 200
	maxPaths       = 100
	maxDeliveries  = 500
	maxLog         = 200
	maxFailureLog  = 60
	requestBytes   = 16 << 10 // of a body, before it is cut
	structureBytes = 16 << 10 // of an answer in JSON
	pageBytes      = 4 << 10  // of any other answer: pages are long and prove little
)

// list returns a copy that is not nil: a reader of JSON gets [], never null.
func list[T any](in []T) []T { return append([]T{}, in...) }

// first and last return at most n entries of a list, never nil.
func first[T any](in []T, n int) []T { return list(in[:min(n, len(in))]) }
func last[T any](in []T, n int) []T  { return list(in[max(0, len(in)-n):]) }
