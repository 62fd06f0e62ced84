//go:build unix

package main

import (
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"testing"
	"time"
)

// Ctrl-C while something hostile is waited for.
func TestHostileInterrupt(t *testing.T) {
	if testing.Short() {
		t.Skip("each takes a run")
	}
	tests := map[string]func(*testing.T){}
	const patient = "{ready: 50s, step: 50s, wait: 50s, quiet: 200ms}"
	interrupted := func(t *testing.T, g target, reached <-chan struct{}, times int) ending {
		t.Helper()
		g.limits = patient
		var at time.Time
		e := meddle(t, g, func(command *os.Process) {
			select {
			case <-reached:
			case <-time.After(hostileBound):
				t.Error("the run never got there")
			}
			at = time.Now()
			for range times {
				_ = command.Signal(os.Interrupt)
			}
		})
		if took := time.Since(at); took > 15*time.Second {
			t.Errorf("ended %s after the interrupt", took)
		}
		e.wants(t, exitInterrupted)
		if e.report.Overall != "INTERRUPTED" {
			t.Errorf("overall: %q", e.report.Overall)
		}
		return e
	}
	for _, at := range []string{"/connect", "/register", "/callback", "GET /state"} {
		for name, answer := range map[string]string{"nothing": "", "half": "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{"} {
			tests[at+" "+name] = func(t *testing.T) {
				reached := make(chan struct{}, 100)
				p := newPartnerApp(t, map[string]http.HandlerFunc{at: func(w http.ResponseWriter, _ *http.Request) {
					conn, _, err := w.(http.Hijacker).Hijack()
					if err != nil {
						return
					}
					defer conn.Close()
					fmt.Fprint(conn, answer)
					reached <- struct{}{}
					silence(conn)
				}})
				interrupted(t, p.target(), reached, 1)
			}
		}
	}
	tests["process that stays"] = func(t *testing.T) {
		g, pids := processTarget(t, "stays unready")
		interrupted(t, g, written(pids), 3)
		gone(t, pids)
	}
	tests["command that stays"] = func(t *testing.T) {
		p := newPartnerApp(t, nil)
		g := p.target()
		pids := filepath.Join(t.TempDir(), "pids")
		g.register = fmt.Sprintf(`[{exec: {command: [sh, -c, 'trap "" TERM INT; echo $$ > %s; while :; do sleep 1; done']}}]`, pids)
		interrupted(t, g, written(pids), 1)
		gone(t, pids)
	}
	together(t, tests)
}

// written is closed when there is something in a file, or when there should have been long ago.
func written(file string) <-chan struct{} {
	reached := make(chan struct{})
	go func() {
		defer close(reached)
		for deadline := time.Now().Add(hostileBound); time.Now().Before(deadline); <-time.After(20 * time.Millisecond) {
			if content, _ := os.ReadFile(file); len(content) > 0 {
				return
			}
		}
	}()
	return reached
}
