package reports

import (
	"bufio"
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"fmt"
	"html/template"
	"io"
	"strings"
	"sync"
	"time"

	"github.com/altegio-readiness/harness/suites/checklist"
)

//go:embed report.css
var style string

//go:embed report.html.tmpl
var pageText string

// styleHash lets the page's own style pass its content security policy and nothing else.
var styleHash = func() string {
	sum := sha256.Sum256([]byte(style))
	return "sha256-" + base64.StdEncoding.EncodeToString(sum[:])
}()

// pageTemplate is parsed when the first page is written: most commands never need it.
var pageTemplate = sync.OnceValue(func() *template.Template {
	return template.Must(template.New("report").Funcs(template.FuncMap{
		"glyph":     glyph,
		"slug":      slug,
		"when":      when,
		"day":       day,
		"lasting":   func(ms any) string { return lasting(number(ms)) },
		"since":     since,
		"thousands": func(n any) string { return thousands(int64(number(n))) },
		"plural":    plural,
		"list":      func(parts []string) string { return strings.Join(parts, ", ") },
		"words":     words,
		"upper":     upper,
		"command":   func(parts []string) string { return strings.Join(parts, " ") },
		"few":       func(seqs []int64) []int64 { return seqs[:min(len(seqs), 8)] },
		"more":      func(shown []int64, all int) int { return max(0, all-min(len(shown), 8)) },
		"yes": func(v bool) string {
			if v {
				return "yes"
			}
			return "no"
		},
	}).Parse(pageText))
})

// WriteHTML writes the report as one page that needs nothing else: no script, no request, readable
// on a telephone, in the dark and on paper.
func WriteHTML(w io.Writer, r Report) error {
	buffered := bufio.NewWriterSize(w, 64<<10)
	if err := pageTemplate().Execute(buffered, newPage(r)); err != nil {
		return fmt.Errorf("write the page: %w", err)
	}
	if err := buffered.Flush(); err != nil {
		return fmt.Errorf("write the page: %w", err)
	}
	return nil
}

// glyph is a sign for an outcome, so that no colour has to be told apart.
func glyph(o any) string {
	switch slug(o) {
	case "pass", "ready", "reached":
		return "✓"
	case "fail", "not-ready":
		return "✕"
	case "not-applicable", "blocked":
		return "–"
	case "incomplete", "not-verified":
		return "?"
	}
	return "!"
}

// upper begins an outcome with a capital letter.
func upper(o checklist.Outcome) string {
	if o == "" {
		return ""
	}
	return strings.ToUpper(string(o[:1])) + string(o[1:])
}

// slug is the class name of an outcome, a verdict, a culprit or an end.
func slug(v any) string {
	var s string
	switch v := v.(type) {
	case checklist.Outcome:
		s = string(v)
	case checklist.Overall:
		s = string(v)
	case checklist.Item:
		s = string(v)
	case string:
		s = v
	}
	return strings.ReplaceAll(strings.ToLower(s), " ", "-")
}

func when(t *time.Time) string {
	if t == nil {
		return "unknown"
	}
	return t.Format("2006-01-02 15:04:05") + " UTC"
}

func day(t *time.Time) string {
	if t == nil {
		return "unknown"
	}
	return t.Format("2 Jan 2006, 15:04") + " UTC"
}

// since is a time on the run's own clock.
func since(ms int64) string {
	if ms < 0 {
		return fmt.Sprintf("%.3f s", float64(ms)/1000)
	}
	if ms < 60_000 {
		return fmt.Sprintf("+%.3f s", float64(ms)/1000)
	}
	return fmt.Sprintf("+%d:%06.3f", ms/60_000, float64(ms%60_000)/1000)
}

func number(v any) float64 {
	switch v := v.(type) {
	case int:
		return float64(v)
	case int64:
		return float64(v)
	case float64:
		return v
	}
	return 0
}
