package suites_test

import (
	"encoding/json"
	"errors"
	"io"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

const module = "github.com/altegio-readiness/harness/"

// arrows are the packages of this module that each package may import, directly or through
// others. A package that is not listed may import nothing of the module.
var arrows = map[string][]string{
	"openapi":             {},
	"fakealtegio/journal": {},
	"fixtures":            {},
	"fakealtegio":         {"openapi", "fakealtegio/journal", "fixtures"},
	"suites/checklist":    {"fakealtegio/journal"},
	"suites/partner":      {"fakealtegio/journal"},
	"suites/scenario":     {"suites/partner", "fakealtegio", "openapi", "fakealtegio/journal", "fixtures"},
	"suites":              {"suites/checklist", "suites/scenario", "suites/partner", "fakealtegio", "openapi", "fakealtegio/journal", "fixtures"},
	"reports":             {"suites/checklist", "fakealtegio/journal"},
}

// only are the packages from outside that a single place may know; below means its subpackages
// too.
var only = map[string][]string{
	"github.com/onsi/ginkgo/v2":     {"suites", "cmd/altegio-readiness"},
	"github.com/onsi/gomega":        {"suites", "cmd/altegio-readiness"},
	"github.com/getkin/kin-openapi": {"openapi", "fakealtegio", "suites/scenario", "suites", "cmd/altegio-readiness"},
}

type listed struct {
	ImportPath string
	Imports    []string
	Deps       []string
}

func packages(t *testing.T) []listed {
	t.Helper()
	out, err := exec.Command("go", "list", "-deps=false", "-json=ImportPath,Imports,Deps", module+"...").Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	var all []listed
	for dec := json.NewDecoder(strings.NewReader(string(out))); ; {
		var p listed
		err := dec.Decode(&p)
		if errors.Is(err, io.EOF) {
			return all
		}
		if err != nil {
			t.Fatalf("go list printed what cannot be read: %v", err)
		}
		all = append(all, p)
	}
}

// TestArrows holds the direction of imports between the packages: judges, reports and drivers
// know no Ginkgo, the journal knows nobody, and the sample integrations know nothing of ours.
func TestArrows(t *testing.T) {
	seen := map[string]bool{}
	for _, p := range packages(t) {
		name := strings.TrimPrefix(p.ImportPath, module)
		seen[name] = true
		for _, dep := range p.Deps {
			if ours, ok := strings.CutPrefix(dep, module); ok && !mayKnow(name, ours) {
				t.Errorf("%s must not depend on %s", name, ours)
			}
			for outside, places := range only {
				if (dep == outside || strings.HasPrefix(dep, outside+"/")) && !slices.Contains(places, name) {
					t.Errorf("%s must not depend on %s", name, outside)
				}
			}
		}
		if name != "suites" && slices.ContainsFunc(p.Imports, func(imported string) bool {
			return strings.HasPrefix(imported, "github.com/onsi/")
		}) {
			t.Errorf("%s imports Ginkgo or Gomega; only suites may", name)
		}
	}
	for name := range arrows {
		if !seen[name] {
			t.Errorf("%s has arrows but does not exist", name)
		}
	}
}

func mayKnow(name, ours string) bool {
	const samples = "fixtures/integrations/"
	switch {
	case strings.HasPrefix(name+"/", samples):
		return strings.HasPrefix(ours+"/", samples)
	case strings.HasPrefix(ours+"/", samples):
		return strings.HasPrefix(name, "cmd/")
	case strings.HasPrefix(name, "cmd/"):
		return true
	}
	return slices.Contains(arrows[name], ours)
}
