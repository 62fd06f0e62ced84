package partner

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"net/url"
	"path/filepath"
	"strings"
)

// Range of ports handed to integrations: above what needs privileges and below the ranges from
// which Linux (32768), macOS and Windows (49152) take ports for outgoing connections, so that no
// connection takes the port between choosing and listening.
const (
	firstPort = 20000
	lastPort  = 32000
)

// FreePort finds a port on which nothing listens, on the loopback interface and on all others.
// It begins at a random one: runs that start together must not agree.
func FreePort() (int, error) {
	const span = lastPort - firstPort
	start := rand.IntN(span)
	for i := range span {
		port := firstPort + (start+i)%span
		if portIsFree(fmt.Sprintf("127.0.0.1:%d", port)) && portIsFree(fmt.Sprintf(":%d", port)) {
			return port, nil
		}
	}
	return 0, fmt.Errorf("no free port between %d and %d", firstPort, lastPort)
}

func portIsFree(address string) bool {
	l, err := net.Listen("tcp", address)
	if err != nil {
		return false
	}
	return l.Close() == nil
}

// Resolve renders the templates of the static parts: the URLs of the application, integration and
// altegio. Give it Altegio.URL and Run; it fills in Application from the configuration, a free
// Integration.Port and Integration.URL unless they are given. The facts it used are those of
// [Config.Vars]. Mistakes that only show now are a [*ConfigError], too.
func (c *Config) Resolve(vars Vars) (*Config, error) {
	out := *c
	if p := c.Integration.Process; p != nil {
		copied := *p
		out.Integration.Process = &copied
	}
	vars.Application = ApplicationFacts{ID: c.Application.ID, PartnerToken: c.Application.PartnerToken}
	chosen := vars.Integration.URL != ""
	if vars.Integration.Port == 0 {
		port, err := FreePort()
		if err != nil {
			return nil, &EnvironmentError{Seen: err.Error(), Want: "a free port for the integration", Do: "end some of the programs that listen there"}
		}
		vars.Integration.Port = port
	}
	if !chosen {
		address, err := c.address(vars)
		if err != nil {
			return nil, err
		}
		vars.Integration.URL = address
	}
	var err error
	if out.Application, err = rendered(c.Application, "application", vars); err != nil {
		return nil, c.resolveFault(err)
	}
	if out.Integration, err = rendered(c.Integration, "integration", vars); err != nil {
		return nil, c.resolveFault(err)
	}
	if out.Altegio, err = rendered(c.Altegio, "altegio", vars); err != nil {
		return nil, c.resolveFault(err)
	}
	if err := out.recheck(); err != nil {
		return nil, err
	}
	out.facts = &vars
	return &out, nil
}

// address is the value of {{.Integration.URL}} as described there.
func (c *Config) address(vars Vars) (string, error) {
	if c.Integration.URL != "" {
		address, err := render(c.Integration.URL, static, vars)
		if err != nil {
			return "", c.templateFault("integration.url", err)
		}
		return strings.TrimRight(address, "/"), nil
	}
	if uses(c, "Integration.Port") || uses(c.Application, "Integration.URL") || uses(c.Integration, "Integration.URL") {
		return fmt.Sprintf("http://127.0.0.1:%d", vars.Integration.Port), nil
	}
	redirect, err := render(c.Application.RegistrationRedirectURL, static, vars)
	if err != nil {
		return "", c.templateFault("application.registration_redirect_url", err)
	}
	return origin(redirect), nil
}

// origin is scheme and host of a URL.
func origin(raw string) string {
	u, err := url.Parse(raw)
	if err != nil {
		return ""
	}
	return u.Scheme + "://" + u.Host
}

func (c *Config) resolveFault(err error) error {
	var at *renderError
	if errors.As(err, &at) {
		return c.templateFault(at.path, at.err)
	}
	return err
}

// recheck checks what templates may have spoilt.
func (c *Config) recheck() error {
	if err := c.checkApplicationURLs(); err != nil {
		return err
	}
	if err := c.checkReach(); err != nil {
		return err
	}
	return c.checkAltegio()
}

// Vars are the static facts of a resolved configuration, to be completed by those of a story. A
// [Driver] completes the Vars of a [Call] with them.
func (c *Config) Vars() Vars {
	if c.facts == nil {
		return Vars{Application: ApplicationFacts{ID: c.Application.ID, PartnerToken: c.Application.PartnerToken}}
	}
	return *c.facts
}

// ReadyURL is the URL that tells whether the integration can be used. The configuration must be
// resolved.
func (c *Config) ReadyURL() string {
	switch {
	case c.Integration.Ready != "":
		return c.Integration.Ready
	case c.Integration.URL != "":
		return c.Integration.URL
	}
	return origin(c.Application.RegistrationRedirectURL) + "/"
}

// folder is the directory that paths in the configuration are relative to; "" is the working
// directory.
func (c *Config) folder(dir string) string {
	if filepath.IsAbs(dir) {
		return dir
	}
	return filepath.Join(c.dir, dir)
}
