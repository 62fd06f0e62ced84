package main

import (
	"fmt"
	"io"
	"net"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

// Answers to the registration redirect URL that are no HTTP, or no end of it.
func TestHostileAnswers(t *testing.T) {
	if testing.Short() {
		t.Skip("some answers are waited for")
	}
	tests := map[string]func(*testing.T){}
	say := func(text string) func(net.Conn) {
		return func(conn net.Conn) { _, _ = io.WriteString(conn, text) }
	}
	open := func(text string) func(net.Conn) {
		return func(conn net.Conn) { _, _ = io.WriteString(conn, text); silence(conn) }
	}
	endless := func(begin, more string) func(net.Conn) {
		return func(conn net.Conn) { _, _ = io.WriteString(conn, begin); forever(conn, more) }
	}
	drip := func(begin, more string) func(net.Conn) {
		return func(conn net.Conn) {
			_, err := io.WriteString(conn, begin)
			for tick := time.NewTicker(50 * time.Millisecond); err == nil; <-tick.C {
				_, err = io.WriteString(conn, more)
			}
		}
	}
	redirects := func(header func(n int) string) func(net.Conn) {
		var n atomic.Int64
		return func(conn net.Conn) {
			_, _ = io.WriteString(conn, "HTTP/1.1 302 Found\r\nContent-Length: 0\r\nConnection: close\r\n"+header(int(n.Add(1)))+"\r\n")
		}
	}
	const ok, chunked = "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n", "Transfer-Encoding: chunked\r\n\r\n"
	kilo := strings.Repeat("x", 1000)
	for _, tt := range []struct {
		name string
		talk func(net.Conn)
		want string
	}{
		{"nothing", open(""), "CON-01=fail: the time was up"},
		{"closed", say(""), "CON-01=fail: closed"},
		{"reset", func(conn net.Conn) { _ = conn.(*net.TCPConn).SetLinger(0) }, "CON-01=fail: reset"},
		{"reset in the body", func(conn net.Conn) {
			_, _ = io.WriteString(conn, ok+"Content-Length: 1000\r\n\r\n<title>half")
			_ = conn.(*net.TCPConn).SetLinger(0)
		}, "CON-01=fail: "},
		{"binary garbage", say("\x00\xff\x1b[2J\x9b31m\x00\r\n\r\n\x00"), "CON-01=fail: does not speak HTTP"},
		{"endless garbage", endless("", strings.Repeat("\x00\xff", 500)), "CON-01=fail: "},
		{"TLS", say("\x15\x03\x01\x00\x02\x02\x46"), "CON-01=fail: does not speak HTTP"},
		{"headers without end", endless(ok, "X-More: "+kilo+"\r\n"), "CON-01=fail: "},
		{"headers that drip", drip(ok, "X-More: x\r\n"), "CON-01=fail: the time was up"},
		{"one header without end", endless(ok+"X-More: ", kilo), "CON-01=fail: "},
		{"status line without end", endless("HTTP/1.1 200 ", kilo), "CON-01=fail: "},
		{"1xx storm", endless("", "HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n"), "CON-01=fail: "},
		{"100 storm", endless("", "HTTP/1.1 100 Continue\r\n\r\n"), "CON-01=fail: "},
		{"switching protocols", open("HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n"), "CON-01=fail: "},
		{"chunks that are none", say(ok + chunked + "zz\r\nhello\r\n0\r\n\r\n"), "CON-01=fail: "},
		{"a chunk of terabytes", open(ok + chunked + "fffffffffff\r\nhello"), "CON-01=fail: the time was up"},
		{"chunk size without end", endless(ok+chunked, "0"), "CON-01=fail: "},
		{"trailers without end", endless(ok+"Trailer: X\r\n"+chunked+"5\r\nhello\r\n0\r\n", "X: "+kilo+"\r\n"), "CON-01=fail: "},
		{"body that drips", drip(ok+"\r\n<title>", "x"), "CON-01=fail: did not end"},
		{"body without end", endless(ok+"\r\n<title>Endless</title><form>", "<p>"+kilo), "CON-01=pass"},
		{"too long a length", say(ok + "Content-Length: 1000\r\n\r\nshort"), "CON-01=fail: "},
		{"too short a length", say(ok + "Content-Length: 5\r\n\r\nshort and much longer than that"), "CON-01=pass"},
		{"lengths that disagree", say(ok + "Content-Length: 5\r\nContent-Length: 6\r\n\r\nshort!"), "CON-01=fail: "},
		{"a negative length", say(ok + "Content-Length: -5\r\n\r\nshort"), "CON-01=fail: "},
		{"no body", say(ok + "Content-Length: 0\r\n\r\n"), "CON-01=fail: empty"},
		{"spaces", say(ok + "Content-Length: 3\r\n\r\n \n "), "CON-01=fail: empty"},
		{"gzip that is none", say(ok + "Content-Encoding: gzip\r\nContent-Length: 5\r\n\r\nhello"), "CON-01=fail: "},
		{"status 999", say("HTTP/1.1 999 No\x1b[31m\r\nContent-Length: 2\r\n\r\nno"), "CON-01=fail: 999"},
		{"status 000", say("HTTP/1.1 000 No\r\nContent-Length: 2\r\n\r\nno"), "CON-01=fail: "},
		{"redirects of megabytes", redirects(func(n int) string { return "Location: /" + fmt.Sprint(n) + strings.Repeat("\xff", 900_000) + "\r\n" }), "CON-01=fail: "},
		{"redirects with cookies of megabytes", redirects(func(n int) string {
			return fmt.Sprintf("Location: /%d\r\nSet-Cookie: a=b; Path=%s\r\n", n, strings.Repeat("\xff", 900_000))
		}), "CON-01=fail: "},
	} {
		tests[tt.name] = func(t *testing.T) {
			g := target{base: friendly(t), redirect: raw(t, tt.talk) + "/connect", register: noHook}
			e := confront(t, g)
			code := exitNotReady
			if !strings.HasPrefix(tt.want, "CON-01=fail") {
				code = exitIncomplete
			}
			e.wants(t, code, tt.want)
		}
	}
	together(t, tests)
}
