package checklist_test

import (
	"testing"
	"time"

	"github.com/altegio-readiness/harness/fakealtegio/journal"
)

var (
	activation = callsTo(journal.StoryNewOwner, journal.OpInstall)
	opened     = steps(journal.StoryNewOwner, "visit")
)

// notActivated takes the activation out of the first story.
func notActivated(r *run) {
	remove(activation)(r)
	remove(transitions(journal.StoryNewOwner, journal.StateActive))(r)
	change(waits(journal.StoryNewOwner, journal.MomentActivation), 1, unmet)(r)
}

// tooLate has the activation come when the pending window has passed.
func tooLate(r *run) {
	change(activation, 1, func(rec *journal.Record) {
		late := rec.At.Add(61 * time.Minute)
		rec.Clock = &late
		refused(403, "expired-link")(rec)
	})(r)
}

func TestRedirectOpens(t *testing.T) {
	judgeAll(t, goodRun, []flawed{
		{"does not open", []edit{change(opened, 1, func(rec *journal.Record) {
			rec.Step.Response, rec.Step.Error = nil, "connection refused"
		})}, []string{"CON-01 fail"}, "did not open: connection refused."},
		{"answers 404", []edit{change(opened, 1, func(rec *journal.Record) { rec.Step.Response.Status = 404 })}, []string{"CON-01 fail"}, "answered 404"},
		{"answers 400", []edit{change(opened, 1, func(rec *journal.Record) { rec.Step.Response.Status = 400 })}, []string{"CON-01 fail"}, "answered 400"},
		{"answers 399", []edit{change(opened, 1, func(rec *journal.Record) { rec.Step.Response.Status = 399 })}, nil, ""},
		{"opens an empty page", []edit{change(opened, 1, func(rec *journal.Record) { rec.Step.Response.Body.Text = " \n" })}, []string{"CON-01 fail"}, "empty page"},
		{"opens a page without body", []edit{change(opened, 1, func(rec *journal.Record) { rec.Step.Response.Body = nil })}, []string{"CON-01 fail"}, "empty page"},
		{"loops", []edit{change(opened, 1, func(rec *journal.Record) { rec.Step.Error = "redirect loop" })}, []string{"CON-01 fail"}, "opened badly: redirect loop."},
		{"leads on to an error", []edit{copied(opened, 1, opened, 1, func(rec *journal.Record) {
			step := *rec.Step
			step.Response = &journal.Response{Status: 500}
			rec.Step = &step
		})}, []string{"CON-01 fail"}, "answered 500"},
		{"breaks at a later visit", []edit{copied(opened, 1, steps(journal.StoryNewOwner, "form"), 1, func(rec *journal.Record) {
			rec.Step = &journal.Step{Hook: "visit", Kind: "visit", Error: "connection refused"}
		})}, nil, ""},
		{"was not opened", []edit{remove(opened)}, []string{"CON-01 open"}, "No owner opened"},
	})
}

func TestActivation(t *testing.T) {
	judgeAll(t, goodRun, []flawed{
		{"none", []edit{notActivated}, append([]string{"CON-02 fail"}, each([]string{"CON-03", "CON-04", "CON-05", "CON-06", "CON-07"}, "blocked by CON-02")...), "No activation call reached the platform within 15s of the register hook."},
		{"none, and no wait", []edit{notActivated, remove(waits(journal.StoryNewOwner, journal.MomentActivation))}, []string{"CON-02 fail"}, "No activation call reached the platform."},
		{"on an unknown path", []edit{change(activation, 1, unknownPath)}, []string{"CON-02 fail"}, "a path that the platform does not know"},
		{"none, but a call elsewhere", []edit{
			change(activation, 1, both(unknownPath, func(rec *journal.Record) { rec.Exchange.Request.URL = "/api/v1/company/1" })),
		}, []string{"CON-02 fail"}, "No activation call reached the platform"},
		{"refused", []edit{change(activation, 1, refused(403, "no-pending-link"))}, []string{"CON-02 fail"}, "refused with 403, no-pending-link"},
		{"refused without a reason", []edit{change(activation, 1, refused(500, ""))}, []string{"CON-02 fail"}, "refused with 500."},
		{"not answered", []edit{change(activation, 1, func(rec *journal.Record) { rec.Exchange.Response = nil })}, []string{"CON-02 fail"}, "without an answer"},
		{"answered with no status", []edit{change(activation, 1, refused(0, ""))}, []string{"CON-02 fail"}, ""},
		{"none, because the form broke", []edit{
			notActivated, change(hooks(journal.StoryNewOwner, "register"), 1, failedHook),
		}, []string{"CON-02 open"}, "The register hook did not work"},
		{"none, because the integration crashed", []edit{
			notActivated, change(hooks(journal.StoryNewOwner, "register"), 1, failedHook), change(steps(journal.StoryNewOwner, "form"), 1, crashed),
		}, []string{"CON-02 fail"}, "ended with status 500"},
		{"on an unknown path, and the form broke over it", []edit{
			change(activation, 1, unknownPath), change(hooks(journal.StoryNewOwner, "register"), 1, failedHook),
		}, []string{"CON-02 fail"}, "a path that the platform does not know"},

		{"taken back", []edit{copied(transitions(journal.StoryNewOwner, journal.StateActive), 1, transitions(journal.StoryNewOwner, journal.StateActive), 1, func(rec *journal.Record) {
			rec.Transition = &journal.Transition{Application: application, From: journal.StateActive, To: journal.StateUninstalled, Source: "partner_api"}
		})}, []string{"CON-02 fail"}, "disconnected at the platform"},

		{
			"of another location",
			[]edit{change(activation, 1, both(elsewhere, refused(403, "no-pending-link")))},
			[]string{"CON-03 fail", "CON-02 blocked by CON-03", "CON-06 blocked by CON-03"},
			"another location",
		},
		{
			"of another application",
			[]edit{change(activation, 1, both(refused(403, "wrong-application"), func(rec *journal.Record) { rec.Exchange.Application = 4243 }))},
			[]string{"CON-03 fail", "CON-02 blocked by CON-03"},
			"another application",
		},
		{
			"of a stray location as well",
			[]edit{copied(activation, 1, activation, 1, both(elsewhere, refused(403, "no-pending-link")))},
			[]string{"CON-03 fail"},
			"another location",
		},
		{"of an accepted stray location as well", []edit{copied(activation, 1, activation, 1, elsewhere)}, []string{"CON-03 fail"}, "another location"},

		{"of a stray location when no story is told", []edit{copied(activation, 1, func(rec journal.Record) bool {
			return rec.Scenario == journal.StoryNewOwner && rec.ScenarioEvent != nil && rec.ScenarioEvent.Phase == "end"
		}, 1, both(elsewhere, refused(403, "no-pending-link")))}, nil, ""},
		{"of a stray location in the next story", []edit{copied(activation, 1, callsTo(journal.StoryPayment, journal.OpInstall), 1, both(elsewhere, refused(403, "no-pending-link")))}, nil, ""},

		{
			"of another application, without Accept",
			[]edit{change(activation, 1, both(deviates("header", "Accept", "required"), func(rec *journal.Record) { rec.Exchange.Application = 7 }))},
			[]string{"CON-03 fail", "CON-04 fail"},
			"another application",
		},
		{
			"of another location, without Accept",
			[]edit{change(activation, 1, both(elsewhere, refused(403, "no-pending-link"), deviates("header", "Accept", "required")))},
			[]string{"CON-03 fail", "CON-04 fail", "CON-02 blocked by CON-03"},
			"another location",
		},
		{
			"without application_id",
			[]edit{change(activation, 1, both(refused(422, "invalid"), deviates("body", "/application_id", "required"), func(rec *journal.Record) { rec.Exchange.Application = 0 }))},
			[]string{"CON-04 fail", "CON-02 blocked by CON-04", "CON-03 blocked by CON-04", "CON-06 pass"},
			"/application_id is wrong",
		},
		{"without Accept", []edit{change(activation, 1, deviates("header", "Accept", "required"))}, []string{"CON-04 fail"}, "Accept is wrong"},
		{
			"with another token",
			[]edit{change(activation, 1, refused(401, "wrong-token"))},
			[]string{"CON-04 fail", "CON-02 blocked by CON-04"},
			"another token",
		},
		{
			"with another token in small letters",
			[]edit{change(activation, 1, both(refused(401, "wrong-token"), tolerated("header", "Authorization", "scheme")))},
			[]string{"CON-04 fail", "CON-02 blocked by CON-04", "CON-05 warn"},
			"another token",
		},
		{
			"without a token",
			[]edit{change(activation, 1, both(refused(401, "wrong-token"), deviates("header", "Authorization", "required")))},
			[]string{"CON-04 fail", "CON-02 blocked by CON-04"},
			"Authorization is wrong",
		},
		{
			"with PUT",
			[]edit{change(activation, 1, both(refused(405, "method-not-allowed"), func(rec *journal.Record) { rec.Exchange.Request.Method = "PUT" }))},
			[]string{"CON-04 fail", "CON-02 blocked by CON-04"},
			"a method that the path does not have",
		},
		{
			"too large",
			[]edit{change(activation, 1, both(nowhere, refused(413, "too-large"), deviates("body", "", "syntax")))},
			[]string{"CON-04 fail", "CON-02 blocked by CON-04"},
			"too large",
		},
		{"broken off", []edit{change(activation, 1, refused(400, "unreadable"))}, []string{"CON-04 fail", "CON-02 blocked by CON-04"}, "broke off"},
		{
			"without salon_id",
			[]edit{change(activation, 1, both(nowhere, refused(422, "invalid"), deviates("body", "/salon_id", "required")))},
			[]string{"CON-04 fail", "CON-02 blocked by CON-04", "CON-03 blocked by CON-04", "CON-06 blocked by CON-04"},
			"/salon_id is wrong",
		},
		{
			"that is a list",
			[]edit{change(activation, 1, both(nowhere, written("[]"), refused(422, "invalid"), deviates("body", "", "type")))},
			[]string{"CON-04 fail", "CON-02 blocked by CON-04"},
			"",
		},

		{"with an unknown field", []edit{change(activation, 1, tolerated("body", "/settings", "unknown"))}, []string{"CON-05 warn"}, "/settings is wrong"},

		{"too late", []edit{tooLate}, []string{"CON-06 fail", "CON-02 blocked by CON-06"}, "1h1m0s after Connect"},
		{"late, though the platform took it", []edit{tooLate, change(activation, 1, refused(201, ""))}, []string{"CON-06 fail"}, "1h1m0s after Connect"},
		{"slow", []edit{
			copied(activation, 1, hooks(journal.StoryNewOwner, "register"), 1, nil),
			change(activation, 2, func(rec *journal.Record) { rec.At = rec.At.Add(2 * time.Minute) }),
			func(r *run) { i := r.find(activation, 1); r.records = append(r.records[:i:i], r.records[i+1:]...) },
		}, []string{"CON-06 warn"}, "only 2m0s after the owner had registered"},

		{"at the last moment", []edit{change(activation, 1, func(rec *journal.Record) {
			last := rec.Clock.Add(time.Hour - 20*time.Millisecond) // the click was two records before
			rec.Clock = &last
		})}, []string{"CON-06 pass"}, "1h0m0s after Connect"},
		{"a moment too late", []edit{change(activation, 1, func(rec *journal.Record) {
			late := rec.Clock.Add(time.Hour - 19*time.Millisecond)
			rec.Clock = &late
		})}, []string{"CON-06 fail"}, "1h0m0s after Connect"},
		{"without a click", []edit{remove(transitions(journal.StoryNewOwner, journal.StatePending))}, []string{"CON-06 open"}, "click on Connect is not in the journal"},
		{"twice", []edit{copied(activation, 1, activation, 1, refused(403, "already-installed"))}, []string{"CON-07 warn"}, "2 activation calls"},
	})
}

func TestForgedUserData(t *testing.T) {
	const story = journal.StoryForgedUserData
	sent := func(n int) edit {
		return func(r *run) {
			r.records[r.find(steps(story, "visit"), n)] = r.activationAt(r.records[r.find(steps(story, "visit"), n)])
		}
	}
	after := func(n int) edit {
		return func(r *run) {
			copied(activation, 1, steps(story, "visit"), n, func(rec *journal.Record) {
				rec.Scenario, rec.Location = story, r.records[r.find(steps(story, "visit"), n)].Location
			})(r)
		}
	}
	judgeAll(t, goodRun, []flawed{
		{"activates by an empty signature", []edit{after(1)}, []string{"CON-09 fail"}, "user data of empty signature"},
		{"activates without a signature", []edit{after(2)}, []string{"CON-09 fail"}, "user data of no signature"},
		{"activates by a wrong signature", []edit{after(3)}, []string{"CON-09 fail"}, "user data of wrong signature"},
		{"activates instead of showing a page", []edit{sent(1)}, []string{"CON-09 fail"}, "empty signature"},
		{"is refused with an error page", []edit{changeAll(steps(story, "visit"), func(rec *journal.Record) { rec.Step.Response.Status = 403 })}, nil, ""},
		{"gets no answer", []edit{change(steps(story, "visit"), 2, func(rec *journal.Record) {
			rec.Step.Response, rec.Step.Error = nil, "the time was up"
		})}, []string{"CON-09 open"}, "the time was up"},
		{"is not tried in one form", []edit{func(r *run) {
			i := r.find(steps(story, "visit"), 3)
			r.records = append(r.records[:i:i], r.records[i+1:]...)
		}}, []string{"CON-09 open"}, "No visit with user data of wrong signature"},
	})
}

// activationAt is the activation of the location at which a record was written.
func (r *run) activationAt(place journal.Record) journal.Record {
	rec := r.records[r.find(activation, 1)]
	rec.Scenario, rec.Location, rec.At, rec.Clock = place.Scenario, place.Location, place.At, place.Clock
	return rec
}

func TestStranger(t *testing.T) {
	const story = journal.StoryStranger
	lost := func(r *run) {
		// while the stranger's page is being answered
		copied(transitions(journal.StoryReconnect, journal.StateUninstalled), 1, probes(story, journal.MomentConnected), 1, func(rec *journal.Record) {
			rec.Scenario, rec.Location = story, r.records[r.find(probes(story, journal.MomentConnected), 1)].Location
		})(r)
	}
	judgeAll(t, goodRun, []flawed{
		{"disconnects", []edit{change(probes(story, journal.MomentVictim), 1, says(false))}, []string{"CON-20 fail"}, "no longer shows the location"},
		{"disconnects at the platform", []edit{lost}, []string{"CON-20 fail"}, "disconnected at the platform"},
		{"connects", []edit{change(probes(story, journal.MomentUnconnected), 1, says(true))}, []string{"CON-20 fail"}, "where nobody pressed Connect"},
		{"gets no answer", []edit{change(steps(story, "visit"), 2, func(rec *journal.Record) {
			rec.Step.Response, rec.Step.Error = nil, "the time was up"
		})}, []string{"CON-20 open"}, "the time was up"},
		{"does not come", []edit{func(r *run) {
			i := r.find(steps(story, "visit"), 2)
			r.records = append(r.records[:i:i], r.records[i+1:]...)
		}}, []string{"CON-20 open"}, "visit was not made"},
		{"cannot come, as there is no victim", []edit{change(waits(story, journal.MomentActivation), 1, unmet)}, []string{"CON-20 open"}, "was not connected"},
		{"after a probe that failed", []edit{change(probes(story, journal.MomentVictim), 1, func(rec *journal.Record) {
			rec.Probe.Value, rec.Probe.Error = nil, "status 500"
		})}, []string{"CON-20 open"}, "status 500"},
	})
	judgeAll(t, bareRun, []flawed{
		{"ends the reports", []edit{change(waits(story, journal.MomentPaymentOfVictim), 1, unmet)}, []string{"CON-20 fail"}, "a payment of the location is no longer reported"},
		{"shows nothing", []edit{remove(waits(story, journal.MomentPaymentOfVictim))}, []string{"CON-20 open"}, "Neither a probe nor a payment"},
	})
}
