package partner

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/altegio-readiness/harness/fakealtegio/journal"
)

// Driver makes an integration do things: it runs the hooks, asks the probes and gives owners their
// browsers. It may be used by many goroutines at once, each with a browser of its own.
type Driver struct {
	cfg       *Config
	journal   *journal.Writer
	transport *http.Transport
}

// NewDriver returns a driver for a resolved configuration. It registers the configuration's secrets with
// the redactor of the journal. Call Close at the end.
func NewDriver(cfg *Config, j *journal.Writer) *Driver {
	secrets := cfg.Secrets()
	for _, name := range slices.Sorted(maps.Keys(secrets)) {
		j.Redactor().Secret(name, secrets[name])
	}
	return &Driver{cfg: cfg, journal: j, transport: newTransport()}
}

// Close closes the connections that are still open.
func (d *Driver) Close() { d.transport.CloseIdleConnections() }

// Has tells whether a hook ("register", "sign_in", "pay", "refund") or a probe
// ("observe.connected") is configured.
func (d *Driver) Has(hook string) bool {
	return len(d.cfg.hook(hook)) > 0 || d.cfg.probe(hook) != nil
}

// Hooks are the names of the configured hooks, sorted.
func (d *Driver) Hooks() []string {
	return slices.DeleteFunc(slices.Clone(hookNames), func(name string) bool { return !d.Has(name) })
}

// Probes are the names of the configured probes, sorted.
func (d *Driver) Probes() []string {
	return slices.DeleteFunc(slices.Clone(probeNames), func(name string) bool { return !d.Has(name) })
}

// NewBrowser returns a fresh browser, without cookies and on no page.
func (d *Driver) NewBrowser(owner string) *Browser {
	return newBrowser(owner, d.journal, d.transport)
}

// Call says for whom and in which story something is done.
type Call struct {
	Scenario string
	Location int64  // Vars.Location.ID unless given
	Moment   string // of a probe
	// Browser is the owner's; a fresh one is used if there is none.
	Browser *Browser
	Owner   string // as in the journal; that of the browser unless given
	// Vars are the facts of the story. The static facts are filled in, and Payment from the field below.
	Vars Vars
	// Payment is what a pay or refund hook is asked to do.
	Payment *journal.Payment
}

// complete fills in what a call leaves out.
func (d *Driver) complete(c Call) Call {
	known := d.cfg.Vars()
	if c.Vars.Altegio == (AltegioFacts{}) {
		c.Vars.Altegio = known.Altegio
	}
	if c.Vars.Integration == (IntegrationFacts{}) {
		c.Vars.Integration = known.Integration
	}
	if c.Vars.Run == (RunFacts{}) {
		c.Vars.Run = known.Run
	}
	c.Vars.Application = known.Application
	if c.Payment != nil && c.Vars.Payment == (Payment{}) {
		p := *c.Payment
		c.Vars.Payment = Payment{Key: p.Key, Sum: p.Sum, Currency: p.Currency, ID: p.ID}
	}
	vars := map[string]string{}
	maps.Copy(vars, c.Vars.Vars)
	c.Vars.Vars = vars
	if c.Location == 0 {
		c.Location = c.Vars.Location.ID
	}
	if c.Browser == nil {
		c.Browser = d.NewBrowser(c.Owner)
	}
	if c.Owner == "" {
		c.Owner = c.Browser.Owner()
	}
	d.journal.Redactor().Secret("owner-password", c.Vars.Owner.Password)
	return c
}

// Visit makes the browser go to a URL, as somebody does who was sent there. Every page that comes
// is a success, whatever its status: it is judged by others. The journal has it as a step of "visit".
func (d *Driver) Visit(ctx context.Context, c Call, address string) (*Page, error) {
	c = d.complete(c)
	ctx, cancel := context.WithTimeout(ctx, d.cfg.Limits.Step)
	defer cancel()
	t := &turn{driver: d, call: c, errand: errand{c.Scenario, c.Location, "visit", 1, "visit", 0}, limit: d.cfg.Limits.Step}
	t.did = "GET " + shownURL(d.journal.Redactor(), address)
	if problem, _ := urlProblem(address); problem != "" {
		return nil, t.fault(fmt.Errorf("the URL %s", problem))
	}
	u, err := url.Parse(address)
	if err != nil {
		return nil, t.fault(errors.New("the URL is not valid"))
	}
	t.want = "a page within " + t.limit.String()
	page, err := c.Browser.open(ctx, &t.errand, request{method: http.MethodGet, url: u}, nil)
	if err != nil {
		return nil, t.fault(err)
	}
	return page, nil
}

// Run runs the steps of a hook and returns the facts with everything the steps extracted. The first step that fails
// ends it with a [*StepError]. The journal has the steps and then the result of the hook.
func (d *Driver) Run(ctx context.Context, hook string, c Call) (Vars, error) {
	steps := d.cfg.hook(hook)
	if len(steps) == 0 {
		return c.Vars, fmt.Errorf("the hook %q is not configured", hook)
	}
	c = d.complete(c)
	var failed error
	for i, step := range steps {
		t := d.turn(c, hook, fmt.Sprintf("drive.%s[%d]", hook, i), i+1, step)
		if _, failed = t.run(ctx, step); failed != nil {
			break
		}
	}
	record := &journal.Hook{Name: hook, Owner: c.Owner, OK: failed == nil, Payment: c.Payment}
	if failed != nil {
		record.Error = failed.Error()
	}
	if _, err := d.journal.Append(journal.Record{Kind: journal.KindHook, Scenario: c.Scenario, Location: c.Location, Hook: record}); err != nil {
		return c.Vars, errors.Join(failed, err)
	}
	return c.Vars, failed
}

// Probe asks a probe. The answer is nil when there was none, and the error says why; both are in the journal, where the
// probe is called without "observe.". A probe never moves the browser from its page.
func (d *Driver) Probe(ctx context.Context, name string, c Call) (*bool, error) {
	p := d.cfg.probe(name)
	if p == nil {
		return nil, fmt.Errorf("the probe %q is not configured", name)
	}
	c = d.complete(c)
	t := d.turn(c, name, name, 1, p.step())
	t.aside = true
	var answer *bool
	body, failed := t.run(ctx, p.step())
	if failed == nil {
		value, err := p.read(body)
		if err != nil {
			failed = t.fault(err)
		} else {
			answer = &value
		}
	}
	// The journal names probes as it names hooks, without the section they stand in.
	record := &journal.Probe{Name: strings.TrimPrefix(name, "observe."), Moment: c.Moment, Value: answer}
	if failed != nil {
		record.Error = failed.Error()
	}
	if _, err := d.journal.Append(journal.Record{Kind: journal.KindProbe, Scenario: c.Scenario, Location: c.Location, Probe: record}); err != nil {
		return answer, errors.Join(failed, err)
	}
	return answer, failed
}

// turn returns what is needed to run a step.
func (d *Driver) turn(c Call, hook, path string, index int, step Step) *turn {
	return &turn{
		driver: d,
		call:   c,
		path:   path,
		errand: errand{c.Scenario, c.Location, hook, index, step.kind(), 0},
		limit:  step.timeout(d.cfg.Limits.Step),
	}
}

// turn is one step being run.
type turn struct {
	driver *Driver
	call   Call
	path   string // in the configuration
	errand errand
	limit  time.Duration
	aside  bool
	// did and want are for the error: what was done and what was awaited.
	did, want string
}
