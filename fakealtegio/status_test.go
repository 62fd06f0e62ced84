package fakealtegio_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/altegio-readiness/harness/fakealtegio/journal"
)

func TestStatusTellsStateHistoryAndPayments(t *testing.T) {
	h := open(t)
	loc := h.location(journal.StateActive)
	now := start.In(h.zones[loc]).Format(time.DateTime)
	id := h.pay(app, loc, 0, 30)
	h.refund(id)
	r := h.get(pathStatus(loc, app)).want(200, "")
	for _, want := range []string{
		`"status_from":"uninstalled","status_to":"pending","source":"marketplace"`,
		`"status_from":"pending","status_to":"active","source":"partner_api"`,
		fmt.Sprintf(`"id":%d,"payment_sum":990.99,"currency_iso":"EUR","payment_date":"%s","is_refunded":true`, id, now),
		`"period_from":"` + now + `"`, `"connection_status":{"status":"active","created_at":"` + now + `"`,
	} {
		if !strings.Contains(r.body, want) {
			t.Errorf("%s is not in %s", want, r.body)
		}
	}
	if r.record.Location != loc || r.record.Exchange.Application != app {
		t.Errorf("record: %+v", r.record)
	}
}

func TestStatusAndUninstallByState(t *testing.T) {
	nothing := `{"success":false,"data":null,"meta":{}}`
	for state, linked := range map[string]bool{
		journal.StateNone: false, journal.StatePending: true, journal.StateActive: true,
		journal.StateFreezed: true, journal.StateUninstalled: false,
	} {
		t.Run(state, func(t *testing.T) {
			h := open(t)
			loc := h.location(state)
			if !linked {
				h.get(pathStatus(loc, app)).want(404, journal.RefusedNotInstalled).exactly(nothing)
				h.post(pathStatus(loc, app)+"/uninstall", "").want(404, journal.RefusedNotInstalled).exactly(nothing)
				return
			}
			if r := h.get(pathStatus(loc, app)).want(200, ""); !strings.Contains(r.body, `"connection_status":{"status":"`+state+`"`) {
				t.Errorf("status: %s", r.body)
			}
			h.post(pathStatus(loc, app)+"/uninstall", "").want(200, "").exactly(`{"success":true,"data":null,"meta":{}}`)
			if got := h.Installation(app, loc).State; got != journal.StateUninstalled {
				t.Errorf("state: %s", got)
			}
			if got := h.receiver.events(); len(got) != 0 {
				t.Errorf("webhooks: %q", got)
			}
			h.post(pathStatus(loc, app)+"/uninstall", "").want(404, journal.RefusedNotInstalled)
		})
	}
}

func TestOperationsOnALocationAreRefused(t *testing.T) {
	h := open(t)
	loc := h.location(journal.StateActive)
	for name, op := range map[string]struct {
		method string
		path   func(location, app any) string
		absent int
	}{
		"status":    {http.MethodGet, func(l, a any) string { return fmt.Sprintf("/marketplace/salon/%v/application/%v", l, a) }, 404},
		"uninstall": {http.MethodPost, func(l, a any) string { return fmt.Sprintf("/marketplace/salon/%v/application/%v/uninstall", l, a) }, 404},
		"locations": {http.MethodGet, func(_, a any) string { return fmt.Sprintf("/marketplace/application/%v/salons?page=1&count=10", a) }, 200},
	} {
		t.Run(name, func(t *testing.T) {
			h.call(op.method, op.path(loc, app), "", header("Authorization", "")).want(401, journal.RefusedToken)
			h.call(op.method, op.path(loc, app), "", bearer("wrong-token-of-nobody")).want(401, journal.RefusedToken)
			h.call(op.method, op.path(loc, app), "", bearer(otherToken)).want(403, journal.RefusedApplication)
			h.call(op.method, op.path(loc, 999), "").want(403, journal.RefusedApplication)
			h.call(op.method, op.path(loc, "x"), "").want(403, journal.RefusedApplication)
			refused := journal.RefusedNotInstalled
			if op.absent == 200 {
				refused = ""
			}
			h.call(op.method, op.path(55, app), "").want(op.absent, refused)
			h.call(op.method, op.path("x", app), "").want(op.absent, refused)
			h.call(op.method, op.path(loc, sibling), "").want(op.absent, refused)
			h.call(http.MethodPut, op.path(loc, app), "").want(405, journal.RefusedMethod)
			if got := h.Installation(app, loc).State; got != journal.StateActive {
				t.Errorf("state: %s", got)
			}
		})
	}
}

func TestListHasActiveAndFrozenLocationsInPages(t *testing.T) {
	h := open(t)
	var want []int64
	for _, state := range []string{journal.StateActive, journal.StateFreezed, journal.StatePending, journal.StateUninstalled, journal.StateNone, journal.StateActive} {
		if id := h.location(state); state == journal.StateActive || state == journal.StateFreezed {
			want = append(want, id)
		}
	}
	list := func(query string) string {
		return h.get("/marketplace/application/4242/salons"+query).want(200, "").body
	}
	all := list("?page=1&count=1000")
	for _, id := range want {
		if !strings.Contains(all, fmt.Sprintf(`"id":%d,`, id)) {
			t.Errorf("location %d is not in %s", id, all)
		}
	}
	if got := strings.Count(all, `"timezone_name"`); got != len(want) {
		t.Errorf("got %d locations, want %d", got, len(want))
	}
	if list("?page=0&count=2") != list("?page=1&count=2") || list("") != all {
		t.Error("0, 1 and nothing are not the same first page")
	}
	if got := strings.Count(list("?page=2&count=2"), `"timezone_name"`); got != 1 {
		t.Errorf("second page: got %d locations, want 1", got)
	}
	if got := list("?page=9&count=2"); !strings.Contains(got, `"data":[]`) {
		t.Errorf("page after the last: %s", got)
	}
}
