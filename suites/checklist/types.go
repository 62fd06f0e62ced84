// Package checklist holds the requirements that a moderator of the Altegio marketplace would
// check, as data, and a judge for each of them.
//
// A judge is a pure function from the journal of a run to the verdict on one requirement. It
// reads nothing else: no network, no clock, no configuration. [Judge] is the one entry point; a
// live run, a later rendering of the same journal and a reviewer on another machine call it on
// the same bytes and get the same [Result].
//
// The package knows the journal and nothing else of this module.
package checklist

// Item is one of the five things Altegio's staff check before they publish an app.
type Item string

// The checklist items, in the order in which moderators list them.
const (
	Connect    Item = "connect"
	Payment    Item = "payment"
	Chargeback Item = "chargeback"
	Reconnect  Item = "reconnect"
	Registered Item = "registered"
)

// Level says what a failure means.
type Level string

// The levels. A requirement whose source is an assumption is never Must.
const (
	Must   Level = "must"
	Should Level = "should"
)

// Confidence says how well a requirement is known.
type Confidence string

// The confidences, best first.
const (
	Documented Confidence = "documented" // on an official Altegio page or in its official code
	Observed   Confidence = "observed"   // seen in real integrations or in a live moderation
	Assumed    Confidence = "assumed"    // our reading where nobody says
)

// Source is where a requirement comes from.
type Source struct {
	Title string `json:"title"`
	URL   string `json:"url"`
}

// Requirement is one checkable sentence.
type Requirement struct {
	ID         string     `json:"id"` // "CON-03"; stable for ever
	Item       Item       `json:"item"`
	Level      Level      `json:"level"`
	Title      string     `json:"title"` // one sentence about the integration
	Confidence Confidence `json:"confidence"`
	Sources    []Source   `json:"sources"`
	// Why a moderator cares, How it is tested, Fix: what to do about a failure.
	Why string `json:"why"`
	How string `json:"how"`
	Fix string `json:"fix"`
	// Needs names the hooks ("register"), probes ("observe.connected") without which it is not
	// verified; alternatives in one string are separated by "|".
	Needs []string `json:"needs,omitempty"`
	// Applies names the declaration that makes it applicable: "paid" or "user_data"; "" always.
	Applies string `json:"applies,omitempty"`
	// Scenarios are the stories it is judged from, by name.
	Scenarios []string `json:"scenarios"`
	// After are the requirements that have to hold before this one can be judged.
	After []string `json:"after,omitempty"`

	// leans are the requirements that are asked for help where the best evidence is missing: without
	// a probe, only the reports of payments show whether a location is connected.
	leans []string
	judge judge
}

// Outcome is what was found out about one requirement.
type Outcome string

// The outcomes. Only Pass is green.
const (
	Pass          Outcome = "pass"
	Fail          Outcome = "fail"           // a must does not hold
	Warn          Outcome = "warn"           // a should does not hold
	NotApplicable Outcome = "not applicable" // a declaration makes it so
	NotVerified   Outcome = "not verified"   // could not be found out
	EnvError      Outcome = "environment error"
	HarnessError  Outcome = "harness error"
)

// Culprit says whose a finding is.
type Culprit string

// Whose a finding can be.
const (
	OfIntegration   Culprit = "integration"
	OfConfiguration Culprit = "configuration"
	OfEnvironment   Culprit = "environment"
	OfHarness       Culprit = "harness"
	OfDocumentation Culprit = "documentation"
)

// Verdict is the outcome of one requirement with its reasons.
type Verdict struct {
	Requirement string  `json:"requirement"`
	Outcome     Outcome `json:"outcome"`
	// Summary is one sentence for every outcome: what was seen, why not applicable, what would
	// verify it.
	Summary string `json:"summary"`
	// Culprit is set on everything but pass and not applicable.
	Culprit Culprit `json:"culprit,omitempty"`
	// BlockedBy is the requirement whose failure kept this one from being judged.
	BlockedBy string `json:"blocked_by,omitempty"`
	// Findings say in detail what is wrong; empty unless Outcome is Fail or Warn.
	Findings []Finding `json:"findings,omitempty"`
	// Evidence are the sequence numbers of the journal records that carry the verdict, sorted.
	Evidence []int64 `json:"evidence,omitempty"`
}

// Finding is one thing that is wrong.
type Finding struct {
	Seen string `json:"seen"` // what happened
	Want string `json:"want"` // what is required
	Do   string `json:"do"`   // what to do about it
	// Pointer is the place in the request, a JSON pointer or the name of a header or parameter.
	Pointer  string `json:"pointer,omitempty"`
	Expected string `json:"expected,omitempty"`
	Received string `json:"received,omitempty"`
	// Record is the sequence number of the record that proves it, 0 if the proof is an absence.
	Record int64 `json:"record,omitempty"`
}

// Overall is the verdict on the whole run.
type Overall string

// The overall verdicts.
const (
	Ready              Overall = "READY"
	NotReady           Overall = "NOT READY"
	Incomplete         Overall = "INCOMPLETE"
	EnvironmentFailure Overall = "ENVIRONMENT ERROR"
	HarnessFailure     Overall = "HARNESS ERROR"
	Interrupted        Overall = "INTERRUPTED"
)

// ExitCode is the exit code of the command for an overall verdict.
func (o Overall) ExitCode() int {
	switch o {
	case Ready:
		return 0
	case NotReady:
		return 1
	case EnvironmentFailure:
		return 3
	case Incomplete:
		return 4
	case Interrupted:
		return 130
	default:
		return 5
	}
}

// Result is everything the judges found out from one journal.
type Result struct {
	Overall Overall `json:"overall"`
	// Reason is one sentence that says why Overall is what it is.
	Reason string `json:"reason"`
	// Verdicts has one entry for each requirement of the set, in catalogue order.
	Verdicts []Verdict `json:"verdicts"`
}
