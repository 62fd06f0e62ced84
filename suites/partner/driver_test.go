package partner_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/altegio-readiness/harness/suites/partner"
)

const everyHook = `
drive:
  refund: [{http: {url: /}}]
  pay: [{http: {url: /}}]
observe: {connected: {http: {url: /}}}
`

func TestHas(t *testing.T) {
	r := newRig(t, http.NotFoundHandler(), everyHook)
	if got := r.driver.Hooks(); !slices.Equal(got, []string{"pay", "refund"}) {
		t.Errorf("hooks: got %v", got)
	}
	if got := r.driver.Probes(); !slices.Equal(got, []string{"observe.connected"}) {
		t.Errorf("probes: got %v", got)
	}
	for name, want := range map[string]bool{"pay": true, "register": false, "observe.connected": true, "connected": false} {
		if got := r.driver.Has(name); got != want {
			t.Errorf("Has(%q): got %v", name, got)
		}
	}
	if _, err := r.driver.Run(t.Context(), "register", r.call); err == nil {
		t.Error("a hook that is not configured ran")
	}
	if _, err := r.driver.Probe(t.Context(), "observe.users", r.call); err == nil {
		t.Error("a probe that is not configured answered")
	}
}

func TestHTTPStep(t *testing.T) {
	mux := http.NewServeMux()
	mux.HandleFunc("/echo", func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		w.Header().Set("X-Request-Id", "req-1")
		fmt.Fprintf(w, "%s|%s|%s|%s|%s", r.Method, r.URL.RawQuery, r.Header.Get("Content-Type"), r.Header.Get("X-Key"), body)
	})
	mux.HandleFunc("/moved", func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, "/echo?code=c-1&a=", http.StatusFound)
	})
	mux.HandleFunc("/created", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(201) })
	mux.HandleFunc("/boom", func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(500)
		_, _ = w.Write([]byte("stack trace with partner-token-value " + strings.Repeat("at line ", 100)))
	})
	mux.HandleFunc("/edge", func(w http.ResponseWriter, r *http.Request) {
		w.WriteHeader(500)
		at, _ := strconv.Atoi(r.URL.RawQuery)
		_, _ = w.Write([]byte(strings.Repeat("x", at) + "partner-token-value and more"))
	})
	for _, c := range []struct{ name, http, want string }{
		{"get", `{url: "/echo?e={{urlquery .Owner.Email}}", headers: {X-Key: k}}`, "GET|e=anna%40salon.example||k|"},
		{"absolute", `{url: "{{.Integration.URL}}/echo"}`, "GET||||"},
		{"json", `{url: /echo, json: {location: "{{.Location.ID}}", n: 990.90, t: [true, null, "<&>"]}}`, `POST||application/json||{"location":"712345","n":990.90,"t":[true,null,"<&>"]}`},
		{"json null", `{url: /echo, json: null}`, "POST||application/json||null"},
		{"form", `{url: /echo, method: PUT, form: {b: "ü", a: "1 2"}}`, "PUT||application/x-www-form-urlencoded||a=1+2&b=%C3%BC"},
		{"body", `{url: /echo, body: '{"id": {{.Location.ID}}, "name": {{json .Owner.Name}}}'}`, `POST||application/json||{"id": 712345, "name": "Anna \"O\" Muster"}`},
		{"text", `{url: /echo, body: hello, headers: {content-type: text/csv}}`, "POST||text/csv||hello"},
		{"optional", `{url: '/echo?{{if .Payment.ID}}id={{.Payment.ID}}{{else}}none{{end}}{{if .Vars.x}}y{{end}}'}`, "GET|none|||"},
	} {
		r := newRig(t, mux, "drive:\n  pay:\n    - http: "+c.http+"\n      extract: {got: {regex: '(?s)(.*)'}}\n")
		if got := r.run("pay").Vars["got"]; got != c.want {
			t.Errorf("%s: got %s, want %s", c.name, got, c.want)
		}
	}
	for _, c := range []struct{ step, want string }{
		{"http: {url: /boom}", "pay, step 1 (http): GET ADDRESS/boom: awaited a status below 400 within 10s: status 500: stack trace with [partner-token:"},
		{"http: {url: /created, expect: 200}", "awaited status 200 within 10s: status 201"},
		{"http: {url: /created, expect: [4xx, 200]}", "awaited status 4xx or 200 within 10s: status 201"},
		{"http: {url: '{{.Vars.link}}'}", "{{.Vars.link}} is not known"},
		{"http: {url: /echo}\n      extract: {id: {header: X-None}}", "step 1 (http): GET ADDRESS/echo: extract id: the answer has no header X-None"},
		{"http: {url: /moved}\n      extract: {id: {query: x}}", "the URL where the step ended has no parameter x"},
		{"http: {url: /echo}\n      extract: {id: {json: $.a}}", "the answer is not JSON"},
	} {
		r := newRig(t, mux, "drive:\n  pay:\n    - "+c.step+"\n")
		r.fails("pay", strings.ReplaceAll(c.want, "ADDRESS", r.url))
		if strings.Contains(r.book.text(), "partner-token-value") {
			t.Error("the journal has the token")
		}
	}
	for at := 180; at < 201; at++ { // an excerpt ends inside of the secret
		r := newRig(t, mux, fmt.Sprintf("drive: {pay: [{http: {url: '/edge?%d'}}]}", at))
		if _, err := r.driver.Run(t.Context(), "pay", r.call); err == nil || strings.Contains(err.Error(), "xp") {
			t.Errorf("got %v", err)
		}
	}
	r := newRig(t, mux, `
drive:
  pay:
    - http: {url: /moved}
      extract: {code: {query: code}, trace: {header: x-request-id}, api_token: {regex: '(?s)^(GET.code)'}}
    - http: {url: "/echo?again={{.Vars.code}}-{{.Vars.trace}}"}
      extract: {got: {regex: '\|([^|]*)'}}
`)
	if got := r.run("pay").Vars["got"]; got != "again=c-1-req-1" {
		t.Errorf("a value for a later step: got %q", got)
	}
	records := r.book.records(t)
	if last := records[len(records)-1]; last.Hook == nil || !last.Hook.OK || last.Hook.Payment.Key != "pay-1" {
		t.Errorf("the result of the hook: got %+v", last)
	}
}

func TestProbe(t *testing.T) {
	yes, no := true, false
	for _, c := range []struct {
		name, answer, probe string
		want                *bool
		problem             string
	}{
		{"true", `{"connected": true}`, `path: $.connected`, &yes, ""},
		{"false", `{"connected": false}`, `path: $.connected`, &no, ""},
		{"bare", `true`, ``, &yes, ""},
		{"text", `{"connected": "true"}`, `path: $.connected`, nil, "$.connected is a string, not true or false"},
		{"number", `{"connected": 1}`, `path: $.connected`, nil, "$.connected is a number"},
		{"absent", `{"state": 1}`, `path: $.connected`, nil, `$ has no member "connected"; there are state`},
		{"html", `<html>`, `path: $.connected`, nil, "the answer is not JSON"},
		{"equal", `{"s": ["active"]}`, `path: "$.s[0]", equals: active`, &yes, ""},
		{"unequal", `{"s": "pending"}`, `path: $.s, equals: active`, &no, ""},
		{"equal number", `{"s": 1.0}`, `path: $.s, equals: 1`, &yes, ""},
		{"other type", `{"s": "1"}`, `path: $.s, equals: 1`, &no, ""},
		{"null", `{"s": null}`, `path: $.s, equals: active`, &no, ""},
		{"equals null", `{"s": null}`, `path: $.s, equals: null`, &yes, ""},
		{"object", `{"s": {}}`, `path: $.s, equals: active`, &no, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := newRig(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if r.URL.Path == "/page" {
					w.Header().Set("Content-Type", "text/html")
				} else if r.URL.Query().Get("l") != "712345" {
					w.WriteHeader(404)
				}
				_, _ = w.Write([]byte(c.answer))
			}), `observe: {connected: {http: {url: "/state?l={{.Location.ID}}"}, `+c.probe+`}}`)
			page := r.visit("/page")
			r.call.Moment = "after-uninstall"
			got, err := r.driver.Probe(t.Context(), "observe.connected", r.call)
			if (got == nil) != (c.want == nil) || got != nil && *got != *c.want {
				t.Errorf("got %v, %v", got, err)
			}
			if c.problem != "" && (err == nil || !strings.Contains(err.Error(), c.problem)) || c.problem == "" && err != nil {
				t.Errorf("got %v, want %q", err, c.problem)
			}
			records := r.book.records(t)
			last := records[len(records)-1].Probe
			if last == nil || last.Moment != "after-uninstall" || last.Name != "connected" || (last.Value == nil) != (c.want == nil) || (last.Error == "") != (err == nil) {
				t.Errorf("the journal has %+v", last)
			}
			if r.call.Browser.Page() != page {
				t.Error("the probe moved the browser")
			}
		})
	}
	r := newRig(t, http.NotFoundHandler(), "observe: {connected: {"+command("print", "")+", path: $}}")
	t.Setenv("PRINT", "false")
	if got, err := r.driver.Probe(t.Context(), "observe.connected", r.call); err != nil || *got {
		t.Errorf("a command: got %v, %v", got, err)
	}
	r = newRig(t, http.NotFoundHandler(), "observe: {connected: {http: {url: /state}}}")
	if got, err := r.driver.Probe(t.Context(), "observe.connected", r.call); got != nil || err == nil || !strings.Contains(err.Error(), "observe.connected, step 1 (http): GET "+r.url+"/state: awaited a status below 400 within 10s: status 404") {
		t.Errorf("an error page: got %v, %v", got, err)
	}
}

// TestTurnsAtOnce drives several owners through the same configuration, for the race detector.
func TestTurnsAtOnce(t *testing.T) {
	site := &pages{html: map[string]string{"/page": threeForms}}
	r := newRig(t, site, `
drive:
  register:
    - http: {url: /page}
    - form: {fields: {email: "{{.Owner.Email}}"}, index: 2}
  pay:
    - http: {url: /pay, json: {a: {b: ["{{.Owner.Email}}"]}}, headers: {X: "{{.Owner.Email}}"}}
`)
	done := make(chan error)
	const owners = 8
	for i := range owners {
		go func() {
			c := r.call
			c.Browser = r.driver.NewBrowser(fmt.Sprint("owner-", i))
			c.Vars.Owner.Email = fmt.Sprintf("owner%d@salon.example", i)
			_, err := r.driver.Run(context.Background(), "register", c)
			if err == nil {
				_, err = r.driver.Run(context.Background(), "pay", c)
			}
			done <- err
		}()
	}
	for range owners {
		if err := <-done; err != nil {
			t.Error(err)
		}
	}
	seen := map[string]bool{}
	for _, s := range site.sent {
		seen[s.header.Get("X")] = true
	}
	if len(seen) != owners+1 { // the forms have no such header
		t.Errorf("got %d owners", len(seen)-1)
	}
}

func TestPort(t *testing.T) {
	port, err := partner.FreePort()
	if err != nil || port < 20000 || port >= 32000 {
		t.Errorf("got %d, %v", port, err)
	}
}

func TestInterrupt(t *testing.T) {
	reached := make(chan struct{})
	r := newRig(t, http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		close(reached)
		<-r.Context().Done()
	}), "drive: {pay: [{http: {url: /}}]}")
	ctx, cancel := context.WithCancel(context.Background())
	go func() { <-reached; cancel() }()
	began := time.Now()
	_, err := r.driver.Run(ctx, "pay", r.call)
	if !errors.Is(err, context.Canceled) || !strings.Contains(err.Error(), "interrupted") {
		t.Errorf("got %v, want an interrupt", err)
	}
	if took := time.Since(began); took > 5*time.Second {
		t.Errorf("took %v", took)
	}
	var step *partner.StepError
	if !errors.As(err, &step) || step.Hook != "pay" || step.Index != 1 || step.Kind != "http" {
		t.Errorf("got %+v", step)
	}
}

// TestSecretsOnPages makes sure that a secret far down a page leaves its tag in the journal, and only that.
func TestSecretsOnPages(t *testing.T) {
	r := newRig(t, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		_, _ = w.Write([]byte("<title>T</title>" + strings.Repeat("ü", 10000) + "<script>token='partner-token-value'</script>" + strings.Repeat("x", 10000)))
	}), "")
	r.visit("/?user_data=abc&partner-token-value")
	text := r.book.text()
	if strings.Contains(text, "partner-token-value") || strings.Count(text, "[partner-token:") < 2 {
		t.Errorf("the journal has the secret, or no tag of it")
	}
	if body := r.book.steps(t)[0].Response.Body; len(body.Text) > 5<<10 || !strings.Contains(body.Text, "[partner-token:") {
		t.Errorf("got a body of %d bytes", len(body.Text))
	}
}
