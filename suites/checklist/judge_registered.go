package checklist

import "github.com/altegio-readiness/harness/fakealtegio/journal"

// signIn is a connect of the registered story: the Connect click for a role, and the activation
// calls from then until the click for the next role.
type signIn struct {
	location int64
	from, to int64
	calls    []journal.Record
}

func (s *story) signIn(role, nextRole string) signIn {
	in := signIn{location: s.cast[role]}
	in.from = first(s.transitions(in.location, journal.StatePending))
	in.to = first(s.transitions(s.cast[nextRole], journal.StatePending))
	if in.from > 0 {
		in.calls = s.activations(in.location, in.from, in.to)
	}
	return in
}

// activated returns the accepted activations of the location itself.
func (in signIn) activated() []journal.Record {
	return keep(accepted(in.calls), func(rec journal.Record) bool { return rec.Location == in.location })
}

// refused is the verdict on activation calls of which none did what it should.
func (h *hearing) refused(calls []journal.Record, what string, location int64) Verdict {
	if findings := misnamed(calls, what, location, h.run.Application.ID); len(findings) > 0 {
		return h.fail(findings...)
	}
	last := calls[len(calls)-1]
	return h.fail(append([]Finding{refusal(last, what)}, violations(last, errorsOf(last))...)...)
}

func judgeSignIn(h *hearing) Verdict {
	s := h.story(journal.StoryRegistered)
	in := s.signIn(journal.RoleSecond, journal.RoleThird)
	if in.from == 0 {
		return h.short(s, "No account could be made, or its location not left again.")
	}
	if ok := in.activated(); len(ok) > 0 {
		return h.pass("The owner signed in and the activation was accepted.", ok[0].Seq)
	}
	if len(in.calls) == 0 {
		return h.absent(s, noSignIn, in.from, in.to)
	}
	if len(misnamed(in.calls, "activation", in.location, h.run.Application.ID)) > 0 {
		return h.blocked("REG-02", "An activation call came, for another location; see REG-02.")
	}
	return h.refused(in.calls, "activation", in.location)
}

func judgeSignInLocation(h *hearing) Verdict {
	in := h.story(journal.StoryRegistered).signIn(journal.RoleSecond, journal.RoleThird)
	if len(in.calls) == 0 {
		return h.blocked("REG-01", "No activation call came after the sign-in; see REG-01.")
	}
	if findings := misnamed(in.calls, "activation", in.location, h.run.Application.ID); len(findings) > 0 {
		return h.fail(findings...)
	}
	read := legible(in.calls)
	if len(read) == 0 {
		return h.blocked("REG-01", "The ids of the activation call cannot be read; see REG-01.")
	}
	return h.pass("The activation names the location of the redirect.", seqs(read...)...)
}

func judgeSecondLocation(h *hearing) Verdict {
	s := h.story(journal.StoryRegistered)
	in := s.signIn(journal.RoleThird, "")
	if in.from == 0 {
		return h.short(s, "The owner could not connect another location.")
	}
	ok := in.activated()
	if len(ok) == 0 {
		if len(in.calls) > 0 {
			return h.refused(in.calls, "activation of the additional location", in.location)
		}
		return h.absent(s, noSignIn, in.from, 0)
	}
	stays := stillness{
		location: s.cast[journal.RoleSecond], since: in.from, after: "another location was connected",
		probeAt: journal.MomentSecondStays, paymentAt: journal.MomentPaymentOfSecond,
	}
	if f := s.lost(stays); f != nil {
		return h.fail(*f)
	}
	if !h.has("observe.connected|pay") {
		return h.pass("Both locations are active at the platform.", seqs(ok...)...)
	}
	return h.stillConnected(s, stays, seqs(ok...))
}
