package main

import (
	"encoding/base64"
	"encoding/json"
	"flag"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

// TestMain lets scripts and tests start this binary as the command: the bundled integration is
// the same binary, so os.Executable has to lead to a command that knows it.
func TestMain(m *testing.M) {
	if os.Getenv("READINESS_TEST_AS_COMMAND") != "" || len(os.Args) > 1 && os.Args[1] == exampleName {
		os.Exit(run(os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
	}
	// Runs mostly wait, and each has a process of its own: more at a time than there are cores. The
	// command line still has the last word. Where testscript makes us the command, Ginkgo would take
	// the flag for its own.
	if filepath.Base(os.Args[0]) != "altegio-readiness" {
		if err := flag.Set("test.parallel", "8"); err != nil {
			panic(err)
		}
	}
	testscript.Main(m, map[string]func(){
		"altegio-readiness": func() { os.Exit(run(os.Args[1:], os.Stdin, os.Stdout, os.Stderr)) },
	})
}

func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir: "testdata",
		Cmds: map[string]func(ts *testscript.TestScript, neg bool, args []string){
			"secretfree": secretFree,
			"verdict":    verdict,
			"freeport":   freePort,
			"waitfor":    waitFor,
		},
		Setup: func(env *testscript.Env) error {
			repo, err := filepath.Abs("../..")
			env.Setenv("REPO", repo)
			return err
		},
		RequireExplicitExec: true,
		Condition: func(cond string) (bool, error) {
			return cond == "unix" && os.PathSeparator == '/', nil
		},
	})
}

// secretFree fails when a file below a folder contains a secret in any of the ways in which it
// could be written: secretfree FOLDER SECRET...
func secretFree(ts *testscript.TestScript, _ bool, args []string) {
	if len(args) < 2 {
		ts.Fatalf("usage: secretfree FOLDER SECRET...")
	}
	ts.Check(filepath.WalkDir(ts.MkAbs(args[0]), func(path string, entry os.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		content, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		for _, secret := range args[1:] {
			for form, written := range writings(secret) {
				if strings.Contains(string(content), written) {
					ts.Fatalf("%s contains a secret, written as %s", path, form)
				}
			}
		}
		return nil
	}))
}

// writings are the ways to write a secret. Base64 depends on where in the encoded text the
// secret stands: of each alignment the part that only the secret decides is looked for.
func writings(secret string) map[string]string {
	escaped, _ := json.Marshal(secret)
	forms := map[string]string{
		"itself": secret, "URL": url.QueryEscape(secret), "path": url.PathEscape(secret),
		"JSON": strings.Trim(string(escaped), `"`),
	}
	for shift := range 3 {
		encoded := base64.StdEncoding.EncodeToString([]byte(strings.Repeat("x", shift) + secret))
		encoded = strings.TrimRight(encoded, "=")
		from, to := []int{0, 2, 3}[shift], len(encoded)-2
		if to-from >= 8 {
			forms["base64 "+string(rune('0'+shift))] = encoded[from:to]
			forms["base64url "+string(rune('0'+shift))] = strings.NewReplacer("+", "-", "/", "_").Replace(encoded[from:to])
		}
	}
	return forms
}

// verdict compares the verdict in a report.json: verdict FOLDER OVERALL [ID=OUTCOME...], spaces
// in an outcome written as underscores.
func verdict(ts *testscript.TestScript, _ bool, args []string) {
	report := readReport(ts.MkAbs(args[0]))
	if report == nil {
		ts.Fatalf("%s has no readable report.json", args[0])
	}
	if want := strings.ReplaceAll(args[1], "_", " "); report.Overall != want {
		ts.Fatalf("overall: got %q, want %q", report.Overall, want)
	}
	for _, pair := range args[2:] {
		id, want, _ := strings.Cut(pair, "=")
		if got := report.outcome(id); got != strings.ReplaceAll(want, "_", " ") {
			ts.Fatalf("%s: got %q, want %q", id, got, want)
		}
	}
}
