package checklist

import (
	"fmt"
	"slices"

	"github.com/altegio-readiness/harness/fakealtegio/journal"
)

// refunds returns every refund call of the chargeback story, strays included: a refund that
// names a payment nobody made has no location.
func (h *hearing) refunds() []journal.Record {
	s := h.story(journal.StoryChargeback)
	return keep(inOrder(s.records, s.strays), func(rec journal.Record) bool { return isCallTo(rec, []string{journal.OpRefund}) })
}

// refundable are the platform's ids of the payment that was refunded: several, if it was
// reported several times.
func (h *hearing) refundable() []int64 {
	paid := h.paidIn(journal.StoryChargeback)
	if len(paid) == 0 {
		return nil
	}
	return paid[0].ids()
}

// rightRefunds are the refund calls that name the payment that was refunded.
func (h *hearing) rightRefunds() []journal.Record {
	ids := h.refundable()
	return keep(h.refunds(), func(rec journal.Record) bool { return slices.Contains(ids, rec.Exchange.Payment) })
}

// refundedSince is the record after which a refund call may come: the last quiet before the hook.
func refundedSince(s *story) int64 {
	if w := s.wait(journal.MomentAfterPayment2); w != nil {
		return w.Seq
	}
	return 0
}

func judgeRefundReported(h *hearing) Verdict {
	s := h.story(journal.StoryChargeback)
	hooks := s.hooks("refund")
	if len(hooks) == 0 {
		return h.short(s, "Nothing was refunded.")
	}
	right := h.rightRefunds()
	if ok := accepted(right); len(ok) > 0 {
		return h.pass("The refund was reported and accepted.", hooks[0].Seq, ok[0].Seq)
	}
	calls := h.refunds()
	switch {
	case len(calls) == 0 && s.mistakenPath("refund", refundedSince(s)) != nil:
		return h.blocked("CHB-04", "A refund call came with another path; see CHB-04.")
	case len(calls) == 0:
		return h.absent(s, noRefund, refundedSince(s), 0)
	case len(keep(calls, misshapen)) > 0:
		return h.blocked("CHB-04", "A refund call came and was refused for its form; see CHB-04.")
	case len(right) == 0:
		return h.blocked("CHB-02", "A refund call came, for another payment; see CHB-02.")
	}
	return h.fail(refusal(right[len(right)-1], "refund"))
}

func judgeRefundNames(h *hearing) Verdict {
	calls, want := h.refunds(), h.refundable()
	switch {
	case len(calls) == 0:
		return h.blocked("CHB-01", "No refund call came; see CHB-01.")
	case len(want) == 0:
		return h.short(h.story(journal.StoryChargeback), "The platform gave no id to the payment that was refunded.")
	}
	var findings []Finding
	for _, call := range calls {
		if slices.Contains(want, call.Exchange.Payment) {
			continue
		}
		received := id(call.Exchange.Payment)
		if call.Exchange.Payment == 0 {
			received = "an id that is no number"
		}
		findings = append(findings, Finding{
			Seen:    "The refund names another payment than the one that was refunded.",
			Pointer: pathPaymentID, Expected: id(want[0]), Received: received, Record: call.Seq,
		})
	}
	if len(findings) > 0 {
		return h.fail(findings...)
	}
	return h.pass(fmt.Sprintf("The refund names payment %d.", calls[0].Exchange.Payment), seqs(calls...)...)
}

// judgeRefundOnce counts the calls for each id, because a payment that was reported twice has
// two. A call that was refused before the accepted one is a mistake of another kind.
func judgeRefundOnce(h *hearing) Verdict {
	calls := keep(h.rightRefunds(), func(rec journal.Record) bool {
		return len(accepted([]journal.Record{rec})) > 0 || rec.Exchange.Refused == journal.RefusedAlreadyRefunded
	})
	count := map[int64]int{}
	for _, call := range calls {
		count[call.Exchange.Payment]++
		if n := count[call.Exchange.Payment]; n > 1 {
			return h.fail(Finding{
				Seen:     fmt.Sprintf("The refund of payment %d was reported more than once.", call.Exchange.Payment),
				Expected: "1 call", Received: fmt.Sprintf("%d calls", len(calls)), Record: call.Seq,
			})
		}
	}
	return h.pass("The refund was reported once.", seqs(calls...)...)
}

func judgeRefundContract(h *hearing) Verdict {
	if calls := h.refunds(); len(calls) > 0 {
		return h.contract(calls, "The refund")
	}
	s := h.story(journal.StoryChargeback)
	if rec := s.mistakenPath("refund", refundedSince(s)); rec != nil {
		return h.fail(Finding{
			Seen:     "A refund call came with a path that the platform does not know.",
			Expected: noRefund.call, Received: rec.Exchange.Request.Method + " " + pathOf(*rec), Record: rec.Seq,
		})
	}
	return h.blocked("CHB-01", "No refund call came; see CHB-01.")
}
