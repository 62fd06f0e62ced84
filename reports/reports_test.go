package reports_test

import (
	"bufio"
	"bytes"
	"encoding/json"
	"flag"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/altegio-readiness/harness/fakealtegio/journal"
	"github.com/altegio-readiness/harness/reports"
	"github.com/altegio-readiness/harness/suites/checklist"
)

var update = flag.Bool("update", false, "write the golden files anew")

// runs are the folders of testdata, a journal and its verdicts each.
var runs = []string{"ready", "not-ready", "incomplete", "environment"}

var writers = []struct {
	file  string
	write func(io.Writer, reports.Report) error
}{
	{reports.FileHTML, reports.WriteHTML},
	{reports.FileJSON, reports.WriteJSON},
	{reports.FileJUnit, reports.WriteJUnit},
	{reports.FileMarkdown, reports.WriteMarkdown},
}

// load decodes a file of testdata and refuses fields that the type no longer has.
func load(t testing.TB, path string, into any) {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("testdata", path))
	if err != nil {
		t.Fatal(err)
	}
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.DisallowUnknownFields()
	if err := dec.Decode(into); err != nil {
		t.Fatalf("%s: %v", path, err)
	}
}

func records(t testing.TB, run string) []journal.Record {
	t.Helper()
	f, err := os.Open(filepath.Join("testdata", run, "journal.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var out []journal.Record
	lines := bufio.NewScanner(f)
	lines.Buffer(nil, 4<<20)
	for lines.Scan() {
		dec := json.NewDecoder(bytes.NewReader(lines.Bytes()))
		dec.DisallowUnknownFields()
		var rec journal.Record
		if err := dec.Decode(&rec); err != nil {
			t.Fatalf("%s: %v", run, err)
		}
		out = append(out, rec)
	}
	return out
}

func catalogue(t testing.TB) []checklist.Requirement {
	t.Helper()
	var c []checklist.Requirement
	load(t, "catalogue.json", &c)
	return c
}

func result(t testing.TB, run string) checklist.Result {
	t.Helper()
	var r checklist.Result
	load(t, filepath.Join(run, "result.json"), &r)
	return r
}

func report(t testing.TB, run string) reports.Report {
	t.Helper()
	return reports.NewWith(records(t, run), result(t, run), catalogue(t))
}

func render(t testing.TB, write func(io.Writer, reports.Report) error, r reports.Report) string {
	t.Helper()
	var b bytes.Buffer
	if err := write(&b, r); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestGolden(t *testing.T) {
	for _, run := range runs {
		r := report(t, run)
		r.Run.RequirementSet = "2026.11-spine" // as the catalogue of testdata
		for _, w := range writers {
			t.Run(run+"/"+w.file, func(t *testing.T) {
				got := render(t, w.write, r)
				golden := filepath.Join("testdata", run, w.file)
				if *update {
					if err := os.WriteFile(golden, []byte(got), 0o644); err != nil {
						t.Fatal(err)
					}
				}
				want, err := os.ReadFile(golden)
				if err != nil {
					t.Fatal(err)
				}
				if got != string(want) {
					t.Errorf("%s differs from its golden file at %s; look at the difference, then run go test -update",
						w.file, firstDifference(got, string(want)))
				}
			})
		}
	}
}

func firstDifference(got, want string) string {
	g, w := strings.Split(got, "\n"), strings.Split(want, "\n")
	for i := range min(len(g), len(w)) {
		if g[i] != w[i] {
			return "line " + jsonOf(i+1) + "\n got " + g[i] + "\nwant " + w[i]
		}
	}
	return "its end"
}

func jsonOf(v any) string {
	data, _ := json.Marshal(v)
	return string(data)
}

func TestSameJournalSameBytes(t *testing.T) {
	for _, run := range runs {
		for _, w := range writers {
			if a, b := render(t, w.write, report(t, run)), render(t, w.write, report(t, run)); a != b {
				t.Errorf("%s of %s differs between two runs at %s", w.file, run, firstDifference(a, b))
			}
		}
	}
}

func TestNewJudgesAnyJournal(t *testing.T) {
	for _, run := range runs {
		all := records(t, run)
		for _, n := range []int{0, 1, len(all) / 2, len(all) - 1, len(all)} {
			r := reports.New(all[:n])
			if r.Schema != reports.Schema || len(r.Verdicts) != len(checklist.Catalogue()) {
				t.Errorf("%s, %d records: got schema %q and %d verdicts", run, n, r.Schema, len(r.Verdicts))
			}
			if n < len(all) && (r.Overall != checklist.Interrupted || r.ExitCode != 130) {
				t.Errorf("%s cut off after %d records: got %s with exit code %d, want INTERRUPTED with 130", run, n, r.Overall, r.ExitCode)
			}
			for _, w := range writers {
				render(t, w.write, r)
			}
		}
	}
}

func TestCutOff(t *testing.T) {
	all := records(t, "ready")
	r := reports.NewFrom(all[:len(all)/2], checklist.Judge(all[:len(all)/2]))
	if r.Failure == nil || r.Failure.Reason != "cut off" || r.Run.End != "cut off" {
		t.Fatalf("got failure %+v and end %q, want cut off", r.Failure, r.Run.End)
	}
	if page := render(t, reports.WriteHTML, r); !strings.Contains(page, "INTERRUPTED") || !strings.Contains(page, "Why the run stopped before its end") {
		t.Error("the page does not say that the run was cut off")
	}
	if junit := render(t, reports.WriteJUnit, r); !strings.Contains(junit, "<error") {
		t.Error("JUnit shows no error for a run that was cut off")
	}
}

func TestNoNullInJSON(t *testing.T) {
	for _, r := range []reports.Report{reports.New(nil), report(t, "ready"), report(t, "not-ready")} {
		var all map[string]any
		if err := json.Unmarshal([]byte(render(t, reports.WriteJSON, r)), &all); err != nil {
			t.Fatal(err)
		}
		// What may be absent is named; every list is a list.
		allowed := map[string]bool{"failure": true, "started": true, "ended": true, "request": true, "response": true, "body": true}
		var walk func(path string, v any)
		walk = func(path string, v any) {
			switch v := v.(type) {
			case nil:
				if !allowed[path[strings.LastIndexByte(path, '.')+1:]] {
					t.Errorf("%s is null", path)
				}
			case map[string]any:
				for k, e := range v {
					walk(path+"."+k, e)
				}
			case []any:
				for _, e := range v {
					walk(path, e)
				}
			}
		}
		walk("", all)
	}
}

func TestWriteAll(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "deep", "readiness-report")
	for range 2 { // the second time over what is there
		if err := reports.WriteAll(dir, report(t, "ready")); err != nil {
			t.Fatal(err)
		}
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, e := range entries {
		names = append(names, e.Name())
	}
	if got, want := strings.Join(names, " "), "junit.xml report.html report.json summary.md"; got != want {
		t.Errorf("got files %s, want %s", got, want)
	}
}
