package partner_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/altegio-readiness/harness/suites/partner"
)

// TestHostileConfigs feeds what no editor wrote.
func TestHostileConfigs(t *testing.T) {
	bomb := "a: &a [x,x,x,x,x,x,x,x,x,x]\n"
	for c := 'b'; c < 'k'; c++ {
		bomb += fmt.Sprintf("%c: &%c [%s]\n", c, c, strings.TrimSuffix(strings.Repeat(fmt.Sprintf("*%c,", c-1), 10), ","))
	}
	for name, c := range map[string][2]string{
		"ten megabytes": {strings.Repeat("# comment\n", 1<<20), "more than 262144 bytes"},
		"binary":        {"version: 1\n\x7fELF\x00\x01", "not a text file"},
		"latin 1":       {"version: 1 # \xe4", "not a text file"},
		"utf-16":        {"\xff\xfev\x00e\x00", "not a text file"},
		"bomb":          {bomb, "aliases make the file too large"},
		"deep flow":     {strings.Repeat("[", 10000), "nested more than"},
		"deep block":    {strings.Repeat("- ", 10000), "nested more than"},
		"deep tags":     {"a: " + strings.Repeat("!t ", 10000), "nested more than"},
		"deep indent":   {indented(300), "nested more than"},
		"many keys":     {strings.Repeat("a:\n", 80000), "too long"},
		"colon":         {":", "readiness.yaml:1:1"},
	} {
		t.Run(name, func(t *testing.T) {
			file := filepath.Join(t.TempDir(), "readiness.yaml")
			if err := os.WriteFile(file, []byte(c[0]), 0o600); err != nil {
				t.Fatal(err)
			}
			began := time.Now()
			_, err := partner.Load(file, testEnv)
			var mistake *partner.ConfigError
			if !errors.As(err, &mistake) || !strings.Contains(err.Error(), c[1]) {
				t.Errorf("got %v, want %q in a ConfigError", err, c[1])
			}
			if took := time.Since(began); took > 5*time.Second {
				t.Errorf("took %v", took)
			}
		})
	}
}

func indented(depth int) string {
	var b strings.Builder
	for i := range depth {
		b.WriteString(strings.Repeat(" ", i) + "a:\n")
	}
	return b.String()
}

// TestSecretsInBrokenFiles damages a configuration at every place, and wants no error to show the
// secrets that stand in it.
func TestSecretsInBrokenFiles(t *testing.T) {
	const text = `version: 1
application:
  id: 4242
  partner_token: hidden-value-1
  callback_url: http://127.0.0.1:9000/callback
  registration_redirect_url: http://127.0.0.1:9000/connect
integration:
  process:
    command: [node, server.mjs]
    env: {PORT: 1, DB_PASSWORD: "hidden-value-2", A: b}
drive:
  pay:
    - http:
        url: /pay
        headers:
          X-Api-Key: hidden-value-3
          Authorization: Bearer hidden-value-4
`
	mistakes := 0
	for i := range len(text) {
		strays := []string{"\n", `"`, "{", ": ", "'", "|", "#"}
		for _, broken := range []string{text[:i] + text[i+1:], text[:i] + strays[i%len(strays)] + text[i:]} {
			_, err := partner.Parse("readiness.yaml", []byte(broken), testEnv)
			if err == nil {
				continue
			}
			mistakes++
			if strings.Contains(err.Error(), "hidden-value") {
				t.Errorf("position %d: %v", i, err)
			}
		}
	}
	if mistakes < 300 {
		t.Errorf("only %d mistakes were made", mistakes)
	}
}
