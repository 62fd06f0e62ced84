package fakealtegio

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"sync"
	"time"
)

// Limits of the server, wide for an integration and narrow for a mistake.
const (
	headerTimeout   = 10 * time.Second
	readTimeout     = 30 * time.Second
	writeTimeout    = 30 * time.Second
	idleTimeout     = 2 * time.Minute // longer than the pools of HTTP clients keep a connection
	maxHeaderBytes  = 64 << 10
	shutdownTimeout = time.Second // for requests under way when the platform closes; answers take milliseconds
)

// servers are the listening servers of a platform and the goroutines that run them.
type servers struct {
	mu      sync.Mutex
	closed  bool
	list    []*http.Server
	running sync.WaitGroup
}

// Listen serves the platform on an address such as "127.0.0.1:0", and returns the URL under
// which it is reached from this machine. It may be called for several addresses.
func (p *Platform) Listen(addr string) (baseURL string, err error) {
	ln, err := net.Listen("tcp", addr)
	if err != nil {
		return "", fmt.Errorf("listen: %w", err)
	}
	if err := p.Serve(ln); err != nil {
		return "", errors.Join(err, ln.Close())
	}
	return "http://" + reachable(ln.Addr()), nil
}

// Serve serves the platform on a listener, for a caller who has to know the address before there
// is a platform. Close closes the listener too.
func (p *Platform) Serve(ln net.Listener) error {
	p.servers.mu.Lock()
	defer p.servers.mu.Unlock()
	if p.servers.closed {
		return errors.New("serve: the platform is closed")
	}
	server := &http.Server{
		Handler:           p,
		ReadHeaderTimeout: headerTimeout,
		ReadTimeout:       readTimeout,
		WriteTimeout:      writeTimeout,
		IdleTimeout:       idleTimeout,
		MaxHeaderBytes:    maxHeaderBytes,
		ErrorLog:          log.New(io.Discard, "", 0), // says what broken connections say, to nobody's use
	}
	p.servers.list = append(p.servers.list, server)
	p.servers.running.Add(1)
	go func() {
		defer p.servers.running.Done()
		if err := server.Serve(ln); !errors.Is(err, http.ErrServerClosed) {
			p.fault("the server at %s stopped: %v", ln.Addr(), err)
		}
	}()
	return nil
}

// reachable is the address under which a listener is found from its own machine.
func reachable(addr net.Addr) string {
	tcp, ok := addr.(*net.TCPAddr)
	if !ok {
		return addr.String()
	}
	host := tcp.IP.String()
	if tcp.IP.IsUnspecified() {
		host = "127.0.0.1"
	}
	return net.JoinHostPort(host, fmt.Sprint(tcp.Port))
}

// Close ends the servers, letting requests under way finish for a while. The journal is not
// closed. A closed platform keeps its state and still answers through ServeHTTP.
func (p *Platform) Close() {
	p.servers.mu.Lock()
	defer p.servers.mu.Unlock()
	p.servers.closed = true
	ctx, cancel := context.WithTimeout(context.Background(), shutdownTimeout)
	defer cancel()
	for _, server := range p.servers.list {
		if server.Shutdown(ctx) != nil {
			_ = server.Close()
		}
	}
	p.servers.list = nil
	p.servers.running.Wait()
	p.client.CloseIdleConnections()
}
