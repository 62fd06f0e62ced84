package checklist_test

import (
	"testing"
	"time"

	"github.com/altegio-readiness/harness/fakealtegio/journal"
)

// goodRun is the journal of a correct integration with all hooks and a probe, in the order in
// which the stories are driven.
func goodRun(t testing.TB) *run {
	r := newRun(t)
	r.newOwner()
	r.paymentStory()
	r.chargebackStory()
	r.registeredStory()
	r.reconnectStory()
	r.forgedWebhooksStory()
	r.foreignStory()
	r.freezeStory()
	r.forgedUserDataStory()
	r.strangerStory()
	return r.end(journal.EndCompleted)
}

func (r *run) newOwner() {
	s, role := r.story(journal.StoryNewOwner, journal.RoleLocation), journal.RoleLocation
	s.connect(role, "register", journal.MomentActivation).quiet(role, journal.MomentAfterActivation)
	s.probe(role, journal.MomentConnected, true).end()
}

func (r *run) paymentStory() {
	s, role := r.story(journal.StoryPayment, journal.RoleLocation), journal.RoleLocation
	s.connect(role, "register", journal.MomentActivation)
	s.pay(role, journal.MomentPayment1)
	s.quiet(role, journal.MomentAfterPayment1)
	s.pay(role, journal.MomentPayment2)
	s.quiet(role, journal.MomentAfterPayment2).end()
}

func (r *run) chargebackStory() {
	s, role := r.story(journal.StoryChargeback, journal.RoleLocation), journal.RoleLocation
	s.connect(role, "register", journal.MomentActivation)
	older := s.pay(role, journal.MomentPayment1)
	s.quiet(role, journal.MomentAfterPayment1)
	s.pay(role, journal.MomentPayment2)
	s.quiet(role, journal.MomentAfterPayment2)
	s.refund(role, older).hook(role, "refund").wait(role, "refund", journal.MomentRefund)
	s.quiet(role, journal.MomentAfterRefund).end()
}

func (r *run) registeredStory() {
	s := r.story(journal.StoryRegistered, journal.RoleFirst, journal.RoleSecond, journal.RoleThird)
	s.connect(journal.RoleFirst, "register", journal.MomentActivation).uninstall(journal.RoleFirst)
	s.connect(journal.RoleSecond, "sign_in", journal.MomentSecond)
	s.probe(journal.RoleSecond, journal.MomentConnected, true)
	s.connect(journal.RoleThird, "sign_in", journal.MomentThird)
	s.quiet(journal.RoleSecond, journal.MomentSecondStays).probe(journal.RoleSecond, journal.MomentSecondStays, true).end()
}

func (r *run) reconnectStory() {
	s, role := r.story(journal.StoryReconnect, journal.RoleLocation), journal.RoleLocation
	s.connect(role, "register", journal.MomentActivation).probe(role, journal.MomentConnected, true)
	s.disconnected(journal.MomentAfterUninstall)
	s.connect(role, "sign_in", journal.MomentReactivation).probe(role, journal.MomentAfterReactivation, true)
	s.disconnected(journal.MomentAfterUninstall2)
	s.end()
}

// disconnected is an uninstall, a payment that is not reported, and the questions afterwards.
func (s *scene) disconnected(moment string) {
	role := journal.RoleLocation
	s.uninstall(role).probe(role, moment+"-settled", false)
	s.paid++
	s.payHook(role, "950.00")
	s.quiet(role, moment).probe(role, moment, false)
}

func (r *run) forgedWebhooksStory() {
	s, role := r.story(journal.StoryForgedWebhooks, journal.RoleLocation), journal.RoleLocation
	s.connect(role, "register", journal.MomentActivation).probe(role, journal.MomentConnected, true)
	for _, variant := range journal.ForgedTokens() {
		s.webhook(role, "uninstall", variant).probe(role, journal.MomentForged(variant), true)
	}
	s.quiet(role, journal.MomentAfterForged).probe(role, journal.MomentAfterForged, true).end()
}

func (r *run) foreignStory() {
	s, role := r.story(journal.StoryForeignApp, journal.RoleLocation), journal.RoleLocation
	s.connect(role, "register", journal.MomentActivation).probe(role, journal.MomentConnected, true)
	s.webhook(role, "uninstall", journal.VariantForeignApplication)
	s.quiet(role, journal.MomentAfterForeign).probe(role, journal.MomentAfterForeign, true).end()
}

func (r *run) freezeStory() {
	s, role := r.story(journal.StoryFreeze, journal.RoleLocation), journal.RoleLocation
	s.ago = (trialDays*24 + 25) * time.Hour
	s.connect(role, "register", journal.MomentActivation)
	s.ago = 0
	s.transition(role, journal.StateActive, journal.StateFreezed)
	s.webhook(role, "freeze", "").quiet(role, "after-freeze")
	s.pay(role, journal.MomentPaymentAfterFreeze)
	s.end()
}

func (r *run) forgedUserDataStory() {
	roles := []string{journal.RoleEmptySignature, journal.RoleNoSignature, journal.RoleWrongSignature}
	s := r.story(journal.StoryForgedUserData, roles...)
	for _, role := range roles {
		s.click(role).visit(role)
	}
	s.quiet(roles[0], journal.MomentAfterForgedData).end()
}

func (r *run) strangerStory() {
	s := r.story(journal.StoryStranger, journal.RoleVictim, journal.RoleUnconnected)
	s.connect(journal.RoleVictim, "register", journal.MomentActivation).probe(journal.RoleVictim, journal.MomentConnected, true)
	for _, role := range []string{journal.RoleVictim, journal.RoleUnconnected} {
		s.visit(role).hook(role, "register")
	}
	s.quiet(journal.RoleVictim, journal.MomentVictim).probe(journal.RoleUnconnected, journal.MomentUnconnected, false)
	s.probe(journal.RoleVictim, journal.MomentVictim, true).end()
}

// bareRun is the journal of a correct integration without a probe: what a probe would have said
// is shown by payments.
func bareRun(t testing.TB) *run {
	r := goodRun(t)
	r.declared().Probes = nil
	evidence := map[string]string{
		journal.MomentAfterForged:  journal.MomentPaymentAfterForged,
		journal.MomentAfterForeign: journal.MomentPaymentAfterForeign,
		journal.MomentVictim:       journal.MomentPaymentOfVictim,
		journal.MomentSecondStays:  journal.MomentPaymentOfSecond,
	}
	for i := range r.records {
		rec := &r.records[i]
		if rec.Probe == nil {
			continue
		}
		moment := evidence[rec.Probe.Moment]
		if moment == "" {
			rec.Kind, rec.Probe, rec.Note = journal.KindNote, nil, &journal.Note{Text: "there is no probe"}
			continue
		}
		rec.Kind, rec.Probe = journal.KindWait, nil
		rec.Wait = &journal.Wait{For: "payment", What: "payment", Moment: moment, Met: true, LimitMS: 15000}
	}
	return r
}
