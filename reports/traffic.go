package reports

import (
	"time"

	"github.com/altegio-readiness/harness/fakealtegio/journal"
)

// ToIntegration is the direction of an [Exchange] that a driver began: an owner's browser, a hook
// or a probe. The other directions are those of the journal.
const ToIntegration = "to-integration"

// Exchange is one record of traffic in full, as redacted by the journal: a call of the
// integration, a webhook, or a step of a driver (which may be a command instead of a request).
type Exchange struct {
	Record     int64               `json:"record"`
	Scenario   string              `json:"scenario,omitempty"`
	At         time.Time           `json:"at"`
	Direction  string              `json:"direction"`
	Operation  string              `json:"operation,omitempty"`
	Event      string              `json:"event,omitempty"`
	Variant    string              `json:"variant,omitempty"`
	Summary    string              `json:"summary" max:"600"`
	Request    *Request            `json:"request"`
	Response   *Response           `json:"response"` // null: no answer arrived
	Error      string              `json:"error,omitempty" max:"1000"`
	Refused    string              `json:"refused,omitempty"`
	Violations []journal.Violation `json:"violations"`
	// Redirects, Title, Command and Exit are of steps: the URLs passed through, the title of the
	// page where it ended, the command that was run and how it exited.
	Redirects []string `json:"redirects,omitempty"`
	Title     string   `json:"title,omitempty"`
	Command   []string `json:"command,omitempty" max:"1000"`
	Exit      *int     `json:"exit,omitempty"`
	Millis    float64  `json:"ms"`
}

// Request is what was sent.
type Request struct {
	Method  string   `json:"method"`
	URL     string   `json:"url" max:"4000"`
	Host    string   `json:"host,omitempty"`
	Proto   string   `json:"proto,omitempty"`
	Headers []Header `json:"headers"`
	Body    *Body    `json:"body"`
}

// Response is what was answered.
type Response struct {
	Status  int      `json:"status"`
	Headers []Header `json:"headers"`
	Body    *Body    `json:"body"`
}

// Header is one line of a header. Headers are sorted by name.
type Header struct {
	Name  string `json:"name" max:"200"`
	Value string `json:"value" max:"1000"`
}

// Body is a body or its beginning.
type Body struct {
	Text string `json:"text" max:"32768"`
	Size int64  `json:"size"` // in bytes, as sent
	// Truncated is true when Text is not all of it.
	Truncated bool   `json:"truncated"`
	Digest    string `json:"digest,omitempty"`
}

// Ends of a [Scenario]; "" for what happened outside of stories.
const (
	StoryReached = "reached" // driven to its last line
	StoryStopped = "stopped" // ended early
	StoryBlocked = "blocked" // not driven, because an earlier one did not get where it begins
	StoryCutOff  = "cut off" // begun, and the journal ends before it does
)

// Scenario is one story as it went. The records outside of stories are told by one without a name.
type Scenario struct {
	Name       string     `json:"name"`
	Title      string     `json:"title"`
	Status     string     `json:"status"`
	Started    *time.Time `json:"started"`
	Ended      *time.Time `json:"ended"`
	DurationMS int64      `json:"duration_ms"`
	// Stopped says why it ended early or was not driven, BlockedBy which scenario is the reason.
	Stopped   string `json:"stopped,omitempty" max:"1000"`
	BlockedBy string `json:"blocked_by,omitempty"`
	Cast      []Role `json:"cast"`
	// Requirements are those judged from it.
	Requirements []string `json:"requirements"`
	// Events is its timeline. Where a story is too long to be read, events that nobody refers to
	// are left out; Omitted counts them and an event of kind "omitted" stands in their place.
	Events  []Event `json:"events"`
	Omitted int     `json:"omitted"`
}

// Role is a location of a story under the name it has there.
type Role struct {
	Role     string `json:"role"`
	Location int64  `json:"location"`
}

// Who did something, in an [Event].
const (
	ActorOwner       = "owner"
	ActorIntegration = "integration"
	ActorPlatform    = "platform"
	ActorHarness     = "harness"
)

// KindOmitted is the kind of an [Event] that stands for others.
const KindOmitted journal.Kind = "omitted"

// Event is one line of a timeline.
type Event struct {
	Record int64        `json:"record"` // its number in the journal
	AtMS   int64        `json:"at_ms"`  // real time since the beginning of the run
	Actor  string       `json:"actor"`
	Kind   journal.Kind `json:"kind"`
	Text   string       `json:"text" max:"600"`
	// Tone is "bad" for what looks wrong, "state" for a change of the installation, else empty.
	Tone     string `json:"tone,omitempty"`
	Location int64  `json:"location,omitempty"`
	Role     string `json:"role,omitempty"` // of the location in the story
	// Clock is the time at the location, where the story has moved it since the last event.
	Clock *time.Time `json:"clock,omitempty"`
}

// Coverage is what of the contract was seen in the integration's calls.
type Coverage struct {
	Operations   []Operation `json:"operations"`
	UnknownPaths []Path      `json:"unknown_paths"`
	Violations   []Deviation `json:"violations"`
	// ViolationsOmitted counts the kinds of deviation that would not fit.
	ViolationsOmitted   int `json:"violations_omitted"`
	UnknownPathsOmitted int `json:"unknown_paths_omitted"`
}

// Operation is an operation of the contract that the integration called.
type Operation struct {
	Operation string `json:"operation"`
	What      string `json:"what"` // in words
	// Path is the method and path as called first, with ids replaced by {id}.
	Path     string        `json:"path" max:"300"`
	Calls    int           `json:"calls"`
	Refused  int           `json:"refused"`
	Statuses []StatusCount `json:"statuses"`
}

// StatusCount is how often a status was answered; status 0 is no answer.
type StatusCount struct {
	Status int `json:"status"`
	Count  int `json:"count"`
}

// Path is a path called by the integration that the platform does not know.
type Path struct {
	Path   string `json:"path" max:"300"` // with the method
	Calls  int    `json:"calls"`
	Record int64  `json:"record"` // the first
}

// Deviation is one way in which calls deviated from the contract.
type Deviation struct {
	Operation string `json:"operation"`
	Where     string `json:"where"`
	Pointer   string `json:"pointer" max:"300"`
	Rule      string `json:"rule"`
	Class     string `json:"class"`
	Message   string `json:"message" max:"600"`
	Calls     int    `json:"calls"`
	Record    int64  `json:"record"` // the first
}

// Webhooks are the platform's deliveries to the integration.
type Webhooks struct {
	Count    int     `json:"count"`
	Answered int     `json:"answered"`
	MedianMS float64 `json:"median_ms"` // of the answered
	MaxMS    float64 `json:"max_ms"`
	// Deliveries are the first of them; Omitted counts the others.
	Deliveries []Delivery `json:"deliveries"`
	Omitted    int        `json:"omitted"`
}

// Delivery is one webhook.
type Delivery struct {
	Record   int64   `json:"record"`
	Scenario string  `json:"scenario"`
	Event    string  `json:"event"`
	Variant  string  `json:"variant,omitempty"`
	Location int64   `json:"location,omitempty"`
	Status   int     `json:"status"` // 0: no answer
	Error    string  `json:"error,omitempty" max:"300"`
	Millis   float64 `json:"ms"`
}

// Log is the end of what the integration printed.
type Log struct {
	Total   int       `json:"total"`
	Omitted int       `json:"omitted"`
	Lines   []LogLine `json:"lines"`
}

// LogLine is a line the integration printed.
type LogLine struct {
	Record int64  `json:"record"`
	AtMS   int64  `json:"at_ms"`
	Stream string `json:"stream"`
	Line   string `json:"line" max:"500"`
}
