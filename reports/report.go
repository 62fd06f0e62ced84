// Package reports turns the verdicts and the journal of a run into what people and machines read:
// a page for the moderator, JSON, JUnit XML and a Markdown summary.
//
// [New] does all the thinking and returns a [Report], the versioned type behind report.json. The
// writers ([WriteHTML], [WriteJSON], [WriteJUnit], [WriteMarkdown], [WriteAll]) only format it, so
// that no two of them can disagree. A Report depends on nothing but the records: the same journal
// gives the same bytes on every machine.
//
// Everything an integration sent or printed is hostile until shown otherwise. New makes control
// characters, bidirectional overrides and broken UTF-8 visible and cuts what is too long; each
// writer escapes for its own format.
//
// The package knows the checklist and the journal. It must not know how a run is made: no network,
// no platform, no Ginkgo.
package reports

import (
	"time"

	"github.com/altegio-readiness/harness/fakealtegio/journal"
	"github.com/altegio-readiness/harness/suites/checklist"
)

// Schema names the version of [Report]. Fields are added without a new version; a field is
// renamed, removed or given another meaning only with one.
const Schema = "altegio-readiness.report/1"

// Report is what one run found out, ready to be written. The max tags are the lengths in bytes at
// which [New] cuts a text; without a tag it is defaultLimit.
type Report struct {
	Schema string `json:"schema"`
	// Overall is the verdict on the run, Reason why in one sentence, Meaning what a reader may
	// conclude from it.
	Overall  checklist.Overall `json:"overall"`
	Reason   string            `json:"reason"`
	Meaning  string            `json:"meaning"`
	ExitCode int               `json:"exit_code"`
	// Must and Should count the verdicts by level.
	Must   Counts `json:"must"`
	Should Counts `json:"should"`
	Run    Run    `json:"run"`
	// Items are the things moderators check, in their order.
	Items []Item `json:"items"`
	// Verdicts has one entry for each requirement, in the order of the catalogue.
	Verdicts []Verdict `json:"verdicts"`
	// NotVerified says what could not be found out, one entry for each cause.
	NotVerified []Gap `json:"not_verified"`
	// Failure explains why the run did not come to its regular end, null if it did.
	Failure *Failure `json:"failure"`
	// ExchangeCount counts all exchanges with the platform; Exchanges are those that findings and
	// evidence refer to, in full; ExchangesOmitted counts those that would not fit.
	ExchangeCount    int        `json:"exchange_count"`
	Exchanges        []Exchange `json:"exchanges"`
	ExchangesOmitted int        `json:"exchanges_omitted"`
	Scenarios        []Scenario `json:"scenarios"`
	Coverage         Coverage   `json:"coverage"`
	Webhooks         Webhooks   `json:"webhooks"`
	Log              Log        `json:"log"`
}

// Run is what was run, on what, with which declarations.
type Run struct {
	Harness string `json:"harness"` // version of the harness that drove the run
	// RequirementSet is what this report was judged by, RecordedSet what the run was made for.
	// They differ when an old journal is judged again.
	RequirementSet string `json:"requirement_set"`
	RecordedSet    string `json:"recorded_set"`
	// Started and Ended are the times of the first and the last record, null in an empty journal.
	Started    *time.Time `json:"started"`
	Ended      *time.Time `json:"ended"`
	DurationMS int64      `json:"duration_ms"`
	// End is why the run ended: a reason of the journal, or "cut off".
	End         string              `json:"end"`
	Seed        int64               `json:"seed"`
	Application journal.Application `json:"application"`
	// Reach says how the integration was reached: "url" or "process".
	Reach string `json:"reach"`
	// Hooks and Probes are those the configuration had.
	Hooks  []string `json:"hooks"`
	Probes []string `json:"probes"`
	// Only is what --only selected, empty for everything; Selected the ids that followed from it.
	Only     []string `json:"only"`
	Selected []string `json:"selected"`
	// Choices are the readings taken where Altegio's documents disagree or are silent.
	Choices []journal.Choice `json:"choices"`
	// Repeat is the command line that repeats the run.
	Repeat  string `json:"repeat"`
	Records int    `json:"records"`
}

// Counts counts verdicts by outcome.
type Counts struct {
	Pass             int `json:"pass"`
	Fail             int `json:"fail"`
	Warn             int `json:"warn"`
	NotApplicable    int `json:"not_applicable"`
	NotVerified      int `json:"not_verified"`
	EnvironmentError int `json:"environment_error"`
	HarnessError     int `json:"harness_error"`
}

// Item is one of the things Altegio's staff check.
type Item struct {
	Item  checklist.Item `json:"item"`
	Title string         `json:"title"` // as moderators name it
	// Status is the worst outcome among the item's musts; without musts, among all. It is "pass"
	// only when every must was executed and holds, or does not apply.
	Status checklist.Outcome `json:"status"`
	Must   Counts            `json:"must"`
	Should Counts            `json:"should"`
}

// Verdict is the outcome of one requirement, with the requirement.
type Verdict struct {
	ID         string               `json:"id"`
	Item       checklist.Item       `json:"item"`
	Level      checklist.Level      `json:"level"`
	Title      string               `json:"title"`
	Confidence checklist.Confidence `json:"confidence"`
	Sources    []checklist.Source   `json:"sources"`
	Why        string               `json:"why"` // why a moderator cares
	How        string               `json:"how"` // how it is tested
	Fix        string               `json:"fix"` // what to do about a failure

	Outcome checklist.Outcome `json:"outcome"`
	Summary string            `json:"summary" max:"1000"`
	Culprit checklist.Culprit `json:"culprit,omitempty"`
	// BlockedBy is the requirement that has to hold before this one can be judged; Blocks are
	// those that wait for this one.
	BlockedBy string    `json:"blocked_by,omitempty"`
	Blocks    []string  `json:"blocks"`
	Findings  []Finding `json:"findings"`
	// Evidence are record numbers, at most maxEvidence; EvidenceCount says how many there are.
	Evidence      []int64  `json:"evidence"`
	EvidenceCount int      `json:"evidence_count"`
	Scenarios     []string `json:"scenarios"`
	// Repeat is the command that repeats just this, Explain the one that says more about it.
	Repeat  string `json:"repeat"`
	Explain string `json:"explain"`
}

// Finding is one thing that is wrong.
type Finding struct {
	Seen     string `json:"seen" max:"2000"`
	Want     string `json:"want" max:"2000"`
	Do       string `json:"do" max:"2000"`
	Pointer  string `json:"pointer,omitempty" max:"300"`
	Expected string `json:"expected,omitempty" max:"2000"`
	Received string `json:"received,omitempty" max:"2000"`
	// Record is the number of the record that proves it, 0 if the proof is that something did not
	// happen; Proof says in a sentence what the record holds.
	Record int64  `json:"record"`
	Proof  string `json:"proof" max:"600"`
}

// Gap is one reason for which requirements were not verified.
type Gap struct {
	Outcome checklist.Outcome `json:"outcome"`
	Reason  string            `json:"reason" max:"1000"`
	Verify  string            `json:"verify" max:"1000"` // what would verify them
	Culprit checklist.Culprit `json:"culprit,omitempty"`
	// BlockedBy is the requirement whose failure is the cause, if one is.
	BlockedBy    string   `json:"blocked_by,omitempty"`
	Must         int      `json:"must"` // how many of them are musts
	Requirements []string `json:"requirements"`
}

// Failure is why a run did not come to its regular end.
type Failure struct {
	// Reason is "environment", "harness", "interrupted" or "cut off".
	Reason string `json:"reason"`
	Seen   string `json:"seen" max:"4000"`
	Want   string `json:"want" max:"2000"`
	Do     string `json:"do" max:"2000"`
	// Log is the last output of the integration, where that helps.
	Log []string `json:"log" max:"500"`
}
