package partner_test

import (
	"errors"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/altegio-readiness/harness/suites/partner"
)

var update = flag.Bool("update", false, "write the golden files anew")

// testEnv is the environment of the configurations in testdata.
func testEnv(name string) (string, bool) {
	value, ok := map[string]string{
		"TOKEN":   "token-from-env",
		"BAD_URL": "value-from-env",
		"BRACES":  `a{{.Owner.Email}}b`,
		"EMPTY":   "",
	}[name]
	return value, ok
}

// secrets are everything in the configurations that no error text may contain.
var secrets = []string{
	"sekrit", "oops-secret-value", "another-secret", "two words", "hunter22", "joe-internal", "value-from-env",
	"token-from-env", "abcdef123456", "secret-in-a-broken-file",
}

// TestConfigMistakes holds what a partner reads about each mistake: testdata/config/NAME.yaml has
// the mistake, NAME.golden the text.
func TestConfigMistakes(t *testing.T) {
	files, err := filepath.Glob("testdata/config/*.yaml")
	if err != nil || len(files) == 0 {
		t.Fatalf("no configurations: %v", err)
	}
	for _, file := range files {
		name := strings.TrimSuffix(filepath.Base(file), ".yaml")
		t.Run(name, func(t *testing.T) {
			data, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			_, err = partner.Parse("readiness.yaml", data, testEnv)
			var mistake *partner.ConfigError
			if !errors.As(err, &mistake) {
				t.Fatalf("got %v, want a ConfigError", err)
			}
			got := err.Error() + "\n"
			for _, secret := range secrets {
				if strings.Contains(got, secret) {
					t.Errorf("the error shows %q:\n%s", secret, got)
				}
			}
			golden := strings.TrimSuffix(file, ".yaml") + ".golden"
			if *update {
				if err := os.WriteFile(golden, []byte(got), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(golden)
			if err != nil {
				t.Fatal(err)
			}
			if got != string(want) {
				t.Errorf("got:\n%s\nwant:\n%s", got, want)
			}
		})
	}
}
