package main

import (
	"context"
	"fmt"
	"io"
	"net"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/spf13/cobra"

	"github.com/altegio-readiness/harness/fakealtegio"
	"github.com/altegio-readiness/harness/fakealtegio/journal"
	"github.com/altegio-readiness/harness/reports"
	"github.com/altegio-readiness/harness/suites/partner"
)

// serveTick is how often serve looks whether a trial or a period has ended meanwhile.
const serveTick = time.Second

func (a *app) serveCommand() *cobra.Command {
	var config, listen, path string
	cmd := &cobra.Command{
		Use: "serve", Short: "Run the fake Altegio alone",
		Long: `Runs the fake Altegio without suites, for developing against it.

The application is the one of the configuration. A location is made and its
Connect click printed as a URL to open in a browser: from there on the fake
answers, validates and remembers. Every exchange is shown with its violations.
The integration has to run already, and at a fixed address: give the configuration
of integration.url. Uninstall and freeze are only sent by run.`,
		Example: "  altegio-readiness serve --listen 127.0.0.1:9001",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			cfg, err := runFlags{config: config}.load(true)
			if err != nil {
				return err
			}
			if cmd.Flags().Changed("listen") {
				cfg.Altegio.Listen = listen
			}
			ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
			defer stop()
			return a.serve(ctx, cfg, path)
		},
	}
	cmd.Flags().StringVarP(&config, "config", "c", "readiness.yaml", "the configuration `FILE`")
	cmd.Flags().StringVar(&listen, "listen", "", "the `ADDRESS` to listen on (default: altegio.listen of the configuration)")
	cmd.Flags().StringVar(&path, "journal", "", "write the journal to `FILE`")
	return cmd
}

func (a *app) serve(ctx context.Context, cfg *partner.Config, path string) error {
	redactor := journal.NewRedactor()
	for name, value := range cfg.Secrets() {
		redactor.Secret(name, value)
	}
	writer := journal.NewWriter(io.Discard, redactor)
	if path != "" {
		var err error
		if writer, err = journal.Create(path, redactor); err != nil {
			return usagef("cannot write the journal: %w", err)
		}
	}
	defer writer.Close()
	listener, err := net.Listen("tcp", cfg.Altegio.Listen)
	if err != nil {
		return exitError{exitEnvironment, fmt.Errorf("cannot listen: %w\nStop the program that uses the port, or choose another one with --listen", err)}
	}
	defer listener.Close()
	r := &runner{cfg: cfg}
	vars, err := r.vars(listener.Addr())
	if err != nil {
		return exitError{exitHarness, err}
	}
	resolved, err := cfg.Resolve(vars)
	if err != nil {
		return exitError{exitUsage, err}
	}
	platform, err := fakealtegio.New(fakealtegio.Config{
		Journal: writer, Seed: time.Now().UnixNano(),
		Applications: []fakealtegio.Application{application(resolved)},
		OnExchange:   func(rec journal.Record) { printExchange(a.stdout, rec) },
	})
	if err != nil {
		return exitError{exitUsage, err}
	}
	defer platform.Close()
	if err := platform.Serve(listener); err != nil {
		return exitError{exitHarness, err}
	}
	location := platform.NewLocation(fakealtegio.LocationOptions{})
	connect, err := platform.Connect(resolved.Application.ID, platform.NewOwner(""), fakealtegio.ConnectOptions{}, location.ID)
	if err != nil {
		return exitError{exitUsage, err}
	}
	fmt.Fprintf(a.stdout, "The fake Altegio answers at %s. Ctrl-C ends it.\n", vars.Altegio.URL)
	fmt.Fprintf(a.stdout, "Connect was pressed for location %d, %s. Open within an hour:\n  %s\n", location.ID, location.Title, connect)
	ticker := time.NewTicker(serveTick)
	defer ticker.Stop()
	for {
		select {
		case <-ticker.C:
			platform.Tick(ctx)
		case <-ctx.Done():
			return nil
		}
	}
}

// printExchange shows an exchange with what is wrong with it.
func printExchange(w io.Writer, rec journal.Record) {
	ex := rec.Exchange
	status := "no answer"
	if ex.Response != nil {
		status = fmt.Sprint(ex.Response.Status)
	}
	arrow := "→"
	if ex.Direction == journal.FromPlatform {
		arrow = "←"
	}
	line := fmt.Sprintf("%s %s %s %s  %s", rec.At.Format(time.TimeOnly), arrow, ex.Request.Method, reports.Plain(ex.Request.URL, 200), status)
	if ex.Direction == journal.ToPlatform && ex.Operation == "" {
		line += "  UNKNOWN PATH"
	}
	if ex.Refused != "" {
		line += "  refused: " + ex.Refused
	}
	for _, v := range ex.Violations {
		line += fmt.Sprintf("\n           %s %s %s: %s", v.Class, v.Where, reports.Plain(v.Pointer, 80), reports.Plain(v.Message, 200))
	}
	fmt.Fprintln(w, line)
}
