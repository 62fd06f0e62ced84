package checklist

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/altegio-readiness/harness/fakealtegio/journal"
)

// PendingWindow is how long after the Connect click an activation is accepted, by
// "Connecting the integration via marketplace" (Altegio support). The server's code is said to
// grant twelve hours and not to promise them.
const PendingWindow = time.Hour

// promptActivation is how long an activation may take in real time before it is remarked upon:
// the documentation recommends to send it immediately.
const promptActivation = time.Minute

func judgeRedirectOpens(h *hearing) Verdict {
	s := h.story(journal.StoryNewOwner)
	pages := s.firstVisit(s.cast[journal.RoleLocation])
	if len(pages) == 0 {
		return h.unclear(OfHarness, "No owner opened the redirect URL.")
	}
	v := pages[len(pages)-1] // where pages that lead on by themselves have led
	step := v.Step
	switch {
	case step.Response == nil:
		return h.fail(Finding{Seen: fmt.Sprintf("The registration redirect URL did not open: %s.", strings.TrimSuffix(step.Error, ".")), Record: v.Seq})
	case step.Response.Status >= 400:
		return h.fail(Finding{
			Seen:     fmt.Sprintf("The registration redirect URL answered %d.", step.Response.Status),
			Expected: "a status below 400", Received: strconv.Itoa(step.Response.Status), Record: v.Seq,
		})
	case step.Error != "":
		return h.fail(Finding{Seen: fmt.Sprintf("The registration redirect URL opened badly: %s.", strings.TrimSuffix(step.Error, ".")), Record: v.Seq})
	case step.Response.Body == nil || strings.TrimSpace(step.Response.Body.Text) == "":
		return h.fail(Finding{
			Seen:     "The registration redirect URL answered with an empty page.",
			Expected: "a page on which an owner can register or sign in", Received: "an empty body", Record: v.Seq,
		})
	}
	return h.pass(fmt.Sprintf("Opened with status %d.", step.Response.Status), v.Seq)
}

// firstVisit returns the pages of the first visit to a location: those before anything else was
// done in the story.
func (s *story) firstVisit(location int64) []journal.Record {
	visits := s.visits(location)
	if len(visits) == 0 {
		return nil
	}
	done := keep(between(s.records, visits[0].Seq, 0), func(rec journal.Record) bool {
		return rec.Step != nil && rec.Step.Kind != "visit" || rec.Hook != nil || rec.Wait != nil
	})
	return between(visits, 0, first(done))
}

func judgeActivated(h *hearing) Verdict {
	s := h.story(journal.StoryNewOwner)
	location := s.cast[journal.RoleLocation]
	if ok := accepted(s.calls(location, journal.OpInstall, journal.OpRedirect)); len(ok) > 0 {
		// Some take back what they have just done because they cannot read the answer.
		if f := s.lost(stillness{location: location, since: ok[0].Seq, after: "the activation"}); f != nil {
			return h.fail(*f)
		}
		return h.pass(fmt.Sprintf("The activation was accepted with %d.", ok[0].Exchange.Response.Status), ok[0].Seq)
	}
	calls := s.activations(location, 0, 0)
	if len(calls) == 0 {
		return h.absent(s, noActivation, 0, 0)
	}
	switch {
	case len(keep(calls, misshapen)) > 0:
		return h.blocked("CON-04", "An activation call came and was refused for its form; see CON-04.")
	case len(misnamed(calls, "activation", location, h.run.Application.ID)) > 0:
		return h.blocked("CON-03", "An activation call came, for another location or application; see CON-03.")
	case s.tooLate(location):
		return h.blocked("CON-06", "An activation call came too late; see CON-06.")
	}
	return h.fail(refusal(calls[len(calls)-1], "activation"))
}

// activationsOfNewOwner returns the activation calls after the first connect, or the verdict that
// there are none.
func (h *hearing) activationsOfNewOwner() (calls []journal.Record, location int64, none *Verdict) {
	s := h.story(journal.StoryNewOwner)
	location = s.cast[journal.RoleLocation]
	if calls = s.activations(location, 0, 0); len(calls) == 0 {
		v := h.blocked("CON-02", "No activation call came; see CON-02.")
		return nil, location, &v
	}
	return calls, location, nil
}

func judgeActivationIDs(h *hearing) Verdict {
	calls, location, none := h.activationsOfNewOwner()
	if none != nil {
		return *none
	}
	if findings := misnamed(calls, "activation", location, h.run.Application.ID); len(findings) > 0 {
		return h.fail(findings...)
	}
	read := legible(calls)
	if len(read) == 0 {
		return h.blocked("CON-04", "The ids of the activation call cannot be read; see CON-04.")
	}
	return h.pass(fmt.Sprintf("salon_id and application_id are right in %s.", plural(len(read), "call", "calls")), seqs(read...)...)
}

func judgeActivationContract(h *hearing) Verdict {
	calls, _, none := h.activationsOfNewOwner()
	if none != nil {
		return *none
	}
	return h.contract(calls, "The activation")
}

func judgeActivationTolerated(h *hearing) Verdict {
	calls, _, none := h.activationsOfNewOwner()
	if none != nil {
		return *none
	}
	var findings []Finding
	for _, rec := range calls {
		var tolerated []journal.Violation
		for _, v := range rec.Exchange.Violations {
			if v.Class == journal.ClassTolerated {
				tolerated = append(tolerated, v)
			}
		}
		findings = append(findings, violations(rec, tolerated)...)
	}
	if len(findings) > 0 {
		return h.fail(findings...)
	}
	return h.pass("Canonical path, no unknown fields.", seqs(calls...)...)
}

func judgeActivationInTime(h *hearing) Verdict {
	calls, location, none := h.activationsOfNewOwner()
	if none != nil {
		return *none
	}
	s := h.story(journal.StoryNewOwner)
	clicks := s.transitions(location, journal.StatePending)
	own := s.calls(location, journal.OpInstall, journal.OpRedirect)
	switch {
	case len(own) == 0 && len(legible(calls)) == 0:
		return h.blocked("CON-04", "The ids of the activation call cannot be read; see CON-04.")
	case len(own) == 0:
		return h.blocked("CON-03", "No activation call names the location; see CON-03.")
	case len(clicks) == 0:
		return h.unclear(OfHarness, "The owner's click on Connect is not in the journal.")
	}
	click, call := clicks[0], own[0]
	took := clock(call).Sub(clock(click))
	if s.tooLate(location) {
		return h.fail(Finding{
			Seen:     fmt.Sprintf("The activation came %s after Connect, by the location's clock: only when the owner opened the page again.", took.Round(time.Minute)),
			Expected: "within 1h0m", Received: took.Round(time.Second).String(), Record: call.Seq,
		})
	}
	if since := s.sinceRegistration(call); since > promptActivation {
		v := h.fail(Finding{
			Seen:     fmt.Sprintf("The activation came inside the window, but only %s after the owner had registered.", since.Round(time.Second)),
			Expected: "at once", Received: since.Round(time.Second).String(), Record: call.Seq,
		})
		v.Outcome = Warn // the documentation recommends it, and demands the window
		return v
	}
	return h.pass(fmt.Sprintf("The activation came %s after Connect.", took.Round(time.Millisecond)), click.Seq, call.Seq)
}

// sinceRegistration is how much real time lies between the end of the register hook and a call.
// How long the hook itself takes is not the integration's doing: people may have to type.
func (s *story) sinceRegistration(call journal.Record) time.Duration {
	for _, hook := range s.hooks("register") {
		if hook.Seq < call.Seq {
			return call.At.Sub(hook.At)
		}
	}
	return 0
}

// tooLate reports whether the first activation call for a location came after the pending window.
func (s *story) tooLate(location int64) bool {
	clicks, calls := s.transitions(location, journal.StatePending), s.calls(location, journal.OpInstall, journal.OpRedirect)
	return len(clicks) > 0 && len(calls) > 0 && clock(calls[0]).Sub(clock(clicks[0])) > PendingWindow
}

func judgeOneActivation(h *hearing) Verdict {
	s := h.story(journal.StoryNewOwner)
	calls := s.calls(s.cast[journal.RoleLocation], journal.OpInstall, journal.OpRedirect)
	if len(calls) > 1 {
		return h.fail(Finding{
			Seen:     fmt.Sprintf("%d activation calls came for one connect.", len(calls)),
			Expected: "1 call", Received: fmt.Sprintf("%d calls", len(calls)), Record: calls[1].Seq,
		})
	}
	return h.pass("One activation call came.", seqs(calls...)...)
}
