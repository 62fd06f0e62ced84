package suites_test

import (
	"slices"
	"testing"

	"github.com/altegio-readiness/harness/fakealtegio"
	"github.com/altegio-readiness/harness/fakealtegio/journal"
	"github.com/altegio-readiness/harness/openapi"
	"github.com/altegio-readiness/harness/suites/checklist"
	"github.com/altegio-readiness/harness/suites/scenario"
)

// TestVocabulary holds together what packages say to each other through the journal without
// knowing one another: operations, variants, stories, items.
func TestVocabulary(t *testing.T) {
	contract, err := openapi.Load()
	if err != nil {
		t.Fatal(err)
	}
	var operations []string
	for _, op := range contract.Operations() {
		operations = append(operations, op.ID)
	}
	for _, id := range []string{
		journal.OpInstall, journal.OpRedirect, journal.OpPayment, journal.OpRefund,
		journal.OpStatus, journal.OpUninstall, journal.OpLocations,
	} {
		if !slices.Contains(operations, id) {
			t.Errorf("the contract has no operation %s; it has %v", id, operations)
		}
	}
	var variants []string
	for _, w := range fakealtegio.ForgedTokens() {
		variants = append(variants, w.Variant)
	}
	if !slices.Equal(variants, journal.ForgedTokens()) {
		t.Errorf("the fake forges %v, judges expect %v", variants, journal.ForgedTokens())
	}
	stories := map[string]scenario.Scenario{}
	driven := map[string]bool{}
	for _, sc := range scenario.All() {
		stories[sc.Name] = sc
		for _, after := range sc.After {
			if !driven[after] {
				t.Errorf("%s rests on %s, which is not driven before it", sc.Name, after)
			}
		}
		driven[sc.Name] = true
		if !slices.Contains(checklist.Items(), checklist.Item(sc.Item)) {
			t.Errorf("%s belongs to %q, which is no checklist item", sc.Name, sc.Item)
		}
	}
	for _, r := range checklist.Catalogue() {
		for _, name := range r.Scenarios {
			if _, ok := stories[name]; !ok {
				t.Errorf("%s is judged from %s, which nobody drives", r.ID, name)
			}
		}
		for _, id := range r.After {
			// A verdict is asked for when its story has been driven: what it rests on must have been before.
			after, _ := checklist.Find(id)
			if position(after) > position(r) {
				t.Errorf("%s rests on %s, whose story comes later", r.ID, id)
			}
		}
	}
}

// position is where the last story of a requirement stands in the order of driving.
func position(r checklist.Requirement) int {
	last := -1
	for i, sc := range scenario.All() {
		if slices.Contains(r.Scenarios, sc.Name) {
			last = i
		}
	}
	return last
}
