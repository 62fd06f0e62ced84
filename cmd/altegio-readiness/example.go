package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"syscall"

	"github.com/spf13/cobra"

	"github.com/altegio-readiness/harness/fixtures/integrations/reminders/flawed"
	"github.com/altegio-readiness/harness/suites/partner"
)

// exampleName is the hidden command under which the binary is the bundled integration.
const exampleName = "example-integration"

// exampleCommand makes this binary carry the bundled integration, so that run --example needs
// nothing else. It is started as a process of its own and talked to over loopback only, exactly
// like a stranger's.
func (a *app) exampleCommand() *cobra.Command {
	return &cobra.Command{
		Use: exampleName, Short: "Be the bundled integration", Hidden: true, DisableFlagParsing: true,
		RunE: func(_ *cobra.Command, args []string) error {
			ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
			defer stop()
			a.code = flawed.Main(ctx, args, os.Getenv, a.stdout, a.stderr)
			return nil
		},
	}
}

// exampleConfig is the configuration of the bundled integration, as anybody would write it for
// theirs, started from this binary instead of with go run.
func exampleConfig(flaw string) (*partner.Config, error) {
	if _, ok := flawed.Find(flaw); flaw != "" && !ok {
		return nil, usagef("there is no flaw %q; altegio-readiness list --flaws --all shows them", flaw)
	}
	// The configuration must not depend on the caller's environment.
	cfg, err := partner.Parse("the bundled readiness.yaml", flawed.ReadinessYAML, func(string) (string, bool) { return "", false })
	if err != nil {
		return nil, exitError{exitHarness, err}
	}
	executable, err := os.Executable()
	if err != nil {
		return nil, exitError{exitHarness, fmt.Errorf("find this binary: %w", err)}
	}
	cfg.Integration.Process.Command = []string{executable, exampleName}
	if flaw != "" {
		cfg.Integration.Process.Command = append(cfg.Integration.Process.Command, "--flaw", flaw)
	}
	return cfg, nil
}
