package checklist

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/altegio-readiness/harness/fakealtegio/journal"
)

// reported is one run of the pay hook with the payment calls that belong to it.
type reported struct {
	hook journal.Record
	// from and to are the records between which its calls came, to 0 for no end.
	from, to int64
	// calls name the location, or cannot be read; astray are those that name another location.
	calls, astray []journal.Record
}

// paid sorts the payment calls of a story by the run of the pay hook to which they belong. Each run
// is closed by the quiet of the moment with its number; a call may come before the hook has ended.
func (s *story) paid(moments ...string) []reported {
	location := s.cast[journal.RoleLocation]
	hooks := s.hooks("pay")
	calls := keep(inOrder(s.records, s.strays), func(rec journal.Record) bool { return isCallTo(rec, []string{journal.OpPayment}) })
	var out []reported
	for i, moment := range moments {
		if i >= len(hooks) {
			break
		}
		r := reported{hook: hooks[i], from: s.start} // an earlier call belongs to another story
		if i > 0 {
			r.from = out[i-1].to
		}
		if w := s.wait(moment); w != nil && i < len(moments)-1 {
			r.to = w.Seq
		}
		for _, call := range between(calls, r.from, r.to) {
			if call.Location == location || call.Location == 0 {
				r.calls = append(r.calls, call)
			} else {
				r.astray = append(r.astray, call)
			}
		}
		out = append(out, r)
		if r.to == 0 {
			break
		}
	}
	return attributed(out)
}

// attributed gives repetitions back to the payment that they repeat, if they came so late that
// the next payment had been made. A repetition says the same as an earlier report, down to a sum
// that is the earlier payment's only. Where both payments were made within the same second it may
// as well be a report of the later one with the wrong sum; then it is a repetition only if there
// is a right one besides.
func attributed(runs []reported) []reported {
	for i := 1; i < len(runs); i++ {
		later := runs[i].hook.Hook.Payment
		besides := slices.ContainsFunc(runs[i].calls, func(call journal.Record) bool { return hasSum(call, later) })
		for k := range i {
			known := map[string]time.Time{}
			for _, call := range runs[k].calls {
				if said := wording(call); known[said].IsZero() {
					known[said] = clock(call).Truncate(time.Second)
				}
			}
			var own []journal.Record
			for _, call := range runs[i].calls {
				at, said := known[wording(call)]
				if said && (besides || !at.Equal(clock(call).Truncate(time.Second))) &&
					hasSum(call, runs[k].hook.Hook.Payment) && !hasSum(call, later) {
					runs[k].calls = append(runs[k].calls, call)
				} else {
					own = append(own, call)
				}
			}
			runs[i].calls = own
		}
	}
	return runs
}

// hasSum tells whether a call has the sum that was paid.
func hasSum(call journal.Record, paid *journal.Payment) bool {
	return paid != nil && equalSums(text(fields(call)["payment_sum"]), paid.Sum)
}

// wording is what a payment call says about the payment, in one text to compare.
func wording(call journal.Record) string {
	body := fields(call)
	var b strings.Builder
	for _, name := range []string{"payment_sum", "currency_iso", "payment_date", "period_from", "period_to"} {
		fmt.Fprintf(&b, "%q ", text(body[name]))
	}
	return b.String()
}

// ids are the platform's ids of a payment: several, if it was reported several times.
func (r reported) ids() []int64 {
	var ids []int64
	for _, call := range accepted(r.calls) {
		ids = append(ids, call.Exchange.Payment)
	}
	return ids
}

// payments are the two of the payment story.
func (h *hearing) payments() []reported { return h.paidIn(journal.StoryPayment) }

// allPayments are those of both stories in which payments are counted: what goes wrong only now
// and then, or only from the third payment on, goes wrong in the one or in the other.
func (h *hearing) allPayments() []reported {
	return slices.Concat(h.payments(), h.paidIn(journal.StoryChargeback))
}

// paidIn are the two payments of a story that has two. It is asked by many judges, and to compare
// thousands of reports takes time.
func (c *court) paidIn(name string) []reported {
	runs, known := c.paid[name]
	if !known {
		runs = c.story(name).paid(journal.MomentAfterPayment1, journal.MomentAfterPayment2)
		c.paid[name] = runs
	}
	return runs
}

// misplaced are the calls astray that cannot be late reports of another story's payment, because
// nobody paid there.
func (h *hearing) misplaced(r reported) []journal.Record {
	return keep(r.astray, func(rec journal.Record) bool {
		return rec.Scenario == "" || len(h.story(rec.Scenario).hooks("pay")) == 0
	})
}
