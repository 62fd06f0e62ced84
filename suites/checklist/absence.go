package checklist

import (
	"fmt"
	"slices"
	"strings"

	"github.com/altegio-readiness/harness/fakealtegio/journal"
)

// absence is a call that did not come although a hook should have led to it.
type absence struct {
	hook  string // "register"
	token string // of the wait: "activation", "payment", "refund"
	what  string // "activation"
	call  string // "POST /marketplace/partner/callback, answered 201"
	path  string // a word that a mistaken path for the call would have
}

var (
	noActivation = absence{"register", "activation", "activation", "POST /marketplace/partner/callback, answered 201", "callback"}
	noSignIn     = absence{"sign_in", "activation", "activation", noActivation.call, noActivation.path}
	noPayment    = absence{"pay", "payment", "payment", "POST /marketplace/partner/payment", "payment"}
	noRenewal    = absence{"pay", "payment", "second payment", "a second POST /marketplace/partner/payment", "payment"}
	noRefund     = absence{"refund", "refund", "refund", "POST /marketplace/partner/payment/refund/{payment_id}", "refund"}
)

// absent tells apart why a call did not come between two records of a story: it went to a path
// that the platform does not know, the hook could not be driven, or there was none.
func (h *hearing) absent(s *story, a absence, from, to int64) Verdict {
	for _, rec := range between(s.unknownPaths(), from, to) {
		if path := strings.ToLower(pathOf(rec)); !strings.Contains(path, a.path) && !strings.Contains(path, "marketplace") {
			continue // a call to some other part of the platform
		}
		return h.fail(Finding{
			Seen:     fmt.Sprintf("Instead of the %s a call came to a path that the platform does not know.", a.what),
			Expected: a.call, Received: rec.Exchange.Request.Method + " " + pathOf(rec), Record: rec.Seq,
		})
	}
	hooks := between(s.hooks(a.hook), from, to)
	for _, rec := range hooks {
		if rec.Hook.OK {
			continue
		}
		if step := failedStep(s, a.hook, from, rec.Seq); step != nil && step.Step.Response != nil && step.Step.Response.Status >= 500 {
			return h.fail(Finding{
				Seen: fmt.Sprintf("The %s hook ended with status %d of the integration, and no %s followed: %s", a.hook, step.Step.Response.Status, a.what, rec.Hook.Error),
				Do:   "Look at the integration's log around that request.", Record: step.Seq,
			})
		}
		return h.unclear(OfConfiguration, fmt.Sprintf("The %s hook did not work, and no %s followed: %s", a.hook, a.what, rec.Hook.Error), rec.Seq)
	}
	f := Finding{Seen: fmt.Sprintf("No %s call reached the platform.", a.what), Expected: a.call, Received: "no call", Record: s.endSeq}
	if len(hooks) > 0 {
		f.Record = hooks[0].Seq
	}
	for _, rec := range between(s.records, from, to) {
		if rec.Wait != nil && rec.Wait.For == a.token && !rec.Wait.Met {
			f.Seen = fmt.Sprintf("No %s call reached the platform within %s of the %s hook.", a.what, millis(rec.Wait.LimitMS), a.hook)
			f.Record = rec.Seq
			break
		}
	}
	return h.fail(f)
}

// unknownPaths returns the calls of the story to paths that the platform does not know.
func (s *story) unknownPaths() []journal.Record {
	return keep(inOrder(s.records, s.strays), func(rec journal.Record) bool {
		return isCall(rec) && rec.Exchange.Operation == ""
	})
}

// mistakenPath returns the first call since a record to a path that the platform does not know
// and that has the word, nil without one.
func (s *story) mistakenPath(word string, since int64) *journal.Record {
	unknown := between(s.unknownPaths(), since, 0)
	i := slices.IndexFunc(unknown, func(rec journal.Record) bool { return strings.Contains(strings.ToLower(pathOf(rec)), word) })
	if i < 0 {
		return nil
	}
	return &unknown[i]
}

// failedStep returns the last step of a hook before its result, nil without one.
func failedStep(s *story, hook string, after, before int64) *journal.Record {
	var last *journal.Record
	for i, rec := range s.records {
		if rec.Seq > after && rec.Seq < before && rec.Step != nil && rec.Step.Hook == hook {
			last = &s.records[i]
		}
	}
	return last
}
