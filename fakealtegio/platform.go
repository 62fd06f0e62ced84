package fakealtegio

import (
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/altegio-readiness/harness/fakealtegio/journal"
	"github.com/altegio-readiness/harness/openapi"
)

// Config says what a [Platform] is made of. Journal and one application are required; the zero
// value of everything else is its default.
type Config struct {
	// Journal receives the records. Its redactor learns the partner tokens.
	Journal *journal.Writer
	// Seed fixes ids and the choice of fixtures, so that a run can be repeated.
	Seed int64
	// Applications are those registered in the developer accounts. Applications with the same
	// partner token belong to the same developer.
	Applications []Application
	// Now is the real time; time.Now by default.
	Now func() time.Time
	// PendingWindow is how long after the Connect click an installation is taken;
	// [DefaultPendingWindow] by default.
	PendingWindow time.Duration
	// WebhookTimeout limits a delivery from dialling to the last byte of the answer;
	// [DefaultWebhookTimeout] by default.
	WebhookTimeout time.Duration
	// AllowWebhooksTo are origins (https://host:port) that may receive webhooks beside those of
	// the applications' callback URLs. No other address is ever contacted.
	AllowWebhooksTo []string
	// OnExchange is called with each exchange after it was recorded, and before a caller of the
	// platform has its answer. It must be safe for concurrent use.
	OnExchange func(journal.Record)
}

// Application is an app as registered in the developer account.
type Application struct {
	ID           int64
	Title        string
	PartnerToken string // of the developer account, shared by its applications
	RedirectURL  string // Registration Redirect URL: where Connect sends the browser
	CallbackURL  string // where lifecycle webhooks go
	Monetization string // "paid" (default), "freemium" or "free"
	TrialDays    int
	// UserData is the checkbox "transmit user data when connecting", MultipleLocations the one
	// for connecting several locations at once.
	UserData          bool
	MultipleLocations bool
}

// The kinds of monetization.
const (
	MonetizationPaid     = "paid"
	MonetizationFreemium = "freemium"
	MonetizationFree     = "free"
)

// Defaults of [Config].
const (
	// DefaultPendingWindow: the installation has to arrive within an hour of the click
	// ("Connecting the integration via marketplace",
	// https://support.alteg.io/hc/en-us/articles/6746045060381). The server's code is said to
	// allow twelve (https://github.com/altegio/altegio-integrations-hub-mcp), which its own
	// authors advise not to rely on.
	DefaultPendingWindow = time.Hour
	// DefaultWebhookTimeout is the total time the platform gives entity webhooks
	// (https://github.com/altegio/altegio-integrations-hub-mcp, docs/webhooks); for lifecycle
	// webhooks nothing is published.
	DefaultWebhookTimeout = 10 * time.Second
)

// minTokenLength keeps the redactor from replacing every "a" of the journal.
const minTokenLength = 8

// Platform is a fake Altegio. Its methods are safe for concurrent use.
type Platform struct {
	cfg        Config
	apps       map[int64]*Application
	developers map[string]*developer // by partner token
	contract   *openapi.Contract
	world      *world
	client     *http.Client
	origins    map[string]bool // that may receive webhooks

	// turns make a change of a location and its records one step, so that the journal tells the
	// story of a location in the order in which it happened. A turn is never held while a webhook
	// is under way: the integration may call back from its handler.
	turns [turns]sync.Mutex

	checks  checks
	faults  faults
	servers servers
}

// developer is an account of the cabinet: one token, several applications.
type developer struct{ apps map[int64]*Application }

// New makes a platform with the applications registered and no location. Close it.
func New(cfg Config) (*Platform, error) {
	if err := cfg.validate(); err != nil {
		return nil, fmt.Errorf("fake Altegio: %w", err)
	}
	contract, err := openapi.Load()
	if err != nil {
		return nil, fmt.Errorf("fake Altegio: load the contract: %w", err)
	}
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	if cfg.PendingWindow == 0 {
		cfg.PendingWindow = DefaultPendingWindow
	}
	if cfg.WebhookTimeout == 0 {
		cfg.WebhookTimeout = DefaultWebhookTimeout
	}
	p := &Platform{
		cfg:        cfg,
		apps:       make(map[int64]*Application),
		developers: make(map[string]*developer),
		contract:   contract,
		client:     webhookClient(),
		origins:    make(map[string]bool),
	}
	for _, app := range cfg.Applications {
		if app.Monetization == "" {
			app.Monetization = MonetizationPaid
		}
		p.register(&app)
	}
	for _, allowed := range cfg.AllowWebhooksTo {
		o, _ := origin(allowed) // validate has seen it
		p.origins[o] = true
	}
	p.world = newWorld(cfg, slices.Collect(maps.Keys(p.apps)))
	return p, nil
}

func (p *Platform) register(app *Application) {
	p.apps[app.ID] = app
	dev := p.developers[app.PartnerToken]
	if dev == nil {
		dev = &developer{apps: make(map[int64]*Application)}
		p.developers[app.PartnerToken] = dev
		red := p.cfg.Journal.Redactor()
		red.Secret("partner-token", app.PartnerToken)
		for _, near := range nearTokens(app.PartnerToken) {
			red.Secret("forged-token", near) // or a forged webhook would record the token but for a letter
		}
	}
	dev.apps[app.ID] = app
	if o, err := origin(app.CallbackURL); err == nil {
		p.origins[o] = true
	}
	for _, s := range []string{app.RedirectURL, app.CallbackURL} {
		if u, err := url.Parse(s); err == nil && u.User != nil {
			if password, set := u.User.Password(); set && password != "" {
				p.cfg.Journal.Redactor().Secret("url-password", password)
			}
		}
	}
}

// application returns a registered application.
func (p *Platform) application(id int64) (*Application, error) {
	app := p.apps[id]
	if app == nil {
		return nil, fmt.Errorf("application %d is not registered", id)
	}
	return app, nil
}

const turns = 64 // more than requests are ever under way at once

func turnOf(location int64) int { return int(uint64(location) % turns) }

func (p *Platform) turn(location int64) *sync.Mutex { return &p.turns[turnOf(location)] }

// takeTurns takes the turns of several locations, in one order for everybody, and returns what
// gives them back.
func (p *Platform) takeTurns(locations []int64) (release func()) {
	taken := make(map[int]bool)
	for _, id := range locations {
		taken[turnOf(id)] = true
	}
	order := slices.Sorted(maps.Keys(taken))
	for _, i := range order {
		p.turns[i].Lock()
	}
	return func() {
		for _, i := range order {
			p.turns[i].Unlock()
		}
	}
}

func (c Config) validate() error {
	var errs []error
	bad := func(format string, args ...any) { errs = append(errs, fmt.Errorf(format, args...)) }
	if c.Journal == nil {
		bad("no journal")
	}
	if len(c.Applications) == 0 {
		bad("no application")
	}
	if c.PendingWindow < 0 {
		bad("pending window %v is negative", c.PendingWindow)
	}
	if c.WebhookTimeout < 0 {
		bad("webhook timeout %v is negative", c.WebhookTimeout)
	}
	for _, allowed := range c.AllowWebhooksTo {
		if _, err := origin(allowed); err != nil {
			bad("allowed origin of webhooks: %w", err)
		}
	}
	seen := make(map[int64]bool)
	for _, app := range c.Applications {
		if seen[app.ID] {
			bad("application %d is registered twice", app.ID)
		}
		seen[app.ID] = true
		for _, err := range app.validate() {
			bad("application %d: %w", app.ID, err)
		}
	}
	return errors.Join(errs...)
}

func (a Application) validate() (errs []error) {
	if a.ID < 1 {
		errs = append(errs, errors.New("the id is not positive"))
	}
	if len(a.PartnerToken) < minTokenLength {
		errs = append(errs, fmt.Errorf("the partner token has fewer than %d characters", minTokenLength))
	}
	if strings.ContainsFunc(a.PartnerToken, func(r rune) bool { return r <= ' ' || r >= 0x7f || r == ',' }) {
		errs = append(errs, errors.New("the partner token holds characters that no header can carry"))
	}
	for name, s := range map[string]string{"redirect": a.RedirectURL, "callback": a.CallbackURL} {
		if s == "" {
			continue // a card under construction; Connect and the webhooks say so when it matters
		}
		if _, err := origin(s); err != nil {
			errs = append(errs, fmt.Errorf("%s URL: %w", name, err))
		}
	}
	switch a.Monetization {
	case "", MonetizationPaid, MonetizationFreemium, MonetizationFree:
	default:
		errs = append(errs, fmt.Errorf("monetization %q is none of paid, freemium, free", a.Monetization))
	}
	if a.TrialDays < 0 || a.TrialDays > 3650 {
		errs = append(errs, fmt.Errorf("trial of %d days is not between 0 and ten years", a.TrialDays))
	}
	return errs
}

// origin returns scheme, host and port of an absolute http or https URL.
func origin(s string) (string, error) {
	u, err := url.Parse(s)
	if err != nil {
		return "", errors.New("not a URL") // the parser's text would repeat a URL that may hold a secret
	}
	scheme, port := strings.ToLower(u.Scheme), u.Port()
	if scheme != "http" && scheme != "https" || u.Hostname() == "" {
		return "", errors.New("not an absolute http or https URL")
	}
	if port == "" {
		port = map[string]string{"http": "80", "https": "443"}[scheme]
	}
	return scheme + "://" + strings.ToLower(u.Hostname()) + "|" + port, nil
}
