package checklist

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/altegio-readiness/harness/fakealtegio/journal"
)

// judge decides one requirement. It is called only when the requirement applies, was selected,
// what it needs is there, what it rests on holds, and its stories were driven.
type judge func(h *hearing) Verdict

// court is a journal, sorted for judges.
type court struct {
	catalogue []Requirement
	run       *journal.Run // nil when the run did not get as far as that
	end       *journal.End
	stories   map[string]*story
	verdicts  map[string]Verdict
	hearing   map[string]bool // ids being judged, against rounds in After
	paid      map[string][]reported
}

// hearing is one requirement before the court.
type hearing struct {
	*court
	req Requirement
}

// Judge computes the verdict on every requirement from the records of one journal, complete or
// cut off. It is pure: the same records always give the same result.
func Judge(records []journal.Record) Result {
	c := convene(records)
	c.catalogue = catalogue
	for _, r := range c.catalogue {
		c.verdict(r.ID)
	}
	var result Result
	for _, r := range c.catalogue {
		result.Verdicts = append(result.Verdicts, c.resolved(r.ID))
	}
	result.Overall, result.Reason = c.overall(result.Verdicts)
	return result
}

// convene sorts the records by story. An exchange in which the integration named a location of
// no story, or of another one, is a stray of the story that was being driven.
func convene(records []journal.Record) *court {
	c := &court{stories: map[string]*story{}, verdicts: map[string]Verdict{}, hearing: map[string]bool{}, paid: map[string][]reported{}}
	var driven *story
	for _, rec := range records {
		switch {
		case rec.Run != nil:
			c.run = rec.Run
		case rec.End != nil:
			c.end = rec.End
		case rec.ScenarioEvent != nil:
			s := c.story(rec.Scenario)
			s.mark(rec)
			if rec.ScenarioEvent.Phase == "start" {
				driven = s
			} else if driven == s {
				driven = nil
			}
			continue
		}
		if rec.Scenario != "" {
			s := c.story(rec.Scenario)
			s.records = append(s.records, rec)
		}
		if driven != nil && rec.Scenario != driven.name && isCall(rec) {
			driven.strays = append(driven.strays, rec)
		}
	}
	return c
}

func (c *court) story(name string) *story {
	s, ok := c.stories[name]
	if !ok {
		s = &story{name: name}
		c.stories[name] = s
	}
	return s
}

func (c *court) find(id string) (Requirement, bool) {
	i := slices.IndexFunc(c.catalogue, func(r Requirement) bool { return r.ID == id })
	if i < 0 {
		return Requirement{}, false
	}
	return c.catalogue[i], true
}

// verdict judges a requirement once and remembers.
func (c *court) verdict(id string) Verdict {
	if v, ok := c.verdicts[id]; ok {
		return v
	}
	r, ok := c.find(id)
	if !ok || c.hearing[id] {
		return Verdict{Requirement: id, Outcome: HarnessError, Culprit: OfHarness, Summary: "The requirement rests on itself."}
	}
	c.hearing[id] = true
	h := &hearing{court: c, req: r}
	v, decided := h.preliminaries()
	if !decided {
		v = r.judge(h)
	}
	v.Requirement = id
	if v.Outcome == Fail && r.Level == Should {
		v.Outcome = Warn
	}
	slices.Sort(v.Evidence)
	v.Evidence = slices.Compact(v.Evidence)
	c.verdicts[id] = v
	return v
}

// holds reports whether others that rest on a requirement with this verdict can be judged.
func (v Verdict) holds() bool {
	return v.Outcome == Pass || v.Outcome == Warn || v.Outcome == NotApplicable
}

// resolved returns a verdict once all have been reached. A blocked one names the requirement at
// the root: the one that is not blocked by another itself. Judges that blame each other, or one
// that holds, are wrong, and the reader has to be told that rather than sent in circles.
func (c *court) resolved(id string) Verdict {
	v := c.verdicts[id]
	if v.BlockedBy == "" {
		return v
	}
	seen := map[string]bool{id: true}
	for at := v.BlockedBy; !seen[at]; {
		seen[at] = true
		root, judged := c.verdicts[at]
		switch {
		case !judged || root.holds():
		case root.BlockedBy == "":
			v.BlockedBy, v.Culprit = at, root.Culprit
			return v
		default:
			at = root.BlockedBy
		}
	}
	v.BlockedBy, v.Culprit = "", OfHarness
	return v
}

// preliminaries settles what needs no judge: not applicable, not selected, hooks missing, an
// earlier cause, a story that was not driven.
func (h *hearing) preliminaries() (Verdict, bool) {
	r := h.req
	switch {
	case h.run == nil:
		return h.cutShort(), true // nobody knows what was declared
	case r.Applies == "paid" && h.run.Application.Monetization == "free":
		return Verdict{Outcome: NotApplicable, Summary: "The configuration declares monetization: free."}, true
	case r.Applies == "user_data" && !h.run.Application.UserData:
		return Verdict{Outcome: NotApplicable, Summary: "The configuration declares user_data: false."}, true
	case !h.selected(r.ID):
		return Verdict{Outcome: NotVerified, Culprit: OfConfiguration, Summary: "Not selected in this run (--only)."}, true
	}
	for _, need := range r.Needs {
		if !h.has(need) {
			return h.lacks(need), true
		}
	}
	for _, after := range r.After {
		if v, root := h.cause(after); root != "" {
			return h.blocked(root, fmt.Sprintf("%s has to hold first: %s", root, v.Summary)), true
		}
	}
	for _, name := range r.Scenarios {
		if v, undriven := h.undriven(h.story(name)); undriven {
			return v, true
		}
	}
	return Verdict{}, false
}

func (c *court) judged(id string) bool {
	_, ok := c.verdicts[id]
	return ok
}

func (c *court) selected(id string) bool {
	return c.run == nil || len(c.run.Selected) == 0 || slices.Contains(c.run.Selected, id)
}

// cause returns the requirement at the root of id not holding, "" if it holds or does not apply.
func (h *hearing) cause(id string) (Verdict, string) {
	v := h.verdict(id)
	if v.holds() {
		return v, ""
	}
	if v.BlockedBy != "" {
		return h.verdict(v.BlockedBy), v.BlockedBy
	}
	return v, id
}

// undriven says what it means for a requirement that its story has no end, or was not begun.
func (h *hearing) undriven(s *story) (Verdict, bool) {
	if s.began && s.ended {
		return Verdict{}, false
	}
	if s.blockedBy != "" {
		for _, r := range h.catalogue {
			if !slices.Contains(r.Scenarios, s.blockedBy) || !h.selected(r.ID) || h.hearing[r.ID] && !h.judged(r.ID) {
				continue
			}
			if v, root := h.cause(r.ID); root != "" {
				return h.blocked(root, fmt.Sprintf("%s has to hold first: %s", root, v.Summary)), true
			}
		}
		return h.unclear(OfIntegration, fmt.Sprintf("The story %q did not get far enough: %s.", s.blockedBy, cmp.Or(s.stopped, "nobody says why"))), true
	}
	return h.cutShort(), true
}

// cutShort is the verdict on what the run did not come to, by the reason for which it ended.
func (h *hearing) cutShort() Verdict {
	switch {
	case h.end == nil:
		return h.unclear(OfEnvironment, "The run was cut off before this could be judged.")
	case h.end.Reason == journal.EndEnvironment:
		return Verdict{Outcome: EnvError, Culprit: OfEnvironment, Summary: cmp.Or(h.end.Seen, unexplained)}
	case h.end.Reason == journal.EndHarness:
		return Verdict{Outcome: HarnessError, Culprit: OfHarness, Summary: cmp.Or(h.end.Seen, unexplained)}
	case h.end.Reason == journal.EndInterrupted:
		return h.unclear(OfEnvironment, "The run was interrupted before this could be judged.")
	}
	return h.unclear(OfHarness, "The story that shows it was not driven.")
}

// unexplained stands in for the explanation that an end should have had.
const unexplained = "The run ended before this could be judged."

// overall sums up, worst first: an error of ours or of the environment makes no statement about
// the integration, unless a must has already failed.
func (c *court) overall(verdicts []Verdict) (Overall, string) {
	count := map[Outcome]int{}
	failed, open := 0, 0
	for _, v := range verdicts {
		r, _ := c.find(v.Requirement)
		count[v.Outcome]++
		if r.Level != Must {
			continue
		}
		if v.Outcome == Fail {
			failed++
		} else if !v.holds() {
			open++
		}
	}
	switch {
	case c.end != nil && c.end.Reason == journal.EndHarness || count[HarnessError] > 0:
		return HarnessFailure, "The harness itself made a mistake; this says nothing about the integration."
	case c.end == nil:
		return Interrupted, "The run was cut off: the journal has no end. What had been driven is judged below."
	case c.end.Reason == journal.EndInterrupted:
		return Interrupted, "The run was interrupted. What had been driven is judged below."
	case failed > 0:
		return NotReady, fmt.Sprintf("%s %s not hold.", plural(failed, "mandatory requirement", "mandatory requirements"), doVerb(failed))
	case c.end.Reason == journal.EndEnvironment:
		return EnvironmentFailure, cmp.Or(c.end.Seen, "The environment kept the run from coming to its end.")
	case c.end.Reason != journal.EndCompleted:
		return HarnessFailure, "The journal gives no known reason for its end."
	case open > 0:
		return Incomplete, fmt.Sprintf("Nothing mandatory failed, but %s not verified.", plural(open, "mandatory requirement was", "mandatory requirements were"))
	case count[Warn] > 0:
		return Ready, fmt.Sprintf("Every mandatory requirement holds; %s.", plural(count[Warn], "recommendation is not followed", "recommendations are not followed"))
	}
	return Ready, "Every mandatory requirement holds."
}

func doVerb(n int) string {
	if n == 1 {
		return "does"
	}
	return "do"
}

func plural(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}
