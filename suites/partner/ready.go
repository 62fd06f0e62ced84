package partner

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"time"
)

const (
	// reachLimit is how long an integration that should be running is looked for. The whole verdict
	// about one that is not has five seconds.
	reachLimit = 4 * time.Second
	// attemptLimit is for one request: a server that accepts connections and says nothing is not ready.
	attemptLimit = 2 * time.Second
)

// knock asks an address once. Any answer below 500 is one from somebody who is ready.
type knock struct {
	client *http.Client
	url    string
	last   string // what came of it
	failed error  // the transport's error behind it
}

func newKnock(address string) *knock {
	transport := newTransport()
	transport.DisableKeepAlives = true
	return &knock{
		url: address,
		client: &http.Client{
			Transport:     transport,
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		},
	}
}

func (k *knock) once(ctx context.Context) bool {
	ctx, cancel := context.WithTimeout(ctx, attemptLimit)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, k.url, nil)
	if err != nil {
		k.last, k.failed = "not a valid URL", err
		return false
	}
	req.Header.Set("User-Agent", userAgent)
	resp, err := k.client.Do(req)
	if err != nil {
		k.last, k.failed = transportReason(err), err
		return false
	}
	defer resp.Body.Close()
	k.last, k.failed = fmt.Sprintf("status %d", resp.StatusCode), nil // which says it all
	return resp.StatusCode >= http.StatusOK && resp.StatusCode < http.StatusInternalServerError
}

// await knocks until the integration is ready, has died, or the time is up.
func (in *Integration) await(ctx context.Context, address string, limit time.Duration) error {
	k, err := in.poll(ctx, address, limit)
	if !errors.Is(err, errNotReady) {
		return err
	}
	return &EnvironmentError{
		Seen: fmt.Sprintf("never ready within %s: last answer %s", limit, k.last),
		Want: "an answer below 500 from " + in.log.journal.Redactor().URL(address),
		Do:   "check integration.ready and the port that the process listens on; raise limits.ready if it is slow to start",
	}
}

// reach looks for an integration that runs already.
func (in *Integration) reach(ctx context.Context, address string, limit time.Duration) error {
	k, err := in.poll(ctx, address, limit)
	if !errors.Is(err, errNotReady) {
		return err
	}
	shown := in.log.journal.Redactor().URL(address)
	e := &EnvironmentError{
		Seen: fmt.Sprintf("nothing answers at %s: %s", shown, k.last),
		Want: "an answer below 500",
		Do:   "start the integration, or correct integration.url; or let the harness start it with integration.process",
	}
	if k.failed == nil {
		e.Seen = fmt.Sprintf("%s does not work: last answer %s", shown, k.last)
		e.Do = "look into the log of the integration; integration.ready can name a page that works without signing in"
	}
	return e
}

var errNotReady = errors.New("not ready")

// poll knocks on a ticker. The knock explains the error.
func (in *Integration) poll(ctx context.Context, address string, limit time.Duration) (*knock, error) {
	k := newKnock(address)
	limited, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	// An attempt is given up as soon as the process has died.
	attempt, giveUp := context.WithCancel(limited)
	defer giveUp()
	watched := make(chan struct{})
	go func() {
		defer close(watched)
		select {
		case <-in.exited:
			giveUp()
		case <-attempt.Done():
		}
	}()
	defer func() { giveUp(); <-watched }()
	tick := time.NewTicker(pollEvery)
	defer tick.Stop()
	for {
		last, failed := k.last, k.failed
		ready := k.once(attempt)
		switch {
		case ended(in.exited):
			return k, in.died()
		case ready:
			return k, nil
		case ctx.Err() != nil:
			return k, fmt.Errorf("wait for the integration: %w", context.Cause(ctx))
		case limited.Err() != nil:
			if last != "" {
				k.last, k.failed = last, failed // the last attempt was cut short by us
			}
			return k, errNotReady
		}
		select {
		case <-tick.C:
		case <-in.exited:
		case <-limited.Done():
		}
	}
}

// occupied finds out whether somebody else answers where the integration is about to: it would be
// taken for the integration.
func occupied(ctx context.Context, address string) error {
	u, err := url.Parse(address)
	if err != nil {
		return &EnvironmentError{Seen: "the ready URL is not valid", Do: "correct integration.ready"}
	}
	port := u.Port()
	if port == "" {
		port = map[string]string{"http": "80", "https": "443"}[u.Scheme]
	}
	if ip := net.ParseIP(u.Hostname()); u.Hostname() != "localhost" && (ip == nil || !ip.IsLoopback()) {
		return nil // behind a proxy or a tunnel, which answers before the process does
	}
	dialer := net.Dialer{Timeout: time.Second}
	conn, err := dialer.DialContext(ctx, "tcp", net.JoinHostPort(u.Hostname(), port))
	if err != nil {
		return nil
	}
	_ = conn.Close()
	return &EnvironmentError{
		Seen: fmt.Sprintf("something listens on port %s before the process is started", port),
		Want: "a free port for the integration",
		Do:   "stop what listens there (an earlier run?), or let the integration listen on {{.Integration.Port}}",
	}
}
