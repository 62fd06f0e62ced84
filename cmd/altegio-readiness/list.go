package main

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"github.com/altegio-readiness/harness/fixtures/integrations/reminders/flawed"
	"github.com/altegio-readiness/harness/suites/checklist"
)

func (a *app) listCommand() *cobra.Command {
	var flaws, all, asJSON bool
	cmd := &cobra.Command{
		Use: "list", Short: "List the requirements, or the flaws that prove them",
		Long: `Lists the requirements of the set, in the order of the checklist.

With --flaws: the named defects that the bundled integration can be started
with, and the mandatory requirements each of them must break. Together they
prove that every mandatory requirement can fail, and for the right reason.`,
		Example: "  altegio-readiness list\n  altegio-readiness list --flaws --json",
		Args:    cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			if flaws {
				return listFlaws(a.stdout, all, asJSON)
			}
			return listRequirements(a.stdout, asJSON)
		},
	}
	cmd.Flags().BoolVar(&flaws, "flaws", false, "list the flaws of the bundled integration")
	cmd.Flags().BoolVar(&all, "all", false, "with --flaws: also those that break only recommendations, and so leave the verdict READY")
	cmd.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	return cmd
}

// flawEntry is a flaw as list --flaws --json prints it.
type flawEntry struct {
	Name   string   `json:"name"`
	What   string   `json:"what"`
	Breaks []string `json:"breaks"` // must requirements that fail
	Warns  []string `json:"warns"`  // should requirements that warn
}

func listFlaws(w io.Writer, all, asJSON bool) error {
	entries := []flawEntry{}
	for _, f := range flawed.List() {
		if len(f.Breaks) > 0 || all {
			entries = append(entries, flawEntry{f.Name, f.What, nonNil(f.Breaks), nonNil(f.Warns)})
		}
	}
	if asJSON {
		return writeJSON(w, entries)
	}
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	for _, e := range entries {
		breaks := strings.Join(e.Breaks, " ")
		if len(e.Warns) > 0 {
			breaks = strings.TrimSpace(breaks + " warns " + strings.Join(e.Warns, " "))
		}
		fmt.Fprintf(t, "%s\t%s\t%s\n", e.Name, breaks, e.What)
	}
	return t.Flush()
}

func nonNil(items []string) []string {
	if items == nil {
		return []string{}
	}
	return items
}

func listRequirements(w io.Writer, asJSON bool) error {
	if asJSON {
		return writeJSON(w, struct {
			Set          string                  `json:"set"`
			Requirements []checklist.Requirement `json:"requirements"`
		}{checklist.RequirementSet, checklist.Catalogue()})
	}
	fmt.Fprintf(w, "Requirement set %s\n", checklist.RequirementSet)
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	for _, item := range checklist.Items() {
		fmt.Fprintf(t, "\n%s: %s\n", item, checklist.ItemTitle(item))
		for _, r := range checklist.Catalogue() {
			if r.Item == item {
				fmt.Fprintf(t, "  %s\t%s\t%s\n", r.ID, r.Level, r.Title)
			}
		}
	}
	return t.Flush()
}

func writeJSON(w io.Writer, v any) error {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	return enc.Encode(v)
}
