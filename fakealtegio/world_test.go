package fakealtegio_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/altegio-readiness/harness/fakealtegio"
	"github.com/altegio-readiness/harness/fakealtegio/journal"
)

func TestLocationsHaveSevenDigitsAndRepeatWithTheSeed(t *testing.T) {
	ids := func(seed int64) (list []int64) {
		h := open(t, func(c *fakealtegio.Config) { c.Seed = seed })
		for range 1000 {
			list = append(list, h.NewLocation(fakealtegio.LocationOptions{}).ID)
		}
		return list
	}
	first := ids(1)
	seen := map[int64]bool{}
	for _, id := range first {
		if id < 1_000_000 || id > 9_999_999 || seen[id] {
			t.Errorf("location %d", id)
		}
		seen[id] = true
	}
	if !slices.Equal(first, ids(1)) {
		t.Error("the same seed gives other locations")
	}
	if slices.Equal(first, ids(2)) {
		t.Error("another seed gives the same locations")
	}
}

func TestLocationIsAFixtureOfItsScenario(t *testing.T) {
	h := open(t)
	loc := h.NewLocation(fakealtegio.LocationOptions{Scenario: "connect"})
	if loc.Title == "" || loc.Timezone == "" || loc.Scenario != "connect" {
		t.Errorf("location: %+v", loc)
	}
	h.connect(app, loc.ID)
	if r := h.records()[0]; r.Scenario != "connect" || r.Location != loc.ID || !r.Clock.Equal(start) {
		t.Errorf("record: %+v", r)
	}
}

func TestOwnersAreUniqueAndTheirSecretsNotFromTheSeed(t *testing.T) {
	seen := map[string]bool{}
	var first []fakealtegio.Owner
	for range 2 {
		h := open(t)
		for i := range 50 {
			o := h.NewOwner("story")
			for _, value := range []string{o.Email, o.Phone, o.Password} {
				if value == "" || seen[value] {
					t.Errorf("repeated: %+v", o)
				}
				seen[value] = true
			}
			if !strings.HasSuffix(o.Email, "@example.test") || len(o.Phone) != 11 || len(o.Password) < 20 || o.Scenario != "story" || o.Name == "" {
				t.Errorf("owner: %+v", o)
			}
			if len(first) <= i {
				first = append(first, o)
			} else if first[i].ID != o.ID || first[i].Name != o.Name {
				t.Errorf("with the same seed: %+v and %+v", first[i], o)
			}
		}
	}
}

func TestTenThousandLocations(t *testing.T) {
	h := open(t)
	var last int64
	for range 10_000 {
		last = h.NewLocation(fakealtegio.LocationOptions{}).ID
		h.connect(app, last)
		h.install(app, last)
	}
	begin := time.Now()
	h.clock.turn(7 * day)
	if sent := h.Tick(t.Context()); len(sent) != 0 {
		t.Errorf("webhooks: %d", len(sent))
	}
	h.get(fmt.Sprintf("/marketplace/application/%d/salons?page=10&count=1000", app)).want(200, "")
	h.get(pathStatus(last, app)).want(200, "")
	if took := time.Since(begin); took > 5*time.Second { // a few milliseconds, unless something is quadratic
		t.Errorf("took %v", took)
	}
}

func TestManyPaymentsAtOneLocation(t *testing.T) {
	h := open(t)
	loc := h.location(journal.StateActive)
	for range 500 {
		h.pay(app, loc, 0, 30)
		h.pay(app, loc, 40, 50) // beyond a gap
	}
	h.refund(h.pay(app, loc, 0, 90))
	if got := len(h.Installation(app, loc).Payments); got != 1001 {
		t.Errorf("payments: %d", got)
	}
	h.until(app, loc, 31*day)
}

func TestConfigurationIsChecked(t *testing.T) {
	for want, change := range map[string]func(*fakealtegio.Config){
		"no journal":               func(c *fakealtegio.Config) { c.Journal = nil },
		"no application":           func(c *fakealtegio.Config) { c.Applications = nil },
		"registered twice":         func(c *fakealtegio.Config) { c.Applications[1].ID = app },
		"id is not positive":       func(c *fakealtegio.Config) { c.Applications[0].ID = 0 },
		"fewer than 8 characters":  func(c *fakealtegio.Config) { c.Applications[0].PartnerToken = "short" },
		"no header can carry":      func(c *fakealtegio.Config) { c.Applications[0].PartnerToken = "has a space" },
		"callback URL: not an":     func(c *fakealtegio.Config) { c.Applications[0].CallbackURL = "ftp://a.test/" },
		"redirect URL: not an":     func(c *fakealtegio.Config) { c.Applications[0].RedirectURL = "/connect" },
		"none of paid, freemium":   func(c *fakealtegio.Config) { c.Applications[0].Monetization = "gratis" },
		"not between 0 and ten":    func(c *fakealtegio.Config) { c.Applications[0].TrialDays = -1 },
		"allowed origin":           func(c *fakealtegio.Config) { c.AllowWebhooksTo = []string{"a.test"} },
		"pending window -1s":       func(c *fakealtegio.Config) { c.PendingWindow = -time.Second },
		"webhook timeout -1s is n": func(c *fakealtegio.Config) { c.WebhookTimeout = -time.Second },
	} {
		cfg := fakealtegio.Config{
			Journal: journal.NewWriter(new(buffer), nil),
			Applications: []fakealtegio.Application{
				{ID: app, PartnerToken: token}, {ID: sibling, PartnerToken: token},
			},
		}
		change(&cfg)
		if _, err := fakealtegio.New(cfg); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %q", err, want)
		}
	}
}

func TestChoicesHaveNamesAndAlternatives(t *testing.T) {
	h := open(t)
	seen := map[string]bool{}
	for _, c := range h.Choices() {
		if c.Name == "" || c.Value == "" || c.Note == "" || seen[c.Name] {
			t.Errorf("choice: %+v", c)
		}
		seen[c.Name] = true
	}
	loc := h.location(journal.StateActive)
	used := 0
	h.post(pathInstall, installBody(55, app))
	h.refund(h.pay(app, loc, 0, 30))
	h.disconnect(app, loc)
	for _, r := range h.records() {
		if r.Exchange == nil {
			continue
		}
		for _, name := range r.Exchange.Choices {
			if used++; !seen[name] {
				t.Errorf("%s is not among the choices", name)
			}
		}
	}
	if used == 0 {
		t.Error("no exchange names a choice")
	}
}
