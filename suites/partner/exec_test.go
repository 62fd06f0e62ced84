package partner_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/altegio-readiness/harness/suites/partner"
)

// command writes an exec step that runs this test binary in a role of child_test.go.
func command(role, more string) string {
	return fmt.Sprintf("exec: {command: [%q, '{{.Payment.Sum}}'], env: {PARTNER_TEST_CHILD: %s}%s}", os.Args[0], role, more)
}

func TestExec(t *testing.T) {
	t.Setenv("READINESS_STALE", "of another run")
	r := newRig(t, http.NotFoundHandler(), `
drive:
  pay:
    - `+command("facts", "")+`
      extract: {first: {json: "$.list[0]"}, mail: {regex: '"email":"([^"]+)'}}
    - `+command("facts", ", stdin: 'by hand: {{.Vars.first}}'")+`
`)
	vars := r.run("pay").Vars
	for name, want := range map[string]string{
		"email": "", "key": "", "first": "1", "mail": "anna@salon.example", "number": "12345678901234567890", "yes": "true", "stdin": "by hand: 1",
	} {
		if vars[name] != want {
			t.Errorf("%s: got %q, want %q", name, vars[name], want)
		}
	}
	for _, name := range []string{"nothing", "bad-name", "list"} {
		if value, ok := vars[name]; ok {
			t.Errorf("%s became a value: %q", name, value)
		}
	}
	env := strings.Split(vars["env"], "\n")
	want := []string{
		"ALTEGIO_URL=http://127.0.0.1:1", "READINESS_ALTEGIO_URL=http://127.0.0.1:1", "READINESS_APPLICATION_ID=4242",
		"READINESS_OWNER_EMAIL=anna@salon.example", "READINESS_OWNER_ID=7", `READINESS_OWNER_NAME=Anna "O" Muster`, "READINESS_OWNER_PASSWORD=pässword-1&=",
		"READINESS_LOCATION_ID=712345", "READINESS_PAYMENT_KEY=pay-1", "READINESS_PAYMENT_SUM=990.99", "READINESS_PAYMENT_CURRENCY=EUR",
		"READINESS_VARS_FIRST=1", "READINESS_RUN_ID=run-1", "READINESS_RUN_EXECUTABLE=/bin/harness", "READINESS_INTEGRATION_URL=" + r.url,
	}
	for _, entry := range want {
		if !contains(env, entry) {
			t.Errorf("the environment has no %s", entry)
		}
	}
	for _, entry := range env {
		if strings.HasPrefix(entry, "READINESS_PAYMENT_ID=") || strings.HasPrefix(entry, "READINESS_STALE") {
			t.Errorf("the environment has %s", entry)
		}
	}
	step := r.book.steps(t)[0]
	if step.Kind != "exec" || *step.Exit != 0 || step.Command[1] != "990.99" || step.Error != "" {
		t.Errorf("the journal has %+v", step)
	}
}

func contains(list []string, word string) bool {
	for _, item := range list {
		if item == word {
			return true
		}
	}
	return false
}

func TestExecFails(t *testing.T) {
	for _, c := range []struct {
		name, step string
		want       []string
	}{
		{"exit status", command("fail", ""), []string{"pay, step 1 (exec): run ", "awaited exit status 0 within 10s", "exit status 7: line 16 line 17 line 18 line 19 cannot pay with [partner-token:"}},
		{"not found", "exec: {command: [no-such-command]}", []string{"command not found: no-such-command"}},
		{"not json", command("print", ", stdin: '{'"), nil},
		{"flood", command("flood", ""), []string{"printed more than 1048576 bytes"}},
		{"nothing to extract", command("print", "") + "\n      extract: {id: {json: $.id}}", []string{"extract id: the answer is not JSON"}},
		{"no match", command("print", "") + "\n      extract: {id: {regex: 'id=(\\d+)'}}", []string{"matches nothing"}},
		{"no such fact", "exec: {command: [a, '{{.Payment.ID}}']}", []string{"drive.pay[0].exec.command[1]: {{.Payment.ID}} has no value at this moment"}},
		{"no such variable", "exec: {command: [a, '{{.Vars.id}}']}", []string{"{{.Vars.id}} is not known: no earlier step has extracted it; nothing has been extracted yet"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := newRig(t, http.NotFoundHandler(), "drive:\n  pay:\n    - "+c.step+"\n")
			if c.want == nil {
				r.run("pay")
				return
			}
			r.fails("pay", c.want...)
			if steps := r.book.steps(t); len(steps) != 1 {
				t.Errorf("the journal has %d steps", len(steps))
			}
		})
	}
}

// TestExecLeavesNobody has a command leave a child behind, at its end and at the deadline.
func TestExecLeavesNobody(t *testing.T) {
	t.Parallel()
	for _, leave := range []string{"", "yes"} {
		file := filepath.Join(t.TempDir(), "pids")
		step := strings.Replace(command("hang", ", timeout: 2s"), "hang", fmt.Sprintf("hang, PIDS: %q, LEAVE: %q", file, leave), 1)
		r := newRig(t, http.NotFoundHandler(), "drive:\n  pay:\n    - "+step+"\n")
		began := time.Now()
		if leave == "" {
			r.fails("pay", "within 2s", "the command did not end: the time was up")
		} else {
			r.run("pay")
		}
		if took := time.Since(began); took > 8*time.Second {
			t.Errorf("took %v", took)
		}
		var leader, left int
		pids, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := fmt.Sscan(string(pids), &leader, &left); err != nil {
			t.Fatal(err)
		}
		// The kernel may need a moment between the signal and the end.
		deadline := time.NewTimer(5 * time.Second)
		tick := time.NewTicker(5 * time.Millisecond)
		for over := false; !over && (alive(leader) || alive(left)); {
			select {
			case <-tick.C:
			case <-deadline.C:
				t.Errorf("process %d or %d is alive", leader, left)
				over = true
			}
		}
		tick.Stop()
	}
}

func TestExecInterrupted(t *testing.T) {
	r := newRig(t, http.NotFoundHandler(), "drive:\n  pay:\n    - "+command("sleep", "")+"\n")
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := r.driver.Run(ctx, "pay", r.call); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want an interrupt", err)
	}
}

// TestFolder runs commands in the folder of the configuration.
func TestFolder(t *testing.T) {
	dir, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(dir, "readiness.yaml")
	if err := os.WriteFile(file, []byte(config("http://127.0.0.1:1", "drive:\n  pay:\n    - exec: {command: ["+os.Args[0]+"], env: {PARTNER_TEST_CHILD: facts}}\n")), 0o600); err != nil {
		t.Fatal(err)
	}
	cfg, err := partner.Load(file, os.LookupEnv)
	if err != nil {
		t.Fatal(err)
	}
	if cfg, err = cfg.Resolve(partner.Vars{}); err != nil {
		t.Fatal(err)
	}
	driver := partner.NewDriver(cfg, newBook().Writer)
	defer driver.Close()
	vars, err := driver.Run(t.Context(), "pay", partner.Call{})
	if err != nil || vars.Vars["dir"] != dir {
		t.Errorf("got %q, %v, want %q", vars.Vars["dir"], err, dir)
	}
}
