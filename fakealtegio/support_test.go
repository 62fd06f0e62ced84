package fakealtegio_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/altegio-readiness/harness/fakealtegio"
	"github.com/altegio-readiness/harness/fakealtegio/journal"
)

func TestMain(m *testing.M) {
	goleak.VerifyTestMain(m)
}

const (
	token      = "Partner-Token/of+the=developer"
	otherToken = "Token-of-another-developer"

	app      = 4242 // paid, a trial of a week
	sibling  = 4343 // of the same developer, free, several locations
	freemium = 4444 // of the same developer, no trial
	foreign  = 5151 // of another developer
)

var start = time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)

// house is a platform with its journal, a clock to turn, and the integration's end of the webhooks.
type house struct {
	*fakealtegio.Platform
	t        testing.TB
	journal  *journal.Writer
	bytes    *buffer
	clock    *clock
	receiver *receiver
	zones    map[int64]*time.Location

	mu   sync.Mutex
	last journal.Record // of an exchange
}

// open makes a house. The configuration may be changed before the platform is made.
func open(t testing.TB, change ...func(*fakealtegio.Config)) *house {
	t.Helper()
	h := &house{t: t, bytes: new(buffer), clock: &clock{now: start}, receiver: newReceiver(t), zones: map[int64]*time.Location{}}
	h.journal = journal.NewWriter(h.bytes, journal.NewRedactor())
	redirect := "https://partner.example.test/connect?lang=en&plan=a%20b#top"
	cfg := fakealtegio.Config{
		Journal: h.journal,
		Seed:    7,
		Now:     h.clock.Now,
		OnExchange: func(r journal.Record) {
			h.mu.Lock()
			defer h.mu.Unlock()
			h.last = r
		},
		Applications: []fakealtegio.Application{
			{ID: app, Title: "Reminders", PartnerToken: token, RedirectURL: redirect, CallbackURL: h.receiver.URL, TrialDays: 7, UserData: true},
			{ID: sibling, PartnerToken: token, RedirectURL: redirect, CallbackURL: h.receiver.URL, Monetization: "free", MultipleLocations: true},
			{ID: freemium, PartnerToken: token, RedirectURL: redirect, CallbackURL: h.receiver.URL, Monetization: "freemium"},
			{ID: foreign, PartnerToken: otherToken, RedirectURL: redirect, CallbackURL: h.receiver.URL},
		},
	}
	for _, f := range change {
		f(&cfg)
	}
	p, err := fakealtegio.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	h.Platform = p
	t.Cleanup(func() {
		p.Close()
		for _, fault := range p.Faults() {
			t.Errorf("harness fault: %s", fault)
		}
		if !t.Failed() {
			h.records()
		}
	})
	return h
}

// location makes a location with the application in a state, by the ways that lead there.
func (h *house) location(state string) int64 { return h.at(state, app) }

func (h *house) at(state string, app int64) int64 {
	h.t.Helper()
	loc := h.NewLocation(fakealtegio.LocationOptions{Scenario: "story"})
	zone, err := time.LoadLocation(loc.Timezone)
	if err != nil {
		h.t.Fatal(err)
	}
	id := loc.ID
	h.zones[id] = zone
	if state == journal.StateNone {
		return id
	}
	h.connect(app, id)
	switch state {
	case journal.StateActive:
		h.install(app, id)
	case journal.StateFreezed:
		h.install(app, id)
		h.advance(id, 30*day)
	case journal.StateUninstalled:
		h.install(app, id)
		h.disconnect(app, id)
	}
	if got := h.Installation(app, id).State; got != state {
		h.t.Fatalf("state: got %s, want %s", got, state)
	}
	h.receiver.forget()
	return id
}

const day = 24 * time.Hour

func (h *house) connect(app, location int64) {
	h.t.Helper()
	if _, err := h.Connect(app, fakealtegio.Owner{}, fakealtegio.ConnectOptions{}, location); err != nil {
		h.t.Fatal(err)
	}
}

func (h *house) install(app, location int64) {
	h.t.Helper()
	h.post(pathInstall, fmt.Sprintf(`{"salon_id":%d,"application_id":%d}`, location, app)).want(http.StatusCreated, "")
}

func (h *house) disconnect(app, location int64) fakealtegio.Delivery {
	h.t.Helper()
	d, err := h.Disconnect(h.t.Context(), app, location)
	if err != nil {
		h.t.Fatal(err)
	}
	return d
}

func (h *house) advance(location int64, d time.Duration) []fakealtegio.Delivery {
	h.t.Helper()
	sent, err := h.Advance(h.t.Context(), location, d)
	if err != nil {
		h.t.Fatal(err)
	}
	return sent
}

// The paths of the operations.
const (
	pathInstall  = "/marketplace/partner/callback"
	pathRedirect = "/marketplace/partner/callback/redirect"
	pathPayment  = "/marketplace/partner/payment"
	pathRefund   = "/marketplace/partner/payment/refund/"
)

func pathStatus(location, app int64) string {
	return fmt.Sprintf("/marketplace/salon/%d/application/%d", location, app)
}

// paid is the body of a payment for a period given in days from now, in local time.
func (h *house) paid(app, location int64, from, to int) string {
	now := start
	if zone := h.zones[location]; zone != nil {
		now = h.Clock(location).In(zone)
	}
	return fmt.Sprintf(`{"salon_id":%d,"application_id":%d,"currency_iso":"EUR","payment_sum":990.99,"payment_date":"%s","period_from":"%s","period_to":"%s"}`,
		location, app, now.Format(time.DateTime), now.AddDate(0, 0, from).Format(time.DateTime), now.AddDate(0, 0, to).Format(time.DateTime))
}

// pay reports a payment that the platform takes, and returns its id.
func (h *house) pay(app, location int64, from, to int) int64 {
	h.t.Helper()
	r := h.post(pathPayment, h.paid(app, location, from, to)).want(http.StatusOK, "")
	return r.record.Exchange.Payment
}

func (h *house) refund(id int64) *reply {
	h.t.Helper()
	return h.post(pathRefund+fmt.Sprint(id), "")
}

// reply is an answer with its record.
type reply struct {
	t      testing.TB
	status int
	header http.Header
	body   string
	record journal.Record
}

func (h *house) post(path, body string, change ...func(*http.Request)) *reply {
	h.t.Helper()
	return h.call(http.MethodPost, path, body, change...)
}

func (h *house) get(path string, change ...func(*http.Request)) *reply {
	h.t.Helper()
	return h.call(http.MethodGet, path, "", change...)
}

// call sends what the documents ask for, unless changed.
func (h *house) call(method, path, body string, change ...func(*http.Request)) *reply {
	h.t.Helper()
	req := httptest.NewRequest(method, path, strings.NewReader(body))
	req.Header.Set("Authorization", "Bearer "+token)
	req.Header.Set("Accept", "application/vnd.api.v2+json")
	if body != "" {
		req.Header.Set("Content-Type", "application/json")
	}
	for _, f := range change {
		f(req)
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, req)
	h.mu.Lock()
	defer h.mu.Unlock()
	r := &reply{t: h.t, status: w.Code, header: w.Header(), body: w.Body.String(), record: h.last}
	if r.record.Exchange == nil || r.record.Exchange.Response.Status != w.Code {
		h.t.Fatalf("last record is not of this exchange: %+v", r.record)
	}
	return r
}

func bearer(token string) func(*http.Request) {
	return func(r *http.Request) { r.Header.Set("Authorization", "Bearer "+token) }
}

func header(name, value string) func(*http.Request) {
	return func(r *http.Request) {
		r.Header.Del(name)
		if value != "" {
			r.Header.Set(name, value)
		}
	}
}

// want checks status and reason.
func (r *reply) want(status int, refused string) *reply {
	r.t.Helper()
	if r.status != status || r.record.Exchange.Refused != refused {
		r.t.Errorf("got %d %q, want %d %q\n%s", r.status, r.record.Exchange.Refused, status, refused, r.body)
	}
	return r
}

// exactly checks the body.
func (r *reply) exactly(body string) *reply {
	r.t.Helper()
	if r.body != body {
		r.t.Errorf("body: got %s, want %s", r.body, body)
	}
	return r
}

// data decodes the body.
func (r *reply) data() (v struct {
	Success bool            `json:"success"`
	Data    json.RawMessage `json:"data"`
	Meta    struct {
		Message string              `json:"message"`
		Errors  map[string][]string `json:"errors"`
	} `json:"meta"`
},
) {
	r.t.Helper()
	if err := json.Unmarshal([]byte(strings.Replace(r.body, `"meta":[]`, `"meta":{}`, 1)), &v); err != nil {
		r.t.Fatalf("%v in %s", err, r.body)
	}
	return v
}

// records reads the journal so far.
func (h *house) records() []journal.Record {
	h.t.Helper()
	list, err := journal.Read(bytes.NewReader(h.bytes.Bytes()))
	if err != nil {
		h.t.Fatalf("journal: %v", err)
	}
	return list
}

// transitions tells the changes of a location.
func (h *house) transitions(location int64) (list []string) {
	for _, r := range h.records() {
		if r.Transition != nil && r.Location == location {
			list = append(list, r.Transition.From+" "+r.Transition.To+" "+r.Transition.Source)
		}
	}
	return list
}
