package checklist

import (
	"fmt"

	"github.com/altegio-readiness/harness/fakealtegio/journal"
)

// probeConnected is the probe that tells whether the integration believes a location connected.
const probeConnected = "connected"

// stillness is something that must not have changed a connection.
type stillness struct {
	location  int64
	since     int64  // the record with which it began
	probeAt   string // moment of the probe afterwards
	paymentAt string // moment of the payment afterwards, where there is no probe
	after     string // what happened, for people
}

// lost returns a finding if the location was disconnected at the platform.
func (s *story) lost(q stillness) *Finding {
	gone := between(s.transitions(q.location, journal.StateUninstalled), q.since, 0)
	if len(gone) == 0 {
		return nil
	}
	return &Finding{
		Seen:     fmt.Sprintf("After %s the location was disconnected at the platform.", q.after),
		Expected: "active", Received: "uninstalled", Record: gone[0].Seq,
	}
}

// stillConnected judges whether a location is connected after something that must not have
// changed it: by the platform's state, by the probe, and by a payment that is still reported.
func (h *hearing) stillConnected(s *story, q stillness, evidence []int64) Verdict {
	if f := s.lost(q); f != nil {
		return h.fail(*f)
	}
	if v, unfit := h.unfitProbe(s, journal.MomentConnected); unfit {
		return v
	}
	known := false
	if p := s.probe(probeConnected, q.probeAt); p != nil {
		if p.Probe.Value == nil {
			return h.unclear(OfConfiguration, "The probe observe.connected failed: "+p.Probe.Error, p.Seq)
		}
		known, evidence = true, append(evidence, p.Seq)
		if !*p.Probe.Value {
			return h.fail(Finding{
				Seen:     fmt.Sprintf("After %s the integration no longer shows the location as connected.", q.after),
				Expected: "observe.connected true", Received: "false", Record: p.Seq,
			})
		}
	}
	if w := s.wait(q.paymentAt); w != nil {
		known, evidence = true, append(evidence, w.Seq)
		if !w.Wait.Met {
			if v, root := h.cause("PAY-01"); root != "" {
				return h.blocked(root, fmt.Sprintf("Only a reported payment could show it, and %s does not hold: %s", root, v.Summary))
			}
			return h.fail(Finding{
				Seen:     fmt.Sprintf("After %s a payment of the location is no longer reported.", q.after),
				Expected: "a payment call", Received: "none within " + millis(w.Wait.LimitMS), Record: w.Seq,
			})
		}
	}
	if !known {
		if v, root := h.cause("PAY-01"); root != "" {
			return h.blocked(root, fmt.Sprintf("Without a probe only a reported payment could show it, and %s does not hold: %s", root, v.Summary))
		}
		return h.short(s, "Neither a probe nor a payment showed whether the location is still connected.")
	}
	return h.pass(fmt.Sprintf("The location is still connected after %s.", q.after), evidence...)
}

// unfitProbe finds out whether the probe is worth believing: a probe that does not say true
// while a location is connected, at the given moment, cannot show that it stays so, and one that
// says true whatever happens shows nothing either. Without a probe there is nothing to find out.
func (h *hearing) unfitProbe(s *story, connectedAt string) (Verdict, bool) {
	before := s.probe(probeConnected, connectedAt)
	switch {
	case before == nil:
		return Verdict{}, false
	case before.Probe.Value == nil:
		return h.unclear(OfConfiguration, "The probe observe.connected failed: "+before.Probe.Error, before.Seq), true
	case !*before.Probe.Value:
		return h.unclear(OfConfiguration,
			"The probe observe.connected does not say true for an installation that the platform has activated, so it shows nothing about connections.", before.Seq), true
	case h.req.ID != "REC-02" && h.alwaysTrue() && h.verdict("REC-02").Outcome == Fail:
		return h.blocked("REC-02", "The probe observe.connected said true every time, also after a genuine uninstall, so it shows nothing here; see REC-02."), true
	}
	return Verdict{}, false
}

// alwaysTrue reports whether the probe has never said anything else.
func (c *court) alwaysTrue() bool {
	for _, s := range c.stories {
		for _, rec := range s.records {
			if isProbe(rec, probeConnected) && (rec.Probe.Value == nil || !*rec.Probe.Value) {
				return false
			}
		}
	}
	return true
}

// disconnection is an uninstall that has to be processed.
type disconnection struct {
	gone        journal.Record // the change of state at the platform
	next        int64          // the next Connect, 0 for none
	connectedAt string         // moment of the probe before
	moment      string         // of the quiet and the probe afterwards
}

// disconnected judges that after an uninstall nothing more is done for the location. An
// integration that goes on because it did not take the webhook has one defect and not two.
func (h *hearing) disconnected(s *story, d disconnection) Verdict {
	v := h.silent(s, d)
	sent := between(s.deliveries(s.cast[journal.RoleLocation], "uninstall", ""), d.gone.Seq, d.next)
	if v.Outcome == Fail && len(sent) > 0 && !taken(sent[0]) && h.verdict("REC-01").Outcome == Fail {
		return h.blocked("REC-01", "The uninstall webhook was not taken; see REC-01.")
	}
	return v
}

func (h *hearing) silent(s *story, d disconnection) Verdict {
	location, from := s.cast[journal.RoleLocation], d.gone.Seq
	if calls := between(s.calls(location, journal.OpPayment, journal.OpRefund, journal.OpInstall, journal.OpRedirect), from, d.next); len(calls) > 0 {
		return h.fail(Finding{
			Seen:     "After the uninstall the integration went on making calls for the location.",
			Expected: "no call", Received: calls[0].Exchange.Request.Method + " " + pathOf(calls[0]), Record: calls[0].Seq,
		})
	}
	if v, unfit := h.unfitProbe(s, d.connectedAt); unfit {
		return v
	}
	var evidence []int64
	if w := s.wait(d.moment); w != nil {
		evidence = append(evidence, w.Seq)
	}
	p := s.probe(probeConnected, d.moment)
	switch {
	case p != nil && p.Probe.Value == nil:
		return h.unclear(OfConfiguration, "The probe observe.connected failed: "+p.Probe.Error, p.Seq)
	case p != nil && *p.Probe.Value:
		return h.fail(Finding{
			Seen:     "After the uninstall the integration still shows the location as connected.",
			Expected: "observe.connected false", Received: "true", Record: p.Seq,
		})
	case p != nil:
		return h.pass("No further calls came, and the location is shown as disconnected.", append(evidence, p.Seq)...)
	case !h.configured("pay"):
		return h.short(s, "The probe observe.connected was not asked after the uninstall.")
	}
	paid := between(s.hooks("pay"), from, d.next)
	if len(paid) == 0 {
		return h.short(s, "No payment was made after the uninstall.")
	}
	if v, root := h.cause("PAY-01"); root != "" {
		return h.blocked(root, fmt.Sprintf("Without a probe only an unreported payment could show it, and %s does not hold: %s", root, v.Summary))
	}
	return h.pass("A payment made after the uninstall was not reported, and no other call came.", append(evidence, paid[0].Seq)...)
}
