package reports

import (
	"encoding/xml"
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/altegio-readiness/harness/suites/checklist"
)

// The JUnit dialect that CI systems read. Attributes that say where code lies are left out: there
// is no code of the reader's here, and paths of our machine are nobody's business.
type junitSuites struct {
	XMLName  xml.Name     `xml:"testsuites"`
	Name     string       `xml:"name,attr"`
	Tests    int          `xml:"tests,attr"`
	Failures int          `xml:"failures,attr"`
	Errors   int          `xml:"errors,attr"`
	Skipped  int          `xml:"skipped,attr"`
	Time     string       `xml:"time,attr"`
	Suites   []junitSuite `xml:"testsuite"`
}

type junitSuite struct {
	Name       string          `xml:"name,attr"`
	Tests      int             `xml:"tests,attr"`
	Failures   int             `xml:"failures,attr"`
	Errors     int             `xml:"errors,attr"`
	Skipped    int             `xml:"skipped,attr"`
	Timestamp  string          `xml:"timestamp,attr,omitempty"`
	Properties junitProperties `xml:"properties"`
	Cases      []junitCase     `xml:"testcase"`
}

type junitProperties struct {
	List []junitProperty `xml:"property"`
}

type junitProperty struct {
	Name  string `xml:"name,attr"`
	Value string `xml:"value,attr"`
}

type junitCase struct {
	Name       string          `xml:"name,attr"`
	Class      string          `xml:"classname,attr"`
	Properties junitProperties `xml:"properties"`
	Failure    *junitMessage   `xml:"failure,omitempty"`
	Error      *junitMessage   `xml:"error,omitempty"`
	Skipped    *junitMessage   `xml:"skipped,omitempty"`
}

type junitMessage struct {
	Message string `xml:"message,attr"`
	Type    string `xml:"type,attr,omitempty"`
	Text    string `xml:",chardata"`
}

// WriteJUnit writes the report for CI systems: a test suite for each checklist item, a test case
// for each requirement. Only what was executed and holds is without a mark. A run that itself went
// wrong has one more suite, "altegio.run", with one case in error: a reader that counts nothing but
// failures must not take such a run for a good one.
func WriteJUnit(w io.Writer, r Report) error {
	all := junitSuites{Name: "altegio-readiness", Time: fmt.Sprintf("%.3f", float64(r.Run.DurationMS)/1000)}
	for _, item := range r.Items {
		suite := junitSuite{Name: item.Title, Properties: r.junitProperties()}
		for _, v := range r.Verdicts {
			if v.Item == item.Item {
				suite.add(v.junitCase())
			}
		}
		all.add(suite, r)
	}
	switch r.Overall {
	case checklist.EnvironmentFailure, checklist.HarnessFailure, checklist.Interrupted:
		suite := junitSuite{Name: "The run", Properties: r.junitProperties()}
		suite.add(junitCase{Name: "The run comes to a verdict", Class: "altegio.run", Error: &junitMessage{
			Message: headline(r.Reason), Type: string(r.Overall), Text: r.failureText(),
		}})
		all.add(suite, r)
	}
	if _, err := io.WriteString(w, xml.Header); err != nil {
		return fmt.Errorf("write JUnit: %w", err)
	}
	enc := xml.NewEncoder(w)
	enc.Indent("", "  ")
	if err := enc.Encode(all); err != nil {
		return fmt.Errorf("write JUnit: %w", err)
	}
	if _, err := io.WriteString(w, "\n"); err != nil {
		return fmt.Errorf("write JUnit: %w", err)
	}
	return nil
}

func (all *junitSuites) add(s junitSuite, r Report) {
	if r.Run.Started != nil {
		s.Timestamp = r.Run.Started.Format("2006-01-02T15:04:05")
	}
	all.Tests += s.Tests
	all.Failures += s.Failures
	all.Errors += s.Errors
	all.Skipped += s.Skipped
	all.Suites = append(all.Suites, s)
}

func (s *junitSuite) add(c junitCase) {
	s.Tests++
	switch {
	case c.Failure != nil:
		s.Failures++
	case c.Error != nil:
		s.Errors++
	case c.Skipped != nil:
		s.Skipped++
	}
	s.Cases = append(s.Cases, c)
}

func (r Report) junitProperties() junitProperties {
	return junitProperties{[]junitProperty{
		{"overall", string(r.Overall)},
		{"requirement_set", r.Run.RequirementSet},
		{"harness", r.Run.Harness},
		{"application", strconv.FormatInt(r.Run.Application.ID, 10)},
		{"seed", strconv.FormatInt(r.Run.Seed, 10)},
	}}
}

func (v Verdict) junitCase() junitCase {
	c := junitCase{Name: v.ID + " " + headline(v.Title), Class: "altegio." + string(v.Item)}
	add := func(name, value string) {
		if value != "" {
			c.Properties.List = append(c.Properties.List, junitProperty{name, value})
		}
	}
	add("level", string(v.Level))
	add("confidence", string(v.Confidence))
	add("outcome", string(v.Outcome))
	add("culprit", string(v.Culprit))
	add("blocked_by", v.BlockedBy)
	for _, s := range v.Sources {
		add("source", joined(" ", s.Title, s.URL))
	}
	said := &junitMessage{Message: headline(v.Summary), Type: string(v.Outcome), Text: v.junitText()}
	switch v.Outcome {
	case checklist.Pass:
	case checklist.Fail:
		c.Failure = said
	case checklist.Warn:
		c.Skipped = &junitMessage{Message: "warning: " + said.Message, Text: said.Text}
	case checklist.NotApplicable, checklist.NotVerified:
		c.Skipped = &junitMessage{Message: string(v.Outcome) + ": " + said.Message}
	default:
		c.Error = said
	}
	return c
}

// junitText explains a verdict in the plain text that CI systems show below a failure.
func (v Verdict) junitText() string {
	var b strings.Builder
	say := func(label, text string) {
		if text != "" {
			fmt.Fprintf(&b, "%-10s %s\n", label, text)
		}
	}
	b.WriteString("\n")
	for _, f := range v.Findings {
		say("Seen:", f.Seen)
		say("Required:", f.Want)
		say("Where:", f.Pointer)
		say("Expected:", f.Expected)
		say("Received:", f.Received)
		say("Proof:", f.Proof)
		say("To do:", f.Do)
		b.WriteString("\n")
	}
	say("Why:", v.Why)
	if len(v.Blocks) > 0 {
		say("Blocks:", strings.Join(v.Blocks, ", "))
	}
	say("Repeat:", "altegio-readiness run --only "+v.ID)
	return b.String()
}

func (r Report) failureText() string {
	f := r.Failure
	if f == nil {
		return "\n" + r.Meaning + "\n"
	}
	return "\n" + joined("\n", f.Seen, f.Want, f.Do) + "\n"
}

// headline is a text as an attribute: on one line and short.
func headline(s string) string {
	s = oneLine(s)
	const limit = 500
	if len(s) > limit {
		s = prefix(s, limit) + "…"
	}
	return s
}
