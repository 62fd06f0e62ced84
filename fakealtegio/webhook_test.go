package fakealtegio_test

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/altegio-readiness/harness/fakealtegio"
	"github.com/altegio-readiness/harness/fakealtegio/journal"
)

// sent returns the record of a delivery.
func (h *house) sent(d fakealtegio.Delivery) journal.Record {
	h.t.Helper()
	records := h.records()
	if d.Seq < 1 || d.Seq > int64(len(records)) {
		h.t.Fatalf("no record %d", d.Seq)
	}
	return records[d.Seq-1]
}

func TestDisconnectTellsTheCallbackURL(t *testing.T) {
	h := open(t)
	loc := h.location(journal.StateActive)
	var seen string
	h.receiver.answer = func(w http.ResponseWriter, r *http.Request) {
		seen = h.Installation(app, loc).State // the platform is not busy with the webhook
		if r.Method != http.MethodPost || r.Header.Get("Content-Type") != "application/json" || !strings.Contains(r.UserAgent(), "Altegio") {
			t.Errorf("request: %s %v", r.Method, r.Header)
		}
		w.WriteHeader(http.StatusNoContent)
	}
	d := h.disconnect(app, loc)
	if d.Status != 204 || d.Err != nil || seen != journal.StateUninstalled {
		t.Errorf("delivery %+v, state during it %q", d, seen)
	}
	body := h.receiver.bodies[0]
	if len(body) != 4 || body["salon_id"] != float64(loc) || body["application_id"] != float64(app) || body["event"] != "uninstall" || body["partner_token"] != token {
		t.Errorf("body: %v", body)
	}
	r := h.sent(d)
	ex := r.Exchange
	if ex == nil || ex.Direction != journal.FromPlatform || ex.Event != "uninstall" || ex.Variant != "" || r.Location != loc || r.Scenario != "story" ||
		ex.Application != app || ex.Response.Status != 204 || ex.Operation != "marketplace_lifecycle_webhook" || ex.Error != "" {
		t.Errorf("record: %+v %+v", r, ex)
	}
	if _, err := h.Disconnect(t.Context(), app, loc); !errors.Is(err, fakealtegio.ErrNotConnected) {
		t.Errorf("again: %v", err)
	}
}

func TestWebhookGoesToAllowedOriginsOnly(t *testing.T) {
	allowed, other := newReceiver(t), newReceiver(t)
	h := open(t, func(c *fakealtegio.Config) { c.AllowWebhooksTo = []string{allowed.URL} })
	loc := h.location(journal.StateActive)
	send := func(to string) fakealtegio.Delivery {
		d, err := h.Send(t.Context(), app, loc, fakealtegio.Webhook{Event: fakealtegio.EventFreeze, Variant: "elsewhere", To: to})
		if err != nil {
			t.Fatal(err)
		}
		return d
	}
	if d := send(allowed.URL + "/x"); d.Status != 200 || len(allowed.events()) != 1 {
		t.Errorf("allowed origin: %+v", d)
	}
	for _, to := range []string{other.URL, "http://" + strings.TrimPrefix(allowed.URL, "http://127.0.0.1") + "/", "file:///etc/passwd", "%", allowed.URL + "1"} {
		d := send(to)
		if !errors.Is(d.Err, fakealtegio.ErrOriginRefused) || d.Status != 0 {
			t.Errorf("%s: %+v", to, d)
		}
		if r := h.sent(d); r.Note == nil || r.Location != loc {
			t.Errorf("%s: record %+v", to, r)
		}
	}
	if got := other.events(); len(got) != 0 {
		t.Errorf("contacted: %q", got)
	}
}

func TestWithoutCallbackURLNothingIsSent(t *testing.T) {
	h := open(t, func(c *fakealtegio.Config) { c.Applications[0].CallbackURL = "" })
	loc := h.location(journal.StatePending)
	d := h.disconnect(app, loc)
	if d.Err == nil || !strings.Contains(d.Err.Error(), "no callback URL") || d.Status != 0 {
		t.Errorf("delivery: %+v", d)
	}
	if r := h.sent(d); r.Note == nil || r.Location != loc || !strings.Contains(r.Note.Text, "no callback URL") {
		t.Errorf("record: %+v", r)
	}
	if got := h.Installation(app, loc).State; got != journal.StateUninstalled {
		t.Errorf("state: %s", got)
	}
}

func TestRedirectOfAWebhookIsAnAnswer(t *testing.T) {
	h := open(t)
	elsewhere := newReceiver(t)
	h.receiver.answer = func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, elsewhere.URL+"/?token="+token, http.StatusTemporaryRedirect)
	}
	d := h.disconnect(app, h.location(journal.StateActive))
	if d.Status != 307 || d.Err != nil || len(elsewhere.events()) != 0 {
		t.Errorf("delivery %+v, events elsewhere %q", d, elsewhere.events())
	}
}

func TestSlowReceiverIsGivenUp(t *testing.T) {
	for name, answer := range map[string]http.HandlerFunc{
		"before the status": func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() },
		"in the body": func(w http.ResponseWriter, r *http.Request) {
			w.WriteHeader(200)
			w.(http.Flusher).Flush()
			<-r.Context().Done()
		},
	} {
		t.Run(name, func(t *testing.T) {
			h := open(t, func(c *fakealtegio.Config) { c.WebhookTimeout = 30 * time.Millisecond })
			h.receiver.answer = answer
			d := h.disconnect(app, h.location(journal.StateActive))
			if !errors.Is(d.Err, context.DeadlineExceeded) || d.Took < 30*time.Millisecond || d.Took > 10*time.Second {
				t.Errorf("delivery: %+v", d)
			}
			if ex := h.sent(d).Exchange; ex.Error == "" || (ex.Response != nil) != (d.Status == 200) {
				t.Errorf("record: %+v", ex)
			}
		})
	}
}

func TestResetIsAnError(t *testing.T) {
	h := open(t)
	h.receiver.answer = func(w http.ResponseWriter, _ *http.Request) {
		conn, _, err := w.(http.Hijacker).Hijack()
		if err != nil {
			t.Error(err)
			return
		}
		_ = conn.(*net.TCPConn).SetLinger(0)
		_ = conn.Close()
	}
	d := h.disconnect(app, h.location(journal.StateActive))
	if d.Err == nil || d.Status != 0 {
		t.Errorf("delivery: %+v", d)
	}
	if ex := h.sent(d).Exchange; ex.Response != nil || ex.Error == "" || strings.Contains(ex.Error, h.receiver.URL) {
		t.Errorf("record: %+v", ex)
	}
}

func TestUnreachableReceiverIsAnError(t *testing.T) {
	h := open(t)
	loc := h.location(journal.StateActive)
	h.receiver.Close()
	if d := h.disconnect(app, loc); d.Err == nil || d.Status != 0 || h.sent(d).Exchange.Error == "" {
		t.Errorf("delivery: %+v", d)
	}
}

func TestEndlessAnswerIsCut(t *testing.T) {
	h := open(t)
	h.receiver.answer = func(w http.ResponseWriter, _ *http.Request) {
		line := strings.Repeat("x", 1<<12)
		for {
			if _, err := io.WriteString(w, line); err != nil {
				return
			}
		}
	}
	d := h.disconnect(app, h.location(journal.StateActive))
	body := h.sent(d).Exchange.Response.Body
	if d.Status != 200 || d.Err != nil || !body.Truncated || len(body.Text) > 64<<10 {
		t.Errorf("delivery %+v, body of %d", d, len(body.Text))
	}
}

func TestProxyOfTheEnvironmentIsNotUsed(t *testing.T) {
	const child = "FAKEALTEGIO_TEST_PROXY"
	if os.Getenv(child) == "" {
		proxy := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { t.Error("the proxy was asked") }))
		defer proxy.Close()
		cmd := exec.Command(os.Args[0], "-test.run=^"+t.Name()+"$") // net/http reads the environment once in a process
		cmd.Env = append(os.Environ(), child+"=1", "HTTP_PROXY="+proxy.URL, "http_proxy="+proxy.URL, "NO_PROXY=", "no_proxy=")
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Errorf("%v\n%s", err, out)
		}
		return
	}
	h := open(t, func(c *fakealtegio.Config) {
		c.Applications[0].CallbackURL = "http://integration.invalid/" // a loopback address would never be proxied
	})
	if d := h.disconnect(app, h.location(journal.StatePending)); d.Err == nil {
		t.Errorf("delivery: %+v", d)
	}
}

func TestCallbackURLOfTheCardMayCarryAPassword(t *testing.T) {
	const password = "s3cret-of-staging"
	var user, given string
	h := open(t, func(c *fakealtegio.Config) {
		c.Applications[0].CallbackURL = strings.Replace(c.Applications[0].CallbackURL, "://", "://staging:"+password+"@", 1)
	})
	h.receiver.answer = func(_ http.ResponseWriter, r *http.Request) { user, given, _ = r.BasicAuth() }
	h.disconnect(app, h.location(journal.StateActive))
	if user != "staging" || given != password {
		t.Errorf("basic authentication: %q %q", user, given)
	}
	if strings.Contains(string(h.bytes.Bytes()), password) {
		t.Errorf("the password is in the journal: %s", h.bytes.Bytes())
	}
}
