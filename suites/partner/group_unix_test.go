//go:build unix

package partner_test

import (
	"fmt"
	"os"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/altegio-readiness/harness/suites/partner"
)

// alive tells whether a process exists and is more than an entry that nobody has collected.
func alive(pid int) bool {
	if stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid)); err == nil {
		_, after, _ := strings.Cut(string(stat), ") ")
		return !strings.HasPrefix(after, "Z")
	}
	return syscall.Kill(pid, 0) == nil
}

// TestKillForSure starts a shell whose child ignores polite requests, and wants both gone.
func TestKillForSure(t *testing.T) {
	t.Parallel()
	cfg, book := process(t, "family", ""), newBook()
	cfg.Integration.Process.Command = []string{"/bin/sh", "-c", "trap '' TERM; " + os.Args[0] + "; echo end"}
	in, err := partner.Start(t.Context(), cfg, book.Writer)
	if err != nil {
		t.Fatal(err)
	}
	book.awaitOutput(t, "pids")
	began := time.Now()
	in.Stop()
	if took := time.Since(began); took < 3*time.Second || took > 10*time.Second {
		t.Errorf("Stop took %v, want three seconds of grace and no more", took)
	}
	<-in.Exited()
	gone(t, book)
}

// TestOrphansAreKilled has a launcher die while its child lives on.
func TestOrphansAreKilled(t *testing.T) {
	t.Parallel()
	cfg, book := process(t, "family", ""), newBook()
	in, err := partner.Start(t.Context(), cfg, book.Writer)
	if err != nil {
		t.Fatal(err)
	}
	var launcher int
	if _, err := fmt.Sscanf(book.awaitOutput(t, "pids").Output.Line, "pids %d", &launcher); err != nil {
		t.Fatal(err)
	}
	if err := syscall.Kill(launcher, syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	<-in.Exited()
	if got := in.ExitState(); got != "signal: killed" {
		t.Errorf("got %q", got)
	}
	in.Stop()
	gone(t, book)
}
