package partner

// Vars are the facts that templates in readiness.yaml may use, {{.Owner.Email}} for example. It is
// the reference of those names.
//
// The static parts of a configuration (the URLs of the application, integration, altegio) know
// Altegio, Application, Integration and Run; steps of hooks and probes know everything. A fact
// that has no value at that moment is an error, not an empty text. Commands find the same facts
// in their environment and on their standard input, under the names of the JSON tags: see
// [ExecStep].
type Vars struct {
	Altegio     AltegioFacts     `json:"altegio"`
	Application ApplicationFacts `json:"application"`
	Integration IntegrationFacts `json:"integration"`
	Owner       Owner            `json:"owner"`
	Location    Location         `json:"location"`
	Payment     Payment          `json:"payment"`
	// Vars are the values that earlier steps have extracted: {{.Vars.NAME}}.
	Vars map[string]string `json:"vars,omitempty"`
	Run  RunFacts          `json:"run"`
}

// AltegioFacts are what there is to know about the fake Altegio.
type AltegioFacts struct {
	// URL is its base URL as the integration sees it, without a slash at the end.
	URL string `json:"url,omitempty"`
}

// ApplicationFacts repeat the application section.
type ApplicationFacts struct {
	ID           int64  `json:"id,omitempty"`
	PartnerToken string `json:"partner_token,omitempty"`
}

// IntegrationFacts say where the integration is.
type IntegrationFacts struct {
	// Port is a free port, chosen for this run and meant for the integration to listen on: env:
	// {PORT: "{{.Integration.Port}}"}.
	Port int `json:"port,omitempty"`
	// URL is integration.url; for a process http://127.0.0.1:PORT if the configuration uses the
	// port, and the origin of the redirect URL otherwise. No slash at the end.
	URL string `json:"url,omitempty"`
}

// Owner is the person who presses Connect. Every story has its own.
type Owner struct {
	ID       int64  `json:"id,omitempty"`
	Name     string `json:"name,omitempty"`
	Email    string `json:"email,omitempty"`
	Phone    string `json:"phone,omitempty"`
	Password string `json:"password,omitempty"` // for the account at the partner's
}

// Location is the salon that is being connected.
type Location struct {
	ID       int64  `json:"id,omitempty"` // salon_id on the wire
	Title    string `json:"title,omitempty"`
	City     string `json:"city,omitempty"`
	Currency string `json:"currency,omitempty"`
	Timezone string `json:"timezone,omitempty"`
}

// Payment is what the pay and refund hooks are about.
type Payment struct {
	// Key is the harness's own name of the payment, unique in the run. The refund of a payment
	// has the key of the payment.
	Key string `json:"key,omitempty"`
	// Sum is a decimal like 990.99, Currency three letters.
	Sum      string `json:"sum,omitempty"`
	Currency string `json:"currency,omitempty"`
	// ID is the id that the platform gave to the payment; known to refunds.
	ID int64 `json:"id,omitempty"`
}

// RunFacts are about the harness.
type RunFacts struct {
	// ID is unique for each run.
	ID string `json:"id,omitempty"`
	// Executable is the path of the altegio-readiness that is running.
	Executable string `json:"executable,omitempty"`
}

// sample has a value for every fact; what does not render with it never will.
func sample() Vars {
	return Vars{
		Altegio:     AltegioFacts{URL: "http://127.0.0.1:20001"},
		Application: ApplicationFacts{ID: 1, PartnerToken: "token"},
		Integration: IntegrationFacts{Port: 20000, URL: "http://127.0.0.1:20000"},
		Owner:       Owner{ID: 1, Name: "name", Email: "name@example.com", Phone: "+10000000000", Password: "password"},
		Location:    Location{ID: 1, Title: "title", City: "city", Currency: "EUR", Timezone: "Europe/Berlin"},
		Payment:     Payment{Key: "key", Sum: "1.00", Currency: "EUR", ID: 1},
		Vars:        map[string]string{},
		Run:         RunFacts{ID: "run", Executable: "altegio-readiness"},
	}
}
