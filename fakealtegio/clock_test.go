package fakealtegio_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/altegio-readiness/harness/fakealtegio"
	"github.com/altegio-readiness/harness/fakealtegio/journal"
)

func (h *house) state(app, location int64) string { return h.Installation(app, location).State }

// until checks that an active application freezes after d, and not a second earlier.
func (h *house) until(app, location int64, d time.Duration) {
	h.t.Helper()
	if sent := h.advance(location, d-time.Second); len(sent) != 0 || h.state(app, location) != journal.StateActive {
		h.t.Errorf("a second before %v: %s, webhooks %+v", d, h.state(app, location), sent)
	}
	sent := h.advance(location, time.Second)
	if len(sent) != 1 || sent[0].Status != 200 || h.state(app, location) != journal.StateFreezed {
		h.t.Errorf("at %v: %s, webhooks %+v", d, h.state(app, location), sent)
	}
}

func TestTrialEndsInAFreezeADayLater(t *testing.T) {
	h := open(t)
	h.until(app, h.location(journal.StateActive), 7*day+day)
}

func TestWithoutTrialTheFirstDayIsTheGrace(t *testing.T) {
	h := open(t)
	h.until(freemium, h.at(journal.StateActive, freemium), day)
}

func TestFreeApplicationsNeverFreeze(t *testing.T) {
	h := open(t)
	loc := h.at(journal.StateActive, sibling)
	id := h.pay(sibling, loc, 0, 30)
	h.refund(id)
	if sent := h.advance(loc, 3650*day); len(sent) != 0 || h.state(sibling, loc) != journal.StateActive {
		t.Errorf("after ten years: %s, webhooks %+v", h.state(sibling, loc), sent)
	}
}

func TestTrialIsGivenOnce(t *testing.T) {
	h := open(t)
	loc := h.location(journal.StateActive)
	h.advance(loc, 6*day)
	h.disconnect(app, loc)
	h.connect(app, loc)
	h.install(app, loc)
	h.until(app, loc, day+day)
	h.disconnect(app, loc)
	h.connect(app, loc)
	h.install(app, loc)
	h.until(app, loc, day) // the trial is long over
}

func TestPaidPeriodEndsInAFreezeADayLater(t *testing.T) {
	h := open(t)
	loc := h.location(journal.StateActive)
	h.pay(app, loc, 0, 30)
	if got, want := h.Installation(app, loc).PaidUntil, start.AddDate(0, 0, 30); !got.Equal(want) {
		t.Errorf("paid until %v, want %v", got, want)
	}
	h.until(app, loc, 31*day)
}

func TestRenewalsJoin(t *testing.T) {
	h := open(t)
	loc := h.location(journal.StateActive)
	h.pay(app, loc, 60, 90) // the later one first
	h.pay(app, loc, 30, 60)
	h.pay(app, loc, 0, 30)
	h.until(app, loc, 91*day)
}

func TestGapLongerThanTheGraceFreezes(t *testing.T) {
	h := open(t)
	loc := h.location(journal.StateActive)
	h.pay(app, loc, 0, 30)
	h.pay(app, loc, 32, 60)
	h.until(app, loc, 31*day)
}

func TestLatePaymentEndsTheFreezeWithoutAWebhook(t *testing.T) {
	h := open(t)
	loc := h.location(journal.StateFreezed)
	h.pay(app, loc, 0, 30)
	if got := h.receiver.events(); h.state(app, loc) != journal.StateActive || len(got) != 0 {
		t.Errorf("state %s, webhooks %q", h.state(app, loc), got)
	}
	h.until(app, loc, 31*day)
}

func TestPaymentInAnyZoneCoversThePresent(t *testing.T) {
	h := open(t)
	for hours := -12; hours <= 14; hours++ {
		for _, days := range [][2]int{{0, 30}, {-30, 0}} { // the whole period is off by the partner's zone
			loc := h.location(journal.StateFreezed) // each has another zone
			there := h.Clock(loc).Add(time.Duration(hours) * time.Hour)
			h.post(pathPayment, fmt.Sprintf(`{"salon_id":%d,"application_id":%d,"currency_iso":"EUR","payment_sum":1,"payment_date":"%s","period_from":"%s","period_to":"%s"}`,
				loc, app, there.Format(time.DateTime), there.AddDate(0, 0, days[0]).Format(time.DateTime), there.AddDate(0, 0, days[1]).Format(time.DateTime))).want(200, "")
			if h.state(app, loc) != journal.StateActive {
				t.Errorf("%+d hours, location in %v: %s", hours, h.zones[loc], h.state(app, loc))
			}
		}
	}
}

func TestFreezeDoesNotComeBackWithinADay(t *testing.T) {
	h := open(t)
	loc := h.location(journal.StateFreezed)
	for h.zones[loc].String() != "America/Chicago" {
		loc = h.location(journal.StateFreezed)
	}
	end := h.Clock(loc).In(h.zones[loc]).Add(-5 * time.Hour).Format(time.DateTime) // in Berlin this would be to come
	h.post(pathPayment, fmt.Sprintf(`{"salon_id":%d,"application_id":%d,"currency_iso":"EUR","payment_sum":1,"payment_date":"%[3]s","period_from":"%[3]s","period_to":"%[3]s"}`, loc, app, end)).want(200, "")
	h.until(app, loc, day)
}

func TestRefundOfTheCurrentPeriodFreezesWithinTheHour(t *testing.T) {
	h := open(t)
	loc := h.location(journal.StateActive)
	id := h.pay(app, loc, 0, 30)
	h.advance(loc, 10*day)
	h.refund(id)
	if h.state(app, loc) != journal.StateActive {
		t.Errorf("at once: %s", h.state(app, loc))
	}
	h.until(app, loc, 30*time.Minute)
	h.pay(app, loc, 0, 30)
	if h.state(app, loc) != journal.StateActive {
		t.Errorf("after a new payment: %s", h.state(app, loc))
	}
}

func TestNewPaymentInTimeUndoesTheRefund(t *testing.T) {
	h := open(t)
	loc := h.location(journal.StateActive)
	h.refund(h.pay(app, loc, 0, 30))
	h.pay(app, loc, 0, 30)
	h.until(app, loc, 31*day)
}

func TestRefundOfAnotherPeriodFreezesNothing(t *testing.T) {
	t.Run("a past one", func(t *testing.T) {
		h := open(t)
		loc := h.location(journal.StateActive)
		old := h.pay(app, loc, 0, 30)
		h.advance(loc, 30*day)
		h.pay(app, loc, 0, 30)
		h.advance(loc, 5*day)
		h.refund(old)
		h.until(app, loc, 26*day)
	})
	t.Run("a past one, in the grace", func(t *testing.T) {
		h := open(t)
		loc := h.location(journal.StateActive)
		for h.zones[loc].String() != "America/Chicago" { // where it is past in every zone
			loc = h.location(journal.StateActive)
		}
		id := h.pay(app, loc, 0, 30)
		h.advance(loc, 30*day+20*time.Hour)
		h.refund(id)
		h.until(app, loc, 4*time.Hour)
	})
	t.Run("a future one", func(t *testing.T) {
		h := open(t)
		loc := h.location(journal.StateActive)
		h.pay(app, loc, 0, 30)
		h.refund(h.pay(app, loc, 30, 60))
		h.until(app, loc, 31*day)
	})
	t.Run("one of two for the present", func(t *testing.T) {
		h := open(t)
		loc := h.location(journal.StateActive)
		h.pay(app, loc, 0, 30)
		h.refund(h.pay(app, loc, 0, 60))
		h.until(app, loc, 31*day)
	})
}

func TestRefundForgottenByTheDisconnect(t *testing.T) {
	h := open(t)
	loc := h.location(journal.StateActive)
	h.refund(h.pay(app, loc, 0, 30))
	h.disconnect(app, loc)
	h.connect(app, loc)
	h.install(app, loc)
	h.until(app, loc, 8*day) // the rest of the trial
}

func TestEventsHappenInOrderAndAtTheirTime(t *testing.T) {
	h := open(t)
	loc := h.location(journal.StateActive) // freezes after 8 days
	h.connect(freemium, loc)
	h.install(freemium, loc) // after one
	h.connect(sibling, loc)  // cleaned up after an hour
	h.receiver.forget()
	if sent := h.advance(loc, 9*day); len(sent) != 2 || sent[0].Seq >= sent[1].Seq {
		t.Errorf("webhooks: %+v", sent)
	}
	want := []string{fmt.Sprintf("freeze %d %d", loc, freemium), fmt.Sprintf("freeze %d %d", loc, app)}
	if got := h.receiver.events(); !slices.Equal(got, want) {
		t.Errorf("webhooks: got %q, want %q", got, want)
	}
	var clocks []time.Duration
	for _, r := range h.records() {
		if r.Location == loc && (r.Transition != nil && r.Transition.Source == "system" || r.Exchange != nil && r.Exchange.Direction == journal.FromPlatform) {
			clocks = append(clocks, r.Clock.Sub(start))
		}
	}
	if want := []time.Duration{time.Hour, day, day, 8 * day, 8 * day}; !slices.Equal(clocks, want) {
		t.Errorf("clocks: got %v, want %v", clocks, want)
	}
	if got := h.Clock(loc).Sub(start); got != 9*day {
		t.Errorf("clock: got %v", got)
	}
}

func TestClocksOfLocationsAreTheirOwn(t *testing.T) {
	h := open(t)
	past := h.NewLocation(fakealtegio.LocationOptions{Start: -400 * day}).ID
	other := h.location(journal.StateNone)
	h.advance(past, 3*day)
	h.clock.turn(time.Minute)
	if got, want := h.Clock(past), start.Add(-397*day+time.Minute); !got.Equal(want) || got.Location() != time.UTC {
		t.Errorf("clock: got %v, want %v", got, want)
	}
	if got, want := h.Clock(other), start.Add(time.Minute); !got.Equal(want) {
		t.Errorf("other clock: got %v, want %v", got, want)
	}
	if !h.Clock(55).IsZero() {
		t.Errorf("clock of nothing: %v", h.Clock(55))
	}
}

func TestAdvanceRefusesWhatCannotBe(t *testing.T) {
	h := open(t)
	loc := h.location(journal.StateActive)
	if _, err := h.Advance(t.Context(), loc, -time.Second); err == nil {
		t.Error("backwards: no error")
	}
	if _, err := h.Advance(t.Context(), 55, time.Second); err == nil {
		t.Error("unknown location: no error")
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := h.Advance(ctx, loc, 30*day); !errors.Is(err, context.Canceled) || h.state(app, loc) != journal.StateActive {
		t.Errorf("cancelled: %v, %s", err, h.state(app, loc))
	}
}

func TestTickDoesWhatIsDueInRealTime(t *testing.T) {
	h := open(t)
	first, second, pending := h.location(journal.StateActive), h.location(journal.StateActive), h.location(journal.StatePending)
	h.advance(second, day)
	if sent := h.Tick(t.Context()); len(sent) != 0 {
		t.Errorf("too early: %+v", sent)
	}
	h.clock.turn(7 * day)
	if sent := h.Tick(t.Context()); len(sent) != 1 || h.state(app, second) != journal.StateFreezed || h.state(app, first) != journal.StateActive {
		t.Errorf("after a week: %+v", sent)
	}
	if h.state(app, pending) != journal.StateUninstalled {
		t.Errorf("pending link: %s", h.state(app, pending))
	}
	h.clock.turn(day)
	if sent := h.Tick(t.Context()); len(sent) != 1 || h.state(app, first) != journal.StateFreezed {
		t.Errorf("after another day: %+v", sent)
	}
	if sent := h.Tick(t.Context()); len(sent) != 0 {
		t.Errorf("again: %+v", sent)
	}
}
