package scenario

import (
	"context"
	"slices"
	"time"

	"github.com/altegio-readiness/harness/fakealtegio/journal"
)

// afterRefusal is how much longer is waited once a call has come and was refused: a refusal is
// an answer, and an integration that repeats the call differently does so at once.
const afterRefusal = 2 * time.Second

// expectation is a call that should come.
type expectation struct {
	token, what, moment string
	role                string
	since               int64 // records after this one count
	limit               time.Duration
	operations          []string
	anyResult           bool // a refused call will do as well
	found               func(journal.Record)
}

// await waits for a call of the integration that the platform accepts, and records the wait.
func (a *act) await(ctx context.Context, e expectation) (bool, error) {
	location := a.id(e.role)
	began, limit, seq := time.Now(), e.limit, e.since
	wait := &journal.Wait{
		For: e.token, What: e.what + " " + a.name(e.role), Moment: e.moment,
		LimitMS: float64(e.limit.Milliseconds()),
	}
	a.tell("waiting for %s, at most %s", wait.What, e.limit)
	for !wait.Met {
		rec, err := a.next(ctx, limit-time.Since(began), seq, func(rec journal.Record) bool {
			// A call for another location is looked at too: it may be the one that was meant.
			return isCall(rec) && slices.Contains(e.operations, rec.Exchange.Operation)
		})
		if ctx.Err() != nil {
			return false, ctx.Err()
		}
		if err != nil {
			break // nothing more came
		}
		seq = rec.Seq
		switch {
		case rec.Location == location && (e.anyResult || rec.Exchange.Refused == ""):
			wait.Met, wait.Seq = true, rec.Seq
			a.slowest = max(a.slowest, rec.At.Sub(began)) // negative when it came during the hook
			if e.found != nil {
				e.found(rec)
			}
		case rec.Exchange.Refused != "":
			limit = min(limit, time.Since(began)+afterRefusal)
		}
	}
	wait.Millis = float64(time.Since(began).Milliseconds())
	return wait.Met, a.record(journal.Record{Kind: journal.KindWait, Location: location, Wait: wait})
}

// quiet makes sure that nothing more is done for the roles, and records whether that was so.
// Asking for the status does no harm and does not count.
func (a *act) quiet(ctx context.Context, moment string, roles ...string) error {
	var ids []int64
	for _, role := range roles {
		ids = append(ids, a.id(role))
	}
	since, began, limit := a.Journal.Seq(), time.Now(), a.quietWindow()
	a.tell("making sure for %s that nothing more comes", limit.Round(time.Millisecond))
	rec, err := a.next(ctx, limit, since, func(rec journal.Record) bool {
		return isCall(rec) && slices.Contains(ids, rec.Location) &&
			slices.Contains([]string{journal.OpInstall, journal.OpRedirect, journal.OpPayment, journal.OpRefund}, rec.Exchange.Operation)
	})
	if ctx.Err() != nil {
		return ctx.Err()
	}
	return a.record(journal.Record{Kind: journal.KindWait, Location: ids[0], Wait: &journal.Wait{
		For: "silence", What: "nothing more for " + a.name(roles[0]), Moment: moment,
		Met: err != nil, LimitMS: float64(limit.Milliseconds()), Millis: float64(time.Since(began).Milliseconds()), Seq: rec.Seq,
	}})
}

// next returns the first matching record after seq, or an error when the limit has passed.
func (a *act) next(ctx context.Context, limit time.Duration, seq int64, match func(journal.Record) bool) (journal.Record, error) {
	limited, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	return a.Journal.Await(limited, seq, match)
}

// probe asks observe.connected once, if it is configured. What it answers is in the journal.
func (a *act) probe(ctx context.Context, p *person, role, moment string) error {
	_, err := a.ask(ctx, p, role, moment)
	return err
}

// probeUntil asks observe.connected until it answers as wanted or the limit for expected calls
// has passed: an integration may take a webhook first and work on it afterwards. The last answer
// counts.
func (a *act) probeUntil(ctx context.Context, p *person, role, moment string, want bool) error {
	const firstPause, longestPause = 20 * time.Millisecond, time.Second
	began := time.Now()
	deadline := began.Add(a.Config.Limits.Wait)
	for pause := firstPause; ; pause = min(2*pause, longestPause) {
		got, err := a.ask(ctx, p, role, moment)
		if err == nil && got != nil && *got == want {
			a.slowest = max(a.slowest, time.Since(began)) // webhooks may be worked off as slowly
			return nil
		}
		if err != nil || got == nil || time.Now().After(deadline) {
			return err
		}
		a.tell("asking observe.connected again until it is %t", want)
		timer := time.NewTimer(pause)
		select {
		case <-timer.C:
		case <-ctx.Done():
			timer.Stop()
			return ctx.Err()
		}
	}
}

func (a *act) ask(ctx context.Context, p *person, role, moment string) (*bool, error) {
	if !a.Driver.Has("observe.connected") {
		return nil, nil
	}
	call := a.call(p, role)
	call.Moment = moment
	got, err := a.Driver.Probe(ctx, "observe.connected", call)
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	if err != nil {
		return nil, nil // recorded with its error
	}
	return got, nil
}

func (a *act) name(role string) string {
	location := a.locations[role]
	return location.Title + " (" + role + ")"
}

func isCall(rec journal.Record) bool {
	return rec.Exchange != nil && rec.Exchange.Direction == journal.ToPlatform
}
