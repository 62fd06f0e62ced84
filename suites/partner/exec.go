package partner

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"reflect"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/altegio-readiness/harness/fakealtegio/journal"
)

const (
	maxOutput   = 1 << 20 // of a command's standard output
	errorLines  = 5       // of its standard error, in an error text
	pipesLinger = 500 * time.Millisecond
)

// exec runs a command in a process group of its own. Whatever the command leaves running is killed.
func (t *turn) exec(ctx context.Context, raw *ExecStep) (answer, error) {
	s, err := rendered(*raw, t.path+".exec", t.call.Vars)
	if err != nil {
		return answer{}, err
	}
	red := t.driver.journal.Redactor()
	t.did = "run " + shorten(red.Text(strings.Join(s.Command, " ")), 120)
	t.want = "exit status 0 within " + t.limit.String()

	cmd := exec.CommandContext(ctx, s.Command[0], s.Command[1:]...)
	cmd.Dir = t.driver.cfg.folder("")
	cmd.Env = append(environment(os.Environ(), t.call.Vars), pairsOf(s.Env)...)
	if s.Stdin != nil {
		cmd.Stdin = strings.NewReader(*s.Stdin)
	} else {
		facts, err := json.Marshal(t.call.Vars)
		if err != nil {
			return answer{}, err
		}
		cmd.Stdin = bytes.NewReader(facts)
	}
	stdout, stderr := &limited{limit: maxOutput}, newTail(errorLines)
	cmd.Stdout, cmd.Stderr = stdout, stderr
	ownGroup(cmd)
	cmd.Cancel = func() error { killGroup(cmd.Process.Pid); return nil }
	cmd.WaitDelay = pipesLinger // for descendants that keep the pipes open

	began := time.Now()
	err = cmd.Run()
	if cmd.Process != nil {
		killGroup(cmd.Process.Pid)
	}
	if errors.Is(err, exec.ErrWaitDelay) {
		err = nil // the command itself has ended well
	}
	step := journal.Step{
		Hook: t.errand.hook, Index: t.errand.index, Kind: "exec", Owner: t.call.Owner,
		Command: redactAll(red, s.Command), Millis: millis(time.Since(began)),
	}
	if cmd.ProcessState != nil {
		code := cmd.ProcessState.ExitCode()
		step.Exit = &code
	}
	got := answer{body: stdout.bytes()}
	switch {
	case ctx.Err() != nil:
		err = &transportError{"the command did not end: " + transportReason(ctx.Err()) + stderr.quote(red), ctx.Err()}
	case err != nil:
		err = &transportError{commandFault(err, s.Command[0]) + stderr.quote(red), err}
	case stdout.cut:
		err = fmt.Errorf("the command printed more than %d bytes", maxOutput)
	default:
		got.vars, err = printed(got.body)
	}
	if err != nil {
		step.Error = red.Text(err.Error())
	}
	t.errand.append(t.driver.journal, step)
	return got, err
}

func redactAll(red *journal.Redactor, words []string) []string {
	out := make([]string, len(words))
	for i, word := range words {
		out[i] = red.Text(word)
	}
	return out
}

// commandFault says why a command could not be run or what became of it.
func commandFault(err error, name string) string {
	var exit *exec.ExitError
	switch {
	case errors.As(err, &exit):
		return exit.ProcessState.String() // "exit status 3"
	case errors.Is(err, exec.ErrNotFound), errors.Is(err, os.ErrNotExist):
		return "command not found: " + name
	case errors.Is(err, os.ErrPermission):
		return "command may not be executed: " + name
	}
	return "the command cannot be started: " + err.Error()
}

// printed is what a command says to later steps: a JSON object on its standard output. Members
// that are no scalars, or have no name that a template can use, are left to extract.
func printed(stdout []byte) (map[string]string, error) {
	if !bytes.HasPrefix(bytes.TrimSpace(stdout), []byte("{")) {
		return nil, nil
	}
	whole, err := Path{}.Find(stdout)
	object, ok := whole.(map[string]any)
	if err != nil || !ok {
		return nil, errors.New("the standard output begins like a JSON object and is none")
	}
	vars := map[string]string{}
	for name, value := range object {
		if text, ok := scalarText(value); ok && isName(name) {
			vars[name] = text
		}
	}
	return vars, nil
}

// environment adds the facts to an environment: ALTEGIO_URL, and for every fact that has a value
// READINESS_GROUP_NAME by its JSON names.
func environment(env []string, vars Vars) []string {
	env = slices.DeleteFunc(slices.Clone(env), func(entry string) bool {
		return strings.HasPrefix(entry, "READINESS_") || strings.HasPrefix(entry, "ALTEGIO_URL=") // of another run
	})
	if vars.Altegio.URL != "" {
		env = append(env, "ALTEGIO_URL="+vars.Altegio.URL)
	}
	root := reflect.ValueOf(vars)
	for i := range root.NumField() {
		group := root.Field(i)
		if group.Kind() != reflect.Struct {
			continue
		}
		for j := range group.NumField() {
			if group.Field(j).IsZero() {
				continue
			}
			name := jsonName(root.Type().Field(i)) + "_" + jsonName(group.Type().Field(j))
			env = append(env, fmt.Sprintf("READINESS_%s=%v", strings.ToUpper(name), group.Field(j).Interface()))
		}
	}
	for _, name := range sortedNames(vars.Vars) {
		env = append(env, "READINESS_VARS_"+strings.ToUpper(name)+"="+vars.Vars[name])
	}
	return env
}

func jsonName(f reflect.StructField) string {
	name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
	return name
}

func pairsOf(env map[string]string) []string {
	var out []string
	for _, name := range slices.Sorted(maps.Keys(env)) {
		out = append(out, name+"="+env[name])
	}
	return out
}

// limited keeps the beginning of what is written to it.
type limited struct {
	mu    sync.Mutex
	buf   []byte
	limit int
	cut   bool
}

func (l *limited) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	room := l.limit - len(l.buf)
	if len(p) > room {
		l.cut = true
	}
	l.buf = append(l.buf, p[:min(len(p), room)]...)
	return len(p), nil
}

func (l *limited) bytes() []byte {
	l.mu.Lock()
	defer l.mu.Unlock()
	return slices.Clone(l.buf)
}
