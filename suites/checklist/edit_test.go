package checklist_test

import (
	"slices"
	"strings"

	"github.com/altegio-readiness/harness/fakealtegio/journal"
)

// pick chooses records of a journal.
type pick func(journal.Record) bool

func (p pick) and(q pick) pick {
	return func(rec journal.Record) bool { return p(rec) && q(rec) }
}

func callsTo(story, operation string) pick {
	return func(rec journal.Record) bool {
		return rec.Scenario == story && rec.Exchange != nil && rec.Exchange.Direction == journal.ToPlatform && rec.Exchange.Operation == operation
	}
}

func webhooks(story, event string) pick {
	return func(rec journal.Record) bool {
		return rec.Scenario == story && rec.Exchange != nil && rec.Exchange.Direction == journal.FromPlatform && rec.Exchange.Event == event
	}
}

func hooks(story, name string) pick {
	return func(rec journal.Record) bool {
		return rec.Scenario == story && rec.Hook != nil && rec.Hook.Name == name
	}
}

func steps(story, kind string) pick {
	return func(rec journal.Record) bool {
		return rec.Scenario == story && rec.Step != nil && rec.Step.Kind == kind
	}
}

func waits(story, moment string) pick {
	return func(rec journal.Record) bool {
		return rec.Scenario == story && rec.Wait != nil && rec.Wait.Moment == moment
	}
}

func probes(story, moment string) pick {
	return func(rec journal.Record) bool {
		return rec.Scenario == story && rec.Probe != nil && (moment == "" || rec.Probe.Moment == moment)
	}
}

func transitions(story, to string) pick {
	return func(rec journal.Record) bool {
		return rec.Scenario == story && rec.Transition != nil && rec.Transition.To == to
	}
}

func everyProbe(rec journal.Record) bool { return rec.Probe != nil }

// edit changes a journal.
type edit func(*run)

func (r *run) with(edits ...edit) *run {
	for _, e := range edits {
		e(r)
	}
	r.renumber()
	return r
}

func (r *run) renumber() {
	for i := range r.records {
		r.records[i].Seq = int64(i + 1)
	}
}

// find returns the index of the n-th match, counted from 1; -1 is the last.
func (r *run) find(p pick, n int) int {
	r.t.Helper()
	var found []int
	for i, rec := range r.records {
		if p(rec) {
			found = append(found, i)
		}
	}
	switch {
	case n < 0 && len(found) > 0:
		return found[len(found)-1]
	case n < 1 || n > len(found):
		r.t.Fatalf("the journal has no record %d of %d that fits", n, len(found))
	}
	return found[n-1]
}

// change edits the n-th record that fits.
func change(p pick, n int, f func(*journal.Record)) edit {
	return func(r *run) {
		r.t.Helper()
		f(&r.records[r.find(p, n)])
	}
}

func changeAll(p pick, f func(*journal.Record)) edit {
	return func(r *run) {
		r.find(p, 1)
		for i := range r.records {
			if p(r.records[i]) {
				f(&r.records[i])
			}
		}
	}
}

func remove(p pick) edit {
	return func(r *run) {
		r.find(p, 1)
		r.records = slices.DeleteFunc(r.records, p)
	}
}

// copied puts an edited copy of the n-th record that fits behind the m-th that fits the place.
func copied(p pick, n int, place pick, m int, f func(*journal.Record)) edit {
	return func(r *run) {
		r.t.Helper()
		rec := r.records[r.find(p, n)]
		if rec.Exchange != nil {
			ex := *rec.Exchange
			rec.Exchange = &ex
			if ex.Request.Body != nil {
				body := *ex.Request.Body
				rec.Exchange.Request.Body = &body
			}
		}
		if f != nil {
			f(&rec)
		}
		at := r.find(place, m)
		rec.At = r.records[at].At
		if rec.Clock != nil {
			clock := rec.At
			rec.Clock = &clock
		}
		r.records = slices.Insert(r.records, at+1, rec)
	}
}

// refused makes a call one that the platform refuses.
func refused(status int, reason string) func(*journal.Record) {
	return func(rec *journal.Record) {
		rec.Exchange.Refused = reason
		rec.Exchange.Response = &journal.Response{Status: status}
	}
}

// deviates adds a violation of class error.
func deviates(where, pointer, rule string) func(*journal.Record) {
	return func(rec *journal.Record) {
		rec.Exchange.Violations = append(rec.Exchange.Violations, journal.Violation{
			Where: where, Pointer: pointer, Rule: rule, Message: pointer + " is wrong", Class: journal.ClassError,
		})
	}
}

func tolerated(where, pointer, rule string) func(*journal.Record) {
	return func(rec *journal.Record) {
		deviates(where, pointer, rule)(rec)
		rec.Exchange.Violations[len(rec.Exchange.Violations)-1].Class = journal.ClassTolerated
	}
}

func both(fs ...func(*journal.Record)) func(*journal.Record) {
	return func(rec *journal.Record) {
		for _, f := range fs {
			f(rec)
		}
	}
}

// replaced changes the text of a request's body.
func replaced(old, new string) func(*journal.Record) {
	return func(rec *journal.Record) {
		body := rec.Exchange.Request.Body
		if !strings.Contains(body.Text, old) {
			panic("the body has no " + old + ": " + body.Text)
		}
		body.Text = strings.Replace(body.Text, old, new, 1)
	}
}

// written replaces a request's body.
func written(text string) func(*journal.Record) {
	return func(rec *journal.Record) {
		rec.Exchange.Request.Body = &journal.Body{Text: text, Size: int64(len(text))}
	}
}

// elsewhere makes a call name a location of no story.
func elsewhere(rec *journal.Record) {
	rec.Scenario, rec.Location, rec.Clock = "", 999, nil
}

// nowhere makes a call name no location that can be read.
func nowhere(rec *journal.Record) {
	rec.Scenario, rec.Location, rec.Clock = "", 0, nil
	if rec.Exchange.Operation != journal.OpRefund {
		rec.Exchange.Application = 0
	}
}

func unmet(rec *journal.Record) { rec.Wait.Met = false }

func says(value bool) func(*journal.Record) {
	return func(rec *journal.Record) { rec.Probe.Value = &value }
}

func failedHook(rec *journal.Record) { rec.Hook.OK, rec.Hook.Error = false, "the button is missing" }

func crashed(rec *journal.Record) { rec.Step.Response.Status = 500 }

func unknownPath(rec *journal.Record) {
	elsewhere(rec)
	rec.Location, rec.Exchange.Operation = 0, ""
	refused(404, "unknown-path")(rec)
}
