package main

import (
	"errors"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"
)

func (a *app) reportCommand() *cobra.Command {
	return &cobra.Command{
		Use: "report DIR", Short: "Render the reports of a run again from its journal",
		Long: `Renders report.html, report.json, junit.xml and summary.md from DIR/journal.jsonl.

The journal is all that is needed, also one that was cut off by a crash or a
kill: what had happened by then is judged, the rest is not verified. The exit
code is that of the verdict.`,
		Example: "  altegio-readiness report readiness-report",
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) != 1 {
				return usagef("report wants the folder of one run, like readiness-report")
			}
			return nil
		},
		RunE: func(_ *cobra.Command, args []string) error {
			path := filepath.Join(args[0], "journal.jsonl")
			if _, err := os.Stat(path); errors.Is(err, os.ErrNotExist) {
				return usagef("%s does not exist: %s is not the folder of a run", path, args[0])
			}
			report, err := render(path, args[0])
			if err != nil {
				return exitError{exitUsage, err}
			}
			newProgress(a.stdout).finish(report, args[0])
			a.code = report.Overall.ExitCode()
			return nil
		},
	}
}
