package partner

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// Step is one step of a hook: exactly one of HTTP, Form and Exec.
type Step struct {
	HTTP *HTTPStep `yaml:"http"`
	Form *FormStep `yaml:"form"`
	Exec *ExecStep `yaml:"exec"`
	// Extract takes values out of the answer for later steps, which find them as {{.Vars.NAME}}.
	Extract map[string]Extract `yaml:"extract"`
	// Timeout replaces limits.step.
	Timeout time.Duration `yaml:"timeout"`
}

// kind is the name of the step's kind in the configuration and in the journal.
func (s Step) kind() string {
	switch {
	case s.HTTP != nil:
		return "http"
	case s.Form != nil:
		return "form"
	default:
		return "exec"
	}
}

// timeout is how long the step may take.
func (s Step) timeout(limit time.Duration) time.Duration {
	if s.Timeout > 0 {
		return s.Timeout
	}
	if s.Exec != nil && s.Exec.Timeout > 0 {
		return s.Exec.Timeout
	}
	return limit
}

// HTTPStep sends a request with the cookies of the owner's browser. An HTML answer becomes the
// page the browser is on.
type HTTPStep struct {
	// Method is GET unless given, POST with a body.
	Method string `yaml:"method"`
	// URL is absolute, or relative to the integration.
	URL     string            `yaml:"url" need:"yes" template:"hook"`
	Headers map[string]string `yaml:"headers" template:"hook"`
	// JSON, Form and Body are the body; at most one of them. In JSON a quoted value stays a string,
	// also when a template in it renders to a number.
	JSON *JSON             `yaml:"json" template:"hook"`
	Form map[string]string `yaml:"form" template:"hook"`
	Body *string           `yaml:"body" template:"hook"`
	// Expect is what the final status must be, anything below 400 unless given.
	Expect Expect `yaml:"expect"`
	// Follow is false to stay at a redirect; true unless given.
	Follow *bool `yaml:"follow"`
}

// FormStep fills in a form of the page the browser is on and sends it.
type FormStep struct {
	// Fields are the values by the name, the id or the label of a field. Everything else of the form
	// is sent as the page has it.
	Fields map[string]string `yaml:"fields" template:"hook"`
	// Index chooses among several forms that fit, counting from 1.
	Index int `yaml:"index"`
	// Action chooses the form by its action, the whole or a part of it.
	Action string `yaml:"action" template:"hook"`
	// Submit chooses the button by name, value or text. Unless given it is the first button.
	Submit string `yaml:"submit" template:"hook"`
}

// ExecStep runs a command. The facts of the run are in its environment and, as JSON, on its
// standard input; a JSON object on its standard output becomes {{.Vars.NAME}}.
type ExecStep struct {
	Command []string          `yaml:"command" need:"yes" template:"hook"`
	Env     map[string]string `yaml:"env" template:"hook"`
	// Stdin replaces the facts on the standard input.
	Stdin   *string       `yaml:"stdin" template:"hook"`
	Timeout time.Duration `yaml:"timeout"`
}

// Extract takes one value out of an answer: exactly one of its fields is set.
type Extract struct {
	// JSON is a path like $.data.items[0].id in the body.
	JSON string `yaml:"json"`
	// Header is the name of a header of the final answer.
	Header string `yaml:"header"`
	// Regex has one group, which is matched against the body.
	Regex string `yaml:"regex"`
	// Query is the name of a query parameter of the URL where the step ended.
	Query string `yaml:"query"`
}

// Probe asks the integration a question that is answered by yes or no: exactly one of HTTP and
// Exec.
type Probe struct {
	HTTP *HTTPStep `yaml:"http"`
	Exec *ExecStep `yaml:"exec"`
	// Path is where the answer is in the JSON that came back, $ unless given.
	Path string `yaml:"path"`
	// Equals is what the value at Path must be for a yes. Without it the value must be true or false.
	Equals  *Scalar       `yaml:"equals"`
	Timeout time.Duration `yaml:"timeout"`
}

// step is the request of the probe as a step.
func (p Probe) step() Step { return Step{HTTP: p.HTTP, Exec: p.Exec, Timeout: p.Timeout} }

// JSON is a JSON value written in YAML: maps, lists, strings, json.Number, bool and nil.
type JSON struct{ Value any }

// Scalar is a string, a json.Number, a bool or nil.
type Scalar struct{ Value any }

// Expect is a set of HTTP status codes. The empty set is everything below 400.
type Expect struct {
	// Codes are single codes, and classes like "2xx" as their first digit.
	Codes []int
}

// Allows tells whether a status is among the expected.
func (e Expect) Allows(status int) bool {
	if len(e.Codes) == 0 {
		return status < 400
	}
	return slices.Contains(e.Codes, status) || slices.Contains(e.Codes, status/100)
}

// String says what is expected.
func (e Expect) String() string {
	if len(e.Codes) == 0 {
		return "a status below 400"
	}
	words := make([]string, 0, len(e.Codes))
	for _, code := range e.Codes {
		if code < 10 {
			words = append(words, fmt.Sprintf("%dxx", code))
		} else {
			words = append(words, fmt.Sprint(code))
		}
	}
	return "status " + strings.Join(words, " or ")
}
