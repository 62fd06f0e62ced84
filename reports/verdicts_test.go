package reports_test

import (
	"encoding/xml"
	"slices"
	"strings"
	"testing"

	"github.com/altegio-readiness/harness/fakealtegio/journal"
	"github.com/altegio-readiness/harness/reports"
	"github.com/altegio-readiness/harness/suites/checklist"
)

// judged returns a report on requirements of one item with these levels and outcomes.
func judged(musts, shoulds []checklist.Outcome) reports.Report {
	var requirements []checklist.Requirement
	var verdicts []checklist.Verdict
	add := func(level checklist.Level, outcomes []checklist.Outcome) {
		for _, o := range outcomes {
			id := "CON-" + string(rune('A'+len(requirements)))
			requirements = append(requirements, checklist.Requirement{ID: id, Item: checklist.Connect, Level: level, Title: "It does " + id})
			verdicts = append(verdicts, checklist.Verdict{Requirement: id, Outcome: o, Summary: "seen " + id})
		}
	}
	add(checklist.Must, musts)
	add(checklist.Should, shoulds)
	return reports.NewWith(nil, checklist.Result{Overall: checklist.Incomplete, Verdicts: verdicts}, requirements)
}

func TestItemStatus(t *testing.T) {
	pass, fail, warn, na := checklist.Pass, checklist.Fail, checklist.Warn, checklist.NotApplicable
	open, env, ours := checklist.NotVerified, checklist.EnvError, checklist.HarnessError
	for _, c := range []struct {
		musts, shoulds []checklist.Outcome
		want           checklist.Outcome
	}{
		{nil, nil, open}, // an item nobody looked at is not green
		{[]checklist.Outcome{pass, pass}, nil, pass},
		{[]checklist.Outcome{pass, na}, nil, pass},
		{[]checklist.Outcome{na, na}, nil, na},
		{[]checklist.Outcome{pass, open}, nil, open},
		{[]checklist.Outcome{pass, env}, nil, env},
		{[]checklist.Outcome{open, ours}, nil, ours},
		{[]checklist.Outcome{ours, fail}, nil, fail},
		{[]checklist.Outcome{pass, warn}, nil, warn},
		{[]checklist.Outcome{pass}, []checklist.Outcome{warn, open}, pass},
		{nil, []checklist.Outcome{pass, warn}, warn},
		{[]checklist.Outcome{pass, "a new outcome"}, nil, ours},
	} {
		if got := judged(c.musts, c.shoulds).Items[0].Status; got != c.want {
			t.Errorf("musts %v, shoulds %v: got %s, want %s", c.musts, c.shoulds, got, c.want)
		}
	}
}

func TestRequirementWithoutVerdictIsNotGreen(t *testing.T) {
	r := reports.NewWith(nil, checklist.Result{Overall: checklist.Ready}, catalogue(t))
	for _, v := range r.Verdicts {
		if v.Outcome != checklist.NotVerified {
			t.Errorf("%s: got %s, want not verified", v.ID, v.Outcome)
		}
	}
	if len(r.Verdicts) != len(catalogue(t)) {
		t.Errorf("got %d verdicts, want %d", len(r.Verdicts), len(catalogue(t)))
	}
}

// TestGreenInJUnitMeansExecuted decodes what a CI system would see.
func TestGreenInJUnitMeansExecuted(t *testing.T) {
	all := []checklist.Outcome{
		checklist.Pass, checklist.Fail, checklist.Warn, checklist.NotApplicable, checklist.NotVerified,
		checklist.EnvError, checklist.HarnessError,
	}
	r := judged(all, all)
	var got struct {
		Tests    int `xml:"tests,attr"`
		Failures int `xml:"failures,attr"`
		Errors   int `xml:"errors,attr"`
		Skipped  int `xml:"skipped,attr"`
		Cases    []struct {
			Name    string    `xml:"name,attr"`
			Failure *struct{} `xml:"failure"`
			Error   *struct{} `xml:"error"`
			Skipped *struct{} `xml:"skipped"`
		} `xml:"testsuite>testcase"`
	}
	if err := xml.Unmarshal([]byte(render(t, reports.WriteJUnit, r)), &got); err != nil {
		t.Fatal(err)
	}
	if got.Tests != 14 || got.Failures != 2 || got.Errors != 4 || got.Skipped != 6 {
		t.Errorf("got %d tests, %d failures, %d errors, %d skipped, want 14, 2, 4, 6", got.Tests, got.Failures, got.Errors, got.Skipped)
	}
	for i, c := range got.Cases {
		green := c.Failure == nil && c.Error == nil && c.Skipped == nil
		if want := r.Verdicts[i].Outcome == checklist.Pass; green != want {
			t.Errorf("%s is %s, and green is %t", c.Name, r.Verdicts[i].Outcome, green)
		}
	}
}

func TestOneCauseIsOneGap(t *testing.T) {
	r := report(t, "not-ready")
	if len(r.NotVerified) != 1 || r.NotVerified[0].BlockedBy != "PAY-02" || r.NotVerified[0].Must != 10 {
		t.Errorf("got gaps %+v, want one of ten musts blocked by PAY-02", r.NotVerified)
	}
	i := slices.IndexFunc(r.Verdicts, func(v reports.Verdict) bool { return v.ID == "PAY-02" })
	if got := r.Verdicts[i].Blocks; !slices.Equal(got, r.NotVerified[0].Requirements) {
		t.Errorf("PAY-02 blocks %v, want %v", got, r.NotVerified[0].Requirements)
	}
	gaps := report(t, "incomplete").NotVerified
	want := []string{
		"Add to readiness.yaml: either drive.pay or observe.connected.", "Add to readiness.yaml: drive.pay.",
		"Add to readiness.yaml: drive.pay and drive.refund.", "Add to readiness.yaml: drive.sign_in.",
		"Add to readiness.yaml: drive.sign_in and either drive.pay or observe.connected.",
	}
	var got []string
	for _, g := range gaps {
		got = append(got, g.Verify)
	}
	if !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestFailureWithoutFindingIsShown(t *testing.T) {
	r := judged([]checklist.Outcome{checklist.Warn, checklist.Fail}, nil)
	for _, v := range r.Verdicts {
		if len(v.Findings) != 1 || v.Findings[0].Seen != "seen "+v.ID {
			t.Errorf("%s has findings %+v, want one that says what was seen", v.ID, v.Findings)
		}
	}
	if page := render(t, reports.WriteHTML, r); strings.Count(page, `<article class="card finding`) != 2 {
		t.Error("the page does not show both")
	}
}

// TestMarks looks for the place of a finding in the message that proves it.
func TestMarks(t *testing.T) {
	for name, c := range map[string]struct {
		body, form, pointer string
		want                string
	}{
		"member":        {body: `{"salon_id":"12"}`, pointer: "/salon_id", want: `<mark>  &#34;salon_id&#34;: &#34;12&#34;</mark>`},
		"in a list":     {body: `{"a":[1,{"b~/c":2}]}`, pointer: "/a/1/b~0~1c", want: `<mark>      &#34;b~/c&#34;: 2</mark>`},
		"an element":    {body: `[1,2,3]`, pointer: "/1", want: `<mark>  2,</mark>`},
		"missing":       {body: `{"salon_id":1}`, pointer: "/currency_iso", want: `<mark class="absent">  &#34;currency_iso&#34; is not there</mark>`},
		"missing below": {body: `{"a":{}}`, pointer: "/a/b", want: `<mark class="absent">&#34;b&#34; is not there</mark>`},
		"twice":         {body: `{"a":1,"a":2}`, pointer: "/a", want: "<mark>  &#34;a&#34;: 1,</mark>\n<mark>  &#34;a&#34;: 2</mark>"},
		"form":          {form: "salon_id=1&webhook_urls%5B%5D=x", pointer: "/webhook_urls", want: `<mark>webhook_urls%5B%5D=x</mark>`},
		"header":        {body: `{}`, pointer: "accept", want: `<mark>Accept: text/html</mark>`},
		"no header":     {body: `{}`, pointer: "Authorization", want: `<mark class="absent">Authorization is not there</mark>`},
		"path":          {body: `{}`, pointer: "payment_id", want: `<mark>POST /refund/7 HTTP/1.1</mark>`},
		"no JSON":       {body: `{"a":`, pointer: "/a", want: "{&#34;a&#34;:\n"},
	} {
		t.Run(name, func(t *testing.T) {
			request := journal.Request{
				Method: "POST", URL: "/refund/7", Proto: "HTTP/1.1",
				Header: map[string][]string{"Accept": {"text/html"}}, Body: &journal.Body{Text: c.body + c.form},
			}
			if c.form != "" {
				request.Header["Content-Type"] = []string{"application/x-www-form-urlencoded"}
			}
			records := []journal.Record{{Seq: 1, Kind: journal.KindExchange, Exchange: &journal.Exchange{Direction: journal.ToPlatform, Request: request}}}
			page := render(t, reports.WriteHTML, reports.NewWith(records, checklist.Result{Verdicts: []checklist.Verdict{{
				Requirement: "CON-04", Outcome: checklist.Fail,
				Findings: []checklist.Finding{{Seen: "x", Pointer: c.pointer, Record: 1}},
			}}}, nil))
			if !strings.Contains(page, c.want) {
				_, block, _ := strings.Cut(page, `<pre class="code">`)
				block, _, _ = strings.Cut(block, "</pre>")
				t.Errorf("got\n%s\nwant it to hold %s", block, c.want)
			}
		})
	}
}

func TestPageNeedsNothingElse(t *testing.T) {
	page := render(t, reports.WriteHTML, report(t, "not-ready"))
	for _, bad := range []string{"<script", "<link rel=\"stylesheet", "@import", "url(", "<iframe", "<img", " style="} {
		if strings.Contains(page, bad) {
			t.Errorf("the page holds %s", bad)
		}
	}
	for _, want := range []string{"default-src 'none'", `<html lang="en">`, "<main", `name="viewport"`, "<!doctype html>"} {
		if !strings.Contains(page, want) {
			t.Errorf("the page lacks %s", want)
		}
	}
}
