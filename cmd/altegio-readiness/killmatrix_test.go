package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"testing"
	"time"

	"github.com/altegio-readiness/harness/fixtures/integrations/reminders/flawed"
	"github.com/altegio-readiness/harness/suites/checklist"
)

// runTimeout ends a run that hangs; no run needs a fraction of it.
const runTimeout = 5 * time.Minute

// command runs the command in a process of its own and returns its exit code and output.
func command(t *testing.T, args ...string) (int, string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), runTimeout)
	defer cancel()
	executable, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(ctx, executable, args...)
	cmd.Env = append(os.Environ(), "READINESS_TEST_AS_COMMAND=1")
	var output bytes.Buffer
	cmd.Stdout, cmd.Stderr = &output, &output
	err = cmd.Run()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		t.Fatalf("altegio-readiness %v: %v\n%s", args, err, output.String())
	}
	return cmd.ProcessState.ExitCode(), output.String()
}

// TestKillMatrix runs the bundled integration with each of its flaws: exactly the mandatory
// requirements that a flaw declares must fail, and exactly the recommendations warn. A judge
// that cannot fail, or that fails for something else, is found here.
func TestKillMatrix(t *testing.T) {
	if testing.Short() {
		t.Skip("runs the whole checklist once for each flaw")
	}
	for _, flaw := range flawed.List() {
		t.Run(flaw.Name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			code, output := command(t, "run", "--example", "--flaw", flaw.Name, "--out", dir)
			report := readReport(dir)
			if report == nil {
				t.Fatalf("no report.json; exit %d\n%s", code, output)
			}
			failed, warned := report.having("fail"), report.having("warn")
			if !slices.Equal(failed, nonNil(flaw.Breaks)) || !slices.Equal(warned, nonNil(flaw.Warns)) {
				t.Errorf("failed %v, warned %v; want %v and %v\n%s", failed, warned, flaw.Breaks, flaw.Warns, output)
			}
			want := exitReady
			if len(flaw.Breaks) > 0 {
				want = exitNotReady
			}
			if code != want {
				t.Errorf("exit %d, want %d\n%s", code, want, output)
			}
		})
	}
}

// TestKillMatrixComplete demands a flaw for every requirement, and requirements that exist for
// every flaw.
func TestKillMatrixComplete(t *testing.T) {
	killed := map[string]bool{}
	for _, flaw := range flawed.List() {
		for level, ids := range map[checklist.Level][]string{checklist.Must: flaw.Breaks, checklist.Should: flaw.Warns} {
			for _, id := range ids {
				r, ok := checklist.Find(id)
				if !ok || r.Level != level {
					t.Errorf("flaw %s declares %s, which is no requirement of level %s", flaw.Name, id, level)
				}
			}
			if len(ids) == 1 && len(flaw.Breaks)+len(flaw.Warns) == 1 {
				killed[ids[0]] = true
			}
		}
	}
	for _, r := range checklist.Catalogue() {
		if !killed[r.ID] {
			t.Errorf("%s: no flaw makes exactly it fail", r.ID)
		}
	}
}

// TestSeeds runs the correct integration with many seeds: always READY.
func TestSeeds(t *testing.T) {
	if testing.Short() {
		t.Skip("runs the whole checklist many times")
	}
	for seed := 1; seed <= 20; seed++ {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			code, output := command(t, "run", "--example", "--seed", fmt.Sprint(seed), "--out", dir)
			report := readReport(dir)
			if code != exitReady || report == nil || len(report.having("pass")) != len(checklist.Catalogue()) {
				t.Errorf("exit %d\n%s", code, output)
			}
		})
	}
}
