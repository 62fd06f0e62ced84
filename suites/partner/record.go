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
		step.Title = shorten(b.journal.Redactor().Text(page.Title), excerptLength)
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

// Limits of what is recorded of an exchange besides its body. Nobody reads more.
const (
	valueKept   = 8 << 10  // bytes of a header, a URL
	cookiesKept = 64 << 10 // of all cookies set during a step
	overlap     = 4 << 10  // redacted beyond what is kept, since half of a secret is not recognised
)

// noteCookies collects the cookies that were set on the way, redacted, in the header that is
// recorded for the step, for it has one answer only.
func (b *Browser) noteCookies(resp *http.Response, step *journal.Step) {
	set := resp.Header.Values("Set-Cookie")
	if len(set) == 0 {
		return
	}
	if step.Response == nil {
		step.Response = &journal.Response{Header: map[string][]string{}}
	}
	noted := step.Response.Header["Set-Cookie"]
	size := 0
	for _, value := range noted {
		size += len(value)
	}
	for _, value := range set {
		if size > cookiesKept {
			break
		}
		for _, kept := range b.headers(http.Header{"Set-Cookie": {value}})["Set-Cookie"] {
			noted, size = append(noted, kept), size+len(kept)
		}
	}
	step.Response.Header["Set-Cookie"] = noted
}

// headers redacts headers and cuts long ones.
func (b *Browser) headers(h http.Header) map[string][]string {
	short := make(http.Header, len(h))
	for name, values := range h {
		for _, value := range values {
			short[name] = append(short[name], value[:min(len(value), valueKept+overlap)])
		}
	}
	out := b.journal.Redactor().Header(short)
	for _, values := range out {
		for i, value := range values {
			values[i] = cutText(value, valueKept)
		}
	}
	return out
}

// urlText is a URL for the journal, redacted and cut.
func urlText(red *journal.Redactor, address string) string {
	return cutText(red.URL(address[:min(len(address), valueKept+overlap)]), valueKept)
}

// recorded is a request as it goes into the journal.
func (b *Browser) recorded(req *http.Request, r request) *journal.Request {
	red := b.journal.Redactor()
	out := &journal.Request{
		Method: req.Method,
		URL:    urlText(red, r.url.String()),
		Host:   red.Text(r.url.Host),
		Header: b.headers(req.Header),
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
	header.Del("Set-Cookie")
	out := &journal.Response{Status: p.Status, Header: b.headers(header)}
	if noted != nil {
		if out.Header == nil {
			out.Header = map[string][]string{}
		}
		out.Header["Set-Cookie"] = noted.Header["Set-Cookie"]
	}
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
	text := out.Body.Text
	kept := cutText(text, htmlKept)
	text = text[len(kept)-len("…"):]
	for _, tag := range tagPattern.FindAllString(text, -1) {
		if !strings.Contains(kept, tag) && len(kept) < 2*htmlKept {
			kept += "\n… " + tag + " …"
		}
	}
	out.Body.Text, out.Body.Truncated = kept, true
	return out
}

// cutText cuts a redacted text that is longer, but not through a tag or a character.
func cutText(text string, limit int) string {
	if len(text) <= limit {
		return text
	}
	const longestTag = 64
	cut := limit
	for _, at := range tagPattern.FindAllStringIndex(text[:min(len(text), limit+longestTag)], -1) {
		if at[0] < cut && at[1] > cut {
			cut = at[1]
		}
	}
	for cut < len(text) && cut > 0 && !utf8.RuneStart(text[cut]) {
		cut--
	}
	return text[:cut] + "…"
}
