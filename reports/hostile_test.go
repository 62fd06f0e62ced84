package reports_test

import (
	"encoding/xml"
	"io"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/altegio-readiness/harness/fakealtegio/journal"
	"github.com/altegio-readiness/harness/reports"
	"github.com/altegio-readiness/harness/suites/checklist"
)

// saying returns a run in which everything that an integration or a judge can say is text.
func saying(text string) reports.Report {
	at := time.Date(2026, 11, 22, 6, 0, 0, 0, time.UTC)
	status := 200
	message := journal.Request{
		Method: text, URL: text, Host: text, Proto: text,
		Header: map[string][]string{"Content-Type": {text}, text: {text}}, Body: &journal.Body{Text: text, Size: int64(len(text))},
	}
	answer := &journal.Response{Status: status, Header: message.Header, Body: message.Body}
	records := []journal.Record{
		{Kind: journal.KindRun, Run: &journal.Run{
			Format: 1, Harness: text, Requirements: text, Reach: text, Hooks: []string{text}, Only: []string{text}, Repeat: text,
			Application: journal.Application{Title: text, RedirectURL: text, Monetization: text},
			Choices:     []journal.Choice{{Name: text, Value: text, Note: text}},
		}},
		{Kind: journal.KindScenario, Scenario: text, ScenarioEvent: &journal.Scenario{Phase: "start", Title: text, Cast: map[string]int64{text: 7}}},
		{Kind: journal.KindExchange, Scenario: text, Location: 7, Exchange: &journal.Exchange{
			Direction: journal.ToPlatform, Operation: text, Request: message, Response: answer, Refused: text,
			Violations: []journal.Violation{{Where: "body", Pointer: "/" + text, Rule: text, Message: text, Class: journal.ClassError}},
		}},
		{Kind: journal.KindExchange, Scenario: text, Exchange: &journal.Exchange{Direction: journal.ToPlatform, Request: message}},
		{Kind: journal.KindExchange, Scenario: text, Exchange: &journal.Exchange{
			Direction: journal.FromPlatform, Event: text, Variant: text, Request: message, Error: text,
		}},
		{Kind: journal.KindStep, Scenario: text, Step: &journal.Step{
			Hook: text, Kind: "form", Request: &message, Response: answer, Redirects: []string{text}, Title: text, Error: text,
		}},
		{Kind: journal.KindStep, Scenario: text, Step: &journal.Step{Hook: text, Kind: "exec", Command: []string{text, text}, Exit: &status, Error: text}},
		{Kind: journal.KindNote, Scenario: text, Note: &journal.Note{Text: text}},
		{Kind: journal.KindOutput, Output: &journal.Output{Stream: "stderr", Line: text}},
		{Kind: journal.KindScenario, Scenario: text, ScenarioEvent: &journal.Scenario{Phase: "end", Stopped: text}},
		{Kind: journal.KindEnd, End: &journal.End{Reason: journal.EndEnvironment, Seen: text, Want: text, Do: text, Log: []string{text, text}}},
	}
	for i := range records {
		records[i].Seq, records[i].At = int64(i+1), at
	}
	finding := checklist.Finding{Seen: text, Want: text, Do: text, Pointer: text, Expected: text, Received: text}
	var verdicts []checklist.Verdict
	requirements := []checklist.Requirement{
		{ID: "CON-01", Item: checklist.Connect, Level: checklist.Must},
		{ID: "CON-02", Item: checklist.Connect, Level: checklist.Should},
		{ID: "PAY-01", Item: checklist.Payment, Level: checklist.Must, Needs: []string{text}},
	}
	for i, o := range []checklist.Outcome{checklist.Fail, checklist.Warn, checklist.NotVerified} {
		requirements[i].Title, requirements[i].Why, requirements[i].Fix, requirements[i].How = text, text, text, text
		requirements[i].Sources = []checklist.Source{{Title: text, URL: text}}
		v := checklist.Verdict{Requirement: requirements[i].ID, Outcome: o, Summary: text, Evidence: []int64{3, 4, 5, 6, 7}}
		if o != checklist.NotVerified {
			for seq := range int64(7) {
				finding.Record = seq + 1
				v.Findings = append(v.Findings, finding)
			}
		}
		verdicts = append(verdicts, v)
	}
	return reports.NewWith(records, checklist.Result{Overall: checklist.EnvironmentFailure, Reason: text, Verdicts: verdicts}, requirements)
}

// hostile are things that integrations print and send.
var hostile = map[string]string{
	"script":        `<script>alert(1)</script><img src=x onerror=alert(1)>`,
	"attribute":     `" onmouseover="alert(1)" x="`,
	"closing":       "</pre></style></details></main>]]>-->",
	"link":          "javascript:alert(1)",
	"ansi":          "\x1b[31mred\x1b[0m\x1b]8;;http://x\x07",
	"bidi":          "a\u202egnp.exe\u2066\u200f\u200b\ufeff",
	"controls":      "\x00\x07\x08\x7f\u0085\u2028\ufffe\U000e0041",
	"broken":        "\xff\xfe caf\xe9 \xf0\x9f",
	"markdown":      "# x\n- [ ] [a](http://e) ![b](http://e) **x** `y` ``` ~~~ | a | b | <b> @user https://evil.example www.evil.example\n\n<details>",
	"json":          `{"a":{"b":[1,{"c":"</script>"}]},"a":2}`,
	"deep":          strings.Repeat(`[`, 8000) + strings.Repeat(`]`, 8000),
	"unlikely form": "a=%zz&&==&b[]=1",
	"template":      "{{.}} {{define}} ${x} %s %!d(string=x)",
}

func TestHostileText(t *testing.T) {
	for name, text := range hostile {
		t.Run(name, func(t *testing.T) { harmless(t, saying(text)) })
	}
}

// harmless fails the test when a text has become more than a text in one of the formats.
func harmless(t *testing.T, r reports.Report) {
	t.Helper()
	for _, w := range writers {
		out := render(t, w.write, r)
		if !utf8.ValidString(out) {
			t.Errorf("%s is not valid UTF-8", w.file)
		}
		for _, c := range out {
			if c < ' ' && c != '\n' && c != '\t' || c == 0x7f || c >= 0x80 && c < 0xa0 || c >= 0x202a && c <= 0x202e || c >= 0x2066 && c <= 0x2069 {
				t.Errorf("%s holds the character %U", w.file, c)
				break
			}
		}
		switch w.file {
		case reports.FileHTML:
			for _, bad := range []string{"<script", "<img", "<b>x", " onmouseover=\"", `href="javascript`, "style=\""} {
				if strings.Contains(strings.ToLower(out), bad) {
					t.Errorf("the page holds %q", bad)
				}
			}
		case reports.FileMarkdown:
			markdownHarmless(t, out)
		case reports.FileJUnit:
			parses(t, out)
		}
	}
}

// markdownHarmless looks at what is outside of code: there must be no HTML but our own comment and
// no link. Code spans and blocks are taken out first.
func markdownHarmless(t *testing.T, out string) {
	t.Helper()
	if len(out) >= 64<<10 {
		t.Errorf("the summary is %d bytes long", len(out))
	}
	text := strings.ReplaceAll(outsideOfCode(out), "@<!-- -->", "")
	for _, bad := range []string{"<", "](", "![", "https://", "http://", "www.", "@"} {
		for i := strings.Index(text, bad); i >= 0; {
			if i == 0 || text[i-1] != '\\' {
				t.Errorf("the summary holds %q: %.80q", bad, text[i:])
			}
			next := strings.Index(text[i+1:], bad)
			if next < 0 {
				break
			}
			i += 1 + next
		}
	}
}

// outsideOfCode drops code blocks and code spans, by the rules of CommonMark for what this package
// writes: a span ends at a run of as many backticks as it began with.
func outsideOfCode(s string) string {
	var b strings.Builder
	fence := ""
	for line := range strings.Lines(s) {
		ticks := line[:len(line)-len(strings.TrimLeft(line, "`"))]
		switch {
		case fence != "":
			if ticks == fence && strings.TrimSpace(line) == ticks {
				fence = ""
			}
			continue
		case len(ticks) >= 3:
			fence = ticks
			continue
		}
		for i := 0; i < len(line); {
			switch {
			case line[i] == '\\' && i+1 < len(line):
				b.WriteString(line[i : i+2])
				i += 2
			case line[i] == '`':
				n := len(line[i:]) - len(strings.TrimLeft(line[i:], "`"))
				if end := closing(line[i+n:], n); end >= 0 {
					i += n + end + n
				} else {
					b.WriteString(line[i : i+n])
					i += n
				}
			default:
				b.WriteByte(line[i])
				i++
			}
		}
	}
	return b.String()
}

// closing returns where a run of exactly n backticks begins, -1 if there is none.
func closing(s string, n int) int {
	for i := 0; i < len(s); {
		if s[i] != '`' {
			i++
			continue
		}
		run := len(s[i:]) - len(strings.TrimLeft(s[i:], "`"))
		if run == n {
			return i
		}
		i += run
	}
	return -1
}

func parses(t *testing.T, out string) {
	t.Helper()
	dec := xml.NewDecoder(strings.NewReader(out))
	for {
		_, err := dec.Token()
		if err == io.EOF {
			return
		}
		if err != nil {
			t.Errorf("JUnit does not parse: %v", err)
			return
		}
	}
}

func TestLongLines(t *testing.T) {
	r := saying(strings.Repeat("long \x1b[1m<line> ", 1<<20/14))
	for _, w := range writers {
		if out := render(t, w.write, r); len(out) > 2<<20 {
			t.Errorf("%s of a run of 1 MB lines has %d bytes", w.file, len(out))
		}
	}
	harmless(t, r)
}

func TestTextIsShownNotHidden(t *testing.T) {
	r := saying("a\x1b[31mb\u202ec\xffd\r\ne")
	if got, want := r.Verdicts[0].Summary, "a␛[31mb⟨U+202E⟩c\\xffd\ne"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func FuzzWriteHTML(f *testing.F) {
	for _, text := range hostile {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		out := render(t, reports.WriteHTML, saying(text))
		if !utf8.ValidString(out) || strings.Contains(strings.ToLower(out), "<script") {
			t.Error("the page is not valid UTF-8 or holds a script")
		}
		parses(t, render(t, reports.WriteJUnit, saying(text)))
	})
}

func FuzzMarkdown(f *testing.F) {
	for _, text := range hostile {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		out := render(t, reports.WriteMarkdown, saying(text))
		if !utf8.ValidString(out) {
			t.Error("the summary is not valid UTF-8")
		}
		markdownHarmless(t, out)
	})
}
