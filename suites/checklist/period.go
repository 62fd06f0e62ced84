package checklist

import (
	"time"

	"github.com/altegio-readiness/harness/fakealtegio/journal"
)

// wireTime is how the marketplace writes dates: local to the location, without a zone.
// Source: Developer Tools 1.0.0 and Altegio's integrations hub.
const wireTime = "2006-01-02 15:04:05"

const (
	// zoneTolerance is how far a date without zone may be from the location's clock: nobody says in
	// which time zone it is meant, and no two zones are further apart than this from UTC.
	zoneTolerance = 14 * time.Hour
	// joinTolerance is how far the beginning of a renewed period may be from the end of the one
	// before: both ends are inclusive and may be rounded to days, one of them of 25 hours.
	joinTolerance = 25 * time.Hour
	// clockSkew is how far the clock of another machine may be off.
	clockSkew = 5 * time.Minute
)

// dates are those of a payment call.
type dates struct{ from, to, paid time.Time }

// datesOf reads the three dates of a payment call.
func datesOf(call journal.Record) (dates, bool) {
	body := fields(call)
	from, err1 := time.Parse(wireTime, text(body["period_from"]))
	to, err2 := time.Parse(wireTime, text(body["period_to"]))
	paid, err3 := time.Parse(wireTime, text(body["payment_date"]))
	return dates{from, to, paid}, err1 == nil && err2 == nil && err3 == nil
}

// reversed reports whether a period ends before it begins, for which the platform refuses it.
func reversed(call journal.Record) bool {
	d, ok := datesOf(call)
	return ok && d.to.Before(d.from)
}

// coverage is until when a location is known to be paid for or on trial.
type coverage struct {
	trialEnd time.Time // by the location's clock, the zero time without trial
	paid     []dates   // before, in no order
}

// reaches reports whether there is no gap between what is covered and the beginning of a period.
func (c coverage) reaches(from, paid time.Time) bool {
	if !from.After(paid.Add(zoneTolerance)) {
		return true
	}
	if !c.trialEnd.IsZero() && !from.After(c.trialEnd.Add(joinTolerance+zoneTolerance)) {
		return true
	}
	for _, before := range c.paid {
		if !from.After(before.to.Add(joinTolerance)) {
			return true
		}
	}
	return false
}

// periodProblem says what is wrong with the dates of a payment call, nil if nothing is.
func periodProblem(call journal.Record, d dates, covered coverage) *Finding {
	now := clock(call)
	switch {
	case d.to.Before(d.from):
		return &Finding{
			Seen:    "The reported period ends before it begins.",
			Pointer: "/period_to", Expected: "not before period_from, " + d.from.Format(wireTime), Received: d.to.Format(wireTime), Record: call.Seq,
		}
	case d.paid.Sub(now).Abs() > zoneTolerance+clockSkew:
		return &Finding{
			Seen:    "payment_date is not the time of the payment.",
			Pointer: "/payment_date", Expected: now.UTC().Format(wireTime) + " UTC, give or take 14 hours", Received: d.paid.Format(wireTime), Record: call.Seq,
		}
	case d.to.Before(d.paid.Add(-zoneTolerance)):
		return &Finding{
			Seen:    "The reported period is over before the payment was made.",
			Pointer: "/period_to", Expected: "a period around " + d.paid.Format(wireTime) + ", or one that follows the period paid before",
			Received: d.from.Format(wireTime) + " to " + d.to.Format(wireTime), Record: call.Seq,
		}
	case !covered.reaches(d.from, d.paid):
		return &Finding{
			Seen:    "The reported period neither covers the payment nor joins the trial or a period paid before.",
			Pointer: "/period_from", Expected: "a period around " + d.paid.Format(wireTime) + ", or one that follows the period paid before",
			Received: d.from.Format(wireTime) + " to " + d.to.Format(wireTime), Record: call.Seq,
		}
	}
	return nil
}
