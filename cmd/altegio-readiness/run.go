package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/signal"
	"path/filepath"
	"slices"
	"strings"
	"syscall"

	"github.com/spf13/cobra"

	"github.com/altegio-readiness/harness/fixtures/integrations/reminders/flawed"
	"github.com/altegio-readiness/harness/suites/checklist"
	"github.com/altegio-readiness/harness/suites/partner"
	"github.com/altegio-readiness/harness/suites/scenario"
)

// runFlags are the flags of run, as given.
type runFlags struct {
	config  string
	example bool
	flaw    string
	only    []string
	out     string
	seed    int64
	json    bool
}

const runHelp = `Runs the checklist against an integration and writes the verdict.

The configuration, readiness.yaml unless --config says otherwise, describes your
application, how to reach or start the integration, and the few steps that only
you know: how an owner registers, signs in, pays, gets a refund. Start from
fixtures/integrations/reminders/readiness.yaml.

Written to --out: report.html, report.json, junit.xml, summary.md and
journal.jsonl. The journal is written as things happen: after a crash or a kill,
"altegio-readiness report DIR" renders what had happened by then.

Exit codes: 0 READY, 1 NOT READY, 2 usage or configuration, 3 environment,
4 INCOMPLETE (something mandatory was not verified), 5 harness error, 130 interrupted.`

func (a *app) runCommand() *cobra.Command {
	var f runFlags
	cmd := &cobra.Command{
		Use: "run", Short: "Run the checklist against an integration",
		Long: runHelp,
		Example: `  altegio-readiness run --example
  altegio-readiness run --example --flaw token-not-compared
  altegio-readiness run --config staging.yaml --out evidence
  altegio-readiness run --only payment --only REC-07`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if !cmd.Flags().Changed("seed") {
				f.seed = rand.Int64N(1_000_000) // short enough to be typed again
			}
			return a.runChecklist(f, cmd.Flags().Changed("config"))
		},
	}
	flags := cmd.Flags()
	flags.StringVarP(&f.config, "config", "c", "readiness.yaml", "the configuration `FILE`")
	flags.BoolVar(&f.example, "example", false, "run against the bundled integration, which needs no configuration")
	flags.StringVar(&f.flaw, "flaw", "", "with --example: start the integration with a named flaw; list --flaws has the `NAME`s")
	flags.StringSliceVar(&f.only, "only", nil, "run only this and what it rests on: an item (payment), a requirement (REC-07) or a scenario; repeatable")
	flags.StringVarP(&f.out, "out", "o", "readiness-report", "the `FOLDER` to write to")
	flags.Int64Var(&f.seed, "seed", 0, "repeat a run: location ids and names follow from the seed (default: a random one, shown); an integration that remembers them from the run before may refuse them")
	flags.BoolVar(&f.json, "json", false, "print report.json to standard output, and the progress to standard error")
	_ = cmd.RegisterFlagCompletionFunc("flaw", func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
		var names []string
		for _, flaw := range flawed.List() {
			names = append(names, flaw.Name+"\t"+flaw.What)
		}
		return names, cobra.ShellCompDirectiveNoFileComp
	})
	_ = cmd.RegisterFlagCompletionFunc("only", func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
		return selectable(), cobra.ShellCompDirectiveNoFileComp
	})
	return cmd
}

// runChecklist is the run command after its flags are read.
func (a *app) runChecklist(f runFlags, configGiven bool) error {
	cfg, err := f.load(configGiven)
	if err != nil {
		return err
	}
	selected, err := selection(f.only)
	if err != nil {
		return err
	}
	if err := prepareFolder(f.out); err != nil {
		return err
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	console := a.stdout
	if f.json {
		console = a.stderr
	}
	r := &runner{flags: f, cfg: cfg, selected: selected, progress: newProgress(console)}
	report, err := r.run(ctx)
	if err != nil {
		return err
	}
	r.progress.finish(report, f.out)
	if f.json {
		file, err := os.Open(filepath.Join(f.out, "report.json"))
		if err != nil {
			return exitError{exitHarness, err}
		}
		defer file.Close()
		if _, err := io.Copy(a.stdout, file); err != nil {
			return exitError{exitHarness, err}
		}
	}
	a.code = report.Overall.ExitCode()
	return nil
}

// load reads the configuration that the flags name.
func (f runFlags) load(configGiven bool) (*partner.Config, error) {
	if f.example && configGiven {
		return nil, usagef("--example and --config exclude each other: the bundled integration brings its own configuration")
	}
	if f.flaw != "" && !f.example {
		return nil, usagef("--flaw belongs to --example: only the bundled integration has flaws to switch on")
	}
	if f.example {
		return exampleConfig(f.flaw)
	}
	if _, err := os.Stat(f.config); errors.Is(err, os.ErrNotExist) {
		return nil, usagef("%s does not exist.\nDescribe your integration in it, or see the bundled one first: altegio-readiness run --example", f.config)
	}
	cfg, err := partner.Load(f.config, os.LookupEnv)
	if err != nil {
		return nil, exitError{exitUsage, err}
	}
	// What a template leads to is a mistake of the configuration as well, and should be known
	// before anything is started.
	var trial partner.Vars
	trial.Altegio.URL, trial.Integration.Port, trial.Run.ID, trial.Run.Executable = "http://127.0.0.1:1", 1, "trial", os.Args[0]
	if _, err := cfg.Resolve(trial); err != nil {
		return nil, exitError{exitUsage, err}
	}
	return cfg, nil
}

// prepareFolder makes sure before anything starts that the results can be written.
func prepareFolder(dir string) error {
	wrap := func(err error) error {
		return usagef("cannot write to the output folder %s: %w\nGive another one with --out.", dir, err)
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return wrap(err)
	}
	probe, err := os.CreateTemp(dir, ".writable-*")
	if err != nil {
		return wrap(err)
	}
	if err := errors.Join(probe.Close(), os.Remove(probe.Name())); err != nil {
		return wrap(err)
	}
	return nil
}

// selection turns the values of --only into requirement ids with all that they rest on; nil
// means everything.
func selection(only []string) ([]string, error) {
	var ids []string
	for _, name := range only {
		found := selects(name)
		if len(found) == 0 {
			return nil, usagef("--only %s: there is no such item, requirement or scenario.\nItems: %s.\nRequirements: altegio-readiness list.\nScenarios: %s.",
				name, joined(checklist.Items()), strings.Join(scenarioNames(), ", "))
		}
		ids = append(ids, found...)
	}
	if len(ids) == 0 {
		return nil, nil
	}
	return checklist.Closure(ids), nil
}

// selects returns the ids of the requirements that an item, a requirement or a scenario means.
func selects(name string) []string {
	var ids []string
	for _, r := range checklist.Catalogue() {
		if strings.EqualFold(name, r.ID) || strings.EqualFold(name, string(r.Item)) || slices.Contains(r.Scenarios, strings.ToLower(name)) {
			ids = append(ids, r.ID)
		}
	}
	return ids
}

func selectable() []string {
	var names []string
	for _, item := range checklist.Items() {
		names = append(names, string(item)+"\t"+checklist.ItemTitle(item))
	}
	for _, r := range checklist.Catalogue() {
		names = append(names, r.ID+"\t"+r.Title)
	}
	for _, sc := range scenario.All() {
		names = append(names, sc.Name+"\t"+sc.Title)
	}
	return names
}

func scenarioNames() []string {
	var names []string
	for _, sc := range scenario.All() {
		names = append(names, sc.Name)
	}
	return names
}

func joined[T ~string](items []T) string {
	var names []string
	for _, item := range items {
		names = append(names, string(item))
	}
	return strings.Join(names, ", ")
}

// shownConfig is the path of the configuration as it may stand in a report: relative to where the
// command was run, or without the folders of the machine.
func (f runFlags) shownConfig() string {
	if filepath.IsLocal(f.config) {
		return filepath.ToSlash(f.config)
	}
	return filepath.Base(f.config)
}

// repeatCommand is the command line that repeats the run, without --only.
func (f runFlags) repeatCommand() string {
	words := []string{"altegio-readiness", "run"}
	switch {
	case f.example && f.flaw != "":
		words = append(words, "--example", "--flaw", f.flaw)
	case f.example:
		words = append(words, "--example")
	case f.config != "readiness.yaml":
		words = append(words, "--config", f.shownConfig())
	}
	if f.example {
		// Others may remember the locations and owners of the seed, and refuse them to new ones.
		words = append(words, "--seed", fmt.Sprint(f.seed))
	}
	return strings.Join(words, " ")
}
