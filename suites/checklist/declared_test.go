package checklist_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/altegio-readiness/harness/fakealtegio/journal"
	"github.com/altegio-readiness/harness/suites/checklist"
)

func declare(f func(*journal.Run)) edit { return func(r *run) { f(r.declared()) } }

// without takes hooks out of the configuration.
func without(names ...string) edit {
	return declare(func(d *journal.Run) {
		d.Hooks = slices.DeleteFunc(d.Hooks, func(name string) bool { return slices.Contains(names, name) })
	})
}

// undriven takes whole stories out of the journal: what they need is not configured.
func undriven(names ...string) edit {
	return func(r *run) {
		r.records = slices.DeleteFunc(r.records, func(rec journal.Record) bool { return slices.Contains(names, rec.Scenario) })
	}
}

func blockedStory(name, by string) edit {
	return func(r *run) {
		undriven(name)(r)
		r.records = slices.Insert(r.records, len(r.records)-1, journal.Record{
			Kind: journal.KindScenario, Scenario: name, ScenarioEvent: &journal.Scenario{Phase: "blocked", BlockedBy: by, Stopped: "the story did not reach its end"},
		})
	}
}

var (
	payments = []string{"PAY-01", "PAY-02", "PAY-03", "PAY-04", "PAY-05", "PAY-06"}
	refunds  = []string{"CHB-01", "CHB-02", "CHB-03", "CHB-04"}
)

func each(ids []string, what string) []string {
	var lines []string
	for _, id := range ids {
		lines = append(lines, id+" "+what)
	}
	return lines
}

func TestDeclarations(t *testing.T) {
	free := declare(func(d *journal.Run) { d.Application.Monetization = "free" })
	unpaid := undriven(journal.StoryPayment, journal.StoryChargeback, journal.StoryFreeze)
	judgeAll(t, goodRun, []flawed{
		{"free", []edit{free, unpaid}, append(each(slices.Concat(payments, refunds), "not applicable"), "REC-11 not applicable"), "monetization: free"},
		{"freemium", []edit{declare(func(d *journal.Run) { d.Application.Monetization = "freemium" })}, nil, ""},
		{"no user data", []edit{
			declare(func(d *journal.Run) { d.Application.UserData = false }), undriven(journal.StoryForgedUserData),
		}, []string{"CON-09 not applicable"}, "user_data: false"},
		{
			"nothing but free",
			[]edit{free, unpaid, declare(func(d *journal.Run) { d.Application.UserData = false }), undriven(journal.StoryForgedUserData)},
			[]string{"CON-09 not applicable"},
			"",
		},
		{"probes with their whole names", []edit{
			declare(func(d *journal.Run) { d.Probes = []string{"observe.connected"} }),
			changeAll(everyProbe, func(rec *journal.Record) { rec.Probe.Name = "observe.connected" }),
		}, nil, ""},
	})
	// A free app without a probe shows nothing about what stays connected, whatever its hooks.
	judgeAll(t, bareRun, []flawed{
		{
			"free and no probe, seen from the platform alone",
			[]edit{free, unpaid, remove(func(rec journal.Record) bool { return rec.Wait != nil && rec.Wait.For == "payment" })},
			append(each([]string{"CON-20", "REC-02", "REC-03", "REC-04", "REC-10"}, "open"), "REG-05 pass"),
			"",
		},
		{
			"free and no probe",
			[]edit{free, unpaid},
			each([]string{"CON-20", "REC-02", "REC-03", "REC-04", "REC-10"}, "open"),
			"add the probe observe.connected or the hook drive.pay",
		},
	})
}

func TestNeeds(t *testing.T) {
	var registering []string
	for _, r := range checklist.Catalogue() {
		if slices.Contains(r.Needs, "register") {
			registering = append(registering, r.ID)
		}
	}
	signIn := []string{"REC-07", "REC-08", "REC-10", "REG-01", "REG-02", "REG-05"}
	noSignIn := []edit{without("sign_in"), undriven(journal.StoryRegistered), func(r *run) {
		// the reconnect story ends after the first uninstall
		from := r.find(probes(journal.StoryReconnect, journal.MomentAfterUninstall), 1) + 1
		to := r.find(func(rec journal.Record) bool {
			return rec.Scenario == journal.StoryReconnect && rec.ScenarioEvent != nil && rec.ScenarioEvent.Phase == "end"
		}, 1)
		r.records[to].ScenarioEvent = &journal.Scenario{Phase: "end", Stopped: "without the hook sign_in the owner cannot connect again"}
		r.records = slices.Delete(r.records, from, to)
	}}
	judgeAll(t, goodRun, []flawed{
		{"register", []edit{without("register"), func(r *run) {
			for _, s := range []string{
				journal.StoryPayment, journal.StoryChargeback, journal.StoryRegistered, journal.StoryReconnect, journal.StoryForgedWebhooks,
				journal.StoryForeignApp, journal.StoryFreeze, journal.StoryStranger,
			} {
				undriven(s)(r)
			}
		}}, each(registering, "open"), "add the hook drive.register"},
		{"sign_in", noSignIn, each(signIn, "open"), "add the hook drive.sign_in"},
		{
			"pay",
			[]edit{without("pay"), undriven(journal.StoryPayment, journal.StoryChargeback, journal.StoryFreeze), remove(hooks(journal.StoryReconnect, "pay"))},
			append(each(slices.Concat(payments, refunds), "open"), "REC-11 open"), "add the hook drive.pay",
		},
		{"refund", []edit{without("refund"), undriven(journal.StoryChargeback)}, each(refunds, "open"), "add the hook drive.refund"},
	})
	judgeAll(t, bareRun, []flawed{
		{
			"a probe and pay",
			[]edit{without("pay"), undriven(journal.StoryPayment, journal.StoryChargeback, journal.StoryFreeze)},
			append(each(slices.Concat(payments, refunds), "open"), each([]string{"CON-20", "REC-02", "REC-03", "REC-04", "REC-10", "REC-11"}, "open")...), "add the hook drive.pay",
		},
		// without a probe and with nothing paid in the story, the platform's state is all there is
		{"any sign of the second location", []edit{remove(waits(journal.StoryRegistered, journal.MomentPaymentOfSecond))}, []string{"REG-05 open"}, "Neither a probe nor a payment"},
	})
}

func TestSelection(t *testing.T) {
	for _, r := range checklist.Catalogue() {
		t.Run(r.ID, func(t *testing.T) {
			closure := checklist.Closure([]string{r.ID})
			stories := checklist.ScenariosOf(closure)
			j := goodRun(t).with(declare(func(d *journal.Run) { d.Selected = closure }), func(j *run) {
				j.records = slices.DeleteFunc(j.records, func(rec journal.Record) bool {
					return rec.Scenario != "" && !slices.Contains(stories, rec.Scenario)
				})
			})
			result := judged(t, j.records)
			if result.Overall != checklist.Incomplete {
				t.Errorf("got %s, want INCOMPLETE: most of it was not looked at", result.Overall)
			}
			for _, v := range result.Verdicts {
				want := checklist.Pass
				if !slices.Contains(closure, v.Requirement) {
					want = checklist.NotVerified
					if !strings.Contains(v.Summary, "Not selected") {
						t.Errorf("%s: got %q", v.Requirement, v.Summary)
					}
				}
				if v.Outcome != want {
					t.Errorf("%s: got %s (%s), want %s", v.Requirement, v.Outcome, v.Summary, want)
				}
			}
		})
	}
}

// What is only recommended need not be looked at.
func TestReadyWithoutRecommendations(t *testing.T) {
	var musts []string
	for _, r := range checklist.Catalogue() {
		if r.Level == checklist.Must {
			musts = append(musts, r.ID)
		}
	}
	result := judged(t, goodRun(t).with(declare(func(d *journal.Run) { d.Selected = musts })).records)
	if v := verdict(t, result, "CON-07"); result.Overall != checklist.Ready || v.Outcome != checklist.NotVerified {
		t.Errorf("got %s (%s), %s", result.Overall, result.Reason, line(v))
	}
}

// A failure that is repeated alone is the same failure, with and without a probe.
func TestSelectionFindsTheSame(t *testing.T) {
	j := bareRun(t).with(
		change(waits(journal.StoryForgedWebhooks, journal.MomentPaymentAfterForged), 1, unmet),
		declare(func(d *journal.Run) { d.Selected = checklist.Closure([]string{"REC-03"}) }),
	)
	result := judged(t, j.records)
	if v := verdict(t, result, "REC-03"); v.Outcome != checklist.Fail || result.Overall != checklist.NotReady {
		t.Errorf("got %s (%s), overall %s", line(v), v.Summary, result.Overall)
	}
}

func TestBlockedStories(t *testing.T) {
	const payment, chargeback, freeze = journal.StoryPayment, journal.StoryChargeback, journal.StoryFreeze
	lost := []edit{unpaid, blockedStory(chargeback, payment), blockedStory(freeze, payment)}
	judgeAll(t, goodRun, []flawed{
		{"by a payment that is not reported", lost, []string{"PAY-01 fail", "CHB-01 blocked by PAY-01", "REC-11 blocked by PAY-01"}, "No payment call"},
		{
			"by a payment in the wrong form", append([]edit{change(paymentCall, 1, both(refused(422, "invalid"), deviates("body", "/period_to", "required")))}, lost[1:]...),
			[]string{"PAY-02 fail", "PAY-01 blocked by PAY-02", "CHB-01 blocked by PAY-02", "REC-11 blocked by PAY-02"},
			"/period_to",
		},
		// The payment was reported, but so late that the story had been given up.
		{
			"by a story that was given up",
			[]edit{blockedStory(chargeback, payment)},
			[]string{"CHB-01 open", "CHB-02 open", "CHB-03 blocked by CHB-01", "CHB-04 open"},
			`The story "payment-renewal" did not get far enough`,
		},
		{
			"by nobody knows what",
			[]edit{blockedStory(chargeback, "unheard-of")},
			[]string{"CHB-01 open", "CHB-02 open", "CHB-03 blocked by CHB-01", "CHB-04 open"},
			"did not get far enough",
		},
		{"by itself", []edit{blockedStory(freeze, freeze)}, []string{"REC-11 open"}, "did not get far enough"},
		{
			"by what failed in the other story alone",
			[]edit{unpaid2, blockedStory(freeze, payment)},
			[]string{"PAY-06 fail", "REC-11 blocked by PAY-06"},
			"No second payment",
		},
	})
	// When the first connect fails, everything else is blocked by that one cause.
	var others []edit
	for _, name := range []string{
		payment, chargeback, freeze, journal.StoryRegistered, journal.StoryReconnect, journal.StoryForgedWebhooks,
		journal.StoryForeignApp, journal.StoryForgedUserData, journal.StoryStranger,
	} {
		others = append(others, blockedStory(name, journal.StoryNewOwner))
	}
	for name, c := range map[string]flawed{
		"CON-01": {edit: []edit{change(opened, 1, func(rec *journal.Record) { rec.Step.Response.Status = 500 })}},
		"CON-02": {edit: []edit{notActivated}},
		"CON-03": {edit: []edit{change(activation, 1, both(elsewhere, refused(403, "no-pending-link")))}},
		"CON-04": {edit: []edit{change(activation, 1, refused(401, "wrong-token"))}},
		"CON-06": {edit: []edit{tooLate}},
	} {
		t.Run(name, func(t *testing.T) {
			result := judged(t, goodRun(t).with(slices.Concat(c.edit, others)...).records)
			for _, v := range result.Verdicts {
				if v.Requirement == name && v.Outcome != checklist.Fail || strings.HasPrefix(v.Requirement, "PAY") && v.BlockedBy != name ||
					!strings.HasPrefix(v.Requirement, "CON") && v.BlockedBy != name {
					t.Errorf("got %s (%s), want all to be blocked by %s", line(v), v.Summary, name)
				}
			}
		})
	}
}
