package partner_test

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/altegio-readiness/harness/fakealtegio/journal"
	"github.com/altegio-readiness/harness/suites/partner"
)

// TestMain lets the test binary play the programs that configurations run: see child_test.go.
func TestMain(m *testing.M) {
	if role := os.Getenv("PARTNER_TEST_CHILD"); role != "" {
		os.Exit(child(role))
	}
	_ = os.Setenv("GORACE", "atexit_sleep_ms=0") // of the children, which else take a second to end
	os.Exit(m.Run())
}

// rig is a driver, the integration it drives and the journal in which it writes.
type rig struct {
	t      *testing.T
	url    string
	driver *partner.Driver
	book   *book
	call   partner.Call
}

// newRig serves the integration and configures it with the sections given; ADDRESS stands for its URL.
func newRig(t *testing.T, handler http.Handler, sections string) *rig {
	t.Helper()
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	cfg := resolve(t, config(server.URL, sections))
	r := &rig{t: t, url: server.URL, book: newBook()}
	r.driver = partner.NewDriver(cfg, r.book.Writer)
	t.Cleanup(r.driver.Close)
	r.call = partner.Call{
		Scenario: "story",
		Browser:  r.driver.NewBrowser("owner-1"),
		Vars: partner.Vars{
			Owner:    partner.Owner{ID: 7, Name: `Anna "O" Muster`, Email: "anna@salon.example", Password: "pässword-1&="},
			Location: partner.Location{ID: 712345, Title: "Salon"},
		},
		Payment: &journal.Payment{Key: "pay-1", Sum: "990.99", Currency: "EUR"},
	}
	return r
}

func config(url, sections string) string {
	return strings.ReplaceAll(`
version: 1
application:
  id: 4242
  partner_token: partner-token-value
  registration_redirect_url: ADDRESS/connect
  callback_url: ADDRESS/callback
integration: {url: ADDRESS}
`+sections, "ADDRESS", url)
}

func resolve(t *testing.T, text string) *partner.Config {
	t.Helper()
	cfg, err := partner.Parse("readiness.yaml", []byte(text), os.LookupEnv)
	if err != nil {
		t.Fatal(err)
	}
	cfg, err = cfg.Resolve(partner.Vars{
		Altegio: partner.AltegioFacts{URL: "http://127.0.0.1:1"},
		Run:     partner.RunFacts{ID: "run-1", Executable: "/bin/harness"},
	})
	if err != nil {
		t.Fatal(err)
	}
	return cfg
}

// visit opens a page and fails the test if there is none.
func (r *rig) visit(path string) *partner.Page {
	r.t.Helper()
	page, err := r.driver.Visit(context.Background(), r.call, r.url+path)
	if err != nil {
		r.t.Fatal(err)
	}
	return page
}

// run runs a hook that must succeed.
func (r *rig) run(hook string) partner.Vars {
	r.t.Helper()
	vars, err := r.driver.Run(context.Background(), hook, r.call)
	if err != nil {
		r.t.Fatal(err)
	}
	return vars
}

// fails runs a hook that must fail with an error that has all the texts in it.
func (r *rig) fails(hook string, texts ...string) {
	r.t.Helper()
	_, err := r.driver.Run(context.Background(), hook, r.call)
	if err == nil {
		r.t.Fatalf("%s succeeded", hook)
	}
	for _, text := range texts {
		if !strings.Contains(err.Error(), text) {
			r.t.Errorf("got %q, want %q in it", err, text)
		}
	}
}

// book is a journal in memory.
type book struct {
	*journal.Writer
	mu  sync.Mutex
	buf bytes.Buffer
}

func newBook() *book {
	b := &book{}
	b.Writer = journal.NewWriter(b, journal.NewRedactor())
	return b
}

func (b *book) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buf.Write(p)
}

func (b *book) text() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buf.String()
}

func (b *book) records(t *testing.T) []journal.Record {
	t.Helper()
	var records []journal.Record
	for line := range strings.Lines(b.text()) {
		var rec journal.Record
		if err := json.Unmarshal([]byte(line), &rec); err != nil {
			t.Fatal(err)
		}
		records = append(records, rec)
	}
	return records
}

func (b *book) steps(t *testing.T) []*journal.Step {
	t.Helper()
	var steps []*journal.Step
	for _, rec := range b.records(t) {
		if rec.Step != nil {
			steps = append(steps, rec.Step)
		}
	}
	return steps
}

// awaitOutput waits for a line of the integration that has the text in it.
func (b *book) awaitOutput(t *testing.T, text string) journal.Record {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	rec, err := b.Await(ctx, 0, func(rec journal.Record) bool {
		return rec.Output != nil && strings.Contains(rec.Output.Line, text)
	})
	if err != nil {
		t.Fatalf("no output with %q: %v\n%s", text, err, b.text())
	}
	return rec
}

// pages serves HTML by path, and records the forms that are sent to others.
type pages struct {
	html map[string]string
	mu   sync.Mutex
	sent []sent
}

type sent struct {
	method, path, query, contentType string
	form                             map[string][]string
	header                           http.Header
}

func (p *pages) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if text, ok := p.html[r.URL.Path]; ok && r.Method == http.MethodGet && r.URL.RawQuery == "" {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		_, _ = w.Write([]byte(text))
		return
	}
	if err := r.ParseMultipartForm(1 << 20); err != nil && err != http.ErrNotMultipart {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	s := sent{r.Method, r.URL.Path, r.URL.RawQuery, r.Header.Get("Content-Type"), r.Form, r.Header.Clone()}
	if r.MultipartForm != nil {
		for name, files := range r.MultipartForm.File {
			s.form[name] = append(s.form[name], "file:"+files[0].Filename)
		}
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.sent = append(p.sent, s)
	_, _ = w.Write([]byte("<title>Thanks</title>Thank you"))
}

func (p *pages) last(t *testing.T) sent {
	t.Helper()
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.sent) == 0 {
		t.Fatal("nothing was sent")
	}
	return p.sent[len(p.sent)-1]
}
