//go:build unix

package main

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/altegio-readiness/harness/fakealtegio/journal"
)

// background starts a run that will wait for an activation that never comes, and returns when it
// is waiting.
func background(t *testing.T, dir string) (*exec.Cmd, *bytes.Buffer) {
	t.Helper()
	executable, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), executable, "run", "--example", "--flaw", "no-activation", "--out", dir)
	cmd.Env = append(os.Environ(), "READINESS_TEST_AS_COMMAND=1")
	output := new(bytes.Buffer)
	cmd.Stdout, cmd.Stderr = output, output
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	until(t, "the register hook has been run", func() bool {
		records, _ := journal.ReadFile(filepath.Join(dir, "journal.jsonl"))
		for _, rec := range records {
			if rec.Hook != nil {
				return true
			}
		}
		return false
	})
	if runtime.GOOS == "linux" && !listening(integrationPort(t, dir)) {
		t.Fatal("the integration does not listen while the run waits for it")
	}
	return cmd, output
}

func until(t *testing.T, what string, holds func() bool) {
	t.Helper()
	deadline := time.Now().Add(time.Minute)
	for !holds() {
		if time.Now().After(deadline) {
			t.Fatalf("waited a minute until %s", what)
		}
		<-time.After(20 * time.Millisecond)
	}
}

// integrationPort finds where the bundled integration of a run listened.
func integrationPort(t *testing.T, dir string) string {
	t.Helper()
	content, err := os.ReadFile(filepath.Join(dir, "journal.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	m := regexp.MustCompile(`"callback_url":"http://127\.0\.0\.1:(\d+)/`).FindSubmatch(content)
	if m == nil {
		t.Fatal("the journal does not say where the integration is")
	}
	return string(m[1])
}

// listening reports whether a process of this machine has the integration's port.
func listening(port string) bool {
	out, _ := exec.Command("sh", "-c", "cat /proc/net/tcp 2>/dev/null").Output()
	hex := strings.ToUpper(portHex(port))
	return regexp.MustCompile(`0100007F:` + hex + ` 00000000:0000 0A`).Match(out)
}

func portHex(port string) string {
	n := 0
	for _, digit := range port {
		n = n*10 + int(digit-'0')
	}
	const digits = "0123456789abcdef"
	return string([]byte{digits[n>>12&15], digits[n>>8&15], digits[n>>4&15], digits[n&15]})
}

// Ctrl-C leaves a usable partial report, exit code 130 and no process.
func TestInterrupt(t *testing.T) {
	dir := t.TempDir()
	cmd, output := background(t, dir)
	if err := cmd.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	_ = cmd.Wait()
	if code := cmd.ProcessState.ExitCode(); code != exitInterrupted {
		t.Errorf("exit %d, want %d\n%s", code, exitInterrupted, output)
	}
	report := readReport(dir)
	if report == nil || report.Overall != "INTERRUPTED" {
		t.Fatalf("no report of an interrupted run\n%s", output)
	}
	if got := report.outcome("REC-07"); got != "not verified" {
		t.Errorf("REC-07 is %q in a run that did not get there", got)
	}
	if listening(integrationPort(t, dir)) {
		t.Error("the integration still listens after the run has ended")
	}
}

// After kill -9 the journal is on disk, and report renders what had happened.
func TestKilled(t *testing.T) {
	dir := t.TempDir()
	cmd, _ := background(t, dir)
	if err := cmd.Process.Signal(syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	_ = cmd.Wait()
	if runtime.GOOS == "linux" { // elsewhere nobody is left to end it
		until(t, "the integration is gone", func() bool { return !listening(integrationPort(t, dir)) })
	}
	code, output := command(t, "report", dir)
	if code != exitInterrupted {
		t.Errorf("exit %d, want %d\n%s", code, exitInterrupted, output)
	}
	if report := readReport(dir); report == nil || report.outcome("CON-01") == "absent" {
		t.Errorf("nothing rendered\n%s", output)
	}
}
