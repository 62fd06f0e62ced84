package main

import (
	"fmt"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"
)

// Nothing usable at the address that is to be ready: one environment verdict, soon.
func TestHostileReady(t *testing.T) {
	if testing.Short() {
		t.Skip("some answers are waited for")
	}
	t.Parallel()
	tests := map[string]func(*testing.T){}
	closed := httpAddress(t)
	for name, address := range map[string]string{
		"closed port":         closed,
		"nothing":             raw(t, silence),
		"closed":              raw(t, func(net.Conn) {}),
		"garbage":             raw(t, func(conn net.Conn) { fmt.Fprint(conn, "\x00\xff\x1b[31m\r\n\r\n") }),
		"headers without end": raw(t, func(conn net.Conn) { forever(conn, "HTTP/1.1 200 OK\r\nX: "+strings.Repeat("x", 1000)) }),
		"switching protocols": raw(t, func(conn net.Conn) {
			fmt.Fprint(conn, "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n")
			silence(conn)
		}),
		"always 503":   site(t, func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusServiceUnavailable) }),
		"unknown name": "http://no-such-host.invalid:1",
	} {
		tests[name] = func(t *testing.T) {
			g := target{base: address}
			if name == "nothing" {
				g.limits = "{ready: 30s, step: 1s, wait: 1s, quiet: 200ms}" // too long to be waited for
			}
			e := confront(t, g)
			e.wants(t, exitEnvironment, "CON-01=environment error: "+address)
			if all := e.report.having("environment error"); len(all) != 1 {
				t.Errorf("environment error: %v, want one", all)
			}
			for _, word := range []string{"ENVIRONMENT ERROR", "Wanted: an answer below 500", "To do: "} {
				if !strings.Contains(e.output, word) {
					t.Errorf("the output does not say %q\n%s", word, e.output)
				}
			}
			const soon, slowMachine = 5 * time.Second, 5 * time.Second
			if e.took > soon+slowMachine {
				t.Errorf("took %s, want %s", e.took, soon)
			}
		}
	}
	together(t, tests)
}

// httpAddress is an address where nobody listens.
func httpAddress(t *testing.T) string {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	return "http://" + listener.Addr().String()
}
