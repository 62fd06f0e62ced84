package partner_test

import (
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/altegio-readiness/harness/suites/partner"
)

// whole has every key that there is.
const whole = `
version: 1
application:
  id: 4242
  title: Reminders
  partner_token: ${TOKEN}
  registration_redirect_url: "{{.Integration.URL}}/altegio/connect"
  callback_url: "{{.Integration.URL}}/altegio/callback"
  monetization: freemium
  trial_days: 0
  user_data: true
  multiple_locations: true
integration:
  process:
    command: [node, "--run={{.Run.ID}}", server.mjs]
    env: {PORT: "{{.Integration.Port}}", ALTEGIO_URL: "{{.Altegio.URL}}", DEBUG: 1, DB_PASSWORD: p4ssw0rd}
    dir: app
  ready: http://127.0.0.1:{{.Integration.Port}}/healthz
altegio:
  listen: 127.0.0.1:0
  public_url: http://tunnel.example:8080
drive:
  register: &steps
    - form:
        fields: {email: "{{.Owner.Email}}", password: "{{.Owner.Password}}"}
        submit: Sign up
  sign_in: *steps
  pay:
    - http:
        method: PUT
        url: /test/pay
        headers: {X-Api-Key: "${BRACES}", Authorization: Bearer abcdef123456}
        json: {location: "{{.Location.ID}}", sum: 990.90, ok: true, none: null, list: [1, a]}
        expect: [200, 2xx]
        follow: false
      extract: {id: {json: "$.data['the id'][0]"}}
      timeout: 500ms
    - exec: {command: [sh, -c, 'echo $${HOME} {{.Vars.id}}'], timeout: 1m}
  refund:
    - http: {url: "http://127.0.0.1:9000/refund/{{.Payment.ID}}", form: {key: "{{.Payment.Key}}"}}
observe:
  connected: {http: {url: "/state?location={{.Location.ID}}"}, path: $.status, equals: active}
payment: {currency: USD, sum: 990.99}
limits: {ready: 5s, step: 1s, wait: 2s, quiet: 10ms}
`

func parse(t *testing.T, text string) *partner.Config {
	t.Helper()
	cfg, err := partner.Parse("readiness.yaml", []byte(text), testEnv)
	if err != nil {
		t.Fatal(err)
	}
	return cfg
}

func TestConfigValues(t *testing.T) {
	cfg := parse(t, whole)
	pay := cfg.Drive.Pay[0]
	for _, c := range []struct {
		what      string
		got, want any
	}{
		{"token", cfg.Application.PartnerToken, "token-from-env"},
		{"monetization", cfg.Application.Monetization, "freemium"},
		{"trial days", cfg.Application.TrialDays, 0},
		{"user data", cfg.Application.UserData, true},
		{"a number as text", cfg.Integration.Process.Env["DEBUG"], "1"},
		{"alias", cfg.Drive.SignIn[0].Form.Submit, "Sign up"},
		{"json", fmt.Sprint(pay.HTTP.JSON.Value), "map[list:[1 a] location:{{.Location.ID}} none:<nil> ok:true sum:990.90]"},
		{"expect", pay.HTTP.Expect.String(), "status 200 or 2xx"},
		{"follow", *pay.HTTP.Follow, false},
		{"timeout", pay.Timeout, 500 * time.Millisecond},
		{"escaped dollar", cfg.Drive.Pay[1].Exec.Command[2], "echo ${HOME} {{.Vars.id}}"},
		{"equals", cfg.Observe.Connected.Equals.Value, "active"},
		{"sum", cfg.Payment.Sum, "990.99"},
		{"quiet", cfg.Limits.Quiet, 10 * time.Millisecond},
	} {
		if c.got != c.want {
			t.Errorf("%s: got %v, want %v", c.what, c.got, c.want)
		}
	}
	for status, want := range map[int]bool{200: true, 204: true, 302: false, 500: false} {
		if got := pay.HTTP.Expect.Allows(status); got != want {
			t.Errorf("expect allows %d: got %v, want %v", status, got, want)
		}
	}
}

func TestConfigDefaults(t *testing.T) {
	cfg := parse(t, minimal)
	got := fmt.Sprint(cfg.Application.Monetization, cfg.Application.TrialDays, cfg.Altegio.Listen, cfg.Payment.Currency, cfg.Payment.Sum, cfg.Limits)
	if want := "paid7127.0.0.1:0EUR{30s 10s 15s 300ms}"; strings.ReplaceAll(got, " ", "") != strings.ReplaceAll(want, " ", "") {
		t.Errorf("got %s, want %s", got, want)
	}
	if _, err := partner.Parse("x", []byte(minimal), nil); err != nil {
		t.Errorf("without an environment: %v", err)
	}
}

const minimal = `
version: 1
application:
  id: 1
  partner_token: abc
  registration_redirect_url: http://127.0.0.1:9000/connect?lang=en
  callback_url: https://partner.example/callback
integration: {url: "http://127.0.0.1:9000/"}
`

func TestSecrets(t *testing.T) {
	got := parse(t, whole).Secrets()
	want := map[string]string{
		"partner-token":        "token-from-env", // and not twice, as env-TOKEN
		"process-DB_PASSWORD":  "p4ssw0rd",
		"header-Authorization": "abcdef123456",
	}
	if !maps.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
	got = parse(t, minimal+"drive: {pay: [{exec: {command: [pay, '${TOKEN}', '${API_KEY:-fallback}']}}]}").Secrets()
	want = map[string]string{"partner-token": "abc", "env-TOKEN": "token-from-env", "env-API_KEY": "fallback"}
	if !maps.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

func TestResolve(t *testing.T) {
	cfg := parse(t, whole)
	resolved, err := cfg.Resolve(partner.Vars{
		Altegio: partner.AltegioFacts{URL: "http://127.0.0.1:7000"},
		Run:     partner.RunFacts{ID: "run-1"},
	})
	if err != nil {
		t.Fatal(err)
	}
	vars := resolved.Vars()
	port := vars.Integration.Port
	if port < 20000 || port >= 32000 {
		t.Errorf("port %d is outside of the range", port)
	}
	base := fmt.Sprintf("http://127.0.0.1:%d", port)
	for _, c := range [][3]string{
		{"address", vars.Integration.URL, base},
		{"redirect URL", resolved.Application.RegistrationRedirectURL, base + "/altegio/connect"},
		{"port", resolved.Integration.Process.Env["PORT"], fmt.Sprint(port)},
		{"fake", resolved.Integration.Process.Env["ALTEGIO_URL"], "http://127.0.0.1:7000"},
		{"command", resolved.Integration.Process.Command[1], "--run=run-1"},
		{"ready", resolved.ReadyURL(), base + "/healthz"},
		{"hooks stay templates", resolved.Drive.Refund[0].HTTP.URL, "http://127.0.0.1:9000/refund/{{.Payment.ID}}"},
		{"the original stays", cfg.Integration.Process.Env["PORT"], "{{.Integration.Port}}"},
	} {
		if c[1] != c[2] {
			t.Errorf("%s: got %q, want %q", c[0], c[1], c[2])
		}
	}

	resolved, err = parse(t, minimal).Resolve(partner.Vars{})
	if err != nil {
		t.Fatal(err)
	}
	if got := resolved.Vars().Integration.URL; got != "http://127.0.0.1:9000" {
		t.Errorf("address of a URL: got %q", got)
	}
	text := strings.Replace(minimal, `{url: "http://127.0.0.1:9000/"}`, `{process: {command: [a], env: {U: "{{.Altegio.URL}}"}}}`, 1)
	_, err = parse(t, text).Resolve(partner.Vars{})
	var mistake *partner.ConfigError
	if !errors.As(err, &mistake) || !strings.Contains(err.Error(), "{{.Altegio.URL}} has no value at this moment") || mistake.Line != 8 {
		t.Errorf("a fact without a value: got %v", err)
	}
	resolved, err = parse(t, text).Resolve(partner.Vars{Altegio: partner.AltegioFacts{URL: "http://x"}})
	if err != nil {
		t.Fatal(err)
	}
	if got := resolved.ReadyURL(); got != "http://127.0.0.1:9000/" {
		t.Errorf("ready without anything: got %q", got)
	}
}

func TestEnvironmentIsNoTemplate(t *testing.T) {
	cfg := parse(t, strings.Replace(minimal, "/callback\n", "/callback?x=${BRACES}\n", 1))
	resolved, err := cfg.Resolve(partner.Vars{})
	if err != nil {
		t.Fatal(err)
	}
	if want := "https://partner.example/callback?x=a{{.Owner.Email}}b"; resolved.Application.CallbackURL != want {
		t.Errorf("got %q, want %q", resolved.Application.CallbackURL, want)
	}
	cfg = parse(t, strings.Replace(minimal, "https://partner.example/callback", "${EMPTY:-{{.Integration.URL}}/x}${EMPTY}", 1))
	if resolved, err = cfg.Resolve(partner.Vars{}); err != nil || resolved.Application.CallbackURL != "http://127.0.0.1:9000/x" {
		t.Errorf("a template as default: got %v, %v", resolved, err)
	}
}

func TestPaysWhatItIsTold(t *testing.T) {
	for _, c := range []struct {
		more string
		want bool
	}{
		{"", false},
		{`drive: {pay: [{http: {url: /pay}}]}`, false},
		{`drive: {pay: [{http: {url: "/pay?sum={{.Payment.Sum}}"}}]}`, true},
		{`drive: {pay: [{http: {url: /pay, json: {a: [{sum: "{{ printf \"%s\" .Payment.Sum }}"}]}}}]}`, true},
		{`drive: {pay: [{http: {url: /pay, body: "{{if .Payment.ID}}{{$.Payment.Sum}}{{end}}"}}]}`, true},
		{`drive: {pay: [{http: {url: /pay, body: "{{/* .Payment.Sum */}}"}}]}`, false},
		{`drive: {pay: [{http: {url: /pay, body: "{{\"{{.Payment.Sum}}\"}}"}}]}`, false},
		{`drive: {refund: [{http: {url: "/pay?sum={{.Payment.Sum}}"}}]}`, false},
		{`drive: {pay: [{exec: {command: [sh, -c, "pay $READINESS_PAYMENT_SUM"]}}]}`, true},
		{`{drive: {pay: [{http: {url: "/pay?sum={{.Payment.Sum}}"}}]}, payment: {sum: 5}}`, false},
	} {
		text := minimal + c.more
		if strings.HasPrefix(c.more, "{") {
			text = minimal + "drive: {pay: [{http: {url: \"/pay?sum={{.Payment.Sum}}\"}}]}\npayment: {sum: 5}"
		}
		if got := parse(t, text).PaysWhatItIsTold(); got != c.want {
			t.Errorf("%s: got %v, want %v", c.more, got, c.want)
		}
	}
}

func TestLoad(t *testing.T) {
	dir := t.TempDir()
	_, err := partner.Load(filepath.Join(dir, "absent.yaml"), testEnv)
	if err == nil || !strings.Contains(err.Error(), "there is no such file") {
		t.Errorf("an absent file: got %v", err)
	}
	if _, err = partner.Load(dir, testEnv); err == nil {
		t.Error("a folder was read")
	}
	file := filepath.Join(dir, "readiness.yaml")
	if err := os.WriteFile(file, append([]byte("\xef\xbb\xbf"), strings.ReplaceAll(whole, "\n", "\r\n")...), 0o600); err != nil {
		t.Fatal(err)
	}
	cfg, err := partner.Load(file, testEnv)
	if err != nil || !slices.Equal(cfg.Integration.Process.Command[:1], []string{"node"}) {
		t.Errorf("a file with byte order mark and carriage returns: %v", err)
	}
}
