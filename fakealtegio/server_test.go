package fakealtegio_test

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/altegio-readiness/harness/fakealtegio"
	"github.com/altegio-readiness/harness/fakealtegio/journal"
)

func TestListenServesUntilClose(t *testing.T) {
	h := open(t)
	loc := h.location(journal.StatePending)
	base, err := h.Listen("127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	second, err := h.Listen("127.0.0.1:0")
	if err != nil || second == base {
		t.Fatal(second, err)
	}
	client := &http.Client{Transport: &http.Transport{}}
	defer client.CloseIdleConnections()
	req, _ := http.NewRequest(http.MethodPost, base+"/api/v1"+pathInstall, strings.NewReader(installBody(loc, app)))
	req.Header.Set("Authorization", "Bearer "+token)
	req.Header.Set("Content-Type", "application/json")
	resp, err := client.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	body, _ := io.ReadAll(resp.Body)
	resp.Body.Close()
	if resp.StatusCode != 201 {
		t.Errorf("answer: %d %s", resp.StatusCode, body)
	}
	// Whoever has the answer can rely on the record.
	records := h.records()
	if ex := records[len(records)-1].Exchange; ex == nil || ex.Response.Status != 201 || ex.Request.URL != "/api/v1"+pathInstall {
		t.Errorf("last record: %+v", records[len(records)-1])
	}
	h.Close()
	if _, err := client.Get(base); err == nil {
		t.Error("still served after Close")
	}
	if _, err := h.Listen("127.0.0.1:0"); err == nil {
		t.Error("listens after Close")
	}
	h.Close()
}

func TestListenSaysWhatIsTaken(t *testing.T) {
	h := open(t)
	base, err := h.Listen("127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := h.Listen(strings.TrimPrefix(base, "http://")); err == nil {
		t.Error("the same port twice: no error")
	}
}

func TestServeTakesAListenerAndClosesIt(t *testing.T) {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	h := open(t)
	if err := h.Serve(ln); err != nil {
		t.Fatal(err)
	}
	client := &http.Client{Transport: &http.Transport{}}
	defer client.CloseIdleConnections()
	resp, err := client.Get("http://" + ln.Addr().String() + "/nowhere")
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	if resp.StatusCode != 404 {
		t.Errorf("answer: %d", resp.StatusCode)
	}
	h.Close()
	if _, err := ln.Accept(); !errors.Is(err, net.ErrClosed) {
		t.Errorf("the listener is still open: %v", err)
	}
	if err := h.Serve(ln); err == nil {
		t.Error("serves after Close")
	}
}

func TestFormIsSentOnToAPageThatABrowserFinds(t *testing.T) {
	h := open(t)
	loc := h.location(journal.StatePending)
	base, err := h.Listen("127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	client := &http.Client{Transport: &http.Transport{}}
	defer client.CloseIdleConnections()
	resp, err := client.PostForm(base+pathRedirect, map[string][]string{"salon_id": {fmt.Sprint(loc)}, "application_id": {fmt.Sprint(app)}})
	if err != nil {
		t.Fatal(err)
	}
	body, _ := io.ReadAll(resp.Body)
	resp.Body.Close()
	if resp.StatusCode != 200 || resp.Request.URL.Path != fmt.Sprintf("/appstore/%d/applications/%d/info", loc, app) || !strings.Contains(string(body), "active") {
		t.Errorf("page: %d %s %s", resp.StatusCode, resp.Request.URL, body)
	}
}

func TestLargeBodyIs413(t *testing.T) {
	h := open(t)
	loc := h.location(journal.StatePending)
	r := h.post(pathInstall, installBody(loc, app)+strings.Repeat(" ", 1<<20)).want(413, journal.RefusedTooLarge)
	ex := r.record.Exchange
	if !ex.Request.Body.Truncated || ex.Request.Body.Size < 1<<20 || ex.Operation == "" {
		t.Errorf("record: size %d, truncated %v", ex.Request.Body.Size, ex.Request.Body.Truncated)
	}
	if v := r.data(); v.Success || v.Meta.Message == "" {
		t.Errorf("envelope: %s", r.body)
	}
	fits := installBody(loc, app)
	h.post(pathInstall, fits+strings.Repeat(" ", 1<<20-len(fits))).want(201, "")
}

func TestLargeHeadersAreRefused(t *testing.T) {
	h := open(t)
	base, err := h.Listen("127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	conn, err := net.Dial("tcp", strings.TrimPrefix(base, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	go func() {
		_, _ = fmt.Fprintf(conn, "GET / HTTP/1.1\r\nHost: a\r\nX: %s\r\n\r\n", strings.Repeat("x", 1<<20))
	}()
	resp, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	if resp.StatusCode != http.StatusRequestHeaderFieldsTooLarge {
		t.Errorf("status: %d", resp.StatusCode)
	}
}

type broken struct{}

func (broken) Read([]byte) (int, error) { return 0, errors.New("connection reset") }

func TestBrokenBodyIsRecorded(t *testing.T) {
	h := open(t)
	w := httptest.NewRecorder()
	h.ServeHTTP(w, httptest.NewRequest(http.MethodPost, pathInstall, broken{}))
	if w.Code != 400 || h.last.Exchange.Refused != journal.RefusedUnreadable {
		t.Errorf("answer %d, record %+v", w.Code, h.last.Exchange)
	}
}

func TestRequestWithoutABody(t *testing.T) {
	h := open(t)
	req, _ := http.NewRequest(http.MethodPost, pathInstall, nil)
	w := httptest.NewRecorder()
	h.ServeHTTP(w, req)
	if w.Code != 401 {
		t.Errorf("answer: %d %s", w.Code, w.Body)
	}
}

func TestPanicIsAHarnessFaultAndNoCrash(t *testing.T) {
	buf := new(buffer)
	p, err := fakealtegio.New(fakealtegio.Config{
		Journal:      journal.NewWriter(buf, nil),
		Applications: []fakealtegio.Application{{ID: app, PartnerToken: token}},
		OnExchange:   func(journal.Record) { panic("watcher broke on " + token) },
	})
	if err != nil {
		t.Fatal(err)
	}
	defer p.Close()
	for range 2 { // no lock is left behind
		w := httptest.NewRecorder()
		p.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/", nil))
		if w.Code != 500 || w.Body.String() != `{"success":false,"data":null,"meta":{"message":"An error has occurred."}}` {
			t.Errorf("answer: %d %s", w.Code, w.Body)
		}
	}
	if faults := p.Faults(); len(faults) != 2 || !strings.Contains(faults[0], "watcher broke") || strings.Contains(strings.Join(faults, ""), token) {
		t.Errorf("faults: %q", faults)
	}
	if strings.Contains(string(buf.Bytes()), token) {
		t.Error("the token is in the journal")
	}
}

type full struct{}

func (full) Write([]byte) (int, error) { return 0, errors.New("no space left on device") }

func TestLostRecordIsAHarnessFault(t *testing.T) {
	p, err := fakealtegio.New(fakealtegio.Config{
		Journal:      journal.NewWriter(full{}, nil),
		Applications: []fakealtegio.Application{{ID: app, PartnerToken: token}},
	})
	if err != nil {
		t.Fatal(err)
	}
	defer p.Close()
	w := httptest.NewRecorder()
	p.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/", nil))
	if w.Code != 500 || len(p.Faults()) == 0 {
		t.Errorf("answer %d, faults %q", w.Code, p.Faults())
	}
	for range 300 {
		p.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest(http.MethodGet, "/", nil))
	}
	if got := len(p.Faults()); got != 101 {
		t.Errorf("the list of faults grows without bound: %d", got)
	}
}

// TestManyAtOnce lets everything happen at the same locations from many sides. The race detector
// watches; the journal must tell a consistent story of each location.
func TestManyAtOnce(t *testing.T) {
	h := open(t)
	locations := make([]int64, 8)
	for i := range locations {
		locations[i] = h.NewLocation(fakealtegio.LocationOptions{Scenario: fmt.Sprint(i)}).ID
	}
	var wg sync.WaitGroup
	serve := func(method, path, body string) {
		req := httptest.NewRequest(method, path, strings.NewReader(body))
		req.Header.Set("Authorization", "Bearer "+token)
		h.ServeHTTP(httptest.NewRecorder(), req)
	}
	for worker := range 4 {
		wg.Go(func() {
			for round := range 12 {
				loc := locations[(worker+round)%len(locations)]
				_, _ = h.Connect(app, h.NewOwner("x"), fakealtegio.ConnectOptions{UserData: fakealtegio.UserDataValid}, loc)
				_, _ = h.Connect(sibling, fakealtegio.Owner{}, fakealtegio.ConnectOptions{}, loc, locations[worker])
				serve(http.MethodPost, pathInstall, installBody(loc, app))
				serve(http.MethodPost, pathPayment, fmt.Sprintf(`{"salon_id":%d,"application_id":%d,"currency_iso":"EUR","payment_sum":1,"payment_date":"2026-11-22 12:00:00","period_from":"2026-11-22 12:00:00","period_to":"2026-12-22 12:00:00"}`, loc, app))
				for _, pay := range h.Installation(app, loc).Payments {
					serve(http.MethodPost, pathRefund+fmt.Sprint(pay.ID), "")
				}
				serve(http.MethodGet, pathStatus(loc, app), "")
				serve(http.MethodGet, "/marketplace/application/4242/salons?page=1&count=9", "")
				_, _ = h.Advance(t.Context(), loc, day)
				h.Tick(t.Context())
				h.NewLocation(fakealtegio.LocationOptions{})
				if round%3 == 0 {
					_, _ = h.Disconnect(t.Context(), app, loc)
				} else {
					serve(http.MethodPost, pathStatus(loc, app)+"/uninstall", "")
				}
			}
		})
	}
	wg.Wait()
	state := map[[2]int64]string{}
	for _, r := range h.records() {
		if tr := r.Transition; tr != nil {
			link := [2]int64{r.Location, tr.Application}
			if before := state[link]; before != tr.From && (before != "" || tr.From != journal.StateNone) {
				t.Errorf("record %d: from %s, but it was %q", r.Seq, tr.From, before)
			}
			state[link] = tr.To
		}
	}
	for _, id := range locations {
		in := h.Installation(app, id)
		if want := state[[2]int64{id, app}]; want != "" && in.State != want {
			t.Errorf("location %d: %s, in the journal %s", id, in.State, want)
		}
		if !slices.IsSortedFunc(in.History, func(a, b fakealtegio.Change) int { return a.At.Compare(b.At) }) {
			t.Errorf("history: %+v", in.History)
		}
	}
}
