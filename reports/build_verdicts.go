package reports

import (
	"slices"
	"strings"

	"github.com/altegio-readiness/harness/fakealtegio/journal"
	"github.com/altegio-readiness/harness/suites/checklist"
)

// verdicts joins each verdict with its requirement and remembers the records it refers to.
func (b *builder) verdicts(verdicts []checklist.Verdict) {
	b.report.Verdicts = make([]Verdict, 0, len(verdicts))
	blocks := map[string][]string{}
	for _, v := range verdicts {
		if v.BlockedBy != "" {
			blocks[v.BlockedBy] = append(blocks[v.BlockedBy], v.Requirement)
		}
	}
	for _, v := range verdicts {
		r, known := b.catalogue[v.Requirement]
		if !known { // a requirement of another set: nothing excuses it
			r = checklist.Requirement{ID: v.Requirement, Level: checklist.Must}
		}
		joined := Verdict{
			ID: r.ID, Item: r.Item, Level: r.Level, Title: r.Title, Confidence: r.Confidence, Sources: list(r.Sources),
			Why: r.Why, How: r.How, Fix: r.Fix,
			Outcome: v.Outcome, Summary: v.Summary, Culprit: v.Culprit,
			BlockedBy: v.BlockedBy, Blocks: list(blocks[v.Requirement]), Findings: []Finding{},
			Evidence: first(v.Evidence, maxEvidence), EvidenceCount: len(v.Evidence), Scenarios: list(r.Scenarios),
			Repeat: b.repeat + " --only " + r.ID, Explain: "altegio-readiness explain " + r.ID,
		}
		for _, f := range findings(v, r) {
			finding := Finding{
				Seen: f.Seen, Want: f.Want, Do: f.Do, Pointer: f.Pointer,
				Expected: f.Expected, Received: f.Received, Record: f.Record,
			}
			if rec, ok := b.record(f.Record); ok {
				finding.Proof = b.sentence(rec)
				b.referred[f.Record] = true
			}
			joined.Findings = append(joined.Findings, finding)
		}
		for _, seq := range joined.Evidence {
			b.referred[seq] = true
		}
		b.report.Verdicts = append(b.report.Verdicts, joined)
		if joined.Level == checklist.Should {
			b.report.Should.add(joined.Outcome)
		} else {
			b.report.Must.add(joined.Outcome)
		}
	}
}

// findings returns those of a verdict. One that fails or warns without any, gets one from what it
// says in short: every writer shows findings, and none may be lost.
func findings(v checklist.Verdict, r checklist.Requirement) []checklist.Finding {
	if len(v.Findings) > 0 || v.Outcome != checklist.Fail && v.Outcome != checklist.Warn {
		return v.Findings
	}
	f := checklist.Finding{Seen: v.Summary, Want: r.Title + ".", Do: r.Fix}
	if n := len(v.Evidence); n > 0 {
		f.Record = v.Evidence[n-1]
	}
	return []checklist.Finding{f}
}

// record returns the record with the number. Numbers have no gaps, so it is usually at its place.
func (b *builder) record(seq int64) (journal.Record, bool) {
	if i := seq - b.started.Seq; i >= 0 && i < int64(len(b.records)) && b.records[i].Seq == seq {
		return b.records[i], true
	}
	i := slices.IndexFunc(b.records, func(rec journal.Record) bool { return rec.Seq == seq })
	if seq <= 0 || i < 0 {
		return journal.Record{}, false
	}
	return b.records[i], true
}

func (c *Counts) add(o checklist.Outcome) {
	switch o {
	case checklist.Pass:
		c.Pass++
	case checklist.Fail:
		c.Fail++
	case checklist.Warn:
		c.Warn++
	case checklist.NotApplicable:
		c.NotApplicable++
	case checklist.NotVerified:
		c.NotVerified++
	case checklist.EnvError:
		c.EnvironmentError++
	default: // an outcome nobody knows is a mistake of ours, never green
		c.HarnessError++
	}
}

// Total is the number of verdicts counted.
func (c Counts) Total() int {
	return c.Pass + c.Fail + c.Warn + c.NotApplicable + c.NotVerified + c.EnvironmentError + c.HarnessError
}

// worst returns the outcome that decides about all: a failure is the worst news, an error of ours
// or the environment's outweighs what is merely open, and only what was executed is green.
func (c Counts) worst() checklist.Outcome {
	switch {
	case c.Fail > 0:
		return checklist.Fail
	case c.HarnessError > 0:
		return checklist.HarnessError
	case c.EnvironmentError > 0:
		return checklist.EnvError
	case c.NotVerified > 0 || c.Total() == 0:
		return checklist.NotVerified
	case c.Warn > 0:
		return checklist.Warn
	case c.Pass > 0:
		return checklist.Pass
	}
	return checklist.NotApplicable
}

// items sums up what moderators check, in their order; an item they do not list comes last.
func (b *builder) items() {
	order := checklist.Items()
	for _, v := range b.report.Verdicts {
		if !slices.Contains(order, v.Item) {
			order = append(order, v.Item)
		}
	}
	b.report.Items = make([]Item, 0, len(order))
	for _, name := range order {
		item := Item{Item: name, Title: checklist.ItemTitle(name)}
		for _, v := range b.report.Verdicts {
			switch {
			case v.Item != name:
			case v.Level == checklist.Should:
				item.Should.add(v.Outcome)
			default:
				item.Must.add(v.Outcome)
			}
		}
		item.Status = item.Must.worst()
		if item.Must.Total() == 0 {
			item.Status = item.Should.worst()
		}
		b.report.Items = append(b.report.Items, item)
	}
}

// gaps groups what was not verified by its cause, in the order in which the causes appear.
func (b *builder) gaps() {
	b.report.NotVerified = []Gap{}
	for _, v := range b.report.Verdicts {
		switch v.Outcome {
		case checklist.Pass, checklist.Fail, checklist.Warn, checklist.NotApplicable:
			continue
		}
		gap := Gap{Outcome: v.Outcome, Reason: v.Summary, Verify: b.verify(v), Culprit: v.Culprit, BlockedBy: v.BlockedBy}
		if missing := b.missing(v.ID); v.BlockedBy == "" && len(missing) > 0 && v.Outcome == checklist.NotVerified && b.selected(v.ID) {
			gap.Reason = "The configuration has no way to show it."
		}
		if cause := slices.IndexFunc(b.report.Verdicts, func(c Verdict) bool { return c.ID == v.BlockedBy }); cause >= 0 {
			gap.Reason = v.BlockedBy + " has to hold first: " + b.report.Verdicts[cause].Summary
		}
		k := slices.IndexFunc(b.report.NotVerified, func(g Gap) bool { return sameCause(g, gap) })
		if k < 0 {
			k = len(b.report.NotVerified)
			b.report.NotVerified = append(b.report.NotVerified, gap)
		}
		entry := &b.report.NotVerified[k]
		entry.Requirements = append(entry.Requirements, v.ID)
		if v.Level != checklist.Should {
			entry.Must++
		}
	}
}

func sameCause(a, b Gap) bool {
	if a.BlockedBy != "" || b.BlockedBy != "" {
		return a.BlockedBy == b.BlockedBy
	}
	return a.Outcome == b.Outcome && a.Reason == b.Reason && a.Verify == b.Verify
}

// verify says what would settle a verdict that could not be reached.
func (b *builder) verify(v Verdict) string {
	if v.BlockedBy != "" {
		return "Settle " + v.BlockedBy + " first, then run again."
	}
	if !b.selected(v.ID) {
		return "Run again without --only."
	}
	if missing := b.missing(v.ID); len(missing) > 0 {
		return "Add to readiness.yaml: " + strings.Join(missing, " and ") + "."
	}
	if f := b.report.Failure; f != nil {
		return f.Do
	}
	if v.How != "" {
		return "Run again; it is tested like this: " + v.How
	}
	return "Run again."
}

func (b *builder) selected(id string) bool {
	return len(b.run.Selected) == 0 || slices.Contains(b.run.Selected, id)
}

// missing returns what a requirement needs and the configuration did not have, under the names
// they have there.
func (b *builder) missing(id string) []string {
	var missing []string
	for _, need := range b.catalogue[id].Needs {
		var names []string
		met := false
		for name := range strings.SplitSeq(need, "|") {
			if probe, ok := strings.CutPrefix(name, "observe."); ok {
				met = met || slices.Contains(b.run.Probes, probe)
				names = append(names, name)
			} else {
				met = met || slices.Contains(b.run.Hooks, name)
				names = append(names, "drive."+name)
			}
		}
		if !met {
			slices.Sort(names)
			either := strings.Join(names, " or ")
			if len(names) > 1 {
				either = "either " + either
			}
			missing = append(missing, either)
		}
	}
	return missing
}
