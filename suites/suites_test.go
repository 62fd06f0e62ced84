package suites_test

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/altegio-readiness/harness/fakealtegio"
	"github.com/altegio-readiness/harness/fakealtegio/journal"
	"github.com/altegio-readiness/harness/fixtures/integrations/reminders"
	"github.com/altegio-readiness/harness/suites"
	"github.com/altegio-readiness/harness/suites/checklist"
	"github.com/altegio-readiness/harness/suites/partner"
	"github.com/altegio-readiness/harness/suites/scenario"
)

const token = "token-of-an-in-process-run"

// rehearsal is the sample integration and the fake platform in this process, as somebody has them
// who uses the suites as a library.
func rehearsal(t *testing.T) (stage *scenario.Stage, judge func() (checklist.Result, error)) {
	t.Helper()
	platformAt, appAt := listen(t), listen(t)
	app, err := reminders.New(reminders.Config{
		PublicURL: "http://" + appAt.Addr().String(), AltegioURL: "http://" + platformAt.Addr().String(),
		PartnerToken: token, ApplicationID: 4242, DataFile: filepath.Join(t.TempDir(), "data.db"), Scratch: true,
		BillingSecret: "secret-of-the-billing", RetryBase: 50 * time.Millisecond, PasswordRounds: 10, Limits: []reminders.Limit{},
	})
	if err != nil {
		t.Fatal(err)
	}
	app.Start(t.Context())
	t.Cleanup(func() { app.Close() })
	server := &http.Server{Handler: app.Handler(), ReadHeaderTimeout: time.Minute}
	go server.Serve(appAt)
	t.Cleanup(func() { server.Close() })

	cfg, err := partner.Parse("test.yaml", fmt.Appendf(nil, `
version: 1
application: {id: 4242, partner_token: %[2]s, registration_redirect_url: "http://%[1]s/altegio/connect", callback_url: "http://%[1]s/altegio/callback"}
integration: {url: "http://%[1]s"}
drive:
  register: [{form: {fields: {email: "{{.Owner.Email}}", password: "{{.Owner.Password}}", name: "{{.Owner.Name}}"}}}]
`, appAt.Addr(), token), func(string) (string, bool) { return "", false })
	if err != nil {
		t.Fatal(err)
	}
	var vars partner.Vars
	vars.Altegio.URL, vars.Run.ID, vars.Run.Executable = "http://"+platformAt.Addr().String(), "test", "test"
	if cfg, err = cfg.Resolve(vars); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "journal.jsonl")
	writer, err := journal.Create(path, journal.NewRedactor())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { writer.Close() })
	platform, err := fakealtegio.New(fakealtegio.Config{Journal: writer, Applications: []fakealtegio.Application{{
		ID: 4242, PartnerToken: token,
		RedirectURL: cfg.Application.RegistrationRedirectURL, CallbackURL: cfg.Application.CallbackURL,
	}}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(platform.Close)
	if err := platform.Serve(platformAt); err != nil {
		t.Fatal(err)
	}
	driver := partner.NewDriver(cfg, writer)
	t.Cleanup(driver.Close)
	if _, err := writer.Append(journal.Record{Kind: journal.KindRun, Run: &journal.Run{
		Application: journal.Application{ID: 4242, Monetization: "paid"}, Hooks: driver.Hooks(),
	}}); err != nil {
		t.Fatal(err)
	}
	stage = &scenario.Stage{Platform: platform, Driver: driver, Journal: writer, Config: cfg, Vars: cfg.Vars()}
	return stage, func() (checklist.Result, error) {
		records, err := journal.ReadFile(path)
		return checklist.Judge(records), err
	}
}

func listen(t *testing.T) net.Listener {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { listener.Close() })
	return listener
}

// TestRunAgain runs stories twice in one process, with two seeds: they are driven in their order,
// every requirement of theirs is judged once, and each judgement is that of the journal.
func TestRunAgain(t *testing.T) {
	for seed := range int64(2) {
		stage, judge := rehearsal(t)
		var driven, judged []string
		outcome := suites.Run(t.Context(), suites.Plan{
			Stage: stage, Scenarios: scenario.All(), Requirements: []string{"CON-01", "CON-02", "CON-20", "REC-03", "PAY-01"},
			Seed: seed, Judge: judge,
			Driven: func(sc scenario.Scenario) { driven = append(driven, sc.Name) },
			Judged: func(r checklist.Requirement, v checklist.Verdict) {
				judged = append(judged, fmt.Sprintf("%s %s", r.ID, v.Outcome))
			},
		})
		if outcome.Err != nil || outcome.Interrupted {
			t.Fatalf("seed %d: %+v", seed, outcome)
		}
		var all []string
		for _, sc := range scenario.All() {
			all = append(all, sc.Name)
		}
		if !slices.Equal(driven, all) {
			t.Errorf("seed %d: driven %v, want %v", seed, driven, all)
		}
		// Without a probe and without the pay hook nobody can see whether a connection is kept.
		want := []string{"CON-01 pass", "CON-02 pass", "PAY-01 not verified", "REC-03 not verified", "CON-20 not verified"}
		if !slices.Equal(judged, want) {
			t.Errorf("seed %d: judged %v, want %v", seed, judged, want)
		}
	}
}

// TestRunCancelled ends a run in its first story: it is an interruption, no fault of the harness,
// and nothing is judged.
func TestRunCancelled(t *testing.T) {
	stage, judge := rehearsal(t)
	ctx, cancel := context.WithCancelCause(t.Context())
	outcome := suites.Run(ctx, suites.Plan{
		Stage: stage, Scenarios: scenario.All(), Requirements: []string{"CON-01"}, Judge: judge,
		Driven: func(scenario.Scenario) { cancel(errors.New("enough")) },
		Judged: func(r checklist.Requirement, _ checklist.Verdict) { t.Errorf("%s was judged", r.ID) },
	})
	if !outcome.Interrupted || outcome.Err != nil {
		t.Errorf("got %+v, want an interruption", outcome)
	}
}
