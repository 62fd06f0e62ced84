package fakealtegio_test

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"testing"

	"github.com/altegio-readiness/harness/fakealtegio"
	"github.com/altegio-readiness/harness/fakealtegio/journal"
)

// TestStateMachine is the table of the platform's states: every event in every state.
func TestStateMachine(t *testing.T) {
	const none, pending, active, freezed, uninstalled = journal.StateNone, journal.StatePending,
		journal.StateActive, journal.StateFreezed, journal.StateUninstalled
	connect := func(h *house, loc int64) error {
		_, err := h.Connect(app, fakealtegio.Owner{}, fakealtegio.ConnectOptions{}, loc)
		return err
	}
	call := func(path func(loc int64) string, body func(h *house, loc int64) string) func(*house, int64) error {
		return func(h *house, loc int64) error {
			if r := h.post(path(loc), body(h, loc)); r.status >= 400 {
				return errors.New(r.record.Exchange.Refused)
			}
			return nil
		}
	}
	at := func(path string) func(int64) string { return func(int64) string { return path } }
	install := call(at(pathInstall), func(_ *house, l int64) string { return installBody(l, app) })
	pays := func(from, to int) func(*house, int64) error {
		return call(at(pathPayment), func(h *house, l int64) string { return h.paid(app, l, from, to) })
	}
	leave := call(func(l int64) string { return pathStatus(l, app) + "/uninstall" }, func(*house, int64) string { return "" })
	disconnect := func(h *house, loc int64) error { _, err := h.Disconnect(h.t.Context(), app, loc); return err }
	wait := func(h *house, loc int64) error { _, err := h.Advance(h.t.Context(), loc, 30*day); return err }

	for _, tc := range []struct {
		name    string
		event   func(*house, int64) error
		from    string
		to      string // "" for an error and the state as before
		webhook string // the event sent
		source  string // of the transition, "" for none
	}{
		{"connect", connect, none, pending, "", "marketplace"},
		{"connect", connect, pending, pending, "", "marketplace"},
		{"connect", connect, active, "", "", ""},
		{"connect", connect, freezed, "", "", ""},
		{"connect", connect, uninstalled, pending, "", "marketplace"},

		{"install", install, none, "", "", ""},
		{"install", install, pending, active, "", "partner_api"},
		{"install", install, active, "", "", ""},
		{"install", install, freezed, "", "", ""},
		{"install", install, uninstalled, "", "", ""},

		{"pay for now", pays(0, 30), none, "", "", ""},
		{"pay for now", pays(0, 30), pending, "", "", ""},
		{"pay for now", pays(0, 30), active, active, "", ""},
		{"pay for now", pays(0, 30), freezed, active, "", "partner_api"},
		{"pay for now", pays(0, 30), uninstalled, "", "", ""},
		{"pay for the past", pays(-20, -10), freezed, freezed, "", ""},
		{"pay for the future", pays(10, 20), freezed, freezed, "", ""},

		{"owner disconnects", disconnect, none, "", "", ""},
		{"owner disconnects", disconnect, pending, uninstalled, "uninstall", "marketplace"},
		{"owner disconnects", disconnect, active, uninstalled, "uninstall", "marketplace"},
		{"owner disconnects", disconnect, freezed, uninstalled, "uninstall", "marketplace"},
		{"owner disconnects", disconnect, uninstalled, "", "", ""},

		{"integration disconnects", leave, none, "", "", ""},
		{"integration disconnects", leave, pending, uninstalled, "", "partner_api"},
		{"integration disconnects", leave, active, uninstalled, "", "partner_api"},
		{"integration disconnects", leave, freezed, uninstalled, "", "partner_api"},
		{"integration disconnects", leave, uninstalled, "", "", ""},

		{"a month passes", wait, none, none, "", ""},
		{"a month passes", wait, pending, uninstalled, "", "system"},
		{"a month passes", wait, active, freezed, "freeze", "system"},
		{"a month passes", wait, freezed, freezed, "", ""},
		{"a month passes", wait, uninstalled, uninstalled, "", ""},
	} {
		t.Run(tc.name+" when "+tc.from, func(t *testing.T) {
			h := open(t)
			loc := h.location(tc.from)
			before := h.transitions(loc)
			err := tc.event(h, loc)
			want := tc.to
			if want == "" {
				want = tc.from
			}
			if (err != nil) != (tc.to == "") {
				t.Errorf("error: %v", err)
			}
			if got := h.Installation(app, loc).State; got != want {
				t.Errorf("state: got %s, want %s", got, want)
			}
			var moves []string
			if tc.source != "" {
				moves = []string{tc.from + " " + want + " " + tc.source}
			}
			if got := h.transitions(loc)[len(before):]; !slices.Equal(got, moves) {
				t.Errorf("transitions: got %q, want %q", got, moves)
			}
			var events []string
			if tc.webhook != "" {
				events = []string{fmt.Sprintf("%s %d %d", tc.webhook, loc, app)}
			}
			if got := h.receiver.events(); !slices.Equal(got, events) {
				t.Errorf("webhooks: got %q, want %q", got, events)
			}
		})
	}
}

func TestReconnectKeepsHistoryAndPayments(t *testing.T) {
	h := open(t)
	loc := h.location(journal.StateActive)
	h.pay(app, loc, 0, 5)
	trial := h.Installation(app, loc).TrialEnds
	h.advance(loc, 2*day)
	h.disconnect(app, loc)
	h.connect(app, loc)
	h.install(app, loc)
	in := h.Installation(app, loc)
	if len(in.Payments) != 1 || len(in.History) != 5 || !in.TrialEnds.Equal(trial) {
		t.Errorf("installation: %+v", in)
	}
	if !in.Created.Equal(start.Add(2*day)) || !in.Activated.Equal(start.Add(2*day)) {
		t.Errorf("created %v, activated %v", in.Created, in.Activated)
	}
}

func TestRefusedConnectChangesNothing(t *testing.T) {
	h := open(t)
	free, taken := h.at(journal.StateNone, sibling), h.at(journal.StateActive, sibling)
	owner, o := h.NewOwner("story"), fakealtegio.ConnectOptions{}
	if _, err := h.Connect(sibling, owner, o, free, taken); !errors.Is(err, fakealtegio.ErrConnected) {
		t.Errorf("error: %v", err)
	}
	for name, locations := range map[string][]int64{"unknown": {free, 55}, "twice": {free, free}, "none": {}} {
		if _, err := h.Connect(sibling, owner, o, locations...); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
	if _, err := h.Connect(app, owner, o, free, h.location(journal.StateNone)); err == nil {
		t.Error("several locations although the application does not allow them: no error")
	}
	if _, err := h.Connect(999, owner, o, free); err == nil {
		t.Error("unknown application: no error")
	}
	if got := h.Installation(sibling, free).State; got != journal.StateNone {
		t.Errorf("state: %s", got)
	}
}

func TestApplicationsOfOneDeveloperAreInstalledApart(t *testing.T) {
	h := open(t)
	loc := h.location(journal.StateActive)
	h.connect(sibling, loc)
	h.install(sibling, loc)
	h.disconnect(app, loc)
	if got := h.Installation(sibling, loc).State; got != journal.StateActive {
		t.Errorf("state of the sibling: %s", got)
	}
	h.get(pathStatus(loc, app)).want(http.StatusNotFound, journal.RefusedNotInstalled)
	h.get(pathStatus(loc, sibling)).want(http.StatusOK, "")
}
