package checklist

import (
	"fmt"
	"strings"

	"github.com/altegio-readiness/harness/fakealtegio/journal"
)

func judgeForgedUserData(h *hearing) Verdict {
	s := h.story(journal.StoryForgedUserData)
	var findings []Finding
	var evidence []int64
	for _, role := range []string{journal.RoleWrongSignature, journal.RoleNoSignature, journal.RoleEmptySignature} {
		if calls := s.calls(s.cast[role], journal.OpInstall, journal.OpRedirect); len(calls) > 0 {
			findings = append(findings, Finding{
				Seen:     fmt.Sprintf("A visit with user data of %s was followed by an activation, without any further step of the owner.", strings.ReplaceAll(role, "-", " ")),
				Expected: "no activation", Received: "an activation call", Record: calls[0].Seq,
			})
		}
	}
	if len(findings) > 0 {
		return h.fail(findings...)
	}
	for _, role := range []string{journal.RoleWrongSignature, journal.RoleNoSignature, journal.RoleEmptySignature} {
		visits := s.visits(s.cast[role])
		if len(visits) == 0 {
			return h.short(s, fmt.Sprintf("No visit with user data of %s was made.", strings.ReplaceAll(role, "-", " ")))
		}
		if visits[0].Step.Response == nil {
			return h.unclear(OfIntegration, "A visit with forged user data got no answer, so nothing is known about it: "+visits[0].Step.Error, visits[0].Seq)
		}
		evidence = append(evidence, seqs(visits...)...)
	}
	return h.pass("Three visits with forged user data activated nothing.", evidence...)
}

func judgeStranger(h *hearing) Verdict {
	s := h.story(journal.StoryStranger)
	victim, unconnected := s.cast[journal.RoleVictim], s.cast[journal.RoleUnconnected]
	connected := s.wait(journal.MomentActivation)
	if connected == nil || !connected.Wait.Met {
		return h.short(s, "The location that a stranger should have visited was not connected.")
	}
	visits := between(s.visits(victim), connected.Seq, 0)
	switch {
	case len(visits) == 0:
		return h.short(s, "The stranger's visit was not made.")
	case visits[0].Step.Response == nil:
		return h.unclear(OfIntegration, "The stranger's visit got no answer, so nothing is known about it: "+visits[0].Step.Error, visits[0].Seq)
	}
	evidence := seqs(visits[0])
	v := h.stillConnected(s, stillness{
		location: victim, since: connected.Seq, after: "a stranger's visit",
		probeAt: journal.MomentVictim, paymentAt: journal.MomentPaymentOfVictim,
	}, evidence)
	if v.Outcome != Pass {
		return v
	}
	if got := s.transitions(unconnected, journal.StateActive); len(got) > 0 {
		return h.unclear(OfHarness, "The fake platform activated a location without a pending link.", got[0].Seq)
	}
	if p := s.probe(probeConnected, journal.MomentUnconnected); p != nil && p.Probe.Value != nil {
		v.Evidence = append(v.Evidence, p.Seq)
		if *p.Probe.Value {
			return h.fail(Finding{
				Seen:     "After a visit the integration shows a location as connected where nobody pressed Connect.",
				Expected: "observe.connected false", Received: "true", Record: p.Seq,
			})
		}
	}
	return v
}
