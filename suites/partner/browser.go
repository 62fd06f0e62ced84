package partner

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/altegio-readiness/harness/fakealtegio/journal"
)

// What a browser puts up with.
const (
	maxRedirects = 10      // real ones allow 20; nobody needs more than a few
	maxCookie    = 4096    // bytes of a cookie, as browsers do; larger ones are ignored
	maxCookies   = 180     // of a site
	maxBody      = 4 << 20 // of a page; the rest is cut off
	maxURL       = 2 << 20 // as Chrome
	maxMoves     = 3       // times that pages lead on by themselves, by refresh and by script
)

// userAgent is that of a browser, because some frameworks turn unknown clients away.
const userAgent = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36"

// Browser is the browser of one owner: it keeps cookies and the page it is on. It works without
// scripts; see the package comment for what it does with pages that lead on by themselves. Make one
// with [Driver.NewBrowser]. It may be used by one goroutine at a time.
//
// The browser never calls the real Altegio. Where a page leads there, the browser stays on it.
type Browser struct {
	owner     string
	journal   *journal.Writer
	transport http.RoundTripper
	jar       http.CookieJar

	mu   sync.Mutex
	page *Page
}

// newTransport is shared by the browsers of a run. It knows no proxies: what is under test is near.
func newTransport() *http.Transport {
	return &http.Transport{
		Proxy:                  nil,
		DialContext:            (&net.Dialer{}).DialContext,
		ForceAttemptHTTP2:      true,
		MaxIdleConnsPerHost:    4,
		IdleConnTimeout:        10 * time.Second,
		MaxResponseHeaderBytes: 1 << 20,
	}
}

func newBrowser(owner string, j *journal.Writer, transport http.RoundTripper) *Browser {
	jar, err := cookiejar.New(nil)
	if err != nil {
		panic(err) // it cannot fail without options
	}
	return &Browser{owner: owner, journal: j, transport: transport, jar: jar}
}

// Owner is the name of the owner as it appears in the journal.
func (b *Browser) Owner() string { return b.owner }

// Page is the page that the browser is on, nil at the beginning.
func (b *Browser) Page() *Page {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.page
}

func (b *Browser) show(p *Page) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.page = p
}

// request is what the browser is asked to send.
type request struct {
	method string
	url    *url.URL
	header http.Header
	body   []byte
	stay   bool // do not follow redirects, nor what pages do by themselves
	aside  bool // the browser stays on its page
}

// open sends a request and follows where it leads, pages that lead on by themselves included. Each
// of these pages is a step in the journal. The verdict is asked about the page where it ends; its
// error is recorded and returned with the page. Without a page, err says what came instead.
func (b *Browser) open(ctx context.Context, e *errand, r request, verdict func(*Page) error) (*Page, error) {
	for moves := 0; ; moves++ {
		began := time.Now()
		step := journal.Step{Hook: e.hook, Index: e.index, Kind: e.kind, Owner: b.owner}
		page, err := b.follow(ctx, r, &step)
		var next request
		more := false
		if err == nil {
			if !r.aside && (page.HTML() || e.kind != "http") {
				b.show(page)
			}
			if !r.stay && moves < maxMoves && page.Left == "" {
				next, more = leadsOn(page)
			}
			if !more && verdict != nil {
				err = verdict(page)
			}
		}
		b.record(e, step, page, err, time.Since(began))
		if err != nil || !more {
			return page, err
		}
		next.aside = r.aside
		r = next
	}
}

// leadsOn is the request that a page makes by itself.
func leadsOn(p *Page) (request, bool) {
	if u := p.refresh(); u != nil && browsable(u) && !realAltegio(u) {
		header := http.Header{}
		setReferer(header, p.URL, u)
		return request{method: http.MethodGet, url: u, header: header}, true
	}
	if f := p.submitsItself(); f != nil {
		r, err := f.request(p, f.press(""))
		return r, err == nil && browsable(r.url) && !realAltegio(r.url)
	}
	return request{}, false
}

// follow sends a request and follows redirects by hand, so that all of them are seen.
func (b *Browser) follow(ctx context.Context, r request, step *journal.Step) (*Page, error) {
	red := b.journal.Redactor()
	trail := []string{r.url.String()}
	defer func() {
		for _, passed := range trail {
			step.Redirects = append(step.Redirects, urlText(red, passed))
		}
		if len(trail) < 2 {
			step.Redirects = nil
		}
	}()
	for {
		resp, body, err := b.send(ctx, r, step)
		if err != nil {
			return nil, err
		}
		page := &Page{URL: r.url, Status: resp.StatusCode, Header: resp.Header, Body: body, Redirects: trail}
		if len(body) > maxBody {
			page.Body, page.Truncated = body[:maxBody], true
		}
		location := resp.Header.Get("Location")
		if r.stay || !redirects(resp.StatusCode) || location == "" {
			page.parse()
			return page, nil
		}
		next, err := r.url.Parse(location)
		if err != nil || !browsable(next) {
			return page, fmt.Errorf("the redirect %s leads where no browser can go", trailText(append(trail, location), red))
		}
		if next.Fragment == "" {
			next.Fragment, next.RawFragment = r.url.Fragment, r.url.RawFragment
		}
		address := next.String()
		if len(address) > maxURL {
			return page, fmt.Errorf("the redirect of %s leads to a URL of %d bytes", b.shown(r.url), len(address))
		}
		trail = append(trail, address)
		page.Redirects = trail
		if realAltegio(next) {
			page.Left = next.String()
			page.parse()
			return page, nil
		}
		if len(trail) > maxRedirects+1 {
			return page, loopError(trail, red)
		}
		r = r.redirected(resp.StatusCode, next)
	}
}

// send makes one exchange, with the cookies of the owner.
func (b *Browser) send(ctx context.Context, r request, step *journal.Step) (*http.Response, []byte, error) {
	if realAltegio(r.url) {
		return nil, nil, fmt.Errorf("%s is the real Altegio, to which nothing is sent; let the integration use {{.Altegio.URL}}", r.url.Hostname())
	}
	req, err := http.NewRequestWithContext(ctx, r.method, r.url.String(), bytes.NewReader(r.body))
	if err != nil {
		return nil, nil, errors.New("the request cannot be built: " + transportReason(err))
	}
	if len(r.body) == 0 {
		req.Body, req.GetBody, req.ContentLength = http.NoBody, nil, 0
	}
	req.Header = r.header.Clone()
	if req.Header == nil {
		req.Header = http.Header{}
	}
	setDefault(req.Header, "User-Agent", userAgent)
	setDefault(req.Header, "Accept", "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8")
	setDefault(req.Header, "Accept-Language", "en")
	if host := req.Header.Get("Host"); host != "" {
		req.Host = host
		req.Header.Del("Host")
	}
	for i, cookie := range b.jar.Cookies(cookieURL(r.url)) {
		if i < maxCookies {
			req.AddCookie(cookie)
		}
	}
	if step.Request == nil {
		step.Request = b.recorded(req, r)
	}
	resp, err := b.transport.RoundTrip(req)
	if err != nil {
		return nil, nil, b.unanswered(ctx, r, "no answer", err)
	}
	defer resp.Body.Close()
	if resp.StatusCode < http.StatusOK { // after 101 there is no body that would end, not even at the deadline
		return nil, nil, fmt.Errorf("status %d from %s, which is no answer", resp.StatusCode, b.shown(r.url))
	}
	if resp.ProtoMajor != 1 && resp.ProtoMajor != 2 {
		return nil, nil, fmt.Errorf("no answer from %s: it does not speak HTTP/1 or HTTP/2", b.shown(r.url))
	}
	b.jar.SetCookies(cookieURL(r.url), slices.DeleteFunc(resp.Cookies(), func(c *http.Cookie) bool {
		return len(c.Name)+len(c.Value) > maxCookie
	}))
	b.noteCookies(resp, step)
	body, err := io.ReadAll(io.LimitReader(resp.Body, maxBody+1))
	if err != nil {
		return nil, nil, b.unanswered(ctx, r, fmt.Sprintf("status %d and then %d bytes of a page that did not end", resp.StatusCode, len(body)), err)
	}
	return resp, body, nil
}

// unanswered says what came instead of an answer.
func (b *Browser) unanswered(ctx context.Context, r request, what string, err error) error {
	return &transportError{
		text: fmt.Sprintf("%s from %s: %s", what, b.shown(r.url), transportReason(err)),
		err:  errors.Join(err, context.Cause(ctx)),
	}
}

func setDefault(h http.Header, name, value string) {
	if _, given := h[name]; !given {
		h.Set(name, value)
	}
}

func redirects(status int) bool {
	switch status {
	case 301, 302, 303, 307, 308:
		return true
	}
	return false
}

// browsable tells whether a browser can go there; the others are for apps and mail programs.
func browsable(u *url.URL) bool {
	return (u.Scheme == "http" || u.Scheme == "https") && u.Hostname() != ""
}

// realAltegio recognises the hosts of the platform and of its sibling. A test must never reach them.
func realAltegio(u *url.URL) bool {
	host := strings.ToLower(strings.TrimSuffix(u.Hostname(), "."))
	for _, domain := range []string{"alteg.io", "yclients.com"} {
		if host == domain || strings.HasSuffix(host, "."+domain) {
			return true
		}
	}
	return false
}
