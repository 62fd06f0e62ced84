package main

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/altegio-readiness/harness/fixtures/integrations/reminders/flawed"
	"github.com/altegio-readiness/harness/suites/checklist"
)

func (a *app) explainCommand() *cobra.Command {
	return &cobra.Command{
		Use: "explain ID", Short: "Explain a requirement: what, why, how it is tested, how to fix it",
		Example: "  altegio-readiness explain PAY-03",
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) != 1 {
				return usagef("explain wants one requirement id, like CON-03; altegio-readiness list shows them")
			}
			return nil
		},
		RunE: func(_ *cobra.Command, args []string) error {
			r, ok := checklist.Find(strings.ToUpper(args[0]))
			if !ok {
				return usagef("there is no requirement %q; altegio-readiness list shows them", args[0])
			}
			return explain(a.stdout, r)
		},
		ValidArgsFunction: func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
			var ids []string
			for _, r := range checklist.Catalogue() {
				ids = append(ids, r.ID+"\t"+r.Title)
			}
			return ids, cobra.ShellCompDirectiveNoFileComp
		},
	}
}

func explain(w io.Writer, r checklist.Requirement) error {
	var b strings.Builder
	fmt.Fprintf(&b, "%s  %s\n", r.ID, r.Title)
	fmt.Fprintf(&b, "\n  item       %s: %s\n  level      %s\n  confidence %s\n", r.Item, checklist.ItemTitle(r.Item), r.Level, r.Confidence)
	if len(r.Needs) > 0 {
		fmt.Fprintf(&b, "  needs      %s\n", strings.ReplaceAll(strings.Join(r.Needs, ", "), "|", " or "))
	}
	if r.Applies != "" {
		fmt.Fprintf(&b, "  applies    %s\n", map[string]string{"paid": "unless monetization is free", "user_data": "when user_data is true"}[r.Applies])
	}
	if len(r.After) > 0 {
		fmt.Fprintf(&b, "  rests on   %s\n", strings.Join(r.After, ", "))
	}
	for _, part := range [][2]string{{"Why a moderator cares", r.Why}, {"How it is tested", r.How}, {"What to do about a failure", r.Fix}} {
		fmt.Fprintf(&b, "\n%s\n%s\n", part[0], wrap(part[1], 78, "  "))
	}
	fmt.Fprintf(&b, "\nSources\n")
	for _, s := range r.Sources {
		fmt.Fprintf(&b, "  %s\n", s.Title)
		if s.URL != "" {
			fmt.Fprintf(&b, "    %s\n", s.URL)
		}
	}
	fmt.Fprintf(&b, "\nRepeat just this\n  altegio-readiness run --only %s\n", r.ID)
	var flaws []string
	for _, f := range flawed.List() {
		if slices.Contains(f.Breaks, r.ID) || slices.Contains(f.Warns, r.ID) {
			flaws = append(flaws, f.Name)
		}
	}
	if len(flaws) > 0 {
		fmt.Fprintf(&b, "\nSee it fail\n")
		for _, name := range flaws {
			fmt.Fprintf(&b, "  altegio-readiness run --example --flaw %s\n", name)
		}
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// wrap breaks a text into lines of at most the width, each with the indent.
func wrap(text string, width int, indent string) string {
	var lines []string
	line := indent
	for word := range strings.FieldsSeq(text) {
		if len(line)+1+len(word) > width && line != indent {
			lines, line = append(lines, line), indent
		}
		if line != indent {
			line += " "
		}
		line += word
	}
	return strings.Join(append(lines, line), "\n")
}
