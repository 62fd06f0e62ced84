package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
)

// partnerApp is an integration that connects as it should, so that a run gets to where something
// else of it is hostile. The hook tells it where the fake Altegio is.
type partnerApp struct {
	*http.ServeMux
	url string
	// before is called once, when the first owner registers.
	before func(ctx context.Context, altegio string)
	once   sync.Once

	mu        sync.Mutex
	connected map[string]bool
	last      registration
}

// registration is what the register hook posts.
type registration struct {
	Altegio, Location, Email, Password string
}

// newPartnerApp serves an integration; hostile answers instead of it at the patterns it has.
func newPartnerApp(t *testing.T, hostile map[string]http.HandlerFunc) *partnerApp {
	p := &partnerApp{ServeMux: http.NewServeMux(), connected: map[string]bool{}}
	answers := map[string]http.HandlerFunc{
		"/":          func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "welcome") },
		"/register":  p.register,
		"/callback":  p.callback,
		"GET /state": p.state,
	}
	for pattern, answer := range hostile {
		answers[pattern] = answer
	}
	for pattern, answer := range answers {
		p.HandleFunc(pattern, answer)
	}
	server := httptest.NewServer(p)
	p.url = server.URL
	t.Cleanup(func() { server.CloseClientConnections(); server.Close() })
	return p
}

// target is the app with the hook that registers with it.
func (p *partnerApp) target() target {
	return target{base: p.url, register: fmt.Sprintf(jsonHook, p.url), more: fmt.Sprintf(stateProbe, p.url)}
}

func (p *partnerApp) register(w http.ResponseWriter, r *http.Request) {
	var reg registration
	if err := json.NewDecoder(r.Body).Decode(&reg); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	if p.before != nil {
		p.once.Do(func() { p.before(r.Context(), reg.Altegio) })
	}
	p.mu.Lock()
	p.last = reg
	p.mu.Unlock()
	if status := activate(r.Context(), reg); status != http.StatusCreated {
		http.Error(w, "not activated", http.StatusConflict)
		return
	}
	p.mu.Lock()
	p.connected[reg.Location] = true
	p.mu.Unlock()
	fmt.Fprint(w, "registered")
}

// activate calls the fake Altegio as the documentation says.
func activate(ctx context.Context, reg registration) int {
	body := fmt.Sprintf(`{"salon_id":%s,"application_id":4242}`, reg.Location)
	return send(ctx, http.MethodPost, reg.Altegio+"/marketplace/partner/callback", []byte(body))
}

// send makes a request with the partner's token, and returns the status or 0.
func send(ctx context.Context, method, url string, body []byte) int {
	req, err := http.NewRequestWithContext(ctx, method, url, bytes.NewReader(body))
	if err != nil {
		return 0
	}
	req.Header.Set("Authorization", "Bearer "+hostileToken)
	req.Header.Set("Accept", "application/vnd.api.v2+json")
	req.Header.Set("Content-Type", "application/json")
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return 0
	}
	defer resp.Body.Close()
	_, _ = io.Copy(io.Discard, resp.Body)
	return resp.StatusCode
}

func (p *partnerApp) callback(w http.ResponseWriter, r *http.Request) {
	var event struct {
		Salon int64 `json:"salon_id"`
		App   int64 `json:"application_id"`
		Event string
		Token any `json:"partner_token"`
	}
	if json.NewDecoder(r.Body).Decode(&event) == nil && event.Token == hostileToken && event.App == 4242 && event.Event == "uninstall" {
		p.mu.Lock()
		delete(p.connected, fmt.Sprint(event.Salon))
		p.mu.Unlock()
	}
	w.WriteHeader(http.StatusOK)
}

func (p *partnerApp) state(w http.ResponseWriter, r *http.Request) {
	p.mu.Lock()
	defer p.mu.Unlock()
	fmt.Fprintf(w, `{"connected":%t}`, p.connected[r.FormValue("location")])
}

// TestHostileBaseline shows that nothing but hostility keeps the app from being ready.
func TestHostileBaseline(t *testing.T) {
	p := newPartnerApp(t, nil)
	e := confront(t, p.target())
	e.wants(t, exitReady, "CON-02=pass", "REC-03=pass", "REG-05=pass")
	e.hides(t, p.last.Email, p.last.Password)
}
