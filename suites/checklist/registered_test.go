package checklist_test

import (
	"testing"

	"github.com/altegio-readiness/harness/fakealtegio/journal"
)

func TestRegistered(t *testing.T) {
	const story = journal.StoryRegistered
	installs := callsTo(story, journal.OpInstall)
	at := func(role string) func(*run) int64 {
		return func(r *run) int64 {
			n := map[string]int{journal.RoleFirst: 1, journal.RoleSecond: 2, journal.RoleThird: 3}[role]
			return r.records[r.find(transitions(story, journal.StatePending), n)].Location
		}
	}
	dropped := func(n int, moment string) edit {
		return func(r *run) {
			i := r.find(installs, n)
			r.records = append(r.records[:i:i], r.records[i+1:]...)
			change(waits(story, moment), 1, unmet)(r)
		}
	}
	moved := func(n int, role string, f ...func(*journal.Record)) edit {
		return func(r *run) {
			location := at(role)(r)
			change(installs, n, both(append(f, func(rec *journal.Record) { rec.Location = location })...))(r)
		}
	}
	disconnected := func(r *run) {
		location := at(journal.RoleSecond)(r)
		copied(transitions(journal.StoryReconnect, journal.StateUninstalled), 1, installs, 3, func(rec *journal.Record) {
			rec.Scenario, rec.Location = story, location
		})(r)
	}
	judgeAll(t, goodRun, []flawed{
		{"signing in does not activate", []edit{dropped(2, journal.MomentSecond)}, []string{"REG-01 fail", "REG-02 blocked by REG-01", "REG-05 blocked by REG-01", "REC-07 blocked by REG-01"}, "No activation call reached the platform within 15s of the sign_in hook."},
		{"signing in does not work", []edit{dropped(2, journal.MomentSecond), change(hooks(story, "sign_in"), 1, failedHook)}, []string{"REG-01 open"}, "The sign_in hook did not work"},
		{"the second sign-in does not work", []edit{dropped(3, journal.MomentThird), change(hooks(story, "sign_in"), 2, failedHook)}, []string{"REG-05 open"}, "The sign_in hook did not work"},
		{"signing in is refused", []edit{change(installs, 2, refused(403, "no-pending-link"))}, []string{"REG-01 fail"}, "refused with 403"},
		{
			"signing in is refused for its form",
			[]edit{change(installs, 2, both(nowhere, refused(422, "invalid"), deviates("body", "/salon_id", "type")))},
			[]string{"REG-01 fail", "REG-02 blocked by REG-01"},
			"refused with 422",
		},
		{
			"signing in activates the first location",
			[]edit{moved(2, journal.RoleFirst, refused(403, "no-pending-link"))},
			[]string{"REG-02 fail", "REG-01 blocked by REG-02"},
			"another location",
		},
		{"signing in activates the first location as well", []edit{func(r *run) {
			location := at(journal.RoleFirst)(r)
			copied(installs, 2, installs, 2, both(refused(403, "no-pending-link"), func(rec *journal.Record) { rec.Location = location }))(r)
		}}, []string{"REG-02 fail"}, "another location"},
		{
			"signing in activates a location of nobody",
			[]edit{change(installs, 2, both(elsewhere, refused(403, "no-pending-link")))},
			[]string{"REG-02 fail", "REG-01 blocked by REG-02"},
			"another location",
		},
		{"signing in activates a location of somebody else", []edit{func(r *run) {
			change(installs, 2, both(refused(403, "already-installed"), atLocationOf(r, journal.StoryPayment)))(r)
		}}, []string{"REG-02 fail", "REG-01 blocked by REG-02"}, "another location"},
		{"no account was made", []edit{func(r *run) {
			start := r.find(func(rec journal.Record) bool { return rec.Scenario == story && rec.Hook != nil }, 1)
			end := r.find(func(rec journal.Record) bool {
				return rec.Scenario == story && rec.ScenarioEvent != nil && rec.ScenarioEvent.Phase == "end"
			}, 1)
			r.records[end].ScenarioEvent = &journal.Scenario{Phase: "end", Stopped: "the location was not activated"}
			r.records = append(r.records[:start+1:start+1], r.records[end:]...)
		}}, []string{"REG-01 open", "REG-02 blocked by REG-01"}, "The story stopped before: the location was not activated."},

		{"the third location is not activated", []edit{dropped(3, journal.MomentThird)}, []string{"REG-05 fail"}, "No activation call reached the platform"},
		{"the third location is refused", []edit{change(installs, 3, refused(403, "expired-link"))}, []string{"REG-05 fail"}, "refused with 403"},
		{"instead of the third the second is activated", []edit{moved(3, journal.RoleSecond, refused(403, "already-installed"))}, []string{"REG-05 fail"}, "another location"},
		{"the second is disconnected at the platform", []edit{disconnected}, []string{"REG-05 fail"}, "disconnected at the platform"},
		{"the second is forgotten", []edit{change(probes(story, journal.MomentSecondStays), 1, says(false))}, []string{"REG-05 fail"}, "no longer shows the location"},
		{"the third was not tried", []edit{dropped(3, journal.MomentThird), func(r *run) {
			i := r.find(transitions(story, journal.StatePending), 3)
			r.records = append(r.records[:i:i], r.records[i+1:]...)
		}}, []string{"REG-05 open"}, "could not connect another location"},
	})
	judgeAll(t, bareRun, []flawed{
		{"the second is not billed any more", []edit{change(waits(story, journal.MomentPaymentOfSecond), 1, unmet)}, []string{"REG-05 fail"}, "a payment of the location is no longer reported"},
	})
}
