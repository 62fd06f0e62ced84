package main

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"
)

// An integration that does nothing gets few findings, with the missing activation at the root.
func TestHostileNothingDone(t *testing.T) {
	tests := map[string]func(*testing.T){}
	ok := site(t, func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "ok") })
	tests["without pages"] = func(t *testing.T) {
		e := confront(t, target{base: ok, register: fmt.Sprintf(jsonHook, ok)})
		e.wants(t, exitNotReady, "CON-01=pass", "CON-02=fail: No activation call reached the platform within 1s")
		if failed := e.report.having("fail"); len(failed) != 1 {
			t.Errorf("failed: %v, want the root only", failed)
		}
	}
	tests["without a form"] = func(t *testing.T) {
		e := confront(t, target{base: ok})
		e.wants(t, exitIncomplete, "CON-01=pass", "CON-02=not verified: not HTML")
		if failed := e.report.having("fail"); len(failed) != 0 {
			t.Errorf("failed: %v, want nothing", failed)
		}
	}
	together(t, tests)
}

// talk sends bytes to the fake and reads for a moment what comes back.
func talk(altegio, text string) {
	u, err := url.Parse(altegio)
	if err != nil {
		return
	}
	conn, err := net.Dial("tcp", u.Host)
	if err != nil {
		return
	}
	defer conn.Close()
	_ = conn.SetDeadline(time.Now().Add(200 * time.Millisecond))
	_, _ = io.WriteString(conn, text)
	_, _ = io.Copy(io.Discard, conn)
}

// Calls of the fake that are no calls. The integration does well otherwise, and is ready.
func TestHostileCalls(t *testing.T) {
	tests := map[string]func(*testing.T){}
	const install = "/marketplace/partner/callback"
	head := "POST " + install + " HTTP/1.1\r\nHost: app.alteg.io\r\nAuthorization: Bearer " + hostileToken + "\r\n"
	for _, tt := range []struct {
		name  string
		code  int // not ready where the garbage is an activation by its path
		calls func(ctx context.Context, altegio string)
	}{
		{"unknown paths", exitReady, func(ctx context.Context, altegio string) {
			for i := range 300 {
				send(ctx, []string{"GET", "POST", "DELETE", "BREW"}[i%4], fmt.Sprintf("%s/api/v%d/../%%00/%s", altegio, i, strings.Repeat("a", i)), []byte("{"))
			}
		}},
		{"wrong methods", exitNotReady, func(ctx context.Context, altegio string) {
			for _, method := range []string{"GET", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS", "TRACE", "BREW", strings.Repeat("A", 1000)} {
				send(ctx, method, altegio+install, []byte(`{}`))
			}
		}},
		{"huge bodies", exitNotReady, func(ctx context.Context, altegio string) {
			for _, body := range []string{strings.Repeat("a", 2<<20), `{"a":"` + strings.Repeat("a", 2<<20) + `"}`, strings.Repeat("\xff", 2<<20), strings.Repeat("%25%26", 300_000)} {
				send(ctx, http.MethodPost, altegio+install, []byte(body))
			}
		}},
		{"strange JSON", exitNotReady, func(ctx context.Context, altegio string) {
			for _, body := range []string{
				`{"application_id":4242,"application_id":1,"salon_id":1,"salon_id":2}`, strings.Repeat(`[`, 500_000), strings.Repeat(`{"a":`, 200_000),
				strings.Repeat(`{"a":[`, 50) + strings.Repeat(`]}`, 50), `{"salon_id":1e999999}`, `{"salon_id":` + strings.Repeat("9", 100_000) + `}`,
				"{\"salon_id\":\"\xff\xfe\"}", `{"salon_id":"\ud800"}`, "\xef\xbb\xbf{}", `{}{}`, `null`, `"`, "\x00", `[]`, `0`, `{"\u0000":1}`,
				`{` + strings.Repeat(`"a":1,`, 100_000) + `"a":1}`,
			} {
				send(ctx, http.MethodPost, altegio+install, []byte(body))
			}
		}},
		{"broken HTTP", exitNotReady, func(_ context.Context, altegio string) {
			for _, text := range []string{
				"\x00\x01\x02", "GET", "GET / HTTP/9.9\r\n\r\n", "GET / HTTP/1.0\r\n\r\n", "OPTIONS * HTTP/1.1\r\nHost: x\r\n\r\n",
				"CONNECT app.alteg.io:443 HTTP/1.1\r\nHost: app.alteg.io:443\r\n\r\n", "GET http://evil.test/x HTTP/1.1\r\nHost: a\r\n\r\n",
				head + "Content-Length: 1000000\r\n\r\nhalf", head + "Transfer-Encoding: chunked\r\n\r\nzz\r\n",
				head + "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /x HTTP/1.1\r\nHost: y\r\n\r\n",
				head + "Content-Length: 0\r\nExpect: 100-continue\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n",
				head + "X-Big: " + strings.Repeat("x", 200_000) + "\r\n\r\n", head + strings.Repeat("X-Many: x\r\n", 5000) + "\r\n",
				"GET /\x1b[31m HTTP/1.1\r\nHost: \x9b\r\n\r\n", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
				strings.Repeat("GET /pipelined HTTP/1.1\r\nHost: a\r\n\r\n", 200),
			} {
				talk(altegio, text)
			}
		}},
	} {
		tests[tt.name] = func(t *testing.T) {
			if testing.Short() && tt.name != "strange JSON" {
				t.Skip("takes a run")
			}
			p := newPartnerApp(t, nil)
			p.before = tt.calls
			g := p.target()
			g.limits = "{ready: 1s, step: 20s, wait: 1s, quiet: 200ms}"
			e := confront(t, g)
			e.wants(t, tt.code, "CON-02=pass", "REC-03=pass")
		}
	}
	together(t, tests)
}

// Calls that go on and on during the whole run.
func TestHostileFlood(t *testing.T) {
	if testing.Short() {
		t.Skip("loads the machine")
	}
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	var flooding sync.WaitGroup
	p := newPartnerApp(t, nil)
	p.before = func(_ context.Context, altegio string) {
		flooding.Go(func() {
			for i := 0; ctx.Err() == nil; i++ {
				send(ctx, http.MethodPost, fmt.Sprintf("%s/unknown/%d", altegio, i), []byte(`{"a":1}`))
			}
		})
	}
	e := confront(t, p.target())
	cancel()
	flooding.Wait()
	e.wants(t, exitReady, "CON-02=pass", "REG-05=pass")
}
