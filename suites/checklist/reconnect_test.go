package checklist_test

import (
	"testing"

	"github.com/altegio-readiness/harness/fakealtegio/journal"
)

func answers(status int) func(*journal.Record) {
	return func(rec *journal.Record) { rec.Exchange.Response.Status = status }
}

func silent(rec *journal.Record) {
	rec.Exchange.Response, rec.Exchange.Error = nil, "no complete answer in time"
}

// inReconnect puts a call of another story behind a wait of the reconnect story, for its location.
func inReconnect(p pick, place pick) edit {
	return func(r *run) {
		location := r.records[r.find(transitions(journal.StoryReconnect, journal.StatePending), 1)].Location
		copied(p, 1, place, 1, func(rec *journal.Record) {
			rec.Scenario, rec.Location = journal.StoryReconnect, location
			refused(403, "not-installed")(rec)
		})(r)
	}
}

func TestDisconnect(t *testing.T) {
	const story = journal.StoryReconnect
	uninstall := webhooks(story, "uninstall")
	settled := waits(story, journal.MomentAfterUninstall)
	stays := change(probes(story, journal.MomentAfterUninstall), 1, says(true))
	judgeAll(t, goodRun, []flawed{
		{"answered with 500", []edit{change(uninstall, 1, answers(500))}, []string{"REC-01 fail", "REC-02 pass", "REC-10 pass"}, "answered with 500"},
		{"answered with a redirect", []edit{change(uninstall, 1, answers(302))}, []string{"REC-01 fail"}, "answered with 302"},
		{"not answered", []edit{change(uninstall, 1, silent)}, []string{"REC-01 fail"}, "got no answer: no complete answer in time."},
		{"not answered and not processed", []edit{change(uninstall, 1, silent), stays}, []string{"REC-01 fail", "REC-02 blocked by REC-01"}, "got no answer"},
		{"answered after 11 seconds", []edit{change(uninstall, 1, func(rec *journal.Record) { rec.Exchange.Millis = 11_000 })}, []string{"REC-01 fail"}, "answered after 11s"},
		{"answered with 299 after just 10 seconds", []edit{changeAll(uninstall, both(answers(299), func(rec *journal.Record) { rec.Exchange.Millis = 10_000 }))}, nil, ""},
		{"answered with 300", []edit{change(uninstall, 1, answers(300))}, []string{"REC-01 fail"}, "answered with 300"},
		{"the second time answered with 500", []edit{change(uninstall, 2, answers(500))}, []string{"REC-01 fail", "REC-02 pass", "REC-10 pass"}, "answered with 500"},
		{"the second time neither answered nor processed", []edit{
			change(uninstall, 2, answers(500)), change(probes(story, journal.MomentAfterUninstall2), 1, says(true)),
		}, []string{"REC-01 fail", "REC-10 blocked by REC-01"}, "answered with 500"},
		{
			"answered late and not processed",
			[]edit{change(uninstall, 1, func(rec *journal.Record) { rec.Exchange.Millis = 11_000 }), stays},
			[]string{"REC-01 fail", "REC-02 fail"},
			"answered after 11s",
		},
		{"the second time answered with 500, the first not processed", []edit{change(uninstall, 2, answers(500)), stays}, []string{"REC-01 fail", "REC-02 fail"}, "answered with 500"},
		{"not sent", []edit{remove(uninstall)}, []string{"REC-01 open"}, "No uninstall webhook was sent."},

		{"not processed", []edit{stays}, []string{"REC-02 fail"}, "still shows the location as connected"},
		{"followed by a payment", []edit{inReconnect(paymentCall, settled)}, []string{"REC-02 fail"}, "went on making calls"},
		{"followed by an activation", []edit{inReconnect(activation, settled)}, []string{"REC-02 fail"}, "went on making calls"},
		{"followed by a refund", []edit{inReconnect(callsTo(journal.StoryChargeback, journal.OpRefund), settled)}, []string{"REC-02 fail"}, "went on making calls"},
		{"followed by a failing probe", []edit{change(probes(story, journal.MomentAfterUninstall), 1, func(rec *journal.Record) {
			rec.Probe.Value, rec.Probe.Error = nil, "status 404"
		})}, []string{"REC-02 open"}, "status 404"},
		{"not there", []edit{remove(transitions(story, journal.StateUninstalled))}, []string{"REC-02 open"}, "was not disconnected"},

		{"the second time not processed", []edit{change(probes(story, journal.MomentAfterUninstall2), 1, says(true))}, []string{"REC-10 fail"}, "still shows the location as connected"},
		{"the second time followed by a payment", []edit{inReconnect(paymentCall, waits(story, journal.MomentAfterUninstall2))}, []string{"REC-10 fail"}, "went on making calls"},
		{"the second time of an unknown connection", []edit{change(probes(story, journal.MomentAfterReactivation), 1, says(false))}, []string{"REC-10 open"}, "does not say true"},
	})
	judgeAll(t, bareRun, []flawed{
		{"followed by a payment, without a probe", []edit{inReconnect(paymentCall, settled)}, []string{"REC-02 fail"}, "went on making calls"},
		{"followed by nothing that was tried", []edit{remove(hooks(story, "pay"))}, []string{"REC-02 open"}, "No payment was made after the uninstall."},
	})
}

func TestReconnect(t *testing.T) {
	const story = journal.StoryReconnect
	installs := callsTo(story, journal.OpInstall)
	second := func(f ...func(*journal.Record)) edit { return change(installs, 2, both(f...)) }
	gone := func(r *run) {
		i := r.find(installs, 2)
		r.records = append(r.records[:i:i], r.records[i+1:]...)
		change(waits(story, journal.MomentReactivation), 1, unmet)(r)
	}
	ignored := change(probes(story, journal.MomentAfterUninstall), 1, says(true))
	judgeAll(t, goodRun, []flawed{
		{"does not activate", []edit{gone}, []string{"REC-07 fail", "REC-08 blocked by REC-07", "REC-10 blocked by REC-07"}, "No activation call reached the platform within 15s of the sign_in hook."},
		{"does not activate, because the uninstall was ignored", []edit{gone, ignored}, []string{"REC-02 fail", "REC-07 blocked by REC-02"}, "still shows"},
		{"does not activate, because the form broke", []edit{gone, change(hooks(story, "sign_in"), 1, failedHook)}, []string{"REC-07 open"}, "The sign_in hook did not work"},
		{"is refused", []edit{second(refused(403, "no-pending-link"))}, []string{"REC-07 fail"}, "refused with 403"},
		{"is refused for its form", []edit{second(refused(422, "invalid"), deviates("body", "/webhook_urls", "type"))}, []string{"REC-07 fail"}, "refused with 422, invalid"},
		{"names another location", []edit{second(elsewhere)}, []string{"REC-07 fail"}, "another location"},
		{"was not tried", []edit{gone, func(r *run) {
			i := r.find(transitions(story, journal.StatePending), 2)
			r.records = append(r.records[:i:i], r.records[i+1:]...)
		}}, []string{"REC-07 open"}, "The owner did not connect again."},
		{"forgets the webhooks", []edit{second(replaced(`,"webhook_urls":["`+hookURL+`"]`, ""))}, []string{"REC-08 fail"}, "other webhook_urls"},
		{"has other webhooks", []edit{second(replaced("/events", "/event"))}, []string{"REC-08 fail"}, "other webhook_urls"},
		{"has one webhook more", []edit{second(replaced(`"]`, `","https://integration.example.test/more"]`))}, []string{"REC-08 fail"}, "other webhook_urls"},
		{"was not disconnected again", []edit{func(r *run) {
			i := r.find(transitions(story, journal.StateUninstalled), 2)
			r.records = append(r.records[:i:i], r.records[i+1:]...)
		}}, []string{"REC-10 open"}, "not disconnected a second time"},
	})
}

func TestForgedWebhooks(t *testing.T) {
	const story = journal.StoryForgedWebhooks
	forged := webhooks(story, "uninstall")
	var cases []flawed
	for _, variant := range journal.ForgedTokens() {
		p := probes(story, journal.MomentForged(variant))
		cases = append(cases, flawed{"disconnects by " + variant, []edit{
			change(p, 1, says(false)), change(probes(story, journal.MomentAfterForged), 1, says(false)),
		}, []string{"REC-03 fail"}, "uninstall webhook with a wrong token"})
	}
	cases = append(cases, []flawed{
		{"disconnect in the end", []edit{change(probes(story, journal.MomentAfterForged), 1, says(false))}, []string{"REC-03 fail"}, "no longer shows"},
		{"are refused with 401", []edit{changeAll(forged, answers(401))}, nil, ""},
		{"crash the handler, and no more", []edit{changeAll(forged, answers(500))}, nil, ""},
		{"are hung up on, some of them", []edit{change(forged, 3, silent)}, nil, ""},
		{"do not arrive", []edit{changeAll(forged, silent)}, []string{"REC-03 open"}, "nobody knows whether one has arrived"},
		{"are not sent, one of them", []edit{remove(forged.and(func(rec journal.Record) bool { return rec.Exchange.Variant == "prefix" }))}, []string{"REC-03 open"}, `"prefix" was not sent`},
		{"disconnect at the platform", []edit{func(r *run) {
			location := r.records[r.find(forged, 1)].Location
			copied(transitions(journal.StoryReconnect, journal.StateUninstalled), 1, probes(story, journal.MomentConnected), 1, func(rec *journal.Record) {
				rec.Scenario, rec.Location = story, location
			})(r)
		}}, []string{"REC-03 fail"}, "disconnected at the platform"},
	}...)
	judgeAll(t, goodRun, cases)
	judgeAll(t, bareRun, []flawed{
		{"end the reports", []edit{change(waits(story, journal.MomentPaymentAfterForged), 1, unmet)}, []string{"REC-03 fail"}, "a payment of the location is no longer reported"},
		{
			"end the reports, where there were none",
			[]edit{unpaid, change(waits(story, journal.MomentPaymentAfterForged), 1, unmet)},
			[]string{"PAY-01 fail", "REC-03 blocked by PAY-01"},
			"No payment call",
		},
	})
}

func TestForeignApplication(t *testing.T) {
	const story = journal.StoryForeignApp
	foreign := webhooks(story, "uninstall")
	judgeAll(t, goodRun, []flawed{
		{"disconnects", []edit{change(probes(story, journal.MomentAfterForeign), 1, says(false))}, []string{"REC-04 fail"}, "no longer shows"},
		{"does not arrive", []edit{change(foreign, 1, silent)}, []string{"REC-04 open"}, "nobody knows whether one has arrived"},
		{"is not sent", []edit{remove(foreign)}, []string{"REC-04 open"}, "was not sent"},
	})
	judgeAll(t, bareRun, []flawed{
		{"ends the reports", []edit{change(waits(story, journal.MomentPaymentAfterForeign), 1, unmet)}, []string{"REC-04 fail"}, "a payment of the location is no longer reported"},
	})
}

func TestFreeze(t *testing.T) {
	const story = journal.StoryFreeze
	freeze, payment, hook := webhooks(story, "freeze"), callsTo(story, journal.OpPayment), hooks(story, "pay")
	judgeAll(t, goodRun, []flawed{
		{"answered with 500", []edit{change(freeze, 1, answers(500))}, []string{"REC-11 fail"}, "freeze webhook was answered with 500"},
		{"not answered", []edit{change(freeze, 1, silent)}, []string{"REC-11 fail"}, "freeze webhook got no answer"},
		{"not sent", []edit{remove(freeze)}, []string{"REC-11 open"}, "No freeze webhook was sent."},
		{"taken for an uninstall", []edit{remove(payment)}, []string{"REC-11 fail"}, "as if the freeze had been an uninstall"},
		{"taken for the end of the customer", []edit{remove(payment), change(hook, 1, failedHook)}, []string{"REC-11 fail"}, "took no payment of the location any more: the button is missing"},
		{"followed by a report that is refused", []edit{change(payment, 1, refused(422, "invalid"))}, []string{"REC-11 fail"}, "refused with 422"},
		{"followed by a report for another location", []edit{change(payment, 1, elsewhere)}, []string{"REC-11 fail"}, "no longer reported"},
		{"followed by nothing that was tried", []edit{remove(payment), remove(hook)}, []string{"REC-11 open"}, "No payment was made after the freeze."},
	})
}
