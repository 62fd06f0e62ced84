package main

import (
	"errors"
	"fmt"
	"io"

	"github.com/spf13/cobra"
)

// Exit codes. They are part of the interface.
const (
	exitReady       = 0
	exitNotReady    = 1
	exitUsage       = 2 // wrong flags or configuration; nothing was started
	exitEnvironment = 3
	exitIncomplete  = 4
	exitHarness     = 5
	exitInterrupted = 130
)

const rootHelp = `Checks an integration for the Altegio marketplace before Altegio's staff do.

It starts a fake Altegio, drives your integration through the five items of the
moderators' checklist, and writes a verdict that explains itself.

  altegio-readiness run --example            see it work on the bundled integration
  altegio-readiness run                      check yours, as ./readiness.yaml describes it
  altegio-readiness explain CON-03           what a requirement is about

Exit codes: 0 READY, 1 NOT READY, 2 usage or configuration, 3 environment,
4 INCOMPLETE (something mandatory was not verified), 5 harness error, 130 interrupted.`

// app is what the commands share: the streams, and the exit code they end with.
type app struct {
	stdin  io.Reader
	stdout io.Writer
	stderr io.Writer
	code   int
}

// exitError ends the command with a code. Its text is all the user gets to read.
type exitError struct {
	code int
	err  error
}

func (e exitError) Error() string { return e.err.Error() }
func (e exitError) Unwrap() error { return e.err }

// usagef is a mistake on the command line or in the configuration.
func usagef(format string, args ...any) error {
	return exitError{exitUsage, fmt.Errorf(format, args...)}
}

// run is the command without the process: it returns the exit code.
func run(args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	a := &app{stdin: stdin, stdout: stdout, stderr: stderr}
	root := &cobra.Command{
		Use: "altegio-readiness", Long: rootHelp,
		SilenceUsage: true, SilenceErrors: true, SuggestionsMinimumDistance: 2,
		Args: cobra.ArbitraryArgs,
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) > 0 {
				return fmt.Errorf("unknown command %q%s", args[0], suggest(cmd, args[0]))
			}
			return cmd.Help()
		},
	}
	root.SetArgs(args)
	root.SetIn(stdin)
	root.SetOut(stdout)
	root.SetErr(stderr)
	root.AddCommand(a.runCommand(), a.serveCommand(), a.listCommand(), a.explainCommand(),
		a.reportCommand(), a.versionCommand(), a.exampleCommand())
	if err := root.Execute(); err != nil {
		fmt.Fprintf(stderr, "altegio-readiness: %v\n", err)
		var exit exitError
		if errors.As(err, &exit) {
			return exit.code
		}
		fmt.Fprintln(stderr, "Try altegio-readiness --help, or --help after a command.")
		return exitUsage
	}
	return a.code
}

func suggest(cmd *cobra.Command, name string) string {
	if names := cmd.SuggestionsFor(name); len(names) > 0 {
		return fmt.Sprintf("; did you mean %q?", names[0])
	}
	return ""
}
