package checklist_test

import (
	"fmt"
	"net/url"
	"slices"
	"testing"
	"time"

	"github.com/altegio-readiness/harness/fakealtegio/journal"
)

// insertAfter puts a call behind every record that fits, for the same location.
func insertAfter(place pick, ex journal.Exchange) edit {
	return func(r *run) {
		var all []journal.Record
		for _, rec := range r.records {
			all = append(all, rec)
			if place(rec) {
				call := ex
				all = append(all, journal.Record{
					Kind: journal.KindExchange, At: rec.At, Clock: rec.Clock, Scenario: rec.Scenario, Location: rec.Location, Exchange: &call,
				})
			}
		}
		r.records = all
	}
}

// byBrowser makes activations forms that a browser sends, which end on a page of the platform.
func byBrowser(list string) edit {
	return func(r *run) {
		var all []journal.Record
		for _, rec := range r.records {
			if rec.Exchange != nil && rec.Exchange.Operation == journal.OpInstall {
				ex := rec.Exchange
				ex.Operation, ex.Request.URL = journal.OpRedirect, "/marketplace/partner/callback/redirect"
				ex.Request.Header = map[string][]string{"Content-Type": {"application/x-www-form-urlencoded; charset=utf-8"}}
				ex.Request.Body.Text = url.Values{
					"salon_id": {fmt.Sprint(rec.Location)}, "application_id": {fmt.Sprint(application)}, list: {hookURL},
				}.Encode()
				ex.Response.Status = 301
				page := rec
				page.Exchange = &journal.Exchange{
					Direction: journal.ToPlatform, Operation: "appstore_application_page", Application: application,
					Request: journal.Request{Method: "GET", URL: "/appstore/1/applications/2/info"}, Response: &journal.Response{Status: 200},
				}
				all = append(all, rec, page)
				continue
			}
			all = append(all, rec)
		}
		r.records = all
	}
}

// behindHooks moves calls behind the record of the hook that led to them: work that is done
// after the answer.
func behindHooks(r *run) {
	for i := range r.records {
		ex := r.records[i].Exchange
		if ex == nil || ex.Direction != journal.ToPlatform {
			continue
		}
		for k := i; k+1 < len(r.records); k++ {
			next := r.records[k+1]
			if next.Wait != nil || next.ScenarioEvent != nil || r.records[k].Hook != nil {
				break
			}
			r.records[k], r.records[k+1] = next, r.records[k]
		}
	}
}

// What correct integrations do differently fails nothing.
func TestLegitimateDifferences(t *testing.T) {
	is := func(operations ...string) pick {
		return func(rec journal.Record) bool {
			return rec.Exchange != nil && rec.Exchange.Direction == journal.ToPlatform && slices.Contains(operations, rec.Exchange.Operation)
		}
	}
	webhook := func(rec journal.Record) bool {
		return rec.Exchange != nil && rec.Exchange.Direction == journal.FromPlatform
	}
	call := func(method, path, operation string, status int, refused string) journal.Exchange {
		return journal.Exchange{
			Direction: journal.ToPlatform, Operation: operation, Application: application, Refused: refused,
			Request: journal.Request{Method: method, URL: path}, Response: &journal.Response{Status: status},
		}
	}
	sum := func(n int, old, new string) edit { return change(paymentCall, n, replaced(old, new)) }
	// lateIn repeats an activation of the payment story in the time of the registered story.
	lateIn := func(story string, n int) edit {
		return copied(callsTo(journal.StoryPayment, journal.OpInstall), 1, callsTo(story, journal.OpInstall), n, refused(403, "already-installed"))
	}
	cases := []flawed{
		{name: "webhooks answered 204", edit: []edit{changeAll(webhook, answers(204))}},
		{name: "webhooks answered 202 after nine seconds", edit: []edit{changeAll(webhook, both(answers(202), func(rec *journal.Record) { rec.Exchange.Millis = 9000 }))}},
		{name: "work done behind the hooks", edit: []edit{behindHooks}},
		{name: "through the browser", edit: []edit{byBrowser("webhook_urls[]")}},
		{name: "through the browser, as PHP writes lists", edit: []edit{byBrowser("webhook_urls[0]")}},
		{name: "ids as floats", edit: []edit{changeAll(is(journal.OpInstall, journal.OpPayment), replaced(`"application_id":4242`, `"application_id":4242.0`))}},
		{name: "ids as strings", want: []string{"CON-05 warn"}, edit: []edit{
			changeAll(is(journal.OpInstall), replaced(`"application_id":4242`, `"application_id":"4242"`)),
			changeAll(is(journal.OpInstall, journal.OpPayment), tolerated("body", "/application_id", "type")),
		}},
		{name: "status asked all the time", edit: []edit{
			insertAfter(is(journal.OpInstall, journal.OpPayment, journal.OpRefund), call("GET", "/marketplace/salon/1/application/4242", opStatus, 200, "")),
			insertAfter(webhook, call("GET", "/marketplace/salon/1/application/4242", opStatus, 404, "not-installed")),
		}},
		{name: "other parts of the platform called", edit: []edit{
			insertAfter(is(journal.OpInstall, journal.OpPayment), call("GET", "/api/v1/company/1", "", 404, "unknown-path")),
			insertAfter(webhook, call("POST", "/api/v1/auth", "", 404, "unknown-path")),
		}},
		{name: "an uninstall of its own after the webhook", edit: []edit{
			insertAfter(webhooks(journal.StoryReconnect, "uninstall"), call("POST", "/marketplace/salon/1/application/4242/uninstall", "marketplace_application_uninstall", 404, "not-installed")),
		}},
		{name: "a stranger's activations, refused", edit: []edit{func(r *run) {
			r.with(insertAfter(hooks(journal.StoryStranger, "register"), *r.records[r.find(activation, 1)].Exchange),
				changeAll(callsTo(journal.StoryStranger, journal.OpInstall), refused(403, "no-pending-link")),
				change(callsTo(journal.StoryStranger, journal.OpInstall), 1, refused(201, "")))
		}}},
		{name: "a page that leads on", edit: []edit{copied(opened, 1, opened, 1, nil)}},
		{name: "a victim's page that leads on", edit: []edit{copied(steps(journal.StoryStranger, "visit"), 1, steps(journal.StoryStranger, "visit"), 1, nil)}},
		{name: "a form that takes a person two minutes", edit: []edit{func(r *run) {
			for i := r.find(activation, 1); i < len(r.records); i++ {
				r.records[i].At = r.records[i].At.Add(2 * time.Minute)
				if clock := r.records[i].Clock; clock != nil {
					later := clock.Add(2 * time.Minute)
					r.records[i].Clock = &later
				}
			}
		}, func(r *run) {
			for i := range r.records {
				if rec := &r.records[i]; rec.Scenario == journal.StoryPayment && rec.Exchange != nil && rec.Exchange.Operation == journal.OpPayment {
					say(rec, *rec.Clock, *rec.Clock, rec.Clock.AddDate(0, 1, 0))
				}
			}
		}}},
		{name: "a sum with a zero less", edit: []edit{changeAll(payHook, func(rec *journal.Record) { rec.Hook.Payment.Sum = "990.90" }), sum(1, ":901.42", ":990.9"), sum(2, ":902.42", ":990.9")}},
		{name: "a sum with zeros", edit: []edit{sum(1, ":901.42", ":901.4200000")}},
		{name: "a sum with an exponent", edit: []edit{sum(1, ":901.42", ":9.0142E+2")}},
		{name: "a round sum with an exponent", edit: []edit{changeAll(payHook, func(rec *journal.Record) { rec.Hook.Payment.Sum = "1000" }), sum(1, ":901.42", ":1E+3"), sum(2, ":902.42", ":1000.00")}},
		{name: "a sum with the noise of floats", edit: []edit{sum(1, ":901.42", ":901.4199999999999"), sum(2, ":902.42", ":902.4200000000001")}},
		{name: "a sum as Python's Decimal has it", edit: []edit{sum(1, ":901.42", ":901.419999999999959072738420218229293823242187500")}},
		{name: "a fixed sum and the same period twice", edit: []edit{
			changeAll(payHook, func(rec *journal.Record) { rec.Hook.Payment.Sum = "990.99" }), sum(1, ":901.42", ":990.99"), sum(2, ":902.42", ":990.99"),
		}},
		{name: "an activation repeated in another story", edit: []edit{lateIn(journal.StoryRegistered, 2)}},
		{name: "an activation repeated after the reconnect", edit: []edit{lateIn(journal.StoryReconnect, 2)}},
		{name: "an activation repeated in its own story, late", want: []string{"CON-07 warn"}, edit: []edit{
			copied(activation, 1, callsTo(journal.StoryRegistered, journal.OpInstall), 2, refused(403, "already-installed")),
		}},
		{name: "webhook URLs with a new secret", edit: []edit{
			change(callsTo(journal.StoryReconnect, journal.OpInstall), 1, replaced(hookURL, hookURL+"?secret=one")),
			change(callsTo(journal.StoryReconnect, journal.OpInstall), 2, replaced(hookURL, hookURL+"?secret=two")),
		}},
		{name: "webhook URLs in another order", edit: []edit{
			change(callsTo(journal.StoryReconnect, journal.OpInstall), 1, replaced(hookURL, `https://a.test/1","https://a.test/2`)),
			change(callsTo(journal.StoryReconnect, journal.OpInstall), 2, replaced(hookURL, `https://a.test/2","https://a.test/1`)),
		}},
		{name: "no webhook URLs", edit: []edit{changeAll(callsTo(journal.StoryReconnect, journal.OpInstall), replaced(`,"webhook_urls":["`+hookURL+`"]`, ""))}},
	}
	judgeAll(t, goodRun, cases)
	judgeAll(t, bareRun, []flawed{
		{name: "no trial at all", edit: []edit{declare(func(d *journal.Run) { d.Application.TrialDays = 0 })}},
		{name: "a pay hook that refuses after an uninstall", edit: []edit{changeAll(hooks(journal.StoryReconnect, "pay"), failedHook)}},
	})
}
