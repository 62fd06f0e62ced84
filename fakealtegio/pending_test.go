package fakealtegio_test

import (
	"slices"
	"testing"
	"time"

	"github.com/altegio-readiness/harness/fakealtegio"
	"github.com/altegio-readiness/harness/fakealtegio/journal"
)

func TestPendingLinkLastsOneHour(t *testing.T) {
	t.Run("to the second", func(t *testing.T) {
		h := open(t)
		loc := h.location(journal.StatePending)
		h.clock.turn(time.Hour)
		h.install(app, loc)
	})
	t.Run("not longer", func(t *testing.T) {
		h := open(t)
		loc := h.location(journal.StatePending)
		h.clock.turn(time.Hour + time.Second)
		h.post(pathInstall, installBody(loc, app)).want(403, journal.RefusedExpired)
	})
	t.Run("then it is cleaned up, and Connect makes another", func(t *testing.T) {
		h := open(t)
		loc := h.location(journal.StatePending)
		if sent := h.advance(loc, time.Hour); len(sent) != 0 {
			t.Errorf("webhooks: %+v", sent)
		}
		if got := h.Installation(app, loc).State; got != journal.StateUninstalled {
			t.Errorf("state: %s", got)
		}
		h.post(pathInstall, installBody(loc, app)).want(403, journal.RefusedExpired)
		h.connect(app, loc)
		h.install(app, loc)
		want := []string{"none pending marketplace", "pending uninstalled system", "uninstalled pending marketplace", "pending active partner_api"}
		if got := h.transitions(loc); !slices.Equal(got, want) {
			t.Errorf("transitions: got %q, want %q", got, want)
		}
	})
	t.Run("unless configured", func(t *testing.T) {
		h := open(t, func(c *fakealtegio.Config) { c.PendingWindow = 12 * time.Hour })
		loc := h.location(journal.StatePending)
		h.advance(loc, 11*time.Hour)
		h.install(app, loc)
	})
	t.Run("from the last click", func(t *testing.T) {
		h := open(t)
		loc := h.location(journal.StatePending)
		h.advance(loc, 40*time.Minute)
		h.connect(app, loc)
		h.advance(loc, 40*time.Minute)
		h.install(app, loc)
		want := []string{"none pending marketplace", "pending pending marketplace", "pending active partner_api"}
		if got := h.transitions(loc); !slices.Equal(got, want) {
			t.Errorf("transitions: got %q, want %q", got, want)
		}
	})
}
