package checklist

import (
	"fmt"

	"github.com/altegio-readiness/harness/fakealtegio/journal"
)

func judgePaymentReported(h *hearing) Verdict {
	payments := h.payments()
	if len(payments) == 0 {
		return h.short(h.story(journal.StoryPayment), "No payment was made.")
	}
	return h.report(payments[0], noPayment)
}

func judgeRenewal(h *hearing) Verdict {
	payments := h.payments()
	if len(payments) < 2 {
		return h.short(h.story(journal.StoryPayment), "No second payment was made.")
	}
	return h.report(payments[1], noRenewal)
}

// report judges whether a payment was reported and the report accepted.
func (h *hearing) report(p reported, missing absence) Verdict {
	s := h.story(journal.StoryPayment)
	if ok := accepted(p.calls); len(ok) > 0 {
		return h.pass(fmt.Sprintf("The %s was reported and accepted with id %d.", missing.what, ok[0].Exchange.Payment), p.hook.Seq, ok[0].Seq)
	}
	location := s.cast[journal.RoleLocation]
	if elsewhere := h.misplaced(p); len(p.calls) == 0 && len(elsewhere) > 0 {
		return h.fail(misnamed(elsewhere, missing.what+" report", location, h.run.Application.ID)...)
	}
	if len(p.calls) == 0 {
		return h.absent(s, missing, p.from, p.to)
	}
	if len(keep(p.calls, misshapen)) > 0 {
		return h.blocked("PAY-02", "A payment call came and was refused for its form; see PAY-02.")
	}
	if len(keep(p.calls, reversed)) > 0 {
		return h.blocked("PAY-04", "A payment call came and was refused for its period; see PAY-04.")
	}
	if findings := misnamed(p.calls, missing.what+" report", location, h.run.Application.ID); len(findings) > 0 {
		return h.fail(findings...)
	}
	return h.fail(refusal(p.calls[len(p.calls)-1], missing.what))
}

// reports returns all payment calls of the payment story for its location, or a verdict that
// there are none.
func (h *hearing) reports() ([]journal.Record, *Verdict) {
	var calls []journal.Record
	for _, p := range h.payments() {
		calls = append(calls, p.calls...)
	}
	if len(calls) == 0 {
		v := h.blocked("PAY-01", "No payment call came; see PAY-01.")
		return nil, &v
	}
	return inOrder(calls), nil
}

// illegible is the verdict about a call in which a field cannot be read: the contract requirement
// speaks of it, unless it is our record that spoils it.
func (h *hearing) illegible(call journal.Record, what string) Verdict {
	if misshapen(call) || len(errorsOf(call)) > 0 {
		return h.blocked("PAY-02", fmt.Sprintf("A payment call came without %s that can be read; see PAY-02.", what))
	}
	return h.unclear(OfHarness, fmt.Sprintf("The record of a payment call has not %s that can be read.", what), call.Seq)
}

func judgePaymentContract(h *hearing) Verdict {
	calls, none := h.reports()
	if none != nil {
		return *none
	}
	for _, p := range h.paidIn(journal.StoryChargeback) {
		calls = append(calls, p.calls...)
	}
	return h.contract(inOrder(calls), "The payment report")
}

func judgePaymentSum(h *hearing) Verdict {
	if _, none := h.reports(); none != nil {
		return *none
	}
	var findings []Finding
	var evidence []int64
	for _, p := range h.allPayments() {
		declared := p.hook.Hook.Payment
		if declared == nil || declared.Sum == "" || declared.Currency == "" {
			return h.unclear(OfConfiguration,
				"Only the integration knows what the pay hook pays: use {{.Payment.Sum}} in the hook, or declare payment.sum and payment.currency.", p.hook.Seq)
		}
		for _, call := range p.calls {
			body := fields(call)
			sum, currency := text(body["payment_sum"]), text(body["currency_iso"])
			wrongSum, wrongCurrency := !equalSums(sum, declared.Sum), currency != declared.Currency
			if sum == "" || currency == "" || wrongSum && violates(call, "/payment_sum") || wrongCurrency && violates(call, "/currency_iso") {
				return h.illegible(call, "a sum and a currency")
			}
			evidence = append(evidence, call.Seq)
			if wrongSum {
				findings = append(findings, Finding{
					Seen:    "The reported sum is not the one that was paid.",
					Pointer: "/payment_sum", Expected: declared.Sum, Received: clip(sum, 40), Record: call.Seq,
				})
			}
			if wrongCurrency {
				findings = append(findings, Finding{
					Seen:    "The reported currency is not the one that was paid.",
					Pointer: "/currency_iso", Expected: declared.Currency, Received: clip(currency, 40), Record: call.Seq,
				})
			}
		}
	}
	if len(findings) > 0 {
		return h.fail(findings...)
	}
	return h.pass("Sum and currency are right in "+plural(len(evidence), "report", "reports")+".", evidence...)
}

func judgePaymentPeriod(h *hearing) Verdict {
	calls, none := h.reports()
	if none != nil {
		return *none
	}
	s := h.story(journal.StoryPayment)
	var covered coverage
	if active := s.transitions(s.cast[journal.RoleLocation], journal.StateActive); len(active) > 0 {
		covered.trialEnd = clock(active[0]).AddDate(0, 0, h.run.Application.TrialDays)
	}
	var findings []Finding
	for _, call := range calls {
		d, ok := datesOf(call)
		if !ok {
			return h.illegible(call, "dates")
		}
		if f := periodProblem(call, d, covered); f != nil {
			findings = append(findings, *f)
			continue
		}
		covered.paid = append(covered.paid, d)
	}
	if len(findings) > 0 {
		return h.fail(findings...)
	}
	return h.pass("The periods are in order and cover what was paid.", seqs(calls...)...)
}

func judgePaymentOnce(h *hearing) Verdict {
	payments := h.allPayments()
	var evidence []int64
	for i, p := range payments {
		ok := inOrder(accepted(p.calls), accepted(h.misplaced(p)))
		evidence = append(evidence, seqs(ok...)...)
		if len(ok) > 1 {
			return h.fail(Finding{
				Seen:     fmt.Sprintf("Payment %d was reported %d times; the platform has recorded %d payments.", i+1, len(ok), len(ok)),
				Expected: "1 accepted call", Received: fmt.Sprintf("%d accepted calls", len(ok)), Record: ok[1].Seq,
			})
		}
	}
	return h.pass(plural(len(payments), "payment", "payments")+", each reported once.", evidence...)
}
