package fakealtegio

import (
	"slices"
	"time"

	"github.com/altegio-readiness/harness/fakealtegio/journal"
)

// Payment is what an integration reported. Its times are meant as the local time of the location;
// which zone the platform reads them in is not published.
type Payment struct {
	ID         int64
	Sum        string // decimal, as received
	Currency   string
	Date       time.Time
	From, To   time.Time // both inclusive
	ReportedAt time.Time
	RefundedAt time.Time // zero if not refunded
}

// payment is kept for every report there ever was, a hundred thousand under load, hence small.
type payment struct {
	id             int64
	link           *link
	sum            string
	currency       [3]byte
	refunded, void bool // void: refunded while its period had not passed, covers nothing any more
	// Seconds of Unix time.
	date, from, to         int64
	reportedAt, refundedAt int64
	earliest, latest       int64 // the period in the zones that make it begin earliest and end latest
}

func (p *payment) public() Payment {
	pay := Payment{
		ID: p.id, Sum: p.sum, Currency: string(p.currency[:]),
		Date: at(p.date), From: at(p.from), To: at(p.to), ReportedAt: at(p.reportedAt),
	}
	if p.refunded {
		pay.RefundedAt = at(p.refundedAt)
	}
	return pay
}

// at is a moment of the wall clock, UTC.
func at(unix int64) time.Time { return time.Unix(unix, 0).UTC() }

const (
	// Payments carry no zone. Those in use lie between these, and a partner that writes the time
	// of any of them is not wrong about the present.
	easternmost = 14 * time.Hour
	westernmost = -12 * time.Hour
	// grace is the time between the end of what is paid and the freeze: "within 24 hours" in
	// "Working with subscription payments", https://support.alteg.io/hc/en-us/articles/6746128692893.
	grace = 24 * time.Hour
	// refundDelay lies within the hour in which the same article has an application disabled
	// after the refund of the current period.
	refundDelay = 30 * time.Minute
)

// covers tells whether the period includes a moment, whatever zone it was written in.
func (p *payment) covers(t time.Time) bool {
	return p.earliest <= t.Unix() && t.Unix() <= p.latest
}

// zone returns the time zone in which the dates of a location are read.
func (w *world) zone(location int64) *time.Location {
	w.mu.Lock()
	defer w.mu.Unlock()
	if pl := w.places[location]; pl != nil {
		return pl.zone
	}
	return time.UTC
}

// pay records a payment. It prolongs what is paid and lifts a freeze if it covers the present
// (github.com/altegio/altegio-integrations-hub-mcp, docs/marketplace-internals). There is no
// idempotency: the same report again is another payment.
func (w *world) pay(app *Application, location int64, pay *payment) (int64, []transition, *refusal) {
	w.mu.Lock()
	defer w.mu.Unlock()
	pl, l := w.link(app.ID, location)
	switch {
	case l != nil && l.state == journal.StatePending:
		return 0, nil, denied(journal.RefusedNotInstalled, messageDenied, choicePaymentPending)
	case l == nil || l.state == journal.StateUninstalled:
		return 0, nil, denied(journal.RefusedNotInstalled, messageDenied, choicePaymentUnlinked)
	}
	now := w.clock(pl)
	w.nextPayment += 1 + w.random.Int64N(89) // others pay, too
	pay.id, pay.link, pay.reportedAt = w.nextPayment, l, now.Unix()
	w.payments[pay.id] = pay
	l.payments = append(l.payments, pay)

	l.join(pay, now)

	var ts []transition
	if pay.covers(now) {
		l.refundDue = time.Time{}
		if l.state == journal.StateFreezed {
			// What the zone left open is decided: it was paid for now, whatever the dates say.
			l.coveredFrom, l.coveredTo = later(l.coveredFrom, now), later(l.coveredTo, now)
			ts = append(ts, l.move(now, journal.StateActive, sourcePartner, "a payment covers the present"))
		}
	}
	w.plan(l)
	return pay.id, ts, nil
}

// paymentPlace returns the application and the location of a payment, zero if there is none of that id.
func (w *world) paymentPlace(id int64) (app, location int64) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if pay := w.payments[id]; pay != nil {
		return pay.link.app.ID, pay.link.location
	}
	return 0, 0
}

// refund takes a payment back. If it covers the present and no other payment does, the link freezes soon.
func (w *world) refund(dev *developer, id int64) *refusal {
	w.mu.Lock()
	defer w.mu.Unlock()
	pay := w.payments[id]
	if pay == nil || dev.apps[pay.link.app.ID] == nil {
		return invalid(journal.RefusedUnknownPayment, fieldErrors{"payment_id": {"The payment does not exist."}}, choiceRefundUnknown)
	}
	if pay.refunded {
		return invalid(journal.RefusedAlreadyRefunded, fieldErrors{"payment_id": {"The payment has been refunded already."}}, choiceRefundTwice)
	}
	l := pay.link
	now := w.clock(w.places[l.location])
	pay.refunded, pay.refundedAt = true, now.Unix()
	pay.void = pay.latest >= now.Unix()
	if l.state == journal.StateActive && pay.covers(now) && !l.coveredAt(now) {
		l.refundDue = now.Add(refundDelay)
	}
	l.cover(now)
	w.plan(l)
	return nil
}

// coveredAt tells whether a payment that still stands covers a moment.
func (l *link) coveredAt(t time.Time) bool {
	for _, pay := range l.payments {
		if !pay.void && pay.covers(t) {
			return true
		}
	}
	return false
}

// paidUntil is the end of the last payment that still stands, zero without one.
func (l *link) paidUntil() (end time.Time) {
	for _, pay := range l.payments {
		if !pay.void {
			end = later(end, at(pay.to))
		}
	}
	return end
}

// cover works out anew until when trial and payments reach.
func (l *link) cover(now time.Time) {
	l.coveredTo, l.ahead = l.coveredFrom, nil
	for _, pay := range l.payments {
		l.join(pay, now)
	}
}

// join adds a payment to what is covered if there is no gap longer than the grace between them,
// and keeps it for later otherwise. Its cost does not grow with the number of payments, as long as
// they do not lie in a future of their own.
func (l *link) join(pay *payment, now time.Time) {
	if pay.void {
		return
	}
	joins := func(pay *payment) bool {
		return pay.earliest <= now.Unix() || !at(pay.from).After(l.coveredTo.Add(grace))
	}
	if !joins(pay) {
		l.ahead = append(l.ahead, pay)
		return
	}
	for grown := at(pay.to).After(l.coveredTo); grown; {
		l.coveredTo, grown = later(l.coveredTo, at(pay.to)), false
		for i, waiting := range l.ahead {
			if joins(waiting) {
				l.ahead = slices.Delete(l.ahead, i, i+1)
				pay, grown = waiting, true
				break
			}
		}
	}
}
