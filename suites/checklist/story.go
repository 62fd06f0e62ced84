package checklist

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"github.com/altegio-readiness/harness/fakealtegio/journal"
)

// story is what the journal holds of one scenario.
type story struct {
	name          string
	began, ended  bool
	reached       bool
	stopped       string
	blockedBy     string
	start, endSeq int64
	cast          map[string]int64
	records       []journal.Record // its own, in order, also those that came after its end
	strays        []journal.Record // calls in its time that name a location of no role of it
}

// mark takes over a scenario record.
func (s *story) mark(rec journal.Record) {
	ev := rec.ScenarioEvent
	switch ev.Phase {
	case "start":
		s.began, s.start, s.cast = true, rec.Seq, ev.Cast
	case "end":
		s.ended, s.endSeq, s.reached, s.stopped = true, rec.Seq, ev.Reached, ev.Stopped
	case "blocked":
		s.blockedBy, s.stopped = ev.BlockedBy, ev.Stopped
	}
}

// isCall reports whether a record is a call of the integration to the platform.
func isCall(rec journal.Record) bool {
	return rec.Exchange != nil && rec.Exchange.Direction == journal.ToPlatform
}

func isCallTo(rec journal.Record, operations []string) bool {
	return isCall(rec) && slices.Contains(operations, rec.Exchange.Operation)
}

// keep returns the records that are wanted, in their order, nil if there are none.
func keep(recs []journal.Record, wanted func(journal.Record) bool) []journal.Record {
	var kept []journal.Record
	for _, rec := range recs {
		if wanted(rec) {
			kept = append(kept, rec)
		}
	}
	return kept
}

// inOrder puts records from several lists into the order in which they were written.
func inOrder(lists ...[]journal.Record) []journal.Record {
	all := slices.Concat(lists...)
	slices.SortStableFunc(all, func(a, b journal.Record) int { return cmp.Compare(a.Seq, b.Seq) })
	return all
}

// between keeps the records with from < Seq < to; to 0 means no upper bound.
func between(recs []journal.Record, from, to int64) []journal.Record {
	return keep(recs, func(rec journal.Record) bool { return rec.Seq > from && (to == 0 || rec.Seq < to) })
}

// accepted keeps the calls that took effect.
func accepted(recs []journal.Record) []journal.Record {
	return keep(recs, func(rec journal.Record) bool {
		answer := rec.Exchange.Response
		return rec.Exchange.Refused == "" && answer != nil && answer.Status >= 200 && answer.Status < 400
	})
}

// calls returns the story's calls to one of the operations for a location.
func (s *story) calls(location int64, operations ...string) []journal.Record {
	return keep(s.records, func(rec journal.Record) bool {
		return location != 0 && rec.Location == location && isCallTo(rec, operations)
	})
}

// attempts returns the calls between two records that may have been meant for a location:
// whatever location of this story or of none they name. One that names a location of another
// story counts only if none names the right one; otherwise it is the other story's, repeated late.
func (s *story) attempts(location, from, to int64, operations ...string) []journal.Record {
	all := inOrder(s.records, s.strays)
	all = keep(between(all, from, to), func(rec journal.Record) bool { return isCallTo(rec, operations) })
	if !slices.ContainsFunc(all, func(rec journal.Record) bool { return rec.Location == location }) {
		return all
	}
	return keep(all, func(rec journal.Record) bool { return rec.Scenario == "" || rec.Scenario == s.name })
}

// activations are the attempts to activate a location.
func (s *story) activations(location, from, to int64) []journal.Record {
	return s.attempts(location, from, to, journal.OpInstall, journal.OpRedirect)
}

// probe returns the last answer of a probe at the moment, nil without one.
func (s *story) probe(name, moment string) *journal.Record {
	var last *journal.Record
	for i, rec := range s.records {
		if isProbe(rec, name) && rec.Probe.Moment == moment {
			last = &s.records[i]
		}
	}
	return last
}

// isProbe forgives the prefix under which the configuration has its probes.
func isProbe(rec journal.Record, name string) bool {
	return rec.Probe != nil && strings.TrimPrefix(rec.Probe.Name, probePrefix) == name
}

// wait returns the last wait at the moment, nil without one.
func (s *story) wait(moment string) *journal.Record {
	var last *journal.Record
	for i, rec := range s.records {
		if rec.Wait != nil && rec.Wait.Moment == moment {
			last = &s.records[i]
		}
	}
	return last
}

// hooks returns the results of a hook, in order.
func (s *story) hooks(name string) []journal.Record {
	return keep(s.records, func(rec journal.Record) bool { return rec.Hook != nil && rec.Hook.Name == name })
}

// visits returns the pages on which owners were that had been sent to the registration redirect
// URL for a location. One visit has several when pages lead on by themselves.
func (s *story) visits(location int64) []journal.Record {
	return keep(s.records, func(rec journal.Record) bool {
		return location != 0 && rec.Location == location && rec.Step != nil && rec.Step.Kind == "visit"
	})
}

// deliveries returns the webhooks sent for a location with the variant, "" for genuine ones.
func (s *story) deliveries(location int64, event, variant string) []journal.Record {
	return keep(s.records, func(rec journal.Record) bool {
		ex := rec.Exchange
		return ex != nil && ex.Direction == journal.FromPlatform && rec.Location == location && ex.Event == event && ex.Variant == variant
	})
}

// transitions returns the changes of a location's installation to the state.
func (s *story) transitions(location int64, to string) []journal.Record {
	return keep(s.records, func(rec journal.Record) bool {
		return rec.Transition != nil && location != 0 && rec.Location == location && rec.Transition.To == to
	})
}

// clock returns the time at the record's location, or real time where it has none.
func clock(rec journal.Record) time.Time {
	if rec.Clock != nil {
		return *rec.Clock
	}
	return rec.At
}

// seqs returns the sequence numbers of records.
func seqs(recs ...journal.Record) []int64 {
	out := make([]int64, len(recs))
	for i, rec := range recs {
		out[i] = rec.Seq
	}
	return out
}

// first returns the first record's sequence number, 0 of none.
func first(recs []journal.Record) int64 {
	if len(recs) == 0 {
		return 0
	}
	return recs[0].Seq
}
