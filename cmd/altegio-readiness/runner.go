package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"runtime/debug"
	"slices"
	"strings"
	"time"

	"github.com/altegio-readiness/harness/fakealtegio"
	"github.com/altegio-readiness/harness/fakealtegio/journal"
	"github.com/altegio-readiness/harness/reports"
	"github.com/altegio-readiness/harness/suites"
	"github.com/altegio-readiness/harness/suites/checklist"
	"github.com/altegio-readiness/harness/suites/partner"
	"github.com/altegio-readiness/harness/suites/scenario"
)

// runner owns the lifetime of everything a run starts: the journal, the fake platform, the
// integration's process. Whatever happens, it ends them, gives the journal an end and writes the
// reports from it.
type runner struct {
	flags    runFlags
	cfg      *partner.Config
	selected []string // requirement ids to judge; nil means all
	progress *progress

	journal     *journal.Writer
	journalPath string
	platform    *fakealtegio.Platform
	integration *partner.Integration
}

// run drives the checklist and writes the reports. The error is for what keeps a run from having
// reports at all; everything else is in the report's verdict.
func (r *runner) run(ctx context.Context) (report reports.Report, err error) {
	r.journalPath = filepath.Join(r.flags.out, "journal.jsonl")
	redactor := journal.NewRedactor()
	for name, value := range r.cfg.Secrets() {
		redactor.Secret(name, value)
	}
	r.journal, err = journal.Create(r.journalPath, redactor)
	if err != nil {
		return reports.Report{}, usagef("cannot write the journal: %w\nGive another folder with --out.", err)
	}
	for _, name := range []string{reports.FileHTML, reports.FileJSON, reports.FileJUnit, reports.FileMarkdown} {
		// The verdict of an earlier run must not stand beside the journal of this one.
		if err := os.Remove(filepath.Join(r.flags.out, name)); err != nil && !errors.Is(err, os.ErrNotExist) {
			return reports.Report{}, usagef("cannot remove the earlier report: %w", err)
		}
	}
	end := r.drive(ctx)
	if _, err := r.journal.Append(journal.Record{Kind: journal.KindEnd, End: &end}); err != nil {
		return reports.Report{}, exitError{exitHarness, fmt.Errorf("write the journal: %w", err)}
	}
	if err := r.journal.Close(); err != nil {
		return reports.Report{}, exitError{exitHarness, fmt.Errorf("write the journal: %w", err)}
	}
	report, err = render(r.journalPath, r.flags.out)
	if err != nil {
		return reports.Report{}, exitError{exitHarness, err}
	}
	return report, nil
}

// render makes the reports from a journal on disk.
func render(journalPath, dir string) (reports.Report, error) {
	records, err := journal.ReadFile(journalPath)
	if err != nil {
		return reports.Report{}, fmt.Errorf("read the journal: %w", err)
	}
	report := reports.New(records)
	return report, reports.WriteAll(dir, report)
}

// drive starts what is needed, plays the stories, ends what was started, and says how it went.
func (r *runner) drive(ctx context.Context) (end journal.End) {
	defer func() {
		if fault := recover(); fault != nil {
			end = harnessEnd(fmt.Errorf("panic: %v\n%s", fault, debug.Stack()))
		}
	}()
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)

	listener, err := net.Listen("tcp", r.cfg.Altegio.Listen)
	if err != nil {
		if err := r.begin(r.cfg, partner.NewDriver(r.cfg, r.journal), nil); err != nil {
			return harnessEnd(err)
		}
		return environmentEnd(&partner.EnvironmentError{
			Seen: fmt.Sprintf("The fake Altegio cannot listen on %s: %v.", r.cfg.Altegio.Listen, errors.Unwrap(err)),
			Want: "a free address for the fake Altegio",
			Do:   "Stop the program that uses the port, or choose another one in altegio.listen; port 0 takes a free one.",
		})
	}
	defer listener.Close() // the platform closes it too, unless we do not get that far
	vars, err := r.vars(listener.Addr())
	if err != nil {
		return harnessEnd(err)
	}
	cfg, err := r.cfg.Resolve(vars)
	if err != nil {
		return environmentEnd(&partner.EnvironmentError{Seen: err.Error(), Want: "a configuration that can be rendered", Do: "Correct the template."})
	}
	vars = cfg.Vars()
	r.platform, err = fakealtegio.New(fakealtegio.Config{
		Journal: r.journal, Seed: r.flags.seed,
		Applications: []fakealtegio.Application{application(cfg)},
	})
	if err != nil {
		return harnessEnd(err)
	}
	defer r.platform.Close()
	driver := partner.NewDriver(cfg, r.journal)
	defer driver.Close()
	if err := r.begin(cfg, driver, r.platform.Choices()); err != nil {
		return harnessEnd(err)
	}
	if err := r.platform.Serve(listener); err != nil {
		return harnessEnd(err)
	}
	red := r.journal.Redactor()
	r.progress.start(r.flags, red.URL(vars.Altegio.URL), reached(cfg, red))

	r.integration, err = partner.Start(ctx, cfg, r.journal)
	var environment *partner.EnvironmentError
	switch {
	case ctx.Err() != nil:
		if r.integration != nil {
			r.integration.Stop()
		}
		return journal.End{Reason: journal.EndInterrupted}
	case errors.As(err, &environment):
		return environmentEnd(environment)
	case err != nil:
		return harnessEnd(err)
	}
	defer r.integration.Stop()
	go r.watch(ctx, cancel)

	stage := &scenario.Stage{
		Platform: r.platform, Driver: driver, Journal: r.journal, Config: cfg, Vars: vars, Tell: r.progress.tell,
	}
	stories := r.stories()
	outcome := suites.Run(ctx, suites.Plan{
		Stage: stage, Scenarios: stories, Requirements: r.requirements(), Seed: r.flags.seed,
		Judge: r.judge, Driven: r.progress.driven, Judged: r.progress.judged,
	})
	switch faults := r.platform.Faults(); {
	case errors.As(context.Cause(ctx), &environment):
		r.integration.Stop() // what it printed last may still be on its way to us
		environment.Log = r.integration.LastOutput()
		return environmentEnd(environment)
	case outcome.Err != nil:
		return harnessEnd(outcome.Err)
	case len(faults) > 0:
		return harnessEnd(errors.New(faults[0]))
	case outcome.Interrupted:
		return journal.End{Reason: journal.EndInterrupted}
	}
	return journal.End{Reason: journal.EndCompleted}
}

// watch ends the run when the integration ends in the middle of it.
func (r *runner) watch(ctx context.Context, cancel context.CancelCauseFunc) {
	select {
	case <-ctx.Done():
	case <-r.integration.Exited():
		cancel(&partner.EnvironmentError{
			Seen: fmt.Sprintf("The integration's process ended during the run (%s).", r.integration.ExitState()),
			Want: "an integration that runs until the harness stops it",
			Do:   "Read its last lines below and what was sent to it just before, in the timeline of the report.",
		})
	}
}

// reached is the address of an integration that runs already, "" for one that is started here.
// The address may have a password in it.
func reached(cfg *partner.Config, red *journal.Redactor) string {
	if cfg.Integration.Process != nil {
		return ""
	}
	return red.URL(cfg.Integration.URL)
}

// vars are the template variables that hold for the whole run.
func (r *runner) vars(addr net.Addr) (partner.Vars, error) {
	port, err := partner.FreePort()
	if err != nil {
		return partner.Vars{}, err
	}
	executable, err := os.Executable()
	if err != nil {
		return partner.Vars{}, err
	}
	altegio := r.cfg.Altegio.PublicURL
	if altegio == "" {
		altegio = "http://" + addr.String()
	}
	var vars partner.Vars
	vars.Altegio.URL = altegio
	vars.Application.ID, vars.Application.PartnerToken = r.cfg.Application.ID, r.cfg.Application.PartnerToken
	vars.Integration.Port = port
	vars.Run.ID = fmt.Sprintf("%s-%d", time.Now().UTC().Format("20060102T150405"), r.flags.seed)
	vars.Run.Executable = executable
	return vars, nil
}

func application(cfg *partner.Config) fakealtegio.Application {
	app := cfg.Application
	return fakealtegio.Application{
		ID: app.ID, Title: app.Title, PartnerToken: app.PartnerToken,
		RedirectURL: app.RegistrationRedirectURL, CallbackURL: app.CallbackURL,
		Monetization: app.Monetization, TrialDays: app.TrialDays,
		UserData: app.UserData, MultipleLocations: app.MultipleLocations,
	}
}

// begin writes the first record: what was declared and what is to be judged.
func (r *runner) begin(cfg *partner.Config, driver *partner.Driver, choices []journal.Choice) error {
	app, red := cfg.Application, r.journal.Redactor()
	reach := "url"
	if cfg.Integration.Process != nil {
		reach = "process"
	}
	var probes []string // by their names in the journal, without the section they stand in
	for _, name := range driver.Probes() {
		probes = append(probes, strings.TrimPrefix(name, "observe."))
	}
	_, err := r.journal.Append(journal.Record{Kind: journal.KindRun, Run: &journal.Run{
		Format: journal.FormatVersion, Harness: harnessVersion(), Requirements: checklist.RequirementSet, Seed: r.flags.seed,
		Application: journal.Application{
			ID: app.ID, Title: app.Title, RedirectURL: red.URL(app.RegistrationRedirectURL), CallbackURL: red.URL(app.CallbackURL),
			Monetization: app.Monetization, TrialDays: app.TrialDays, UserData: app.UserData, MultipleLocations: app.MultipleLocations,
		},
		Reach: reach, Hooks: driver.Hooks(), Probes: probes, Only: r.flags.only, Selected: r.selected,
		Choices: choices, Repeat: r.flags.repeatCommand(),
	}})
	return err
}

func (r *runner) requirements() []string {
	if r.selected != nil {
		return r.selected
	}
	var ids []string
	for _, req := range checklist.Catalogue() {
		ids = append(ids, req.ID)
	}
	return ids
}

// stories are the scenarios that the selected requirements are judged from, with those that
// they rest on, in the order of driving.
func (r *runner) stories() []scenario.Scenario {
	wanted := checklist.ScenariosOf(r.requirements())
	all := scenario.All()
	for i := len(all) - 1; i >= 0; i-- { // later stories name earlier ones
		if slices.Contains(wanted, all[i].Name) {
			wanted = append(wanted, all[i].After...)
		}
	}
	return slices.DeleteFunc(all, func(sc scenario.Scenario) bool { return !slices.Contains(wanted, sc.Name) })
}

// judge computes the verdicts from the journal as it is on disk now: the same bytes and the same
// judges as in the report.
func (r *runner) judge() (checklist.Result, error) {
	records, err := journal.ReadFile(r.journalPath)
	if err != nil {
		return checklist.Result{}, err
	}
	return checklist.Judge(records), nil
}

func environmentEnd(e *partner.EnvironmentError) journal.End {
	return journal.End{Reason: journal.EndEnvironment, Seen: e.Seen, Want: e.Want, Do: e.Do, Log: e.Log}
}

func harnessEnd(err error) journal.End {
	return journal.End{
		Reason: journal.EndHarness, Seen: err.Error(), Want: "a harness without mistakes",
		Do: "Please report it with the journal; nothing in it is secret. The verdict says nothing about the integration.",
	}
}
