//go:build unix

package main

import (
	"bufio"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"testing"
)

// hostileProcess in the environment makes the test binary an integration that misbehaves as a
// process in the way that the variable says.
const hostileProcess = "READINESS_TEST_HOSTILE"

func init() {
	memoryOf = func(state *os.ProcessState) int64 {
		usage, ok := state.SysUsage().(*syscall.Rusage)
		if !ok {
			return 0
		}
		if runtime.GOOS == "darwin" {
			return int64(usage.Maxrss)
		}
		return int64(usage.Maxrss) << 10
	}
	if how := os.Getenv(hostileProcess); how != "" {
		misbehave(how)
		os.Exit(0)
	}
}

func misbehave(how string) {
	http.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		if how == "dies in the middle" && r.Method == http.MethodPost {
			fmt.Fprintln(os.Stderr, "the disk is \x1b[31mfull\x1b[0m, says "+hostileToken)
			os.Exit(7)
		}
		if how == "is killed in the middle" && r.Method == http.MethodPost {
			fmt.Fprintln(os.Stderr, "the disk is full")
			_ = syscall.Kill(os.Getpid(), syscall.SIGKILL)
		}
		fmt.Fprint(w, "ok")
	})
	out := bufio.NewWriter(os.Stderr)
	switch how {
	case "floods without newline":
		for range 10 << 10 {
			out.WriteString(strings.Repeat("x", 1<<10))
		}
	case "floods with newlines":
		out.WriteString(strings.Repeat("\n", 3<<20))
	case "floods with bytes":
		out.WriteString(strings.Repeat("\x00\xff\x1b[31m\u202e<script>alert(1)</script>\n", 10_000))
	case "says a secret at the cut":
		fmt.Fprintf(out, "%s%s\n", strings.Repeat("x", 8<<10-20), hostileToken)
	case "exits at once":
		fmt.Println("no database today")
		return
	case "closes its output":
		os.Stdout.Close()
		os.Stderr.Close()
	case "stays", "stays unready":
		signal.Ignore(syscall.SIGTERM, syscall.SIGINT, syscall.SIGHUP)
		child := exec.Command("sh", "-c", `trap "" TERM INT HUP; while :; do sleep 1; done`)
		if err := child.Start(); err == nil {
			pids := fmt.Sprintf("%d %d", os.Getpid(), child.Process.Pid)
			_ = os.WriteFile(os.Getenv("HOSTILE_PIDS"), []byte(pids), 0o600)
		}
		if how == "stays unready" {
			select {}
		}
	}
	out.Flush()
	_ = http.ListenAndServe("127.0.0.1:"+os.Getenv("PORT"), nil)
}

// processTarget is the test binary as an integration.
func processTarget(t *testing.T, how string) (g target, pids string) {
	t.Helper()
	pids = filepath.Join(t.TempDir(), "pids")
	executable, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	return target{
		base: "http://127.0.0.1:{{.Integration.Port}}",
		reach: fmt.Sprintf(`{process: {command: [%q], env: {%s: %q, PORT: "{{.Integration.Port}}", HOSTILE_PIDS: %q}}}`,
			executable, hostileProcess, how, pids),
		register: fmt.Sprintf(jsonHook, "http://127.0.0.1:{{.Integration.Port}}"),
		limits:   "{ready: 20s, step: 1s, wait: 1s, quiet: 200ms}",
	}, pids
}

// gone fails when one of the processes whose ids are in the file is still there.
func gone(t *testing.T, file string) {
	t.Helper()
	content, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	for _, word := range strings.Fields(string(content)) {
		pid, _ := strconv.Atoi(word)
		if stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid)); err == nil && strings.Contains(string(stat), ") Z ") {
			continue // dead; nobody has collected it
		}
		if syscall.Kill(pid, 0) == nil {
			t.Errorf("process %d of the integration still runs", pid)
			_ = syscall.Kill(pid, syscall.SIGKILL)
		}
	}
}

func TestHostileProcesses(t *testing.T) {
	if testing.Short() {
		t.Skip("starts processes")
	}
	tests := map[string]func(*testing.T){}
	for _, tt := range []struct {
		how      string
		code     int
		verdicts []string
		output   string
	}{
		{"exits at once", exitEnvironment, []string{"CON-01=environment error: died at start (exit status 0)"}, "no database today"},
		{"dies in the middle", exitEnvironment, []string{"CON-01=environment error: ended during the run (exit status 7)"}, "the disk is full, says [partner-token:"},
		{"is killed in the middle", exitEnvironment, []string{"CON-01=environment error: ended during the run"}, "the disk is full"},
		{"floods without newline", exitNotReady, []string{"CON-01=pass", "CON-02=fail"}, ""},
		{"floods with newlines", exitNotReady, []string{"CON-01=pass", "CON-02=fail"}, ""},
		{"floods with bytes", exitNotReady, []string{"CON-01=pass", "CON-02=fail"}, ""},
		{"says a secret at the cut", exitNotReady, []string{"CON-01=pass", "CON-02=fail"}, ""},
		{"closes its output", exitNotReady, []string{"CON-01=pass", "CON-02=fail"}, ""},
		{"stays", exitNotReady, []string{"CON-01=pass", "CON-02=fail"}, ""},
	} {
		tests[tt.how] = func(t *testing.T) {
			g, pids := processTarget(t, tt.how)
			e := confront(t, g)
			for name, text := range e.texts(t) {
				if len(text) > 16<<20 {
					t.Errorf("%s has %d bytes", name, len(text))
				}
			}
			if !strings.Contains(e.output, tt.output) {
				t.Errorf("the last lines of the integration are not shown")
			}
			e.wants(t, tt.code, tt.verdicts...)
			if tt.how == "stays" {
				gone(t, pids)
			}
		}
	}
	together(t, tests)
}

// Somebody else answers where the integration was to listen.
func TestHostileNeighbour(t *testing.T) {
	t.Parallel()
	g, _ := processTarget(t, "closes its output")
	g.reach = strings.TrimSuffix(g.reach, "}") + fmt.Sprintf(", ready: %q}", friendly(t))
	e := confront(t, g, "--only", "CON-01")
	e.wants(t, exitEnvironment, "CON-01=environment error: before the process is started")
}

// Commands of a hook that do not end, print without end, or leave something behind.
func TestHostileCommands(t *testing.T) {
	if testing.Short() {
		t.Skip("each takes a run")
	}
	tests := map[string]func(*testing.T){}
	for _, tt := range []struct {
		name, script, want string
	}{
		{"prints without end", `yes`, "the command did not end: the time was up"},
		{"prints errors without end", `yes >&2`, "the command did not end: the time was up"},
		{"prints a megabyte too much", `head -c 3000000 /dev/zero`, "more than 1048576 bytes"},
		{"prints what is no object", `echo "{ \x1b[31m"`, "begins like a JSON object and is none"},
		{"shows a secret at the cut", `printf "%0480d%s" 0 "$READINESS_OWNER_PASSWORD" >&2; exit 3`, "exit status 3"},
		{"leaves somebody behind", `sh -c 'trap "" TERM; while :; do sleep 1; done' & echo $! >> "$PIDS"; exit 3`, "exit status 3"},
	} {
		tests[tt.name] = func(t *testing.T) {
			folder := t.TempDir()
			secrets, pids := filepath.Join(folder, "secrets"), filepath.Join(folder, "pids")
			script := `echo "$READINESS_OWNER_PASSWORD" >> "$SECRETS"; ` + tt.script
			hook := fmt.Sprintf(`[{exec: {command: [sh, -c, %q], env: {SECRETS: %q, PIDS: %q}}}]`, script, secrets, pids)
			e := confront(t, target{base: friendly(t), register: hook})
			e.wants(t, exitIncomplete, "CON-01=pass", "CON-02=not verified: "+tt.want)
			passwords, err := os.ReadFile(secrets)
			if err != nil {
				t.Fatal(err)
			}
			e.hides(t, strings.Fields(string(passwords))...)
			if strings.Contains(script, "PIDS") {
				gone(t, pids)
			}
		}
	}
	together(t, tests)
}
