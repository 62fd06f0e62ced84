package checklist

import (
	"fmt"
	"slices"
	"strings"
)

// probePrefix is what the names of probes begin with in the configuration, and in Needs.
const probePrefix = "observe."

// has reports whether a need of a requirement is configured; "|" separates alternatives.
func (h *hearing) has(need string) bool {
	for name := range strings.SplitSeq(need, "|") {
		if h.configured(name) {
			return true
		}
	}
	return false
}

func (h *hearing) configured(name string) bool {
	if probe, ok := strings.CutPrefix(name, probePrefix); ok {
		return slices.Contains(h.run.Probes, probe) || slices.Contains(h.run.Probes, name)
	}
	if name == "pay" && h.run.Application.Monetization == "free" {
		return false // a free app reports no payments, the hook shows nothing
	}
	return slices.Contains(h.run.Hooks, name)
}

// lacks says which entry of the configuration would verify the requirement.
func (h *hearing) lacks(need string) Verdict {
	var names []string
	for name := range strings.SplitSeq(need, "|") {
		if strings.HasPrefix(name, probePrefix) {
			names = append(names, "the probe "+name)
		} else {
			names = append(names, "the hook drive."+name)
		}
	}
	return Verdict{
		Outcome: NotVerified, Culprit: OfConfiguration,
		Summary: "The configuration has no way to show it: add " + strings.Join(names, " or ") + ".",
	}
}

func (h *hearing) pass(summary string, evidence ...int64) Verdict {
	return Verdict{Outcome: Pass, Summary: summary, Evidence: evidence}
}

// fail is a finding against the integration. Should requirements turn it into a warning. The
// same mistake in several calls is one finding, with all of them as evidence.
func (h *hearing) fail(findings ...Finding) Verdict {
	v := Verdict{Outcome: Fail, Culprit: OfIntegration, Summary: findings[0].Seen}
	known := map[Finding]bool{}
	for _, f := range findings {
		if f.Want == "" {
			f.Want = h.req.Title + "."
		}
		if f.Do == "" {
			f.Do = h.req.Fix
		}
		if f.Record > 0 {
			v.Evidence = append(v.Evidence, f.Record)
		}
		mistake := f
		mistake.Record = 0
		if !known[mistake] {
			known[mistake] = true
			v.Findings = append(v.Findings, f)
		}
	}
	return v
}

// blocked says that another requirement has to hold first. Whose the cause is, is known when all
// have been judged; see [court.resolved].
func (h *hearing) blocked(by, summary string) Verdict {
	return Verdict{Outcome: NotVerified, Culprit: OfIntegration, BlockedBy: by, Summary: summary}
}

// short says that a story has not what a judge looks for: because it stopped early over what the
// integration did, or else because of a mistake of ours.
func (h *hearing) short(s *story, missing string) Verdict {
	if s.stopped != "" {
		return h.unclear(OfIntegration, fmt.Sprintf("%s The story stopped before: %s.", missing, strings.TrimSuffix(s.stopped, ".")))
	}
	return h.unclear(OfHarness, missing)
}

// unclear is a verdict that could not be reached for a reason of its own.
func (h *hearing) unclear(of Culprit, summary string, evidence ...int64) Verdict {
	return Verdict{Outcome: NotVerified, Culprit: of, Summary: summary, Evidence: evidence}
}
