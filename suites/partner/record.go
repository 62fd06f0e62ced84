package partner

import (
	"net/http"
	"regexp"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/altegio-readiness/harness/fakealtegio/journal"
)

// errand says to which story a request belongs.
type errand struct {
	scenario string
	location int64
	hook     string
	index    int
	kind     string
	steps    int // recorded so far
}

// record writes what came of a request as one step.
func (b *Browser) record(e *errand, step journal.Step, page *Page, err error, took time.Duration) {
	step.Millis = millis(took)
	if page != nil {
		step.Title = b.journal.Redactor().Text(page.Title)
		step.Response = b.response(page, step.Response)
	} else {
		step.Response = nil
	}
	if err != nil {
		step.Error = b.journal.Redactor().Text(err.Error())
	}
	e.append(b.journal, step)
}

// append writes a step to the journal. The writer remembers its errors; the run asks for them.
func (e *errand) append(j *journal.Writer, step journal.Step) {
	e.steps++
	_, _ = j.Append(journal.Record{Kind: journal.KindStep, Scenario: e.scenario, Location: e.location, Step: &step})
}

func millis(d time.Duration) float64 {
	return float64(d.Round(10*time.Microsecond)) / float64(time.Millisecond)
}

// noteCookies collects the cookies that were set on the way in the header that is recorded for the
// step, for it has one answer only.
func (b *Browser) noteCookies(resp *http.Response, step *journal.Step) {
	if set := resp.Header.Values("Set-Cookie"); len(set) > 0 {
		if step.Response == nil {
			step.Response = &journal.Response{Header: map[string][]string{}}
		}
		step.Response.Header["Set-Cookie"] = append(step.Response.Header["Set-Cookie"], set...)
	}
}

// recorded is a request as it goes into the journal.
func (b *Browser) recorded(req *http.Request, r request) *journal.Request {
	red := b.journal.Redactor()
	out := &journal.Request{
		Method: req.Method,
		URL:    red.URL(r.url.String()),
		Host:   red.Text(r.url.Host),
		Header: red.Header(req.Header),
	}
	if len(r.body) > 0 {
		out.Body = red.Body(req.Header.Get("Content-Type"), r.body)
	}
	return out
}

// htmlKept is how much of an HTML page is recorded: enough to recognise it.
const htmlKept = 4 << 10

var tagPattern = regexp.MustCompile(`\[[a-z][a-z0-9-]*:[0-9a-f]{8}\]`)

// response is a page as it goes into the journal: of HTML the beginning, and of the rest the tags of what the
// redactor found there, since it matters that a secret was on the page.
func (b *Browser) response(p *Page, noted *journal.Response) *journal.Response {
	red := b.journal.Redactor()
	header := p.Header.Clone()
	if noted != nil {
		header["Set-Cookie"] = noted.Header["Set-Cookie"]
	}
	out := &journal.Response{Status: p.Status, Header: red.Header(header)}
	if len(p.Body) == 0 {
		return out
	}
	out.Body = red.Body(p.Header.Get("Content-Type"), p.Body)
	if out.Body == nil {
		return out
	}
	out.Body.Truncated = out.Body.Truncated || p.Truncated
	if !p.HTML() || len(out.Body.Text) <= htmlKept {
		return out
	}
	text, cut := out.Body.Text, htmlKept
	for _, at := range tagPattern.FindAllStringIndex(text[:min(len(text), htmlKept+64)], -1) {
		if at[0] < cut && at[1] > cut {
			cut = at[1] // not through a tag
		}
	}
	for cut < len(text) && !utf8.RuneStart(text[cut]) {
		cut--
	}
	kept := text[:cut] + "\n…"
	for _, tag := range tagPattern.FindAllString(text[cut:], -1) {
		if !strings.Contains(kept, tag) && len(kept) < 2*htmlKept {
			kept += "\n… " + tag + " …"
		}
	}
	out.Body.Text, out.Body.Truncated = kept, true
	return out
}
