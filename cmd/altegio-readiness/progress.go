package main

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"github.com/altegio-readiness/harness/reports"
	"github.com/altegio-readiness/harness/suites/checklist"
	"github.com/altegio-readiness/harness/suites/scenario"
)

// patience is after how long a wait is worth a line where lines cannot be overwritten.
const patience = 3 * time.Second

// progress tells people what is going on. On a terminal the line about the wait in progress is
// overwritten; elsewhere a wait gets a line of its own once it takes long.
type progress struct {
	out   io.Writer
	live  bool
	color bool

	mu      sync.Mutex
	waiting *time.Timer
}

func newProgress(out io.Writer) *progress {
	p := &progress{out: out}
	if file, ok := out.(*os.File); ok {
		info, err := file.Stat()
		p.live = err == nil && info.Mode()&os.ModeCharDevice != 0 && os.Getenv("TERM") != "dumb"
		p.color = p.live && os.Getenv("NO_COLOR") == ""
	}
	return p
}

// start says what is about to be done; integration is the address of one that runs already.
func (p *progress) start(f runFlags, altegio, integration string) {
	p.printf("altegio-readiness %s, requirements %s, seed %d\n", harnessVersion(), checklist.RequirementSet, f.seed)
	p.printf("The fake Altegio answers at %s.\n", altegio)
	if integration == "" {
		p.printf("Starting the integration.\n")
	} else {
		p.printf("Reaching the integration at %s.\n", integration)
	}
}

// driven announces a story.
func (p *progress) driven(sc scenario.Scenario) {
	p.printf("\n%s\n", p.paint(bold, fmt.Sprintf("%-11s %s", sc.Item, sc.Title)))
}

// tell passes on what a story is doing, as long as it is doing it.
func (p *progress) tell(_, text string) {
	text = reports.Plain(text, 200)
	p.mu.Lock()
	defer p.mu.Unlock()
	p.settle()
	if p.live {
		fmt.Fprintf(p.out, "\r\x1b[K  … %s", clipLine(text, 76))
		return
	}
	p.waiting = time.AfterFunc(patience, func() { p.printf("  … %s\n", text) })
}

// judged prints the verdict on a requirement as it is by now.
func (p *progress) judged(r checklist.Requirement, v checklist.Verdict) {
	line := fmt.Sprintf("  %s %s  %s", p.mark(v.Outcome), r.ID, r.Title)
	switch v.Outcome {
	case checklist.Pass:
	case checklist.NotVerified:
		if v.BlockedBy != "" {
			line += "\n           not verified: see " + v.BlockedBy
			break
		}
		line += fmt.Sprintf("\n           not verified: %s", reports.Plain(v.Summary, 600))
	default:
		line += "\n           " + reports.Plain(v.Summary, 600)
	}
	p.printf("%s\n", line)
}

// finish prints the verdict and where to read more.
func (p *progress) finish(report reports.Report, dir string) {
	p.printf("\n")
	for _, item := range report.Items {
		p.printf("  %s %-10s %s\n", p.mark(item.Status), item.Item, item.Title)
	}
	p.printf("\n%s\n%s\n", p.paint(verdictColor(report.Overall), string(report.Overall)), reports.Plain(report.Reason, 600))
	explain := ""
	for _, v := range report.Verdicts {
		if v.Outcome != checklist.Fail {
			continue
		}
		p.printf("  %s %s  %s\n", p.mark(v.Outcome), v.ID, reports.Plain(v.Summary, 600))
		if len(v.Findings) > 0 && v.Findings[0].Expected != "" {
			p.printf("           expected %s; received %s\n", reports.Plain(v.Findings[0].Expected, 200), reports.Plain(v.Findings[0].Received, 200))
		}
		explain = v.ID
	}
	if explain != "" {
		p.printf("To understand it: altegio-readiness explain %s\n", explain)
	}
	if f := report.Failure; f != nil && f.Want != "" {
		p.printf("Wanted: %s.\nTo do: %s.\n", sentence(f.Want), sentence(f.Do))
		for _, line := range f.Log {
			p.printf("  | %s\n", reports.Plain(line, 300))
		}
	}
	p.printf("Report: %s\n", filepath.Join(dir, "report.html"))
}

// sentence is a text without the full stop that follows it.
func sentence(text string) string { return strings.TrimSuffix(reports.Plain(text, 600), ".") }

const (
	bold   = "1"
	red    = "31"
	green  = "32"
	yellow = "33"
)

func verdictColor(o checklist.Overall) string {
	switch o {
	case checklist.Ready:
		return "1;" + green
	case checklist.NotReady:
		return "1;" + red
	}
	return "1;" + yellow
}

// mark is a sign for an outcome that can be told from the others without colour.
func (p *progress) mark(o checklist.Outcome) string {
	switch o {
	case checklist.Pass:
		return p.paint(green, "✓")
	case checklist.Fail:
		return p.paint(red, "✗")
	case checklist.Warn:
		return p.paint(yellow, "!")
	case checklist.NotApplicable:
		return "–"
	}
	return p.paint(yellow, "?")
}

func (p *progress) paint(code, text string) string {
	if !p.color {
		return text
	}
	return "\x1b[" + code + "m" + text + "\x1b[0m"
}

func (p *progress) printf(format string, args ...any) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.settle()
	fmt.Fprintf(p.out, format, args...)
}

// settle removes the line about the wait in progress. The caller holds the lock.
func (p *progress) settle() {
	if p.waiting != nil {
		p.waiting.Stop()
		p.waiting = nil
	}
	if p.live {
		fmt.Fprint(p.out, "\r\x1b[K")
	}
}

func clipLine(s string, width int) string {
	if r := []rune(s); len(r) > width {
		return string(r[:width-1]) + "…"
	}
	return s
}
