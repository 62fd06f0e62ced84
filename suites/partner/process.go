package partner

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"sync"
	"time"

	"github.com/altegio-readiness/harness/fakealtegio/journal"
)

const (
	// grace is how long a process may take to end when asked to.
	grace = 3 * time.Second
	// afterlife is how long to wait until the kernel has cleaned up after a kill.
	afterlife = 250 * time.Millisecond
	// drain is how long the last output of the dead may take to be read.
	drain     = time.Second
	pollEvery = 10 * time.Millisecond
)

// Integration is the partner's running software. Stop must be called, also after an interrupt; a
// deferred call is the right way.
type Integration struct {
	log    *log
	cmd    *exec.Cmd // nil in URL mode
	exited chan struct{}
	gone   chan struct{} // the whole group has ended and its output has been read

	stop     sync.Once
	stopping chan struct{}

	mu    sync.Mutex
	state string // how the process ended
}

// Start starts the integration of a resolved configuration, or, if it runs already, looks whether
// it is there, and returns when it can be used. Failure is an [*EnvironmentError], or the error of the
// context if that ended first; nothing is left running then.
func Start(ctx context.Context, cfg *Config, j *journal.Writer) (*Integration, error) {
	in := &Integration{
		log:      &log{journal: j},
		exited:   make(chan struct{}),
		gone:     make(chan struct{}),
		stopping: make(chan struct{}),
	}
	address := cfg.ReadyURL()
	if cfg.Integration.Process == nil {
		close(in.gone)
		if err := in.reach(ctx, address, min(reachLimit, cfg.Limits.Ready)); err != nil {
			return nil, err
		}
		return in, nil
	}
	if err := occupied(ctx, address); err != nil {
		return nil, err
	}
	if err := in.launch(cfg); err != nil {
		return nil, err
	}
	if err := in.await(ctx, address, cfg.Limits.Ready); err != nil {
		in.Stop()
		var env *EnvironmentError
		if errors.As(err, &env) {
			env.Log = in.LastOutput() // all of it, now that the pipes have been read
		}
		return nil, err
	}
	return in, nil
}

// launch starts the process and the goroutines that look after it.
func (in *Integration) launch(cfg *Config) error {
	p := cfg.Integration.Process
	cmd := exec.Command(p.Command[0], p.Command[1:]...)
	cmd.Dir = cfg.folder(p.Dir)
	cmd.Env = append(os.Environ(), pairsOf(p.Env)...)
	ownGroup(cmd)
	// Pipes of our own: with those of package exec, Wait would wait for everyone who inherited them.
	var readers, writers []*os.File
	for range 2 {
		r, w, err := os.Pipe()
		if err != nil {
			closeAll(append(readers, writers...))
			return startFault(err, p, cmd.Dir)
		}
		readers, writers = append(readers, r), append(writers, w)
	}
	cmd.Stdout, cmd.Stderr = writers[0], writers[1]
	err := cmd.Start()
	closeAll(writers)
	if err != nil {
		closeAll(readers)
		return startFault(err, p, cmd.Dir)
	}
	in.cmd = cmd
	var reading sync.WaitGroup
	for i, stream := range []string{"stdout", "stderr"} {
		reading.Go(func() { in.log.copy(stream, readers[i]) })
	}
	go func() {
		defer close(in.gone)
		in.supervise()
		// Somebody who has left the group may hold a pipe open for ever.
		deadline := time.Now().Add(drain)
		for _, r := range readers {
			_ = r.SetReadDeadline(deadline)
		}
		reading.Wait()
		closeAll(readers)
	}()
	return nil
}

func closeAll(files []*os.File) {
	for _, f := range files {
		_ = f.Close()
	}
}

// supervise waits for the end of the process and then ends what is left of its group.
func (in *Integration) supervise() {
	pid := in.cmd.Process.Pid
	waited := make(chan struct{})
	go func() {
		defer close(waited)
		_ = in.cmd.Wait() // its state is looked at below
		in.mu.Lock()
		in.state = in.cmd.ProcessState.String()
		in.mu.Unlock()
		close(in.exited)
	}()
	select {
	case <-waited:
	case <-in.stopping:
	}
	endGroup(pid)
	if !until(grace, func() bool { return ended(waited) && !groupAlive(pid) }) {
		killGroup(pid)
		until(afterlife, func() bool { return ended(waited) && !groupAlive(pid) })
	}
	<-waited
}

func ended(c <-chan struct{}) bool {
	select {
	case <-c:
		return true
	default:
		return false
	}
}

// until polls a condition for some time.
func until(limit time.Duration, done func() bool) bool {
	tick := time.NewTicker(pollEvery)
	defer tick.Stop()
	timer := time.NewTimer(limit)
	defer timer.Stop()
	for !done() {
		select {
		case <-tick.C:
		case <-timer.C:
			return done()
		}
	}
	return true
}

// Stop asks the process and everything it has started to end, kills what is left after three
// seconds, and returns when all of it is gone and its output is in the journal. In URL mode it does nothing.
// It may be called several times, at once too.
func (in *Integration) Stop() {
	if in == nil {
		return
	}
	in.stop.Do(func() { close(in.stopping) })
	<-in.gone
}

// Exited is closed when the process has ended, by itself or by Stop. In URL mode it never is.
func (in *Integration) Exited() <-chan struct{} { return in.exited }

// ExitState says how the process ended, "exit status 3" or "signal: killed"; "" while it runs.
func (in *Integration) ExitState() string {
	in.mu.Lock()
	defer in.mu.Unlock()
	return in.state
}

// LastOutput is the last fifty lines that the process printed, redacted.
func (in *Integration) LastOutput() []string { return in.log.tail() }

// startFault explains why a process could not be started.
func startFault(err error, p *Process, dir string) error {
	e := &EnvironmentError{
		Seen: commandFault(err, p.Command[0]),
		Want: "the process of the integration to start",
		Do:   "correct integration.process.command, or install the program",
	}
	if info, derr := os.Stat(dir); dir != "" && (derr != nil || !info.IsDir()) {
		e.Seen = "the working directory does not exist: " + dir
		e.Do = "correct integration.process.dir, which is relative to the folder of readiness.yaml"
	} else if errors.Is(err, fs.ErrPermission) {
		e.Do = "make it executable, or begin the command with the interpreter"
	}
	return e
}

// died explains a process that ended before it could be used.
func (in *Integration) died() error {
	return &EnvironmentError{
		Seen: fmt.Sprintf("the process died at start (%s)", in.ExitState()),
		Want: "a process that stays in the foreground and answers",
		Do:   "start the same command by hand; its last output is below",
	}
}
