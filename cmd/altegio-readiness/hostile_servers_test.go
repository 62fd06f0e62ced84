package main

import (
	"bytes"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
)

// friendly is a server that is there and does no more; ready knocks on it.
func friendly(t *testing.T) string {
	t.Helper()
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { fmt.Fprintln(w, "ok") }))
	t.Cleanup(s.Close)
	return s.URL
}

// site is a server of pages, which may never end: they end with the test.
func site(t *testing.T, handler http.HandlerFunc) string {
	t.Helper()
	s := httptest.NewServer(handler)
	t.Cleanup(func() { s.CloseClientConnections(); s.Close() })
	return s.URL
}

// raw is a server below HTTP: it reads one request's head and then does as it likes with the
// connection until the test ends.
func raw(t *testing.T, talk func(conn net.Conn)) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	var mu sync.Mutex
	var conns []net.Conn
	var talking sync.WaitGroup
	talking.Go(func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			mu.Lock()
			conns = append(conns, conn)
			mu.Unlock()
			talking.Go(func() {
				defer conn.Close()
				var seen []byte
				for buffer := make([]byte, 4096); !bytes.Contains(seen, []byte("\r\n\r\n")); {
					n, err := conn.Read(buffer)
					if err != nil {
						return
					}
					seen = append(seen, buffer[:n]...)
				}
				talk(conn)
			})
		}
	})
	t.Cleanup(func() {
		listener.Close()
		mu.Lock()
		for _, conn := range conns {
			conn.Close()
		}
		mu.Unlock()
		talking.Wait()
	})
	return "http://" + listener.Addr().String()
}

// forever writes a text until the reader has gone.
func forever(w io.Writer, text string) {
	for {
		if _, err := io.WriteString(w, text); err != nil {
			return
		}
	}
}

// silence waits until the other side has gone.
func silence(conn net.Conn) { _, _ = io.Copy(io.Discard, conn) }
