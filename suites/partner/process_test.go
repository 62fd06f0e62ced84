package partner_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/altegio-readiness/harness/suites/partner"
)

// process configures this test binary as the integration, in a role of child_test.go.
func process(t *testing.T, role, more string) *partner.Config {
	t.Helper()
	return resolve(t, fmt.Sprintf(`
version: 1
application:
  id: 4242
  partner_token: partner-token-value
  registration_redirect_url: "{{.Integration.URL}}/connect"
  callback_url: "{{.Integration.URL}}/callback"
integration:
  process:
    command: [%q]
    env: {PARTNER_TEST_CHILD: %s, PORT: "{{.Integration.Port}}", ALTEGIO_URL: "{{.Altegio.URL}}"}
%s`, os.Args[0], role, more))
}

func TestProcess(t *testing.T) {
	t.Setenv("FROM_PARENT", "inherited ")
	cfg, book := process(t, "serve", ""), newBook()
	book.Redactor().Secret("partner-token", "partner-token-value")
	in, err := partner.Start(t.Context(), cfg, book.Writer)
	if err != nil {
		t.Fatal(err)
	}
	defer in.Stop()
	resp, err := http.Get(cfg.Vars().Integration.URL + "/env")
	if err != nil {
		t.Fatal(err)
	}
	body, _ := io.ReadAll(resp.Body)
	_ = resp.Body.Close()
	if got, want := string(body), "inherited http://127.0.0.1:1"; got != want {
		t.Errorf("environment: got %q, want %q", got, want)
	}
	select {
	case <-in.Exited():
		t.Error("the process has exited")
	default:
	}
	rec := book.awaitOutput(t, "listening")
	if rec.Output.Stream != "stdout" || !strings.HasPrefix(rec.Output.Line, "listening on 2") && !strings.HasPrefix(rec.Output.Line, "listening on 3") || !strings.Contains(rec.Output.Line, "[partner-token:") {
		t.Errorf("got %+v", rec.Output)
	}
	if rec = book.awaitOutput(t, "xxx"); rec.Output.Stream != "stderr" || len(rec.Output.Line) > 8<<10+64 || !strings.HasSuffix(rec.Output.Line, "]…") {
		t.Errorf("a long line has %d bytes and ends in %q", len(rec.Output.Line), rec.Output.Line[len(rec.Output.Line)-30:])
	}

	var stops sync.WaitGroup
	for range 3 {
		stops.Go(in.Stop)
	}
	stops.Wait()
	<-in.Exited()
	if got := in.ExitState(); got != "signal: terminated" && runtime.GOOS == "linux" {
		t.Errorf("got %q as the end", got)
	}
	if last := in.LastOutput(); len(last) != 2 {
		t.Errorf("got %d lines of output", len(last))
	}
}

func TestProcessDiesLater(t *testing.T) {
	cfg, book := process(t, "serve", ""), newBook()
	in, err := partner.Start(t.Context(), cfg, book.Writer)
	if err != nil {
		t.Fatal(err)
	}
	defer in.Stop()
	if resp, err := http.Get(cfg.Vars().Integration.URL + "/exit"); err == nil {
		_ = resp.Body.Close()
	}
	select {
	case <-in.Exited():
	case <-time.After(20 * time.Second):
		t.Fatal("Exited is still open")
	}
	if got := in.ExitState(); got != "exit status 4" {
		t.Errorf("got %q", got)
	}
}

// TestStartMistakes holds what is said about an integration that cannot be reached or started.
func TestStartMistakes(t *testing.T) {
	t.Parallel()
	busy := httptest.NewServer(http.NotFoundHandler())
	defer busy.Close()
	sick := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(502) }))
	defer sick.Close()
	closed, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	_ = closed.Close()
	nobody := "http://" + closed.Addr().String()
	program := func(command, more string) *partner.Config {
		return resolve(t, fmt.Sprintf("version: 1\napplication: {id: 1, partner_token: abcd, registration_redirect_url: \"http://127.0.0.1:{{.Integration.Port}}/\", callback_url: \"http://x/\"}\nintegration: {process: {command: %s}%s", command, more))
	}
	readme := t.TempDir() + "/readme"
	if err := os.WriteFile(readme, []byte("no program"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name string
		cfg  *partner.Config
		seen string
		log  string
	}{
		{"dies", process(t, "die", ""), "the process died at start (exit status 3)", "cannot find module 'express'|no newline at the end"},
		{"never ready", process(t, "broken", "limits: {ready: 400ms}"), "never ready within 400ms: last answer status 503", ""},
		{"never listens", process(t, "sleep", "limits: {ready: 100ms}"), "never ready within 100ms: last answer connection refused", ""},
		{"no command", program("[no-such-command-here]", "}"), "command not found: no-such-command-here", ""},
		{"no file", program("[./no-such-file]", "}"), "command not found: ./no-such-file", ""},
		{"no program", program("["+readme+"]", "}"), "command may not be executed", ""},
		{"no folder", program("[sh], dir: no-such-folder", "}"), "the working directory does not exist: no-such-folder", ""},
		{"occupied", program("[sh]", ", ready: "+busy.URL+"}"), "something listens on port", ""},
		{"nobody", resolve(t, config(nobody, "limits: {ready: 100ms}")), "nothing answers at " + nobody + ": connection refused", ""},
		{"sick", resolve(t, config(sick.URL, "limits: {ready: 100ms}")), sick.URL + " does not work: last answer status 502", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			in, err := partner.Start(t.Context(), c.cfg, newBook().Writer)
			var env *partner.EnvironmentError
			if in != nil || !errors.As(err, &env) {
				t.Fatalf("got %v, %v, want an EnvironmentError", in, err)
			}
			if !strings.Contains(env.Seen, c.seen) || env.Do == "" || !strings.HasPrefix(err.Error(), env.Seen) {
				t.Errorf("got %+v, want %q", env, c.seen)
			}
			slices.Sort(env.Log) // two streams have no common order
			if got := strings.Join(env.Log, "|"); got != c.log {
				t.Errorf("got the output %q, want %q", got, c.log)
			}
		})
	}
}

func TestURLMode(t *testing.T) {
	calls := 0
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if calls++; calls < 3 {
			w.WriteHeader(503)
			return
		}
		http.Redirect(w, r, "http://127.0.0.1:1/", http.StatusFound)
	}))
	defer server.Close()
	in, err := partner.Start(t.Context(), resolve(t, config(server.URL, "")), newBook().Writer)
	if err != nil {
		t.Fatal(err)
	}
	in.Stop()
	in.Stop()
	select {
	case <-in.Exited():
		t.Error("something that was not started has exited")
	default:
	}
	if in.LastOutput() != nil || in.ExitState() != "" {
		t.Error("something that was not started has output")
	}
}

func TestStartInterrupted(t *testing.T) {
	cfg, book := process(t, "family", "limits: {ready: 50s}"), newBook()
	ctx, cancel := context.WithCancel(t.Context())
	// Wait for what never gets ready: another path than the port.
	cfg.Integration.Ready = "http://127.0.0.1:1/"
	go func() {
		book.awaitOutput(t, "pids")
		cancel()
	}()
	_, err := partner.Start(ctx, cfg, book.Writer)
	if !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want an interrupt", err)
	}
	gone(t, book)
}

// gone makes sure that the family whose pids are in the journal is no more.
func gone(t *testing.T, book *book) {
	t.Helper()
	fields := strings.Fields(book.awaitOutput(t, "pids").Output.Line)
	for _, field := range fields[1:] {
		pid, err := strconv.Atoi(field)
		if err != nil {
			t.Fatal(err)
		}
		if alive(pid) {
			t.Errorf("process %d is alive", pid)
		}
	}
}

func TestOutputIsBounded(t *testing.T) {
	cfg, book := process(t, "flood", ""), newBook()
	_, err := partner.Start(t.Context(), cfg, book.Writer)
	var env *partner.EnvironmentError
	if !errors.As(err, &env) || len(env.Log) != 50 {
		t.Errorf("got %v, want 50 lines", err)
	}
	if text := book.text(); strings.Count(text, "more output than is recorded") != 1 || len(text) > 3<<20 {
		t.Errorf("the journal has %d bytes", len(text))
	}
}
