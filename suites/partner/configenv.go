package partner

import (
	"maps"
	"net/http"
	"slices"
	"strings"
)

// expandEnv replaces ${NAME} and ${NAME:-default} in every scalar below v. A literal ${ is written $${.
func (s *source) expandEnv(v *value, getenv func(string) (string, bool)) error {
	switch v.kind {
	case list:
		for _, item := range v.list {
			if err := s.expandEnv(item, getenv); err != nil {
				return err
			}
		}
	case mapping:
		for _, f := range v.fields {
			if err := s.expandEnv(f.value, getenv); err != nil {
				return err
			}
		}
	case text:
		if strings.Contains(v.text, "${") && !v.env {
			return s.expandText(v, getenv)
		}
	}
	return nil
}

func (s *source) expandText(v *value, getenv func(string) (string, bool)) error {
	var plain, tmpl strings.Builder
	rest := v.text
	for {
		before, after, found := strings.Cut(rest, "${")
		if !found {
			break
		}
		if escaped, ok := strings.CutSuffix(before, "$"); ok {
			plain.WriteString(escaped + "${")
			tmpl.WriteString(escaped + "${")
			rest = after
			continue
		}
		plain.WriteString(before)
		tmpl.WriteString(before)
		reference, tail, closed := cutBrace(after)
		if !closed {
			return s.fail(v.place, "close it with }, or write $${ for a literal ${", "${ without }")
		}
		name, fallback, hasFallback := strings.Cut(reference, ":-")
		if !isName(name) {
			return s.fail(v.place, "write ${NAME} or ${NAME:-default}; write $${ for a literal ${", "%q is not the name of an environment variable", shorten(name, 40))
		}
		found = false
		var got string
		if getenv != nil {
			got, found = getenv(name)
		}
		switch {
		case found && (got != "" || !hasFallback):
			v.env = true
			plain.WriteString(got)
			tmpl.WriteString(quoteTemplate(got))
			if looksSecret(name) {
				s.secret("env-"+name, got)
			}
		case hasFallback:
			v.env = true
			plain.WriteString(fallback)
			tmpl.WriteString(fallback)
			if looksSecret(name) && !strings.Contains(fallback, "{{") {
				s.secret("env-"+name, fallback)
			}
		default:
			return s.fail(v.place, "set "+name+", or give a default: ${"+name+":-default}; write $${ for a literal ${", "the environment variable %s is not set", name)
		}
		rest = tail
	}
	v.text, v.tmpl = plain.String()+rest, tmpl.String()+rest
	return nil
}

// cutBrace cuts at the brace that closes an open one; braces in between, of a template in a
// default, come in pairs.
func cutBrace(s string) (before, after string, found bool) {
	depth := 1
	for i := range len(s) {
		switch s[i] {
		case '{':
			depth++
		case '}':
			if depth--; depth == 0 {
				return s[:i], s[i+1:], true
			}
		}
	}
	return s, "", false
}

func isName(s string) bool {
	for i, r := range s {
		if r != '_' && (r < 'A' || r > 'Z') && (r < 'a' || r > 'z') && (i == 0 || r < '0' || r > '9') {
			return false
		}
	}
	return s != ""
}

// quoteTemplate writes a text so that a template renders it unchanged: what comes from the
// environment is data, whatever it looks like.
func quoteTemplate(s string) string {
	return strings.ReplaceAll(s, "{{", `{{"{{"}}`)
}

// secret remembers a value that must not be shown, under one name: two names for one value would
// make two tags of it in the journal. The partner token is always called that.
func (s *source) secret(name, value string) {
	if value == "" {
		return
	}
	for known, old := range s.secrets {
		if old != value {
			continue
		}
		if name != partnerToken {
			return
		}
		delete(s.secrets, known)
	}
	s.secrets[name] = value
}

const partnerToken = "partner-token"

// Secrets are the values of the configuration that must not be recorded, by the name under which
// a reader of the journal finds them: "partner-token", "env-NAME" for values from the environment
// whose variable promises a secret, "header-NAME" and "process-NAME" for such values of headers
// and of the environment of the process. Hand each to the redactor before anything is recorded.
func (c *Config) Secrets() map[string]string {
	return maps.Clone(c.source.secrets)
}

// collectSecrets finds the secrets that stand in the file itself.
func (c *Config) collectSecrets() {
	c.source.secret(partnerToken, c.Application.PartnerToken)
	if p := c.Integration.Process; p != nil {
		c.secretsOf("process-", p.Env)
	}
	for _, name := range hookNames {
		for _, step := range c.hook(name) {
			c.secretsOfStep(step)
		}
	}
	for _, name := range probeNames {
		if p := c.probe(name); p != nil {
			c.secretsOfStep(p.step())
		}
	}
}

func (c *Config) secretsOfStep(s Step) {
	if s.HTTP != nil {
		// A header of a partner's own may be called anything and open a door all the same.
		for _, name := range slices.Sorted(maps.Keys(s.HTTP.Headers)) {
			if !standardHeader[http.CanonicalHeaderKey(name)] {
				c.secretOf("header-", name, s.HTTP.Headers[name])
			}
		}
	}
	if s.Exec != nil {
		c.secretsOf("exec-", s.Exec.Env)
	}
}

func (c *Config) secretsOf(prefix string, values map[string]string) {
	for _, name := range slices.Sorted(maps.Keys(values)) {
		if looksSecret(name) {
			c.secretOf(prefix, name, values[name])
		}
	}
}

func (c *Config) secretOf(prefix, name, value string) {
	if strings.Contains(value, "{{") || value == "true" || value == "false" {
		return
	}
	if scheme, credential, ok := strings.Cut(value, " "); ok && isName(scheme) { // Bearer …
		value = strings.TrimSpace(credential)
	}
	if len(value) >= minSecret {
		c.source.secret(prefix+name, value)
	}
}

// standardHeader are headers of requests that tell nothing worth hiding.
var standardHeader = map[string]bool{
	"Accept": true, "Accept-Encoding": true, "Accept-Language": true, "Cache-Control": true, "Content-Type": true,
	"Host": true, "Origin": true, "Referer": true, "User-Agent": true, "X-Requested-With": true,
}
