package main

import (
	"bytes"
	"context"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
	"unicode"
)

// The tests in hostile*_test.go drive integrations that answer garbage, too much, for ever or
// nothing. Whatever they do: the run ends, with the right code and a finding that says what was
// seen, and nothing secret or dangerous is in what it writes.

// hostileBound is within what a run has to end. None needs a fraction of it.
const hostileBound = time.Minute

// hostileMemory is what a run may take at most, in bytes. Most take a twentieth.
const hostileMemory = 700 << 20

// memoryOf tells the greatest memory of a process that has ended, 0 where that is not known.
var memoryOf = func(*os.ProcessState) int64 { return 0 }

// hostileToken is a partner token that is long enough to be cut in two by any limit of a text.
const hostileToken = "hostile-partner-token-5f1c7a9e3b8d2046-may-not-be-shown-not-even-in-part-91d3e7"

// target is an integration as readiness.yaml describes it.
type target struct {
	reach    string // the integration section; url mode at base unless given
	base     string // of a friendly server, and of all the following unless given
	redirect string
	callback string
	register string // the steps of the hook, also for sign_in
	more     string // lines to add
	limits   string
}

const (
	formHook = `[{form: {fields: {email: "{{.Owner.Email}}", password: "{{.Owner.Password}}"}}}]`
	jsonHook = `[{http: {method: POST, url: "%s/register", json: {altegio: "{{.Altegio.URL}}", location: "{{.Location.ID}}",` +
		` email: "{{.Owner.Email}}", password: "{{.Owner.Password}}"}}}]`
	noHook     = `none`
	stateProbe = `observe: {connected: {http: {url: "%s/state?location={{.Location.ID}}"}, path: $.connected, timeout: 500ms}}`
)

func (g target) yaml() string {
	or := func(text, instead string) string {
		if text == "" {
			return instead
		}
		return text
	}
	drive := ""
	if g.register != noHook {
		drive = fmt.Sprintf("drive: {register: %s, sign_in: %[1]s}", or(g.register, formHook))
	}
	return fmt.Sprintf(`version: 1
application:
  {id: 4242, title: Hostile, partner_token: %q, monetization: free, registration_redirect_url: %q, callback_url: %q}
integration: %s
%s
limits: %s
%s
`, hostileToken, or(g.redirect, g.base+"/connect"), or(g.callback, g.base+"/callback"),
		or(g.reach, fmt.Sprintf("{url: %q}", g.base)), drive,
		or(g.limits, "{ready: 1s, step: 1s, wait: 1s, quiet: 200ms}"), g.more)
}

// ending is what a run left behind.
type ending struct {
	code   int
	output string
	dir    string
	report *reportFile
	took   time.Duration
	memory int64
}

// confront runs the checklist against the target and checks what has to hold for every run.
func confront(t *testing.T, g target, args ...string) ending {
	t.Helper()
	return meddle(t, g, nil, args...)
}

// together runs tests at the same time. Most of what they do is to wait, and t.Parallel would
// let only as many of them wait as there are processors.
func together(t *testing.T, tests map[string]func(*testing.T)) {
	t.Helper()
	const places = 6
	var running sync.WaitGroup
	defer running.Wait()
	free := make(chan struct{}, places)
	for name, test := range tests {
		free <- struct{}{}
		running.Go(func() {
			t.Run(name, test)
			<-free
		})
	}
}

// meddle is confront with something that is done to the command while it runs.
func meddle(t *testing.T, g target, during func(command *os.Process), args ...string) ending {
	t.Helper()
	folder := t.TempDir()
	config := filepath.Join(folder, "readiness.yaml")
	if err := os.WriteFile(config, []byte(g.yaml()), 0o600); err != nil {
		t.Fatal(err)
	}
	e := ending{dir: filepath.Join(folder, "report")}
	began := time.Now()
	cmd, output := launch(t, append([]string{"run", "--config", config, "--out", e.dir}, args...)...)
	if during != nil {
		during(cmd.Process)
	}
	_ = cmd.Wait()
	e.code, e.output, e.took = cmd.ProcessState.ExitCode(), output.String(), time.Since(began)
	e.memory = memoryOf(cmd.ProcessState)
	e.check(t)
	return e
}

// launch starts the command in a process of its own, which is killed if it does not end in time.
func launch(t *testing.T, args ...string) (*exec.Cmd, *bytes.Buffer) {
	t.Helper()
	executable, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), hostileBound)
	t.Cleanup(cancel)
	cmd := exec.CommandContext(ctx, executable, args...)
	cmd.Env = append(os.Environ(), "READINESS_TEST_AS_COMMAND=1")
	output := new(bytes.Buffer)
	cmd.Stdout, cmd.Stderr = output, output
	cmd.WaitDelay = time.Second
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	return cmd, output
}

// check is about everything that no integration may bring about.
func (e *ending) check(t *testing.T) {
	t.Helper()
	if e.took > hostileBound {
		t.Errorf("took %s", e.took)
	}
	if !slices.Contains([]int{exitReady, exitNotReady, exitEnvironment, exitIncomplete, exitInterrupted}, e.code) {
		t.Errorf("exit %d, which says that the mistake is ours", e.code)
	}
	if e.memory > hostileMemory {
		t.Errorf("took %d MiB of memory", e.memory>>20)
	}
	if e.report = readReport(e.dir); e.report == nil {
		t.Fatalf("no readable report.json, exit %d after %s\n%s", e.code, e.took, head(e.output, 4000))
	}
	for name, text := range e.texts(t) {
		if found := regexp.MustCompile(`(?m)^panic: |^goroutine \d+|runtime error|invalid memory address`).FindString(text); found != "" {
			t.Errorf("%s shows our inside: %q", name, found)
		}
		if name != "journal.jsonl" && name != "report.json" { // in which JSON tells data from text
			harmless(t, name, text)
		}
	}
	e.hides(t, hostileToken)
	if t.Failed() {
		t.Logf("exit %d after %s\n%s", e.code, e.took, head(e.output, 4000))
	}
}

// texts are the output of a run and all files that it wrote, by their names.
func (e *ending) texts(t *testing.T) map[string]string {
	t.Helper()
	texts := map[string]string{"output": e.output}
	err := filepath.WalkDir(e.dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		content, err := os.ReadFile(path)
		texts[entry.Name()] = string(content)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return texts
}

// hides fails when a secret, or the greater part of it, is in anything that the run wrote.
func (e *ending) hides(t *testing.T, secrets ...string) {
	t.Helper()
	for name, text := range e.texts(t) {
		for _, secret := range secrets {
			for form, written := range writings(secret) {
				if strings.Contains(text, written) {
					t.Errorf("%s has a secret, written as %s", name, form)
				}
			}
			const telling = 12 // bytes of a long secret that are too many
			if part := secret[:min(telling, len(secret))]; strings.Contains(text, part) {
				at := strings.Index(text, part)
				t.Errorf("%s has a part of a secret: …%s…", name, text[max(0, at-80):min(len(text), at+80)])
			}
		}
	}
}

// harmless fails when a text could do something to the screen or the page on which it is shown.
func harmless(t *testing.T, name, text string) {
	t.Helper()
	for _, r := range text {
		if unicode.IsControl(r) && !strings.ContainsRune("\n\t", r) || unicode.Is(unicode.Bidi_Control, r) {
			t.Errorf("%s has the character %U", name, r)
			break
		}
	}
	switch name {
	case "report.html", "summary.md":
		for _, tag := range []string{"<script", "<img src=x", "](javascript:"} {
			if at := strings.Index(strings.ToLower(text), tag); at >= 0 {
				t.Errorf("%s has a script: %s", name, head(text[at:], 100))
			}
		}
	case "junit.xml":
		for d := xml.NewDecoder(strings.NewReader(text)); ; {
			if _, err := d.Token(); errors.Is(err, io.EOF) {
				break
			} else if err != nil {
				t.Errorf("%s is not XML: %v", name, err)
				break
			}
		}
	}
}

// wants compares the exit code and verdicts: "CON-01=fail", or "CON-01=fail: words of its summary".
func (e *ending) wants(t *testing.T, code int, verdicts ...string) {
	t.Helper()
	if e.code != code {
		t.Errorf("exit %d, want %d", e.code, code)
	}
	for _, want := range verdicts {
		want, words, _ := strings.Cut(want, ": ")
		id, outcome, _ := strings.Cut(want, "=")
		if got := e.report.outcome(id); got != outcome {
			t.Errorf("%s: got %q, want %q", id, got, outcome)
		}
		if summary := e.report.summary(id); !strings.Contains(summary, words) {
			t.Errorf("%s: the summary is %q, want it to have %q", id, summary, words)
		}
	}
	if t.Failed() {
		t.Logf("exit %d after %s\n%s", e.code, e.took, head(e.output, 4000))
	}
}

func (r *reportFile) summary(id string) string {
	for _, v := range r.Verdicts {
		if v.ID == id {
			return v.Summary
		}
	}
	return ""
}

func head(s string, n int) string { return s[:min(len(s), n)] }
