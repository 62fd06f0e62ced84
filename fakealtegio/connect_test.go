package fakealtegio_test

import (
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/altegio-readiness/harness/fakealtegio"
	"github.com/altegio-readiness/harness/fakealtegio/journal"
)

func TestRedirectKeepsThePartnersURLAndAddsTheLocations(t *testing.T) {
	for name, tc := range map[string]struct {
		redirect  string
		form      fakealtegio.LocationIDs
		locations []int64
		want      string
	}{
		"one location":                  {"https://a.test/x", fakealtegio.LocationIDsDefault, []int64{55}, "https://a.test/x?salon_id=55"},
		"no path":                       {"http://a.test", fakealtegio.LocationIDsDefault, []int64{55}, "http://a.test?salon_id=55"},
		"own parameters and a fragment": {"https://a.test:8443/x/?b=2&a=1&a=%20+#/route?z=1", fakealtegio.LocationIDsDefault, []int64{55}, "https://a.test:8443/x/?b=2&a=1&a=%20+&salon_id=55#/route?z=1"},
		"an empty query":                {"https://a.test/x?", fakealtegio.LocationIDsDefault, []int64{55}, "https://a.test/x?salon_id=55"},
		"the partner's own salon_id":    {"https://a.test/x?salon_id=1&salon%5Fid=2&k=v", fakealtegio.LocationIDsDefault, []int64{55}, "https://a.test/x?k=v&salon_id=55"},
		"a query that is none":          {"https://a.test/x?a;b&%zz", fakealtegio.LocationIDsDefault, []int64{55}, "https://a.test/x?a;b&%zz&salon_id=55"},
		"several locations":             {"https://a.test/x", fakealtegio.LocationIDsDefault, []int64{55, 66}, "https://a.test/x?salon_ids%5B%5D=55&salon_ids%5B%5D=66"},
		"brackets for one":              {"https://a.test/x", fakealtegio.LocationIDsBrackets, []int64{55}, "https://a.test/x?salon_ids%5B%5D=55"},
		"indexed":                       {"https://a.test/x", fakealtegio.LocationIDsIndexed, []int64{55, 66}, "https://a.test/x?salon_ids%5B0%5D=55&salon_ids%5B1%5D=66"},
		"comma":                         {"https://a.test/x", fakealtegio.LocationIDsComma, []int64{55, 66}, "https://a.test/x?salon_ids=55%2C66"},
		"nobody's visit":                {"https://a.test/x?a=1", fakealtegio.LocationIDsDefault, nil, "https://a.test/x?a=1"},
	} {
		t.Run(name, func(t *testing.T) {
			h := open(t, func(c *fakealtegio.Config) { c.Applications[0].RedirectURL = tc.redirect })
			got, err := h.VisitURL(app, fakealtegio.Owner{}, fakealtegio.ConnectOptions{LocationIDs: tc.form}, tc.locations...)
			if err != nil || got != tc.want {
				t.Errorf("got %s, %v, want %s", got, err, tc.want)
			}
		})
	}
}

func TestConnectMakesEachLocationPendingAndNamesAll(t *testing.T) {
	h := open(t)
	owner := h.NewOwner("story")
	a, b := h.at(journal.StateNone, sibling), h.at(journal.StateNone, sibling)
	got, err := h.Connect(sibling, owner, fakealtegio.ConnectOptions{}, a, b)
	if err != nil {
		t.Fatal(err)
	}
	u, err := url.Parse(got)
	if err != nil {
		t.Fatal(err)
	}
	want := []string{strconv.FormatInt(a, 10), strconv.FormatInt(b, 10)}
	if ids := u.Query()["salon_ids[]"]; !slices.Equal(ids, want) || u.Query().Get("lang") != "en" || u.Fragment != "top" {
		t.Errorf("redirect: %s", got)
	}
	for _, id := range []int64{a, b} {
		in := h.Installation(sibling, id)
		if in.State != journal.StatePending || len(in.History) != 1 || in.History[0].From != "uninstalled" || in.History[0].To != "pending" || in.History[0].Source != "marketplace" {
			t.Errorf("installation: %+v", in)
		}
	}
}

func TestVisitMakesNoLink(t *testing.T) {
	h := open(t)
	loc := h.location(journal.StateNone)
	if _, err := h.VisitURL(app, fakealtegio.Owner{}, fakealtegio.ConnectOptions{}, loc); err != nil {
		t.Fatal(err)
	}
	if got := h.Installation(app, loc).State; got != journal.StateNone || len(h.records()) != 0 {
		t.Errorf("state %s, %d records", got, len(h.records()))
	}
}

func TestRedirectURLIsNeeded(t *testing.T) {
	h := open(t, func(c *fakealtegio.Config) { c.Applications[0].RedirectURL = "" })
	loc := h.location(journal.StateNone)
	if _, err := h.Connect(app, fakealtegio.Owner{}, fakealtegio.ConnectOptions{}, loc); err == nil || !strings.Contains(err.Error(), "Registration Redirect URL") {
		t.Errorf("error: %v", err)
	}
	if got := h.Installation(app, loc).State; got != journal.StateNone {
		t.Errorf("state: %s", got)
	}
}

func FuzzRedirectURL(f *testing.F) {
	for _, s := range []string{"https://a.test/x", "http://a.test:81/?a=1&a=2#f", "https://a.test?salon_id=1", "https://a.test/?%", "http://[::1]:1/%2f?;#%zz", "https://ü.test/ü?ü=ü#ü"} {
		f.Add(s, int64(55), uint8(1), uint8(1))
	}
	f.Fuzz(func(t *testing.T, redirect string, location int64, form, data uint8) {
		h := &house{t: t, bytes: new(buffer)}
		p, err := fakealtegio.New(fakealtegio.Config{
			Journal:      journal.NewWriter(h.bytes, journal.NewRedactor()),
			Applications: []fakealtegio.Application{{ID: app, PartnerToken: token, RedirectURL: redirect, Title: "Fuzz"}},
		})
		if err != nil || redirect == "" {
			return // refused at the door
		}
		defer p.Close()
		o := fakealtegio.ConnectOptions{UserData: fakealtegio.UserData(data % 10), LocationIDs: fakealtegio.LocationIDs(form % 4)}
		got, err := p.VisitURL(app, fakealtegio.Owner{ID: 1, Name: redirect, Email: "o@example.test"}, o, location)
		if err != nil {
			t.Fatal(err)
		}
		before, _ := url.Parse(redirect)
		after, err := url.Parse(got)
		if err != nil {
			t.Fatalf("%q: %v", got, err)
		}
		if after.Scheme != before.Scheme || after.Host != before.Host || after.Path != before.Path || after.Fragment != before.Fragment {
			t.Errorf("%q became %q", redirect, got)
		}
		name := map[fakealtegio.LocationIDs]string{0: "salon_id", 1: "salon_ids[]", 2: "salon_ids[0]", 3: "salon_ids"}[o.LocationIDs]
		if ids := after.Query()[name]; !slices.Equal(ids, []string{strconv.FormatInt(location, 10)}) {
			t.Errorf("%s in %q: %q", name, got, ids)
		}
		for own, values := range before.Query() {
			if !strings.HasPrefix(own, "salon_id") && !strings.HasPrefix(own, "user_data") && !slices.Equal(after.Query()[own], values) {
				t.Errorf("%q lost %q: %q", redirect, own, got)
			}
		}
	})
}
