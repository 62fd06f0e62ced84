package journal

// Scenarios write the journal and judges read it, and neither knows the other. What they have in
// common are the cues below: the names of the stories, the roles of their casts, and the moments
// of waits and probes. They stand in journals that people keep, so they are never renamed.

// The names of the stories, [Record].Scenario.
const (
	StoryNewOwner       = "connect-new-owner"
	StoryForgedUserData = "connect-forged-user-data"
	StoryStranger       = "connect-stranger"
	StoryRegistered     = "registered-sign-in"
	StoryPayment        = "payment-renewal"
	StoryChargeback     = "chargeback-older-payment"
	StoryReconnect      = "reconnect-uninstall"
	StoryForgedWebhooks = "reconnect-forged-webhooks"
	StoryForeignApp     = "reconnect-foreign-application"
	StoryFreeze         = "reconnect-freeze"
)

// The roles of the casts, keys of [Scenario].Cast.
const (
	RoleLocation       = "location"        // the one location of a story
	RoleWrongSignature = "wrong-signature" // StoryForgedUserData, by how the data is signed
	RoleNoSignature    = "no-signature"
	RoleEmptySignature = "empty-signature"
	RoleVictim         = "victim"      // StoryStranger: somebody else's, connected
	RoleUnconnected    = "unconnected" // StoryStranger: nobody pressed Connect there
	RoleFirst          = "first"       // StoryRegistered: where the account was made, left again
	RoleSecond         = "second"      // StoryRegistered: connected by signing in
	RoleThird          = "third"       // StoryRegistered: connected beside the second
)

// The moments of waits and probes, [Wait].Moment and [Probe].Moment. [MomentForged] makes one for
// each forged webhook.
const (
	MomentConnected           = "connected"              // the installation has become active
	MomentActivation          = "activation"             // after the owner has registered
	MomentLateActivation      = "late-activation"        // after the pending window, on a second visit
	MomentAfterActivation     = "after-activation"       // quiet: nothing more is expected
	MomentAfterForgedData     = "after-forged-user-data" // quiet
	MomentVictim              = "victim-after-visit"
	MomentUnconnected         = "unconnected-after-visit"
	MomentPayment1            = "payment-1"
	MomentAfterPayment1       = "after-payment-1" // quiet
	MomentPayment2            = "payment-2"
	MomentAfterPayment2       = "after-payment-2" // quiet
	MomentRefund              = "refund"
	MomentAfterRefund         = "after-refund"    // quiet
	MomentAfterUninstall      = "after-uninstall" // quiet and probe
	MomentReactivation        = "reactivation"
	MomentAfterReactivation   = "after-reactivation"
	MomentAfterUninstall2     = "after-second-uninstall" // quiet and probe
	MomentAfterForged         = "after-forged"           // quiet and probe
	MomentPaymentAfterForged  = "payment-after-forged"
	MomentAfterForeign        = "after-foreign" // quiet and probe
	MomentPaymentAfterForeign = "payment-after-foreign"
	MomentPaymentAfterFreeze  = "payment-after-freeze"
	MomentPaymentOfVictim     = "payment-of-victim"
	MomentSecond              = "second-activation"
	MomentThird               = "third-activation"
	MomentSecondStays         = "second-stays" // quiet and probe
	MomentPaymentOfSecond     = "payment-of-second"
)

// MomentForged is the moment of the probe that follows the forged webhook of the variant.
func MomentForged(variant string) string { return "forged-" + variant }

// ForgedTokens are the ways in which the token of a webhook is wrong, [Exchange].Variant.
func ForgedTokens() []string {
	return []string{"other-token", "missing", "empty", "null", "number", "list", "prefix", "other-case"}
}

// VariantForeignApplication is the [Exchange].Variant of a webhook that has the right token and
// the id of another application of the same developer.
const VariantForeignApplication = "foreign-application"

// The operations that stories and judges speak of, [Exchange].Operation: operationIds of the
// contract.
const (
	OpInstall   = "marketplace_notification_settings_callback"
	OpRedirect  = "marketplace_notification_settings_redirect_callback" // the browser variant of it
	OpPayment   = "marketplace_notification_payment_callback"
	OpRefund    = "marketplace_payment_refund_callback"
	OpStatus    = "marketplace_application_status"
	OpUninstall = "marketplace_application_uninstall"
	OpLocations = "marketplace_application_locations"
)

// The reasons for which the platform gives an error answer, [Exchange].Refused.
const (
	RefusedToken            = "wrong-token"        // 401: no partner token, or none that is known
	RefusedApplication      = "wrong-application"  // 403: not an application of this developer
	RefusedAlreadyInstalled = "already-installed"  // 403: active or frozen at this location
	RefusedNoPendingLink    = "no-pending-link"    // 403: nobody pressed Connect
	RefusedExpired          = "expired-link"       // 403: Connect was pressed too long ago
	RefusedInvalid          = "invalid"            // 422: see the violations
	RefusedNotInstalled     = "not-installed"      // 403 for a payment, 404 otherwise
	RefusedUnknownPayment   = "unknown-payment"    // 422: never reported, or by another developer
	RefusedAlreadyRefunded  = "already-refunded"   // 422
	RefusedUnknownPath      = "unknown-path"       // 404
	RefusedMethod           = "method-not-allowed" // 405
	RefusedTooLarge         = "too-large"          // 413
	RefusedUnreadable       = "unreadable"         // 400: the request's body broke off
	RefusedHarness          = "harness-fault"      // 500: our own fault, nobody else's
)
