package partner

import (
	"net"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// check finds what is well-formed and makes no sense.
func (c *Config) check() error {
	s := c.source
	if c.Version != 1 {
		return s.failAt("version", "write version: 1", "version %d is not known to this version of altegio-readiness", c.Version)
	}
	for _, check := range []func() error{c.checkTemplates, c.checkApplication, c.checkReach, c.checkAltegio, c.checkPayment, c.checkDrive} {
		if err := check(); err != nil {
			return err
		}
	}
	return nil
}

var monetizations = []string{"paid", "freemium", "free"}

func (c *Config) checkApplication() error {
	a, s := c.Application, c.source
	if a.ID <= 0 {
		return s.failAt("application.id", c.decoderHint("application.id"), "application.id must be a number above 0")
	}
	if strings.TrimSpace(a.PartnerToken) == "" {
		return s.failAt("application.partner_token", c.decoderHint("application.partner_token"), "application.partner_token is empty")
	}
	if strings.ContainsFunc(a.PartnerToken, func(r rune) bool { return r <= ' ' || r >= 0x7f }) {
		return s.failAt("application.partner_token", "a header carries it: letters, digits and punctuation only", "application.partner_token has a space or a letter in it that no header can carry")
	}
	if !slices.Contains(monetizations, a.Monetization) {
		hint := ""
		if near := suggest(a.Monetization, monetizations); near != "" {
			hint = "did you mean " + near + "?"
		}
		return s.failAt("application.monetization", hint, "application.monetization must be paid, freemium or free")
	}
	if a.TrialDays < 0 || a.TrialDays > 3650 {
		return s.failAt("application.trial_days", "0 means no trial", "application.trial_days must be between 0 and 3650")
	}
	return c.checkApplicationURLs()
}

func (c *Config) decoderHint(path string) string { return (&decoder{}).missingHint(path) }

func (c *Config) checkApplicationURLs() error {
	if err := c.checkURL("application.registration_redirect_url", c.Application.RegistrationRedirectURL, static); err != nil {
		return err
	}
	return c.checkURL("application.callback_url", c.Application.CallbackURL, static)
}

func (c *Config) checkReach() error {
	r, s := c.Integration, c.source
	switch {
	case r.URL == "" && r.Process == nil:
		return s.failAt("integration", "give url for an integration that runs already, process for one to be started", "integration has neither url nor process")
	case r.URL != "" && r.Process != nil:
		return s.fail(s.places["#integration.process"], "keep url for an integration that runs already, process for one to be started", "integration has both url and process")
	case r.URL != "":
		if err := c.checkURL("integration.url", r.URL, static); err != nil {
			return err
		}
	case len(r.Process.Command) == 0 || r.Process.Command[0] == "":
		return s.failAt("integration.process.command", "write for example: [node, server.mjs]", "integration.process.command is empty")
	}
	if r.Ready == "" {
		return nil
	}
	return c.checkURL("integration.ready", r.Ready, static)
}

func (c *Config) checkAltegio() error {
	a, s := c.Altegio, c.source
	if listen, err := render(a.Listen, static, sample()); err == nil {
		host, port, err := net.SplitHostPort(listen)
		n, perr := strconv.Atoi(port)
		if err != nil || perr != nil || n < 0 || n > 65535 || strings.ContainsAny(host, "/ ") {
			return s.failAt("altegio.listen", "write for example 127.0.0.1:0; port 0 takes a free one", "altegio.listen must be host:port")
		}
	}
	if a.PublicURL == "" {
		return nil
	}
	return c.checkURL("altegio.public_url", a.PublicURL, static)
}

var (
	currencyPattern = regexp.MustCompile(`^[A-Z]{3}$`)
	sumPattern      = regexp.MustCompile(`^[0-9]{1,9}(\.[0-9]{1,3})?$`)
)

func (c *Config) checkPayment() error {
	if !currencyPattern.MatchString(c.Payment.Currency) {
		return c.source.failAt("payment.currency", "write for example EUR", "payment.currency must be three capital letters")
	}
	if c.Payment.Sum != "" && (!sumPattern.MatchString(c.Payment.Sum) || strings.Trim(c.Payment.Sum, "0.") == "") {
		return c.source.failAt("payment.sum", `write for example "990.99"`, "payment.sum must be a decimal above 0")
	}
	return nil
}

// checkURL checks an absolute URL as far as it is known: templates are tried with sample facts.
func (c *Config) checkURL(path, text, scope string) error {
	raw := text
	if t := parsed(text, scope); t != nil {
		extracted := false
		mentions(t.Tree.Root, false, func(fact []string, _ bool) { extracted = extracted || fact[0] == "Vars" }, func(string) {})
		if extracted {
			return nil
		}
		var err error
		if raw, err = render(text, scope, sample()); err != nil {
			return c.templateFault(path, err)
		}
	}
	if problem, hint := urlProblem(raw); problem != "" {
		if scope == hook && !strings.Contains(raw, "://") {
			hint += ", or with / for a path of the integration"
		}
		return c.source.failAt(path, hint, "%s %s", path, problem)
	}
	return nil
}

// urlProblem says what is wrong with an absolute URL, without repeating it: it may hold a secret.
func urlProblem(raw string) (problem, hint string) {
	const example = "write for example http://127.0.0.1:9000/altegio/connect"
	if strings.TrimSpace(raw) == "" {
		return "is empty", example
	}
	if strings.ContainsFunc(raw, func(r rune) bool { return r <= ' ' || r == 0x7f }) {
		return "has a space in it", "write a space in a URL as %20"
	}
	if !strings.Contains(raw, "://") {
		return "must be an absolute URL", "begin with http:// or https://"
	}
	u, err := url.Parse(raw)
	if err != nil {
		if _, port, ok := strings.Cut(err.Error(), "invalid port"); ok && port != "" {
			return "has an invalid port", "a port is a number from 1 to 65535"
		}
		return "is not a valid URL", example
	}
	if u.Scheme != "http" && u.Scheme != "https" {
		return "must be an http or https URL", example
	}
	if u.Hostname() == "" {
		return "has no host", example
	}
	if port := u.Port(); port != "" || strings.HasSuffix(u.Host, ":") {
		if n, err := strconv.Atoi(port); err != nil || n < 1 || n > 65535 {
			return "has an invalid port", "a port is a number from 1 to 65535"
		}
	}
	return "", ""
}
