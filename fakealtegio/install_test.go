package fakealtegio_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/altegio-readiness/harness/fakealtegio/journal"
)

func installBody(location, app any) string {
	return fmt.Sprintf(`{"salon_id":%v,"application_id":%v}`, location, app)
}

func TestInstallOfAPendingLinkIs201AndActive(t *testing.T) {
	h := open(t)
	loc := h.location(journal.StatePending)
	r := h.post(pathInstall, fmt.Sprintf(`{"salon_id":%d,"application_id":%d,"webhook_urls":["https://a.example.test/hook"]}`, loc, app))
	r.want(http.StatusCreated, "").exactly(`{"success":true,"data":[],"meta":[]}`)
	if got := r.header.Get("Content-Type"); got != "application/json" {
		t.Errorf("Content-Type: got %q", got)
	}
	in := h.Installation(app, loc)
	if in.State != journal.StateActive || !slices.Equal(in.WebhookURLs, []string{"https://a.example.test/hook"}) {
		t.Errorf("installation: %+v", in)
	}
	want := []string{"none pending marketplace", "pending active partner_api"}
	if got := h.transitions(loc); !slices.Equal(got, want) {
		t.Errorf("transitions: got %q, want %q", got, want)
	}
	if records := h.records(); records[r.record.Seq-2].Transition == nil {
		t.Error("the transition is not recorded before the exchange that caused it")
	}
	ex := r.record.Exchange
	if r.record.Location != loc || r.record.Scenario != "story" || !r.record.Clock.Equal(start) || ex.Application != app ||
		ex.Operation != journal.OpInstall || len(ex.Violations) != 0 {
		t.Errorf("record: %+v %+v", r.record, ex)
	}
}

func TestInstallIsRefused(t *testing.T) {
	denied := `{"success":false,"data":null,"meta":{"message":"Access denied."}}`
	for name, tc := range map[string]struct {
		state   string
		body    func(loc int64) string
		change  func(*http.Request)
		status  int
		refused string
		exactly string
	}{
		"without a token": {
			state: journal.StatePending, change: header("Authorization", ""), status: 401, refused: journal.RefusedToken,
			exactly: `{"success":false,"data":null,"meta":{"message":"Authentication needed."}}`,
		},
		"with a wrong token":           {state: journal.StatePending, change: bearer("wrong-token-of-nobody"), status: 401, refused: journal.RefusedToken},
		"with a token without scheme":  {state: journal.StatePending, change: header("Authorization", token), status: 401, refused: journal.RefusedToken},
		"with basic authentication":    {state: journal.StatePending, change: header("Authorization", "Basic "+token), status: 401, refused: journal.RefusedToken},
		"by another developer":         {state: journal.StatePending, change: bearer(otherToken), status: 403, refused: journal.RefusedApplication, exactly: denied},
		"of an unknown application":    {state: journal.StatePending, body: func(l int64) string { return installBody(l, 999) }, status: 403, refused: journal.RefusedApplication, exactly: denied},
		"of another application":       {state: journal.StatePending, body: func(l int64) string { return installBody(l, sibling) }, status: 403, refused: journal.RefusedNoPendingLink, exactly: denied},
		"at an unknown location":       {state: journal.StatePending, body: func(int64) string { return installBody(55, app) }, status: 403, refused: journal.RefusedNoPendingLink, exactly: denied},
		"where nobody pressed Connect": {state: journal.StateNone, status: 403, refused: journal.RefusedNoPendingLink, exactly: denied},
		"where it was disconnected":    {state: journal.StateUninstalled, status: 403, refused: journal.RefusedNoPendingLink, exactly: denied},
		"where it is active":           {state: journal.StateActive, status: 403, refused: journal.RefusedAlreadyInstalled, exactly: `{"success":false,"data":null,"meta":{"message":"The user has already installed this application."}}`},
		"where it is frozen":           {state: journal.StateFreezed, status: 403, refused: journal.RefusedAlreadyInstalled},
		"without a location":           {state: journal.StatePending, body: func(int64) string { return `{"application_id":4242}` }, status: 422, refused: journal.RefusedInvalid},
		"with a list as a location":    {state: journal.StatePending, body: func(l int64) string { return installBody(fmt.Sprintf("[%d]", l), app) }, status: 422, refused: journal.RefusedInvalid},
		"with a broken JSON":           {state: journal.StatePending, body: func(l int64) string { return installBody(l, app)[:20] }, status: 422, refused: journal.RefusedInvalid},
		"with bytes after the JSON":    {state: journal.StatePending, body: func(l int64) string { return installBody(l, app) + "x" }, status: 422, refused: journal.RefusedInvalid},
		"without a body":               {state: journal.StatePending, body: func(int64) string { return "" }, status: 422, refused: journal.RefusedInvalid},
		"with a form":                  {state: journal.StatePending, body: func(l int64) string { return fmt.Sprintf("salon_id=%d&application_id=%d", l, app) }, change: header("Content-Type", "application/x-www-form-urlencoded"), status: 422, refused: journal.RefusedInvalid},
		"with webhook_urls not a list": {state: journal.StatePending, body: func(l int64) string {
			return fmt.Sprintf(`{"salon_id":%d,"application_id":%d,"webhook_urls":"x"}`, l, app)
		}, status: 422, refused: journal.RefusedInvalid},
		"with a GET":                     {state: journal.StatePending, change: func(r *http.Request) { r.Method = http.MethodGet }, status: 405, refused: journal.RefusedMethod},
		"at a path nobody knows":         {state: journal.StatePending, change: func(r *http.Request) { r.URL.Path = "/marketplace/partner/callbacks" }, status: 404, refused: journal.RefusedUnknownPath},
		"at a path with a double prefix": {state: journal.StatePending, change: func(r *http.Request) { r.URL.Path = "/api/v1/v1/marketplace/partner/callback" }, status: 404, refused: journal.RefusedUnknownPath},
	} {
		t.Run(name, func(t *testing.T) {
			h := open(t)
			loc := h.location(tc.state)
			body := installBody(loc, app)
			if tc.body != nil {
				body = tc.body(loc)
			}
			change := tc.change
			if change == nil {
				change = func(*http.Request) {}
			}
			r := h.post(pathInstall, body, change).want(tc.status, tc.refused)
			if tc.exactly != "" {
				r.exactly(tc.exactly)
			}
			if v := r.data(); v.Success || v.Meta.Message == "" {
				t.Errorf("envelope: %s", r.body)
			}
			if tc.status == 422 && len(r.data().Meta.Errors) == 0 {
				t.Errorf("422 without errors: %s", r.body)
			}
			if got := h.Installation(app, loc).State; got != tc.state {
				t.Errorf("state: got %s, want %s as before", got, tc.state)
			}
			if r.record.Exchange.Operation == "" != (tc.status == 404) {
				t.Errorf("operation: got %q", r.record.Exchange.Operation)
			}
		})
	}
}

func TestInstallToleratesWhatThePlatformTolerates(t *testing.T) {
	for name, tc := range map[string]struct {
		body   func(loc int64) string
		change func(*http.Request)
		clean  bool // no violation is recorded
	}{
		"ids as strings":               {body: func(l int64) string { return fmt.Sprintf(`{"salon_id":"%d","application_id":"%d"}`, l, app) }},
		"an id as a float":             {body: func(l int64) string { return installBody(fmt.Sprintf("%d.0", l), app) }, clean: true},
		"an unknown field":             {body: func(l int64) string { return fmt.Sprintf(`{"salon_id":%d,"application_id":%d,"settings":{}}`, l, app) }},
		"no Accept":                    {change: header("Accept", "")},
		"another Accept":               {change: header("Accept", "application/json")},
		"the prefix /api/v1":           {change: func(r *http.Request) { r.URL.Path = "/api/v1" + pathInstall }},
		"the prefix /v1":               {change: func(r *http.Request) { r.URL.Path = "/v1" + pathInstall }},
		"a slash at the end":           {change: func(r *http.Request) { r.URL.Path = pathInstall + "/" }},
		"the host of the business API": {change: func(r *http.Request) { r.Host = "api.alteg.io" }},
		"the documented host":          {change: func(r *http.Request) { r.Host = "app.alteg.io" }, clean: true},
		"a host of ours":               {change: func(r *http.Request) { r.Host = "127.0.0.1:8080" }, clean: true},
		"a user token":                 {change: header("Authorization", "Bearer "+token+", User 0123456789abcdef")},
		"JSON as text":                 {change: header("Content-Type", "text/plain")},
		"JSON without a type":          {change: header("Content-Type", "")},
		"a parameter in the query":     {change: func(r *http.Request) { r.URL.RawQuery = "debug=1" }},
	} {
		t.Run(name, func(t *testing.T) {
			h := open(t)
			loc := h.location(journal.StatePending)
			body := installBody(loc, app)
			if tc.body != nil {
				body = tc.body(loc)
			}
			change := tc.change
			if change == nil {
				change = func(*http.Request) {}
			}
			r := h.post(pathInstall, body, change).want(http.StatusCreated, "")
			if r.record.Location != loc || r.record.Exchange.Application != app {
				t.Errorf("record names location %d and application %d", r.record.Location, r.record.Exchange.Application)
			}
			if clean := len(r.record.Exchange.Violations) == 0; clean != tc.clean {
				t.Errorf("violations: %+v", r.record.Exchange.Violations)
			}
		})
	}
}

func TestRefusedRecordsNameWhatTheRequestNames(t *testing.T) {
	h := open(t)
	for body, want := range map[string][2]int64{
		`{"salon_id":55,"application_id":999}`:          {55, 999},
		`{"salon_id":"55","application_id":"999"}`:      {55, 999},
		`{"salon_id":55.0,"application_id":9.99e2}`:     {55, 999},
		`{"salon_id":55.5,"application_id":-1}`:         {0, 0},
		`{"salon_id":null,"application_id":true}`:       {0, 0},
		`{"salon_id":1e400,"application_id":1e-999999}`: {0, 0},
		`{"salon_id":9007199254740993}`:                 {0, 0},
		`{"salon_id":55,"application_id":999} trailing`: {55, 999},
		`[55,999]`: {0, 0},
	} {
		r := h.post(pathInstall, body)
		if got := [2]int64{r.record.Location, r.record.Exchange.Application}; got != want {
			t.Errorf("%s: got %v, want %v", body, got, want)
		}
	}
}

func TestBrowserVariantIsChosenByTheContentType(t *testing.T) {
	h := open(t)
	form := func(loc, app int64) string {
		return fmt.Sprintf("salon_id=%d&application_id=%d&webhook_urls%%5B%%5D=https%%3A%%2F%%2Fa.example.test&webhook_urls[]=https://b.example.test", loc, app)
	}
	asForm := header("Content-Type", "application/x-www-form-urlencoded; charset=UTF-8")
	browser := func(r *http.Request) { asForm(r); r.Header.Del("Authorization"); r.Header.Del("Accept") }

	t.Run("JSON with the token is 200", func(t *testing.T) {
		loc := h.location(journal.StatePending)
		h.post(pathRedirect, installBody(loc, app)).want(http.StatusOK, "").exactly(`{"success":true}`)
		if got := h.Installation(app, loc).State; got != journal.StateActive {
			t.Errorf("state: %s", got)
		}
	})
	t.Run("JSON without the token is 401", func(t *testing.T) {
		loc := h.location(journal.StatePending)
		h.post(pathRedirect, installBody(loc, app), header("Authorization", "")).want(401, journal.RefusedToken)
	})
	t.Run("a form without token is 301 to a page of the platform", func(t *testing.T) {
		loc := h.location(journal.StatePending)
		r := h.post(pathRedirect, form(loc, app), browser).want(http.StatusMovedPermanently, "")
		want := fmt.Sprintf("http://example.com/appstore/%d/applications/%d/info", loc, app)
		if got := r.header.Get("Location"); got != want {
			t.Errorf("Location: got %q, want %q", got, want)
		}
		in := h.Installation(app, loc)
		if in.State != journal.StateActive || len(in.WebhookURLs) != 2 {
			t.Errorf("installation: %+v", in)
		}
		if len(r.record.Exchange.Violations) != 0 || r.record.Location != loc {
			t.Errorf("record: %+v", r.record.Exchange)
		}
		page := h.get(fmt.Sprintf("/appstore/%d/applications/%d/info", loc, app)).want(http.StatusOK, "")
		if !strings.Contains(page.body, "Reminders") || !strings.HasPrefix(page.header.Get("Content-Type"), "text/html") {
			t.Errorf("page: %s", page.body)
		}
	})
	t.Run("a form with a wrong token is 401", func(t *testing.T) {
		loc := h.location(journal.StatePending)
		h.post(pathRedirect, form(loc, app), asForm, bearer("wrong-token-of-nobody")).want(401, journal.RefusedToken)
	})
	t.Run("a form of another developer's application is for its pending link", func(t *testing.T) {
		loc := h.location(journal.StatePending)
		h.post(pathRedirect, form(loc, foreign), browser).want(403, journal.RefusedNoPendingLink)
		h.post(pathRedirect, form(loc, 999), browser).want(403, journal.RefusedApplication)
	})
	t.Run("a form with two locations means the last", func(t *testing.T) {
		loc := h.location(journal.StatePending)
		r := h.post(pathRedirect, "salon_id=55&"+form(loc, app), browser)
		if r.record.Location != loc || len(r.record.Exchange.Violations) == 0 {
			t.Errorf("record: %+v", r.record)
		}
	})
	t.Run("a form without location is 422", func(t *testing.T) {
		h.post(pathRedirect, "application_id=4242", browser).want(422, journal.RefusedInvalid)
	})
	t.Run("the second time is 403", func(t *testing.T) {
		loc := h.location(journal.StateActive)
		h.post(pathRedirect, form(loc, app), browser).want(403, journal.RefusedAlreadyInstalled)
	})
	t.Run("a strange host gets a relative target", func(t *testing.T) {
		loc := h.location(journal.StatePending)
		r := h.post(pathRedirect, form(loc, app), browser, func(r *http.Request) { r.Host = "a@b/c?d" })
		if got := r.header.Get("Location"); !strings.HasPrefix(got, "/appstore/") {
			t.Errorf("Location: got %q", got)
		}
	})
	t.Run("the page of nothing is unknown", func(t *testing.T) {
		h.get("/appstore/55/applications/4242/info").want(404, journal.RefusedUnknownPath)
		loc := h.location(journal.StateNone)
		h.get(fmt.Sprintf("/appstore/%d/applications/999/info", loc)).want(404, journal.RefusedUnknownPath)
	})
}
