package reports

import (
	"fmt"
	"html/template"
	"slices"
	"strings"

	"github.com/altegio-readiness/harness/suites/checklist"
)

// page is what the template lays out: the report, with its parts put next to each other the way a
// reader meets them. It adds nothing to what the report says.
type page struct {
	Report
	Style     template.CSS
	StyleHash string // for the content security policy
	Title     string
	Groups    []group
	Findings  []card
	Carded    map[string]bool // the requirements that have a card
	Stories   []storyView
	// Broken is true when the run itself, not the integration, is what has to be explained first.
	Broken bool
}

// group is a checklist item with its requirements.
type group struct {
	Item
	Counts   string
	Verdicts []Verdict
}

// card is a requirement that fails or warns, with its findings.
type card struct {
	Verdict
	Cards []findingCard
}

// findingCard is one finding and the message that proves it. Of findings in a row with the same
// proof the last one shows it, with the places of all marked.
type findingCard struct {
	Finding
	Exchange *message
	Told     bool // the proof is a sentence
}

// storyView is a scenario whose events carry their messages.
type storyView struct {
	Scenario
	Lines []eventView
}

type eventView struct {
	Event
	Exchange *message
}

// message is an exchange laid out for reading.
type message struct {
	Exchange
	Sent     *half
	Answered *half
}

// half is a request or a response.
type half struct {
	Line     string
	LineMark bool
	Headers  []headerView
	Body     []segment
	Note     string // about a body that is not shown in full
}

type headerView struct {
	Header
	Mark string
}

func newPage(r Report) page {
	p := page{
		Report: r, Style: template.CSS(style), StyleHash: styleHash,
		Title:  joined(" · ", string(r.Overall), r.Run.Application.Title, "altegio-readiness"),
		Carded: map[string]bool{},
		Broken: r.Failure != nil && r.Overall != checklist.NotReady && r.Overall != checklist.Ready,
	}
	messages := map[int64]Exchange{}
	for _, ex := range r.Exchanges {
		messages[ex.Record] = ex
	}
	for _, item := range r.Items {
		g := group{Item: item, Counts: item.counts()}
		for _, v := range r.Verdicts {
			if v.Item == item.Item {
				g.Verdicts = append(g.Verdicts, v)
			}
		}
		p.Groups = append(p.Groups, g)
	}
	for _, v := range r.ranked() {
		c := card{Verdict: v}
		var pointers []string
		for i, f := range v.Findings {
			fc := findingCard{Finding: f}
			if i > 0 {
				fc.Finding = f.after(v.Findings[i-1])
			}
			pointers = append(pointers, f.Pointer)
			if i+1 == len(v.Findings) || v.Findings[i+1].Record != f.Record {
				if ex, ok := messages[f.Record]; ok {
					fc.Exchange = lay(ex, pointers)
				}
				fc.Told = fc.Exchange == nil && f.Proof != ""
				pointers = nil
			}
			c.Cards = append(c.Cards, fc)
		}
		p.Findings = append(p.Findings, c)
		p.Carded[v.ID] = true
	}
	for _, s := range r.Scenarios {
		view := storyView{Scenario: s}
		for _, ev := range s.Events {
			line := eventView{Event: ev}
			if ex, ok := messages[ev.Record]; ok {
				var pointers []string
				for _, v := range ex.Violations {
					pointers = append(pointers, v.Pointer)
				}
				line.Exchange = lay(ex, pointers)
			}
			view.Lines = append(view.Lines, line)
		}
		p.Stories = append(p.Stories, view)
	}
	return p
}

// ranked returns what has findings, failures before warnings, each in the order of the catalogue.
func (r Report) ranked() []Verdict {
	var out []Verdict
	for _, o := range []checklist.Outcome{checklist.Fail, checklist.Warn} {
		for _, v := range r.Verdicts {
			if v.Outcome == o {
				out = append(out, v)
			}
		}
	}
	return out
}

// after leaves out of a finding what the one before it has just said.
func (f Finding) after(before Finding) Finding {
	if f.Want == before.Want {
		f.Want = ""
	}
	if f.Do == before.Do {
		f.Do = ""
	}
	return f
}

// counts says in words how an item's requirements fared.
func (i Item) counts() string {
	m := i.Must
	if m.Total() > 0 && m.Total() == m.NotApplicable {
		return "Does not apply to this application."
	}
	var parts []string
	all, hold := m.Total()-m.NotApplicable, m.Pass+m.Warn
	if m.Fail > 0 {
		parts = append(parts, fmt.Sprintf("%d of %d mandatory failed", m.Fail, all))
	}
	if open := m.NotVerified + m.EnvironmentError + m.HarnessError; open > 0 && m.Fail > 0 {
		parts = append(parts, fmt.Sprintf("%d not verified", open))
	} else if open > 0 {
		parts = append(parts, fmt.Sprintf("%d of %d mandatory not verified", open, all))
	}
	switch {
	case all > 0 && hold == all:
		parts = append(parts, fmt.Sprintf("All %d mandatory hold", all))
	case hold > 0:
		parts = append(parts, fmt.Sprintf("%d hold", hold))
	}
	if n := i.Should.Warn + m.Warn; n > 0 {
		parts = append(parts, plural(n, "warning", "warnings"))
	}
	if len(parts) == 0 {
		return "Nothing was checked."
	}
	return strings.Join(parts, ", ") + "."
}

// lay lays out an exchange and marks the pointers in its request.
func lay(ex Exchange, pointers []string) *message {
	m := &message{Exchange: ex}
	pointers = slices.DeleteFunc(slices.Clone(pointers), func(p string) bool { return p == "" })
	if r := ex.Request; r != nil {
		m.Sent = &half{Line: joined(" ", r.Method, r.URL, r.Proto)}
		headers := r.Headers
		if r.Host != "" {
			headers = append([]Header{{Name: "Host", Value: r.Host}}, headers...)
		}
		var inBody []string
		for _, p := range pointers {
			switch where := placeOf(ex, p); where {
			case "body":
				inBody = append(inBody, p)
			case "header":
				if !slices.ContainsFunc(headers, func(h Header) bool { return strings.EqualFold(h.Name, p) }) {
					m.Sent.Headers = append(m.Sent.Headers, headerView{Header{Name: p, Value: "is not there"}, "absent"})
				}
			default:
				m.Sent.LineMark = true
			}
		}
		var named []headerView
		for _, h := range headers {
			view := headerView{Header: h}
			if slices.ContainsFunc(pointers, func(p string) bool { return strings.EqualFold(p, h.Name) }) {
				view.Mark = "mark"
			}
			named = append(named, view)
		}
		m.Sent.Headers = append(named, m.Sent.Headers...)
		m.Sent.Body, m.Sent.Note = bodySegments(r.Body, isForm(r.Headers), inBody), bodyNote(r.Body)
	}
	if r := ex.Response; r != nil {
		m.Answered = &half{Line: fmt.Sprintf("%d", r.Status)}
		for _, h := range r.Headers {
			m.Answered.Headers = append(m.Answered.Headers, headerView{Header: h})
		}
		m.Answered.Body, m.Answered.Note = bodySegments(r.Body, false, nil), bodyNote(r.Body)
	}
	return m
}

// placeOf says in which part of a request a pointer points: what a violation says, a JSON pointer
// into the body, the name of a header that is there or is always one, else the path and query.
func placeOf(ex Exchange, pointer string) string {
	for _, v := range ex.Violations {
		if v.Pointer == pointer && v.Where != "" {
			return v.Where
		}
	}
	if strings.HasPrefix(pointer, "/") {
		return "body"
	}
	isIt := func(h Header) bool { return strings.EqualFold(h.Name, pointer) }
	if ex.Request != nil && slices.ContainsFunc(ex.Request.Headers, isIt) {
		return "header"
	}
	switch strings.ToLower(pointer) {
	case "authorization", "accept", "content-type", "host":
		return "header"
	}
	return "path"
}

func isForm(headers []Header) bool {
	return slices.ContainsFunc(headers, func(h Header) bool {
		return strings.EqualFold(h.Name, "Content-Type") && strings.HasPrefix(h.Value, "application/x-www-form-urlencoded")
	})
}

func bodyNote(b *Body) string {
	switch {
	case b == nil || b.Text == "" && b.Size == 0:
		return ""
	case b.Text == "":
		return fmt.Sprintf("A body of %s bytes.", thousands(b.Size))
	case b.Truncated:
		return fmt.Sprintf("The beginning of a body of %s bytes.", thousands(b.Size))
	}
	return ""
}
