package fakealtegio

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/altegio-readiness/harness/fakealtegio/journal"
)

// Installation is the link between an application and a location, a copy.
type Installation struct {
	State       string    // one of the State constants of package journal; "none" if there never was a link
	Created     time.Time // of the link: the last Connect click
	Activated   time.Time // last activation
	TrialEnds   time.Time // zero before the first activation; the trial is given once
	PaidUntil   time.Time // end of the last payment that still stands, zero without one
	WebhookURLs []string  // of the last installation, entity webhooks would go there
	Payments    []Payment
	History     []Change // oldest first
}

// Change is an entry of the platform's log of an installation.
type Change struct {
	At       time.Time
	From, To string
	Source   string // "marketplace", "partner_api" or "system"
	Reason   string // for the reader of the story, not on the wire
}

// Sources of a [Change]. The first two are seen in the sample answers of the connection status
// (Developer Tools 1.0.0, https://developer.alteg.io/en/developers/openapi); what the platform
// writes when time runs out is not published.
const (
	sourceMarketplace = "marketplace"
	sourcePartner     = "partner_api"
	sourceSystem      = "system"
)

// Installation returns what is known of an application at a location. It is of state "none" for a
// location or an application that does not exist.
func (p *Platform) Installation(app, location int64) Installation {
	in, _ := p.world.installation(app, location)
	return in
}

// ErrConnected is returned for a Connect click on an application that is connected already: the
// dialog leaves such locations out ("Connecting several locations",
// https://support.alteg.io/hc/en-us/articles/6756399400477).
var ErrConnected = errors.New("the application is connected already")

// ErrNotConnected is returned for a disconnect where nothing is connected.
var ErrNotConnected = errors.New("the application is not connected")

// link is the working copy of an installation. The states and the events that lead from one to
// the next are those of the platform's own tool (github.com/altegio/altegio-integrations-hub-mcp,
// docs/marketplace-internals).
type link struct {
	app         *Application
	location    int64
	state       string
	created     time.Time
	activated   time.Time
	trialEnds   time.Time
	expired     bool // the last pending link ran out unused
	webhookURLs []string
	payments    []*payment
	history     []Change
	// coveredFrom is where the paid time is counted from: the end of the trial, or a later activation.
	coveredFrom time.Time
	// coveredTo is the moment until which trial and payments reach without a gap longer than the
	// grace; ahead are the payments that lie beyond such a gap.
	coveredTo time.Time
	ahead     []*payment
	// refundDue is when the refund of the current period takes effect, zero if there is none.
	refundDue time.Time
	// due is when time next changes the state, zero for never; see plan.
	due time.Time
}

func (l *link) copy() Installation {
	in := Installation{
		State:       l.state,
		Created:     l.created,
		Activated:   l.activated,
		TrialEnds:   l.trialEnds,
		PaidUntil:   l.paidUntil(),
		WebhookURLs: slices.Clone(l.webhookURLs),
		History:     slices.Clone(l.history),
	}
	for _, pay := range l.payments {
		in.Payments = append(in.Payments, pay.public())
	}
	return in
}

// move changes the state and writes the log.
func (l *link) move(now time.Time, to, source, reason string) transition {
	from, logged := l.state, l.state
	if from == journal.StateNone {
		logged = journal.StateUninstalled // as the platform's log begins
	}
	l.state = to
	c := Change{At: now, From: logged, To: to, Source: source, Reason: reason}
	l.history = append(l.history, c)
	return transition{app: l.app.ID, location: l.location, change: c, from: from}
}

// connect makes pending links at all locations, or at none.
func (w *world) connect(app *Application, locations []int64) ([]transition, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, id := range locations {
		pl, l := w.link(app.ID, id)
		if pl == nil {
			return nil, unknownLocation(id)
		}
		if l != nil && (l.state == journal.StateActive || l.state == journal.StateFreezed) {
			return nil, fmt.Errorf("location %d: %w", id, ErrConnected)
		}
	}
	var ts []transition
	for _, id := range locations {
		pl, l := w.link(app.ID, id)
		if l == nil {
			l = &link{app: app, location: id, state: journal.StateNone}
			pl.links[app.ID] = l
		}
		now, again := w.clock(pl), l.state == journal.StatePending
		l.created, l.expired = now, false
		if again { // the click renews the link and the log has nothing to tell
			ts = append(ts, transition{app: app.ID, location: id, from: l.state, change: Change{
				At: now, From: l.state, To: l.state, Source: sourceMarketplace, Reason: "connect pressed again",
			}})
		} else {
			ts = append(ts, l.move(now, journal.StatePending, sourceMarketplace, "connect"))
		}
		w.plan(l)
	}
	return ts, nil
}

// install answers an installation by the integration: only a pending link in its window becomes active.
func (w *world) install(app *Application, location int64, webhookURLs []string) ([]transition, *refusal) {
	w.mu.Lock()
	defer w.mu.Unlock()
	pl, l := w.link(app.ID, location)
	switch {
	case l != nil && l.state == journal.StateActive:
		return nil, denied(journal.RefusedAlreadyInstalled, messageAlreadyInstalled)
	case l != nil && l.state == journal.StateFreezed:
		return nil, denied(journal.RefusedAlreadyInstalled, messageAlreadyInstalled, choiceInstallFreezed)
	case l != nil && l.expired:
		return nil, denied(journal.RefusedExpired, messageDenied, choicePendingWindow, choiceExpiredLink)
	case l == nil || l.state != journal.StatePending:
		return nil, denied(journal.RefusedNoPendingLink, messageDenied, choiceNoPendingLink)
	}
	now := w.clock(pl)
	if now.After(l.created.Add(w.window)) {
		return nil, denied(journal.RefusedExpired, messageDenied, choicePendingWindow, choiceExpiredLink)
	}
	l.activated, l.webhookURLs = now, webhookURLs
	// The trial is given once for an application and a location, as observed in an integration;
	// its length is set in the cabinet ("Working with subscription payments",
	// https://support.alteg.io/hc/en-us/articles/6746128692893).
	if l.trialEnds.IsZero() {
		l.trialEnds = now.AddDate(0, 0, app.TrialDays)
	}
	l.coveredFrom = later(now, l.trialEnds)
	l.cover(now)
	t := l.move(now, journal.StateActive, sourcePartner, "installed by the integration")
	w.plan(l)
	return []transition{t}, nil
}

// disconnect ends a link, by the owner or by the integration.
func (w *world) disconnect(app, location int64, source, reason string) ([]transition, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	pl, l := w.link(app, location)
	if pl == nil {
		return nil, unknownLocation(location)
	}
	if l == nil || l.state == journal.StateUninstalled {
		return nil, ErrNotConnected
	}
	now := w.clock(pl)
	l.expired, l.refundDue = false, time.Time{}
	t := l.move(now, journal.StateUninstalled, source, reason)
	w.plan(l)
	return []transition{t}, nil
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}
