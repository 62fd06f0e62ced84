// Package journal is the append-only record of what happened in a run: facts, never opinions.
//
// Everything the harness later says about an integration is computed from these records, by
// judges that see nothing else. A journal is therefore complete (what was declared, what was
// driven, what was sent, what was answered, what was awaited in vain) and safe to hand on:
// secrets and personal data are replaced by tags before a record exists, see [Redactor].
//
// On disk a journal is JSON Lines, one [Record] a line, written as it happens, so that a killed
// run leaves everything up to its last complete line. [Read] forgives a torn last line and
// nothing else.
//
// The package is a leaf: it knows neither the platform nor the judges nor the suites.
package journal

import "time"

// FormatVersion is the version of the record format, written into the first record of every
// journal. A reader refuses a journal of a later version.
const FormatVersion = 1

// Kind tells which of the payload fields of a [Record] is set.
type Kind string

// The kinds of records. Each names the payload field of the same name.
const (
	KindRun        Kind = "run"        // first record: what was declared and selected
	KindScenario   Kind = "scenario"   // a scenario begins, ends or is not driven
	KindExchange   Kind = "exchange"   // one HTTP exchange with the platform, in either direction
	KindStep       Kind = "step"       // one step of a driver: a page, a request, a command
	KindHook       Kind = "hook"       // a hook has ended, well or badly
	KindProbe      Kind = "probe"      // a probe has answered
	KindWait       Kind = "wait"       // something was awaited
	KindTransition Kind = "transition" // an installation changed its state
	KindFault      Kind = "fault"      // an unkindness was applied
	KindNote       Kind = "note"       // a sentence for the reader of the story
	KindOutput     Kind = "output"     // a line the integration printed
	KindEnd        Kind = "end"        // last record: why the run ended
)

// Record is one fact. Exactly one of the payload fields is set, the one named by Kind.
type Record struct {
	// Seq counts from 1 without gaps, in the order of writing. Reports refer to records by it.
	Seq int64 `json:"seq"`
	// At is the real time of writing, UTC.
	At   time.Time `json:"at"`
	Kind Kind      `json:"kind"`
	// Scenario is the scenario that was being driven, "" outside of scenarios.
	Scenario string `json:"scenario,omitempty"`
	// Location is the id (salon_id) of the location concerned, 0 if none or unknown.
	Location int64 `json:"location,omitempty"`
	// Clock is the time at that location (UTC), nil without location. Locations have clocks of
	// their own, which scenarios advance; At is what a wall clock showed.
	Clock *time.Time `json:"clock,omitempty"`

	Run           *Run        `json:"run,omitempty"`
	ScenarioEvent *Scenario   `json:"scenario_event,omitempty"`
	Exchange      *Exchange   `json:"exchange,omitempty"`
	Step          *Step       `json:"step,omitempty"`
	Hook          *Hook       `json:"hook,omitempty"`
	Probe         *Probe      `json:"probe,omitempty"`
	Wait          *Wait       `json:"wait,omitempty"`
	Transition    *Transition `json:"transition,omitempty"`
	Fault         *Fault      `json:"fault,omitempty"`
	Note          *Note       `json:"note,omitempty"`
	Output        *Output     `json:"output,omitempty"`
	End           *End        `json:"end,omitempty"`
}

// Run is the first record: what the partner declared and what was asked for.
type Run struct {
	Format  int    `json:"format"`  // [FormatVersion]
	Harness string `json:"harness"` // version of the harness
	// Requirements names the requirement set whose verdicts this run was made for.
	Requirements string      `json:"requirements"`
	Seed         int64       `json:"seed"`
	Application  Application `json:"application"`
	// Reach says how the integration was reached: "url" or "process".
	Reach string `json:"reach"`
	// Hooks and Probes are the names of those configured, sorted.
	Hooks  []string `json:"hooks,omitempty"`
	Probes []string `json:"probes,omitempty"`
	// Only is what --only selected, as given; empty means everything.
	Only []string `json:"only,omitempty"`
	// Selected are the requirement ids to be judged, sorted; empty means all.
	Selected []string `json:"selected,omitempty"`
	// Choices are the readings taken where Altegio's documents disagree or are silent.
	Choices []Choice `json:"choices,omitempty"`
	// Repeat is the command line that repeats this run, without --only and without secrets.
	Repeat string `json:"repeat,omitempty"`
}

// Application is the app as declared in readiness.yaml.
type Application struct {
	ID                int64  `json:"id"`
	Title             string `json:"title,omitempty"`
	RedirectURL       string `json:"registration_redirect_url"`
	CallbackURL       string `json:"callback_url"`
	Monetization      string `json:"monetization"` // "paid", "freemium" or "free"
	TrialDays         int    `json:"trial_days"`
	UserData          bool   `json:"user_data"`
	MultipleLocations bool   `json:"multiple_locations"`
}

// Choice is one named reading of the platform's behaviour.
type Choice struct {
	Name  string `json:"name"`
	Value string `json:"value"`
	Note  string `json:"note,omitempty"`
}

// Scenario marks the beginning and the end of a story.
type Scenario struct {
	// Phase is "start", "end" or "blocked". A blocked scenario was not driven because an
	// earlier one did not get where this one begins.
	Phase string `json:"phase"`
	Title string `json:"title,omitempty"`
	// Cast maps the roles of the story to location ids, on start.
	Cast map[string]int64 `json:"cast,omitempty"`
	// Reached is true on an "end" whose story was driven to its last line.
	Reached bool `json:"reached,omitempty"`
	// Stopped says why a story ended early or was blocked.
	Stopped string `json:"stopped,omitempty"`
	// BlockedBy is the name of the scenario that blocks this one.
	BlockedBy string `json:"blocked_by,omitempty"`
}

// Directions of an [Exchange].
const (
	ToPlatform   = "to-platform"   // the integration called the platform
	FromPlatform = "from-platform" // the platform sent a webhook
)

// Exchange is one HTTP exchange between the integration and the platform.
type Exchange struct {
	Direction string `json:"direction"`
	// Operation is the operationId of the OpenAPI document, "" for a path the platform does not know.
	Operation string `json:"operation,omitempty"`
	// Event is the lifecycle event of a webhook.
	Event string `json:"event,omitempty"`
	// Variant names what is unusual about a webhook that the platform would not send like this:
	// "other-token", "foreign-application"… Empty for a genuine one.
	Variant  string    `json:"variant,omitempty"`
	Request  Request   `json:"request"`
	Response *Response `json:"response,omitempty"` // nil: no answer arrived
	// Error is the transport error of a webhook without answer.
	Error string `json:"error,omitempty"`
	// Violations are the deviations of the request from the contract, all of them, sorted.
	Violations []Violation `json:"violations,omitempty"`
	// Refused is the platform's reason for an error answer, one of the Refused constants of
	// package fakealtegio; "" when the call took effect.
	Refused string `json:"refused,omitempty"`
	// Application is the application id the request names, 0 if none.
	Application int64 `json:"application,omitempty"`
	// Payment is the platform's id of the payment made or refunded.
	Payment int64 `json:"payment,omitempty"`
	// Choices names the readings that shaped the answer.
	Choices []string `json:"choices,omitempty"`
	// Millis is how long the answer took, in milliseconds.
	Millis float64 `json:"ms"`
}

// Request is a recorded HTTP request, redacted.
type Request struct {
	Method string              `json:"method"`
	URL    string              `json:"url"`            // absolute for webhooks and steps, path and query for calls to the platform
	Host   string              `json:"host,omitempty"` // as sent
	Proto  string              `json:"proto,omitempty"`
	Header map[string][]string `json:"header,omitempty"`
	Body   *Body               `json:"body,omitempty"`
}

// Response is a recorded HTTP response, redacted.
type Response struct {
	Status int                 `json:"status"`
	Header map[string][]string `json:"header,omitempty"`
	Body   *Body               `json:"body,omitempty"`
}

// BodyLimit is how much of a body is kept in a record, in bytes; of the rest only length and digest.
const BodyLimit = 1 << 20

// Body is a recorded body, redacted.
type Body struct {
	// Text is the body with secrets replaced, at most [BodyLimit] bytes. Bytes that are not
	// UTF-8 are shown as \xNN.
	Text string `json:"text,omitempty"`
	// Size is the length in bytes as received; when Truncated, at least this long.
	Size      int64 `json:"size"`
	Truncated bool  `json:"truncated,omitempty"`
	// Digest is a keyed digest of the whole body as received, so that equal bodies are seen to be
	// equal and nothing can be guessed back.
	Digest string `json:"digest,omitempty"`
}

// Classes of a [Violation].
const (
	ClassError     = "error"     // contradicts the documents
	ClassTolerated = "tolerated" // deviates, but the platform is known or assumed to put up with it
)

// Violation is one deviation of a request from the contract. It never carries a value of the request.
type Violation struct {
	Where   string `json:"where"`             // "path", "query", "header", "body"
	Pointer string `json:"pointer,omitempty"` // JSON pointer, or the name of the parameter or header
	Rule    string `json:"rule"`              // "required", "type", "unknown-field", "duplicate-key"…
	Message string `json:"message"`
	Class   string `json:"class"`
}

// Step is one thing a driver did at the integration: opened a page, sent a form, ran a command.
type Step struct {
	// Hook is the hook, the probe or "visit" to which the step belongs.
	Hook string `json:"hook"`
	// Index counts the steps of the hook from 1.
	Index int    `json:"index"`
	Kind  string `json:"kind"` // "visit", "http", "form", "exec"
	// Owner names the browser that was used.
	Owner    string    `json:"owner,omitempty"`
	Request  *Request  `json:"request,omitempty"`
	Response *Response `json:"response,omitempty"` // after redirects
	// Redirects are the URLs passed through, the last one is where the step ended.
	Redirects []string `json:"redirects,omitempty"`
	Title     string   `json:"title,omitempty"` // of an HTML page
	Command   []string `json:"command,omitempty"`
	Exit      *int     `json:"exit,omitempty"`
	Error     string   `json:"error,omitempty"`
	Millis    float64  `json:"ms"`
}

// Hook is the result of a hook of the configuration.
type Hook struct {
	Name  string `json:"name"`
	Owner string `json:"owner,omitempty"`
	OK    bool   `json:"ok"`
	Error string `json:"error,omitempty"`
	// Payment is what was paid or refunded, for the hooks that pay and refund.
	Payment *Payment `json:"payment,omitempty"`
}

// Payment is what a pay or refund hook was asked to do.
type Payment struct {
	// Key is the harness's own name of the payment, unique in the run: a pay and the refund of
	// the same payment share it.
	Key string `json:"key"`
	// Sum is a decimal like "990.99", Currency three letters; both "" when only the partner
	// knows what the hook pays.
	Sum      string `json:"sum,omitempty"`
	Currency string `json:"currency,omitempty"`
	// ID is the platform's id of the payment, on a refund: the id that the refund must name.
	ID int64 `json:"id,omitempty"`
}

// Probe is the answer of a probe of the configuration.
type Probe struct {
	Name string `json:"name"`
	// Moment says at which point of the story was asked, a token for judges ("after-uninstall").
	Moment string `json:"moment,omitempty"`
	Value  *bool  `json:"value"` // nil when the probe failed
	Error  string `json:"error,omitempty"`
}

// Wait is the result of waiting for something, or of making sure that nothing happens.
type Wait struct {
	// For is what was awaited, a token for judges ("activation", "payment", "refund", "silence").
	For string `json:"for"`
	// What is the same for people: "the activation of location 712345".
	What string `json:"what"`
	// Moment as in [Probe].
	Moment  string  `json:"moment,omitempty"`
	Met     bool    `json:"met"`
	LimitMS float64 `json:"limit_ms"`
	Millis  float64 `json:"ms"`
	// Seq is the record that ended the wait, 0 if none.
	Seq int64 `json:"seq,omitempty"`
}

// States of an installation, on the wire and in [Transition].
const (
	StateNone        = "none"
	StatePending     = "pending"
	StateActive      = "active"
	StateFreezed     = "freezed" // the platform's spelling
	StateUninstalled = "uninstalled"
)

// Transition is a change of state of the installation of an application at the record's location.
type Transition struct {
	Application int64  `json:"application"`
	From        string `json:"from"`
	To          string `json:"to"`
	Source      string `json:"source"` // as in the platform's log: "marketplace", "partner_api", "system"
	Reason      string `json:"reason,omitempty"`
}

// Fault is an unkindness that was applied on purpose.
type Fault struct {
	Name      string `json:"name"`
	Operation string `json:"operation,omitempty"`
	Detail    string `json:"detail,omitempty"`
}

// Note is a sentence that tells the story to a reader.
type Note struct {
	Text string `json:"text"`
}

// Output is a line the integration printed, redacted.
type Output struct {
	Stream string `json:"stream"` // "stdout" or "stderr"
	Line   string `json:"line"`
}

// Reasons of an [End].
const (
	EndCompleted   = "completed"
	EndInterrupted = "interrupted"
	EndEnvironment = "environment"
	EndHarness     = "harness"
)

// End is the last record. A journal without one was cut off: the run was killed.
type End struct {
	Reason string `json:"reason"`
	// Seen, Want and Do explain an environment or harness error to its reader.
	Seen string `json:"seen,omitempty"`
	Want string `json:"want,omitempty"`
	Do   string `json:"do,omitempty"`
	// Log is the last output of the integration where that helps.
	Log []string `json:"log,omitempty"`
}
