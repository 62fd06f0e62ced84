package main

import (
	"encoding/json"
	"net"
	"os"
	"path/filepath"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/altegio-readiness/harness/suites/partner"
)

// reportFile is what tests read of a report.json, as somebody else's program would.
type reportFile struct {
	Overall  string `json:"overall"`
	Verdicts []struct {
		ID      string `json:"id"`
		Level   string `json:"level"`
		Outcome string `json:"outcome"`
		Summary string `json:"summary"`
	} `json:"verdicts"`
}

func readReport(dir string) *reportFile {
	content, err := os.ReadFile(filepath.Join(dir, "report.json"))
	if err != nil {
		return nil
	}
	var report reportFile
	if json.Unmarshal(content, &report) != nil {
		return nil
	}
	return &report
}

func (r *reportFile) outcome(id string) string {
	for _, v := range r.Verdicts {
		if v.ID == id {
			return v.Outcome
		}
	}
	return "absent"
}

// having returns the ids with the outcome, in the order of the report.
func (r *reportFile) having(outcome string) []string {
	ids := []string{}
	for _, v := range r.Verdicts {
		if v.Outcome == outcome {
			ids = append(ids, v.ID)
		}
	}
	return ids
}

// freePort puts a free port into an environment variable: freeport NAME
func freePort(ts *testscript.TestScript, _ bool, args []string) {
	port, err := partner.FreePort()
	ts.Check(err)
	ts.Setenv(args[0], jsonNumber(port))
}

// waitFor waits until something listens on a port of this machine: waitfor PORT
func waitFor(ts *testscript.TestScript, _ bool, args []string) {
	deadline := time.Now().Add(time.Minute)
	for {
		conn, err := net.Dial("tcp", net.JoinHostPort("127.0.0.1", args[0]))
		if err == nil {
			ts.Check(conn.Close())
			return
		}
		if time.Now().After(deadline) {
			ts.Fatalf("nothing listens on port %s after a minute: %v", args[0], err)
		}
		<-time.After(20 * time.Millisecond)
	}
}

func jsonNumber(n int) string {
	text, _ := json.Marshal(n)
	return string(text)
}
