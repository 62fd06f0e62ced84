package partner

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
)

// checkDrive checks the steps of all hooks and probes.
func (c *Config) checkDrive() error {
	for _, name := range hookNames {
		path := "drive." + name
		steps := c.hook(name)
		if _, given := c.source.places[path]; given && len(steps) == 0 {
			return c.source.failAt(path, "remove it, or list its steps", "%s has no steps", path)
		}
		for i, step := range steps {
			if err := c.checkStep(fmt.Sprintf("%s[%d]", path, i), step); err != nil {
				return err
			}
		}
	}
	for _, name := range probeNames {
		if p := c.probe(name); p != nil {
			if err := c.checkProbe(name, p); err != nil {
				return err
			}
		}
	}
	return nil
}

func (c *Config) checkProbe(path string, p *Probe) error {
	if err := c.exactlyOne(path, map[string]bool{"http": p.HTTP != nil, "exec": p.Exec != nil}); err != nil {
		return err
	}
	if p.Path != "" {
		if _, err := ParsePath(p.Path); err != nil {
			return c.source.failAt(path+".path", "write for example $.data.connected", "%s.path: %s", path, err)
		}
	}
	return c.checkKind(path, p.step())
}

func (c *Config) checkStep(path string, s Step) error {
	if err := c.exactlyOne(path, map[string]bool{"http": s.HTTP != nil, "form": s.Form != nil, "exec": s.Exec != nil}); err != nil {
		return err
	}
	for _, name := range slices.Sorted(maps.Keys(s.Extract)) {
		if err := c.checkExtract(path, name, s); err != nil {
			return err
		}
	}
	return c.checkKind(path, s)
}

// exactlyOne checks that one of several keys is given.
func (c *Config) exactlyOne(path string, given map[string]bool) error {
	names := slices.Sorted(maps.Keys(given))
	var have []string
	for _, name := range names {
		if given[name] {
			have = append(have, name)
		}
	}
	switch {
	case len(have) == 0:
		return c.source.failAt(path, "write for example: http: {url: http://127.0.0.1:9000/}", "%s needs one of %s", path, strings.Join(names, ", "))
	case len(have) > 1:
		return c.source.fail(c.source.places["#"+join(path, have[1])], "make it two steps, or remove one", "%s has both %s and %s", path, have[0], have[1])
	}
	return nil
}

func (c *Config) checkKind(path string, s Step) error {
	switch {
	case s.HTTP != nil:
		return c.checkHTTP(path+".http", s.HTTP)
	case s.Form != nil:
		if s.Form.Index < 0 {
			return c.source.failAt(path+".form.index", "1 is the first form that fits", "%s.form.index counts from 1", path)
		}
	case s.Exec != nil:
		if len(s.Exec.Command) == 0 || s.Exec.Command[0] == "" {
			return c.source.failAt(path+".exec.command", "write for example: [./pay.sh]", "%s.exec.command is empty", path)
		}
		for _, name := range slices.Sorted(maps.Keys(s.Exec.Env)) {
			if name == "" || strings.ContainsAny(name, "=\x00") {
				return c.source.fail(c.source.places["#"+join(path+".exec.env", name)], "", "%s.exec.env has a name that no environment can hold", path)
			}
		}
		if s.Timeout > 0 && s.Exec.Timeout > 0 {
			return c.source.failAt(path+".exec.timeout", "keep one", "%s has two timeouts", path)
		}
	}
	return nil
}

var tokenPattern = regexp.MustCompile("^[A-Za-z0-9!#$%&'*+.^_`|~-]+$") // of RFC 9110

func (c *Config) checkHTTP(path string, h *HTTPStep) error {
	if h.Method != "" && (!tokenPattern.MatchString(h.Method) || strings.ToUpper(h.Method) != h.Method) {
		return c.source.failAt(path+".method", "write for example POST", "%s.method must be an HTTP method in capital letters", path)
	}
	for _, name := range slices.Sorted(maps.Keys(h.Headers)) {
		if !tokenPattern.MatchString(name) {
			return c.source.fail(c.source.places["#"+join(path+".headers", name)], "", "%s.headers: %q cannot be the name of a header", path, keyText(name))
		}
		if strings.ContainsAny(h.Headers[name], "\r\n\x00") {
			return c.source.failAt(join(path+".headers", name), "", "%s.headers: the value of %s has a line break in it", path, keyText(name))
		}
	}
	bodies := 0
	for _, given := range []bool{h.JSON != nil, h.Form != nil, h.Body != nil} {
		if given {
			bodies++
		}
	}
	if bodies > 1 {
		return c.source.failAt(path, "keep one of json, form and body", "%s has more than one body", path)
	}
	if strings.HasPrefix(h.URL, "/") && !strings.HasPrefix(h.URL, "//") {
		return nil // relative to the integration
	}
	return c.checkURL(path+".url", h.URL, hook)
}

func (c *Config) checkExtract(path, name string, s Step) error {
	e, at := s.Extract[name], join(path+".extract", name)
	if !isName(name) {
		return c.source.fail(c.source.places["#"+at], "use letters, digits and _, so that {{.Vars.NAME}} can name it", "%s.extract: %q is not a name", path, keyText(name))
	}
	if err := c.exactlyOneExtract(at, e); err != nil {
		return err
	}
	switch {
	case e.JSON != "":
		if _, err := ParsePath(e.JSON); err != nil {
			return c.source.failAt(at+".json", "write for example $.data.items[0].id", "%s.json: %s", at, err)
		}
	case e.Regex != "":
		re, err := regexp.Compile(e.Regex)
		if err != nil {
			return c.source.failAt(at+".regex", "the syntax is that of RE2; put it in single quotes", "%s.regex is not a regular expression", at)
		}
		if re.NumSubexp() != 1 {
			return c.source.failAt(at+".regex", "put round brackets around what is to be extracted, (?: ) around the rest", "%s.regex must have one group, it has %d", at, re.NumSubexp())
		}
	case s.Exec != nil:
		return c.source.failAt(at, "use json or regex, which look at the standard output", "%s: a command has no headers and no URL", at)
	case e.Header != "" && !tokenPattern.MatchString(e.Header):
		return c.source.failAt(at+".header", "", "%s.header is not the name of a header", at)
	}
	return nil
}

func (c *Config) exactlyOneExtract(at string, e Extract) error {
	given := 0
	for _, text := range []string{e.JSON, e.Header, e.Regex, e.Query} {
		if text != "" {
			given++
		}
	}
	if given != 1 {
		return c.source.failAt(at, `write for example {json: $.id}, {header: Location}, {regex: 'id=(\d+)'} or {query: id}`, "%s needs exactly one of json, header, regex, query", at)
	}
	return nil
}
