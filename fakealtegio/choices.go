package fakealtegio

import "github.com/altegio-readiness/harness/fakealtegio/journal"

// Names of readings that the exchanges they shaped refer to.
const (
	choicePendingWindow   = "pending-window"
	choiceExpiredLink     = "expired-link"
	choiceNoPendingLink   = "no-pending-link"
	choiceInstallFreezed  = "install-while-freezed"
	choiceInstallBody     = "install-body"
	choiceRedirectVariant = "redirect-variant"
	choiceRedirectTarget  = "redirect-target"
	choicePaymentUnlinked = "payment-without-link"
	choicePaymentPending  = "payment-while-pending"
	choicePaymentZone     = "payment-zone"
	choiceDates           = "dates"
	choicePeriodReversed  = "period-reversed"
	choiceRefundUnknown   = "refund-of-unknown"
	choiceRefundTwice     = "refund-twice"
	choiceRefundBody      = "refund-body"
	choiceRefundCurrent   = "refund-of-current-period"
	choiceErrors          = "errors"
	choiceOwnUninstall    = "own-uninstall"
	choiceListStates      = "list-states"
	choiceListPaging      = "list-paging"
	choiceWebhookAttempts = "webhook-attempts"
)

// Choices returns the readings that the platform took where Altegio's documents disagree or say
// nothing, in a fixed order. Each note says what else is possible.
func (p *Platform) Choices() []journal.Choice {
	return []journal.Choice{
		{Name: choicePendingWindow, Value: p.cfg.PendingWindow.String(), Note: "The support article says one hour, the platform's own tool reports twelve in the code and advises against relying on it."},
		{Name: choiceExpiredLink, Value: "403", Note: "An error is documented, its status is not. Alternative: 404."},
		{Name: choiceNoPendingLink, Value: "403", Note: "An installation nobody asked for; not documented. Alternative: 404."},
		{Name: "connect-again", Value: "renewed", Note: "Connect on a pending link restarts its window. Alternative: the first click counts."},
		{Name: choiceInstallFreezed, Value: "403 already installed", Note: "Only the answer for an active application was seen. Alternative: the freeze ends."},
		{Name: choiceInstallBody, Value: `{"success":true,"data":[],"meta":[]}`, Note: "No body is declared for the 201. Alternatives: none, [], data.user_id."},
		{Name: choiceRedirectVariant, Value: "by content type", Note: "A form needs no token and is answered 301, JSON needs it and is answered 200. Documents describe JSON with a token for a browser, which can send neither, and differ on the status."},
		{Name: choiceRedirectTarget, Value: "page of the application", Note: "The target of the 301 is not documented; here it is /appstore/{location}/applications/{application}/info of the same host."},
		{Name: "freemium", Value: "freezes like paid", Note: "Only free applications are known to be without payments. Alternative: never freezes."},
		{Name: "trial-on-reconnect", Value: "not given again", Note: "The trial is observed to be given once for an application and a location; payments and history stay. Alternative: a new trial."},
		{Name: "freeze-delay", Value: grace.String(), Note: "Documented as within 24 hours of the end of the trial or paid period; here at the end of them, and a gap between periods that is shorter is none."},
		{Name: choicePaymentUnlinked, Value: "403", Note: "A payment for a location that is not connected; of the documented answers the likeliest. Alternatives: 404, 422."},
		{Name: choicePaymentPending, Value: "403", Note: "A payment before the installation; not documented. Alternative: recorded."},
		{Name: choicePaymentZone, Value: "local, any for the present", Note: "Dates carry no zone; they are read as local time of the location; but a period covers the present if it does so in any zone. Alternatives: UTC, Moscow."},
		{Name: choiceDates, Value: "strict", Note: "Only YYYY-MM-DD HH:MM:SS; other forms were seen in integrations, and whether they are taken is not known. Alternative: lenient."},
		{Name: choicePeriodReversed, Value: "422", Note: "A period that ends before it begins; no rule is published. Alternative: recorded."},
		{Name: "period-overlap", Value: "recorded", Note: "Overlapping and backdated periods; no rule is published. Alternative: 422."},
		{Name: choiceRefundUnknown, Value: "422", Note: "A refund of a payment that is unknown or another developer's; 404 is not among the documented answers. Alternatives: 403, 404."},
		{Name: choiceRefundTwice, Value: "422", Note: "A second refund of the same payment. Alternative: 200 without effect."},
		{Name: choiceRefundBody, Value: "ignored", Note: "A body of the refund call is recorded and has no meaning; its answer has the same body as the installation's, as none is declared."},
		{Name: choiceRefundCurrent, Value: "freezed after " + refundDelay.String(), Note: "Documented: disabled within an hour. That this is the freeze with its webhook is our reading. Alternative: uninstalled."},
		{Name: "refund-of-other-period", Value: "recorded", Note: "The refund of a past period changes nothing, that of a future one takes it away. Alternative: freezes."},
		{Name: choiceErrors, Value: "map", Note: "meta.errors of a 422 is an object of lists of messages. Alternative: a list of messages."},
		{Name: "invalid-json", Value: "422", Note: "A body that is no JSON object. Alternative: 400, which was seen for another reason."},
		{Name: "content-type", Value: "not demanded", Note: "A JSON object is read whatever its Content-Type says, which is recorded. Alternative: 422."},
		{Name: "duplicate-members", Value: "last", Note: "Of a member named twice the last one counts, unless the contract calls it an error. Alternative: 422."},
		{Name: "ids", Value: "strings taken", Note: "Ids written as decimal strings are recorded as a deviation and understood. Alternative: 422."},
		{Name: "accept", Value: "not demanded", Note: "The version header is required by the documents; integrations without it work at the sibling platform. Alternative: refused."},
		{Name: "unknown-fields", Value: "ignored", Note: "Recorded as a deviation. Alternative: 422."},
		{Name: "hosts", Value: "any", Note: "Any host name, with and without /api/v1 or /v1; documents name three. Alternative: one host."},
		{Name: "order", Value: "token, body, application, state", Note: "Which fault is answered if there are several. Alternative: the application before the body."},
		{Name: choiceOwnUninstall, Value: "no webhook", Note: "Whether the integration is told of its own disconnect is not certain. Alternative: an uninstall webhook follows."},
		{Name: choiceListStates, Value: "active, freezed", Note: "Whether pending and frozen locations are listed is not said. Alternatives: active, all."},
		{Name: choiceListPaging, Value: "0 and 1 are the first page", Note: "Documents count from 0 and from 1. A missing or impossible page or count is recorded and taken as the first page and 1000."},
		{Name: "webhook-order", Value: "state first", Note: "The state changes before the webhook is sent. Alternative: after it."},
		{Name: choiceWebhookAttempts, Value: "one", Note: "Within " + p.cfg.WebhookTimeout.String() + ", without following redirects; nothing is published for lifecycle webhooks. Alternative: two repetitions, as for entity webhooks."},
	}
}
