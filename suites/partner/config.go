package partner

import "time"

// Config is a readiness.yaml: the application as registered with Altegio, how its integration is
// reached or started, and the steps that only the partner knows.
//
// [Load] and [Parse] return a checked Config whose templates are still templates; the static parts
// are rendered by [Config.Resolve] once the address of the fake Altegio is known, the hooks every
// time they run.
type Config struct {
	// Version is the version of the file format, 1.
	Version     int         `yaml:"version" need:"yes"`
	Application Application `yaml:"application" need:"yes"`
	// Integration says how the integration is reached.
	Integration Reach   `yaml:"integration" need:"yes"`
	Altegio     Altegio `yaml:"altegio"`
	// Drive has the hooks, lists of steps that make the integration do something.
	Drive Drive `yaml:"drive"`
	// Observe has the probes, questions about what the integration believes.
	Observe Observe      `yaml:"observe"`
	Payment PaymentTerms `yaml:"payment"`
	Limits  Limits       `yaml:"limits"`

	source *source // for errors that turn up after parsing
	dir    string  // of the file; "" is the working directory
	facts  *Vars   // the static facts, set by Resolve
}

// Application is the app as registered in Altegio's developer account.
type Application struct {
	ID    int64  `yaml:"id" need:"yes"`
	Title string `yaml:"title"`
	// PartnerToken is the bearer token of the developer account. Use a made-up one, or take it
	// from the environment: ${ALTEGIO_PARTNER_TOKEN}. It is never a template.
	PartnerToken string `yaml:"partner_token" need:"yes"`
	// RegistrationRedirectURL is where Altegio sends an owner who pressed Connect.
	RegistrationRedirectURL string `yaml:"registration_redirect_url" need:"yes" template:"static"`
	// CallbackURL is where Altegio sends lifecycle webhooks.
	CallbackURL string `yaml:"callback_url" need:"yes" template:"static"`
	// Monetization is "paid", "freemium" or "free"; paid unless given.
	Monetization string `yaml:"monetization"`
	// TrialDays is the length of the free period, 7 unless given; 0 means none.
	TrialDays int `yaml:"trial_days"`
	// UserData is true if "transmit user data when connecting" is ticked.
	UserData bool `yaml:"user_data"`
	// MultipleLocations is true if one redirect may carry several locations.
	MultipleLocations bool `yaml:"multiple_locations"`
}

// Reach is the integration section: exactly one of URL and Process.
type Reach struct {
	// URL is the base URL of an integration that runs already.
	URL string `yaml:"url" template:"static"`
	// Process is an integration that the harness starts and stops.
	Process *Process `yaml:"process"`
	// Ready is the URL that answers below 500 as soon as the integration can be used. Unless given it is
	// the root of the integration: of URL, or of the application's redirect URL.
	Ready string `yaml:"ready" template:"static"`
}

// Process is how to start an integration.
type Process struct {
	// Command is the program and its arguments; there is no shell. The program must stay in the
	// foreground.
	Command []string `yaml:"command" need:"yes" template:"static"`
	// Env is added to the environment of the harness.
	Env map[string]string `yaml:"env" template:"static"`
	// Dir is the working directory, relative to the folder of readiness.yaml, which is the default.
	Dir string `yaml:"dir" template:"static"`
}

// Altegio is where the fake Altegio listens and under which address the integration finds it.
type Altegio struct {
	// Listen is host:port; port 0 takes a free one. 127.0.0.1:0 unless given.
	Listen string `yaml:"listen" template:"static"`
	// PublicURL is the base URL seen by the integration where it is not http://Listen: a tunnel, a
	// name inside a container network.
	PublicURL string `yaml:"public_url" template:"static"`
}

// Drive has the hooks of the integration, each a list of [Step]. An absent hook leaves the
// requirements that need it unverified.
type Drive struct {
	// Register makes an account, beginning at the page to which the redirect URL led.
	Register []Step `yaml:"register"`
	// SignIn signs in to an existing account, beginning at that page as well.
	SignIn []Step `yaml:"sign_in"`
	// Pay makes the customer of a location pay.
	Pay []Step `yaml:"pay"`
	// Refund returns a payment to the customer.
	Refund []Step `yaml:"refund"`
}

// Observe has the probes of the integration.
type Observe struct {
	// Connected tells whether the integration believes that a location is connected.
	Connected *Probe `yaml:"connected"`
}

// PaymentTerms is the payment section: what a payment made by the pay hook looks like.
type PaymentTerms struct {
	// Currency is three capital letters, EUR unless given.
	Currency string `yaml:"currency"`
	// Sum is a decimal like "990.99", given when the pay hook always charges the same sum, so that
	// the harness knows what to expect without being able to choose it.
	Sum string `yaml:"sum"`
}

// Limits are the patience of the harness.
type Limits struct {
	// Ready is how long a started integration may take until it answers, 30s unless given.
	Ready time.Duration `yaml:"ready"`
	// Step is how long one step of a hook may take, 10s unless given.
	Step time.Duration `yaml:"step"`
	// Wait is how long an expected call is awaited, 15s unless given.
	Wait time.Duration `yaml:"wait"`
	// Quiet is the shortest time in which nothing must happen, 300ms unless given.
	Quiet time.Duration `yaml:"quiet"`
}

// defaults is the configuration that a file is laid over.
func defaults() *Config {
	return &Config{
		Application: Application{Monetization: "paid", TrialDays: 7},
		Altegio:     Altegio{Listen: "127.0.0.1:0"},
		Payment:     PaymentTerms{Currency: "EUR"},
		Limits: Limits{
			Ready: 30 * time.Second,
			Step:  10 * time.Second,
			Wait:  15 * time.Second,
			Quiet: 300 * time.Millisecond,
		},
	}
}

// hook returns the steps of a hook by its name in the configuration.
func (c *Config) hook(name string) []Step {
	switch name {
	case "register":
		return c.Drive.Register
	case "sign_in":
		return c.Drive.SignIn
	case "pay":
		return c.Drive.Pay
	case "refund":
		return c.Drive.Refund
	}
	return nil
}

// probe returns a probe by its full name.
func (c *Config) probe(name string) *Probe {
	if name == "observe.connected" {
		return c.Observe.Connected
	}
	return nil
}

// hookNames and probeNames are all there can be, sorted.
var (
	hookNames  = []string{"pay", "refund", "register", "sign_in"}
	probeNames = []string{"observe.connected"}
)
