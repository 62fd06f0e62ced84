package main

import (
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
)

// Answers to webhooks that are too much, too late or never.
func TestHostileWebhookAnswers(t *testing.T) {
	if testing.Short() {
		t.Skip("some answers are waited for")
	}
	t.Parallel()
	tests := map[string]func(*testing.T){}
	hijack := func(answer func(net.Conn)) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			conn, _, err := w.(http.Hijacker).Hijack()
			if err == nil {
				defer conn.Close()
				answer(conn)
			}
		}
	}
	once := func(answer http.HandlerFunc) http.HandlerFunc {
		var calls atomic.Int32
		return func(w http.ResponseWriter, r *http.Request) {
			if calls.Add(1) == 1 {
				answer(w, r)
			}
		}
	}
	for _, tt := range []struct {
		name   string
		answer http.HandlerFunc
		want   string
	}{
		{"never the first time", once(hijack(silence)), "REC-01=fail: in time"},
		{"switching protocols", hijack(func(conn net.Conn) {
			_, _ = io.WriteString(conn, "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n")
			silence(conn)
		}), "REC-01=fail: "},
		{"without end", func(w http.ResponseWriter, _ *http.Request) { forever(w, strings.Repeat("x", 1000)) }, "REC-01=pass"},
		{"reset", hijack(func(conn net.Conn) { _ = conn.(*net.TCPConn).SetLinger(0) }), "REC-01=fail: "},
		{"garbage", hijack(func(conn net.Conn) { _, _ = io.WriteString(conn, "\x00\xff\x1b[31m\r\n\r\n") }), "REC-01=fail: "},
		{"redirect", func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, r.URL.Path, http.StatusTemporaryRedirect)
		}, "REC-01=fail: 307"},
		{"headers without end", hijack(func(conn net.Conn) {
			_, _ = io.WriteString(conn, "HTTP/1.1 200 OK\r\n")
			forever(conn, "X-More: "+strings.Repeat("x", 1000)+"\r\n")
		}), "REC-01=fail: "},
	} {
		tests[tt.name] = func(t *testing.T) {
			g := newPartnerApp(t, map[string]http.HandlerFunc{"/callback": tt.answer}).target()
			g.more = "" // without the probe nobody waits until the webhook shows
			e := confront(t, g, "--only", "REC-01")
			code := exitNotReady
			if strings.HasSuffix(tt.want, "pass") {
				code = exitIncomplete // because of --only
			}
			e.wants(t, code, tt.want)
		}
	}
	together(t, tests)
}

// Answers to the probe that are none: nothing is held against the integration, and it is said why.
func TestHostileProbes(t *testing.T) {
	if testing.Short() {
		t.Skip("some answers are waited for")
	}
	tests := map[string]func(*testing.T){}
	for _, tt := range []struct {
		name   string
		answer http.HandlerFunc
		want   string
	}{
		{"never", func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }, "the time was up"},
		{"without end", func(w http.ResponseWriter, _ *http.Request) { forever(w, `{"connected":true,`) }, ""},
		{"brackets", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, strings.Repeat("[", 1<<20)) }, "not JSON"},
		{"a string", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, `{"connected":"true"}`) }, "a string, not true or false"},
	} {
		tests[tt.name] = func(t *testing.T) {
			p := newPartnerApp(t, map[string]http.HandlerFunc{"GET /state": tt.answer})
			e := confront(t, p.target(), "--only", "REC-02")
			e.wants(t, exitIncomplete, "CON-02=pass", "REC-02=not verified: "+tt.want)
		}
	}
	together(t, tests)
}
