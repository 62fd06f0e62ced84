package partner

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"github.com/altegio-readiness/harness/fakealtegio/journal"
)

// StepError is a step that did not get where it should, or a visit without a page. Its texts are redacted.
type StepError struct {
	// Hook is the hook, the probe or "visit"; Index counts its steps from 1; Kind is "visit", "http", "form" or "exec".
	Hook  string
	Index int
	Kind  string
	// Did is what was done, Want what was awaited, Seen what came of it. Did and Want may be empty.
	Did, Want, Seen string
	// Err is the cause.
	Err error
}

// Error tells it in one line.
func (e *StepError) Error() string {
	var b strings.Builder
	if e.Kind == "visit" {
		b.WriteString("visit")
	} else {
		fmt.Fprintf(&b, "%s, step %d (%s)", e.Hook, e.Index, e.Kind)
	}
	if e.Did != "" {
		b.WriteString(": " + e.Did)
	}
	if e.Want != "" {
		b.WriteString(": awaited " + e.Want)
	}
	b.WriteString(": " + e.Seen)
	return b.String()
}

// Unwrap returns the cause; an interrupted step is a context.Canceled.
func (e *StepError) Unwrap() error { return e.Err }

// fault makes the error of the step, and a record of it unless the step has one already.
func (t *turn) fault(err error) error {
	red := t.driver.journal.Redactor()
	out := &StepError{
		Hook: t.errand.hook, Index: t.errand.index, Kind: t.errand.kind,
		Did: red.Text(t.did), Want: t.want, Seen: red.Text(err.Error()), Err: err,
	}
	if t.errand.steps == 0 {
		t.errand.append(t.driver.journal, journal.Step{
			Hook: out.Hook, Index: out.Index, Kind: out.Kind, Owner: t.call.Owner, Error: out.Seen,
		})
	}
	return out
}

// run runs a step and extracts what it says. It returns the body, or standard output, that came.
func (t *turn) run(ctx context.Context, s Step) ([]byte, error) {
	ctx, cancel := context.WithTimeout(ctx, t.limit)
	defer cancel()
	var got answer
	var err error
	switch {
	case s.HTTP != nil:
		got, err = t.http(ctx, s.HTTP)
	case s.Form != nil:
		got, err = t.form(ctx, s.Form)
	default:
		got, err = t.exec(ctx, s.Exec)
	}
	if err == nil {
		t.want = ""
		err = t.extract(s.Extract, got)
	}
	if err != nil {
		return nil, t.fault(err)
	}
	return got.body, nil
}

// extract takes values out of an answer.
func (t *turn) extract(wanted map[string]Extract, got answer) error {
	for name, value := range got.vars {
		t.learn(name, value)
	}
	for _, name := range sortedNames(wanted) {
		value, err := wanted[name].from(got)
		if err != nil {
			return fmt.Errorf("extract %s: %w", name, err)
		}
		t.learn(name, value)
	}
	return nil
}

// learn keeps a value for later steps.
func (t *turn) learn(name, value string) {
	if looksSecret(name) {
		t.driver.journal.Redactor().Secret("vars-"+name, value)
	}
	t.call.Vars.Vars[name] = value
}

func (t *turn) http(ctx context.Context, raw *HTTPStep) (answer, error) {
	h, err := rendered(*raw, t.path+".http", t.call.Vars)
	if err != nil {
		return answer{}, err
	}
	if strings.HasPrefix(h.URL, "/") && !strings.HasPrefix(h.URL, "//") {
		h.URL = t.call.Vars.Integration.URL + h.URL
	}
	if problem, hint := urlProblem(h.URL); problem != "" {
		return answer{}, fmt.Errorf("the URL %s; %s", problem, hint)
	}
	u, err := url.Parse(h.URL)
	if err != nil {
		return answer{}, errors.New("the URL is not valid")
	}
	r := request{method: h.Method, url: u, header: http.Header{}, aside: t.aside, stay: h.Follow != nil && !*h.Follow}
	contentType, body, err := h.content()
	if err != nil {
		return answer{}, err
	}
	r.body = body
	if contentType != "" {
		r.header.Set("Content-Type", contentType)
	}
	r.header.Set("Accept", "*/*")
	for name, value := range h.Headers {
		if strings.ContainsAny(value, "\r\n\x00") {
			return answer{}, fmt.Errorf("the header %s has a line break in it", name)
		}
		r.header.Set(name, value)
	}
	if r.method == "" {
		r.method = http.MethodGet
		if contentType != "" {
			r.method = http.MethodPost
		}
	}
	t.did = r.method + " " + shownURL(t.driver.journal.Redactor(), h.URL)
	return t.open(ctx, r, h.Expect)
}

// content is the body of the request and its type.
func (h *HTTPStep) content() (contentType string, body []byte, err error) {
	switch {
	case h.JSON != nil:
		var b strings.Builder
		enc := json.NewEncoder(&b)
		enc.SetEscapeHTML(false)
		if err := enc.Encode(h.JSON.Value); err != nil {
			return "", nil, fmt.Errorf("the JSON body: %w", err)
		}
		return "application/json", []byte(strings.TrimSuffix(b.String(), "\n")), nil
	case h.Form != nil:
		var pairs []pair
		for _, name := range sortedNames(h.Form) {
			pairs = append(pairs, pair{name: name, value: h.Form[name]})
		}
		contentType, body = encode(pairs, "")
		return contentType, body, nil
	case h.Body != nil:
		if json.Valid([]byte(*h.Body)) {
			return "application/json", []byte(*h.Body), nil
		}
		return "text/plain; charset=utf-8", []byte(*h.Body), nil
	}
	return "", nil, nil
}

// open sends a request with the owner's browser and checks the status of where it ends.
func (t *turn) open(ctx context.Context, r request, expect Expect) (answer, error) {
	t.want = fmt.Sprintf("%s within %s", expect, t.limit)
	page, err := t.call.Browser.open(ctx, &t.errand, r, func(p *Page) error {
		if expect.Allows(p.Status) {
			return nil
		}
		return p.unexpected(t.driver.journal.Redactor())
	})
	if err != nil {
		return answer{}, err
	}
	return answer{body: page.Body, page: page}, nil
}

// excerptLength is how much of a page an error shows. More than that is redacted before it is cut: half of a
// secret is not recognised.
const (
	excerptLength   = 200
	redactedExcerpt = 20 * excerptLength
)

func (p *Page) excerpt(red *journal.Redactor) string {
	return shorten(red.Text(p.Text(redactedExcerpt)), excerptLength)
}

// unexpected says which page came.
func (p *Page) unexpected(red *journal.Redactor) error {
	var b strings.Builder
	fmt.Fprintf(&b, "status %d", p.Status)
	if len(p.Redirects) > 1 {
		bare := *p.URL
		bare.User, bare.RawQuery, bare.Fragment, bare.RawFragment = nil, "", "", "" // which may hold anything
		b.WriteString(" at " + shownURL(red, bare.String()))
	}
	title := shorten(red.Text(p.Title), excerptLength)
	if title != "" {
		fmt.Fprintf(&b, " %q", title)
	}
	if text := p.excerpt(red); text != "" && text != title {
		b.WriteString(": " + text)
	}
	return errors.New(b.String())
}

func (t *turn) form(ctx context.Context, raw *FormStep) (answer, error) {
	s, err := rendered(*raw, t.path+".form", t.call.Vars)
	if err != nil {
		return answer{}, err
	}
	page := t.call.Browser.Page()
	if page == nil {
		return answer{}, errors.New("the browser is on no page yet; begin with an http step that opens one")
	}
	t.did = "fill in the form on " + shownURL(t.driver.journal.Redactor(), page.URL.String())
	if !page.HTML() {
		return answer{}, fmt.Errorf("the page is not HTML: status %d, Content-Type %q", page.Status, clip(page.Header.Get("Content-Type"), 60))
	}
	f, err := s.choose(page)
	if err != nil {
		return answer{}, fmt.Errorf("%w; the page is %s", err, page.name(t.driver.journal.Redactor()))
	}
	for _, word := range sortedNames(s.Fields) {
		if err := fill(word, s.Fields[word], f.find(word)); err != nil {
			return answer{}, err
		}
	}
	r, err := f.request(page, f.press(s.Submit))
	if err != nil {
		return answer{}, err
	}
	t.did = fmt.Sprintf("%s the form to %s", r.method, shownURL(t.driver.journal.Redactor(), r.url.String()))
	return t.open(ctx, r, Expect{})
}

// name says which page it is, with a hint where forms are made by scripts.
func (p *Page) name(red *journal.Redactor) string {
	text := fmt.Sprintf("status %d", p.Status)
	if p.Title != "" {
		text += fmt.Sprintf(" %q", shorten(red.Text(p.Title), excerptLength))
	}
	if seen := p.excerpt(red); seen != "" {
		text += ": " + seen
	} else if strings.Contains(string(p.Body), "<script") {
		text += ", empty without scripts; use http or exec steps instead of the form"
	}
	return text
}
