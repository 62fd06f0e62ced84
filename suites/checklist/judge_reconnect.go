package checklist

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/altegio-readiness/harness/fakealtegio/journal"
)

// WebhookLimit is how long a lifecycle webhook may take. The documents give 10 to 15 seconds for
// webhooks about entities and nothing for these; the shorter is asked for.
const WebhookLimit = 10 * time.Second

func judgeUninstallAnswered(h *hearing) Verdict {
	s := h.story(journal.StoryReconnect)
	sent := s.deliveries(s.cast[journal.RoleLocation], "uninstall", "")
	if len(sent) == 0 {
		return h.short(s, "No uninstall webhook was sent.")
	}
	if f := answered(sent); f != nil {
		return h.fail(*f)
	}
	return h.pass(fmt.Sprintf("%s answered with 2xx, the slowest after %s.", plural(len(sent), "webhook", "webhooks"), slowest(sent)), seqs(sent...)...)
}

// answered returns a finding about the first delivery that was not answered with 2xx in time.
func answered(sent []journal.Record) *Finding {
	for _, rec := range sent {
		f := Finding{Expected: "2xx within 10 s", Record: rec.Seq}
		ex := rec.Exchange
		switch {
		case ex.Response == nil:
			f.Seen, f.Received = fmt.Sprintf("The %s webhook got no answer: %s.", ex.Event, cmp.Or(ex.Error, "nobody says why")), "no answer"
		case !taken(rec):
			f.Seen, f.Received = fmt.Sprintf("The %s webhook was answered with %d.", ex.Event, ex.Response.Status), strconv.Itoa(ex.Response.Status)
		case ex.Millis > float64(WebhookLimit.Milliseconds()):
			f.Seen, f.Received = fmt.Sprintf("The %s webhook was answered after %s.", ex.Event, millis(ex.Millis)), millis(ex.Millis)
		default:
			continue
		}
		return &f
	}
	return nil
}

// taken reports whether a webhook was answered with 2xx.
func taken(rec journal.Record) bool {
	answer := rec.Exchange.Response
	return answer != nil && answer.Status >= 200 && answer.Status <= 299
}

func slowest(sent []journal.Record) string {
	most := 0.0
	for _, rec := range sent {
		most = max(most, rec.Exchange.Millis)
	}
	return strconv.FormatFloat(min(most, float64(WebhookLimit.Milliseconds())), 'f', 0, 64) + "ms"
}

func judgeDisconnected(h *hearing) Verdict {
	s := h.story(journal.StoryReconnect)
	location := s.cast[journal.RoleLocation]
	gone := s.transitions(location, journal.StateUninstalled)
	if len(gone) == 0 {
		return h.short(s, "The location was not disconnected.")
	}
	return h.disconnected(s, disconnection{
		gone: gone[0], next: first(between(s.transitions(location, journal.StatePending), gone[0].Seq, 0)),
		connectedAt: journal.MomentConnected, moment: journal.MomentAfterUninstall,
	})
}

func judgeDisconnectedAgain(h *hearing) Verdict {
	s := h.story(journal.StoryReconnect)
	gone := s.transitions(s.cast[journal.RoleLocation], journal.StateUninstalled)
	if len(gone) < 2 {
		return h.short(s, "The location was not disconnected a second time.")
	}
	return h.disconnected(s, disconnection{
		gone: gone[1], connectedAt: journal.MomentAfterReactivation, moment: journal.MomentAfterUninstall2,
	})
}

func judgeForgedWebhooks(h *hearing) Verdict {
	s := h.story(journal.StoryForgedWebhooks)
	location := s.cast[journal.RoleLocation]
	var sent []journal.Record
	for _, variant := range journal.ForgedTokens() {
		forged := s.deliveries(location, "uninstall", variant)
		if len(forged) == 0 {
			return h.short(s, fmt.Sprintf("The webhook with the token variant %q was not sent.", variant))
		}
		sent = append(sent, forged[0])
	}
	if v, lost := h.unanswered(sent); lost {
		return v
	}
	if v, unfit := h.unfitProbe(s, journal.MomentConnected); unfit {
		return v
	}
	for i, variant := range journal.ForgedTokens() {
		if p := s.probe(probeConnected, journal.MomentForged(variant)); p != nil && p.Probe.Value != nil && !*p.Probe.Value {
			return h.fail(Finding{
				Seen:    fmt.Sprintf("An uninstall webhook with a wrong token (%s) disconnected the location.", strings.ReplaceAll(variant, "-", " ")),
				Pointer: "/partner_token", Expected: "no change", Received: "observe.connected false", Record: sent[i].Seq,
			})
		}
	}
	return h.stillConnected(s, stillness{
		location: location, since: s.activatedSince(), after: "webhooks with wrong tokens",
		probeAt: journal.MomentAfterForged, paymentAt: journal.MomentPaymentAfterForged,
	}, seqs(sent...))
}

func judgeForeignApplication(h *hearing) Verdict {
	s := h.story(journal.StoryForeignApp)
	location := s.cast[journal.RoleLocation]
	sent := s.deliveries(location, "uninstall", journal.VariantForeignApplication)
	if len(sent) == 0 {
		return h.short(s, "The webhook of another application was not sent.")
	}
	if v, lost := h.unanswered(sent); lost {
		return v
	}
	return h.stillConnected(s, stillness{
		location: location, since: s.activatedSince(), after: "an uninstall webhook for another application",
		probeAt: journal.MomentAfterForeign, paymentAt: journal.MomentPaymentAfterForeign,
	}, seqs(sent...))
}

// unanswered finds out whether webhooks that must change nothing have arrived at all. Some of
// them may go unanswered, since nobody owes a forger an answer.
func (h *hearing) unanswered(sent []journal.Record) (Verdict, bool) {
	if slices.ContainsFunc(sent, func(rec journal.Record) bool { return rec.Exchange.Response != nil }) {
		return Verdict{}, false
	}
	return h.unclear(OfIntegration, "No such webhook got an answer, so nobody knows whether one has arrived: "+
		cmp.Or(sent[0].Exchange.Error, "nobody says why")+".", seqs(sent...)...), true
}

// activatedSince is the record with which the wait for the first activation of a story ended.
func (s *story) activatedSince() int64 {
	if w := s.wait(journal.MomentActivation); w != nil {
		return w.Seq
	}
	return 0
}

// reconnect returns the accepted activations of the reconnect story, the first and the second.
func (h *hearing) reconnect() (firstCall, second *journal.Record) {
	s := h.story(journal.StoryReconnect)
	location := s.cast[journal.RoleLocation]
	pending := s.transitions(location, journal.StatePending)
	if len(pending) < 2 {
		return nil, nil
	}
	ok := accepted(s.calls(location, journal.OpInstall, journal.OpRedirect))
	if before := between(ok, 0, pending[1].Seq); len(before) > 0 {
		firstCall = &before[0]
	}
	if after := between(ok, pending[1].Seq, 0); len(after) > 0 {
		second = &after[0]
	}
	return firstCall, second
}

func judgeReconnected(h *hearing) Verdict {
	s := h.story(journal.StoryReconnect)
	location := s.cast[journal.RoleLocation]
	if _, second := h.reconnect(); second != nil {
		return h.pass("The second activation was accepted.", second.Seq)
	}
	for _, earlier := range []string{"REC-01", "REC-02"} {
		if v, root := h.cause(earlier); root != "" && v.Outcome == Fail {
			return h.blocked(root, "The uninstall before was not processed; see "+root+".")
		}
	}
	pending := s.transitions(location, journal.StatePending)
	if len(pending) < 2 {
		return h.short(s, "The owner did not connect again.")
	}
	again := pending[1].Seq
	if calls := s.activations(location, again, 0); len(calls) > 0 {
		return h.refused(calls, "second activation", location)
	}
	return h.absent(s, noSignIn, again, 0)
}

func judgeSameWebhooks(h *hearing) Verdict {
	before, after := h.reconnect()
	if before == nil || after == nil {
		return h.short(h.story(journal.StoryReconnect), "There are no two activations to compare.")
	}
	had, has := webhookURLs(*before), webhookURLs(*after)
	if slices.Equal(had, has) {
		return h.pass(fmt.Sprintf("Both activations have %s.", plural(len(has), "webhook URL", "webhook URLs")), before.Seq, after.Seq)
	}
	return h.fail(Finding{
		Seen:    "The activation after the reconnect has other webhook_urls than the first.",
		Pointer: "/webhook_urls", Expected: list(had), Received: list(has), Record: after.Seq,
	})
}

// webhookURLs returns the webhook_urls of an activation, sorted and without their queries: some
// integrations put a secret there that is made anew for each connection.
func webhookURLs(call journal.Record) []string {
	items, _ := fields(call)["webhook_urls"].([]any)
	var urls []string
	for _, item := range items {
		url, _, _ := strings.Cut(text(item), "?")
		urls = append(urls, clip(url, 200))
	}
	slices.Sort(urls)
	return slices.Compact(urls)
}

func list(items []string) string {
	if len(items) == 0 {
		return "none"
	}
	return strings.Join(items, ", ")
}

func judgeFreeze(h *hearing) Verdict {
	s := h.story(journal.StoryFreeze)
	location := s.cast[journal.RoleLocation]
	sent := s.deliveries(location, "freeze", "")
	if len(sent) == 0 {
		return h.short(s, "No freeze webhook was sent.")
	}
	if f := answered(sent); f != nil {
		return h.fail(*f)
	}
	calls := between(s.calls(location, journal.OpPayment), sent[0].Seq, 0)
	if ok := accepted(calls); len(ok) > 0 {
		return h.pass("The freeze was acknowledged, and the payment after it was reported.", sent[0].Seq, ok[0].Seq)
	}
	if len(calls) > 0 {
		return h.fail(refusal(calls[len(calls)-1], "payment after the freeze"))
	}
	hooks := between(s.hooks("pay"), sent[0].Seq, 0)
	if len(hooks) == 0 {
		return h.short(s, "No payment was made after the freeze.")
	}
	if !hooks[0].Hook.OK {
		return h.fail(Finding{
			Seen:     "After the freeze webhook the integration took no payment of the location any more: " + hooks[0].Hook.Error,
			Expected: "a payment call", Received: "the pay hook fails, as it did not before the freeze", Record: hooks[0].Seq,
		})
	}
	limit := ""
	if w := s.wait(journal.MomentPaymentAfterFreeze); w != nil {
		limit = " within " + millis(w.Wait.LimitMS)
	}
	return h.fail(Finding{
		Seen:     "After the freeze webhook a payment of the location is no longer reported, as if the freeze had been an uninstall.",
		Expected: "a payment call", Received: "none" + limit, Record: sent[0].Seq,
	})
}
