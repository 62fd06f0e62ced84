package fakealtegio

import (
	"context"
	"fmt"
	"time"

	"github.com/altegio-readiness/harness/fakealtegio/journal"
)

// Clock is the time at a location, UTC; the zero time for a location that does not exist.
func (p *Platform) Clock(location int64) time.Time {
	_, clock, _ := p.world.where(location)
	return clock
}

// Advance moves the clock of a location. What falls due on the way happens in its order and at its
// time: a pending link that was not used is cleaned up; an application whose trial or paid period has
// been over for a day freezes, and so does one whose current period was refunded, each with a
// webhook. The deliveries are returned; an error of the context leaves the clock at the last event.
func (p *Platform) Advance(ctx context.Context, location int64, d time.Duration) ([]Delivery, error) {
	if d < 0 {
		return nil, fmt.Errorf("advance location %d by %v: clocks do not go back", location, d)
	}
	_, clock, ok := p.world.where(location)
	if !ok {
		return nil, unknownLocation(location)
	}
	return p.run(ctx, location, clock.Add(d))
}

// Tick lets happen what has fallen due in real time, at all locations. A platform that serves
// without suites calls it every few seconds; each delivery is awaited.
func (p *Platform) Tick(ctx context.Context) []Delivery {
	var all []Delivery
	for _, location := range p.world.late() {
		if ctx.Err() != nil {
			break
		}
		sent, _ := p.run(ctx, location, p.Clock(location)) // the only error is the context's
		all = append(all, sent...)
	}
	return all
}

// run lets everything happen at a location that is due up to a moment, and moves its clock there.
func (p *Platform) run(ctx context.Context, location int64, until time.Time) ([]Delivery, error) {
	var sent []Delivery
	for {
		if err := ctx.Err(); err != nil {
			return sent, err
		}
		t, ok := p.step(location, until)
		if !ok {
			return sent, nil
		}
		if t.change.To == journal.StateFreezed {
			sent = append(sent, p.deliver(ctx, p.apps[t.app], location, Webhook{Event: EventFreeze}))
		}
	}
}

func (p *Platform) step(location int64, until time.Time) (transition, bool) {
	turn := p.turn(location)
	turn.Lock()
	defer turn.Unlock()
	t, ok := p.world.step(location, until)
	if ok {
		p.recordTransitions([]transition{t})
	}
	return t, ok
}

// late returns the locations at which something is due.
func (w *world) late() []int64 {
	w.mu.Lock()
	defer w.mu.Unlock()
	var ids []int64
	for _, pl := range w.order {
		if _, due := pl.next(w.clock(pl)); due {
			ids = append(ids, pl.location.ID)
		}
	}
	return ids
}

// next returns the link whose time comes first, if it comes until a moment. The lower
// application id goes first, so that runs repeat.
func (pl *place) next(until time.Time) (first *link, ok bool) {
	for _, l := range pl.links {
		if l.due.IsZero() || l.due.After(until) {
			continue
		}
		if first == nil || l.due.Before(first.due) || l.due.Equal(first.due) && l.app.ID < first.app.ID {
			first = l
		}
	}
	return first, first != nil
}

// step moves the clock to the next event until a moment and lets it happen, or to that moment if
// there is none. The clock never goes back.
func (w *world) step(location int64, until time.Time) (transition, bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	pl := w.places[location]
	if pl == nil {
		return transition{}, false
	}
	now := w.clock(pl)
	l, ok := pl.next(later(until, now))
	if !ok {
		if until.After(now) {
			pl.offset += until.Sub(now)
		}
		return transition{}, false
	}
	if l.due.After(now) {
		pl.offset += l.due.Sub(now)
		now = l.due
	}
	var t transition
	switch {
	case l.state == journal.StatePending:
		l.expired = true
		t = l.move(now, journal.StateUninstalled, sourceSystem, "the pending link expired")
	case !l.refundDue.IsZero():
		t = l.move(now, journal.StateFreezed, sourceSystem, "the current period was refunded")
	case len(l.payments) == 0:
		t = l.move(now, journal.StateFreezed, sourceSystem, "the trial is over and nothing is paid")
	default:
		t = l.move(now, journal.StateFreezed, sourceSystem, "the paid period is over")
	}
	l.refundDue = time.Time{}
	w.plan(l)
	return t, true
}

// plan sets when time next changes a link. It is called after every change of the link, because
// only changes move that moment.
func (w *world) plan(l *link) {
	switch {
	case l.state == journal.StatePending:
		l.due = l.created.Add(w.window)
	case l.state != journal.StateActive || l.app.Monetization == MonetizationFree:
		l.due = time.Time{} // free applications never freeze
	case !l.refundDue.IsZero():
		l.due = l.refundDue
	default:
		l.due = l.coveredTo.Add(grace)
	}
}
