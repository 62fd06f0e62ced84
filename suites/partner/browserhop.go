package partner

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"slices"
	"strings"
	"syscall"

	"github.com/altegio-readiness/harness/fakealtegio/journal"
)

// redirected is the request that follows a redirect, as browsers make it: 307 and 308 repeat the
// request, the others fetch a page.
func (r request) redirected(status int, next *url.URL) request {
	out := request{method: r.method, url: next, header: r.header.Clone(), body: r.body}
	if out.header == nil {
		out.header = http.Header{}
	}
	if status != http.StatusTemporaryRedirect && status != http.StatusPermanentRedirect && r.method != http.MethodHead && r.method != http.MethodGet {
		out.method, out.body = http.MethodGet, nil
		out.header.Del("Content-Type")
		out.header.Del("Origin")
	}
	out.header.Del("Host")
	if next.Scheme != r.url.Scheme || next.Host != r.url.Host {
		for name := range out.header {
			if looksSecret(name) {
				out.header.Del(name) // what a step was given for one host is not for another
			}
		}
		if out.header.Get("Origin") != "" {
			out.header.Set("Origin", "null")
		}
		if from, err := url.Parse(out.header.Get("Referer")); err == nil && from.Host != "" {
			setReferer(out.header, from, next)
		}
	}
	return out
}

// setReferer sets the header as browsers do by default: all of the URL within an origin, the origin
// beyond it, nothing from https to http.
func setReferer(h http.Header, from, to *url.URL) {
	h.Del("Referer")
	switch {
	case from.Scheme == to.Scheme && from.Host == to.Host:
		clean := *from
		clean.User, clean.Fragment, clean.RawFragment = nil, "", ""
		h.Set("Referer", clean.String())
	case from.Scheme == "https" && to.Scheme == "http":
	default:
		h.Set("Referer", from.Scheme+"://"+from.Host+"/")
	}
}

// request is what a browser sends for a form.
func (f *form) request(p *Page, button *control) (request, error) {
	target, err := f.target(p, button)
	if err != nil {
		return request{}, errors.New("the action of the form is not a valid URL")
	}
	if !browsable(target) {
		return request{}, fmt.Errorf("the form is sent to a %s: address, which needs a script", clip(target.Scheme, 20))
	}
	method, enctype := f.method, f.enctype
	if button != nil {
		if own, ok := attribute(button.node, "formmethod"); ok {
			method = strings.ToUpper(strings.TrimSpace(own))
		}
		if own, ok := attribute(button.node, "formenctype"); ok {
			enctype = strings.ToLower(strings.TrimSpace(own))
		}
	}
	r := request{method: http.MethodGet, url: target, header: http.Header{}}
	pairs := f.pairs(button)
	if method != http.MethodPost { // whatever else is written there, browsers take it for GET
		target.RawQuery = urlencode(pairs)
	} else {
		contentType, body := encode(pairs, enctype)
		r.method, r.body = http.MethodPost, body
		r.header.Set("Content-Type", contentType)
		r.header.Set("Origin", p.URL.Scheme+"://"+p.URL.Host)
	}
	setReferer(r.header, p.URL, target)
	return r, nil
}

// cookieURL is the URL under which cookies are kept. Browsers trust the loopback interface like https: cookies
// marked secure work there without TLS.
func cookieURL(u *url.URL) *url.URL {
	host := u.Hostname()
	ip := net.ParseIP(host)
	if u.Scheme == "http" && (host == "localhost" || strings.HasSuffix(host, ".localhost") || ip != nil && ip.IsLoopback()) {
		trusted := *u
		trusted.Scheme = "https"
		return &trusted
	}
	return u
}

// loopError tells the last round of a redirect loop, or the end of a chain that is too long.
func loopError(trail []string, red *journal.Redactor) error {
	last := trail[len(trail)-1]
	for i := len(trail) - 2; i >= 0; i-- {
		if trail[i] == last {
			return errors.New("redirect loop: " + trailText(trail[i:], red))
		}
	}
	return fmt.Errorf("redirect loop: more than %d redirects: %s", maxRedirects, trailText(trail, red))
}

// shown is a URL in an error text.
func (b *Browser) shown(u *url.URL) string { return shownURL(b.journal.Redactor(), u.String()) }

func shownURL(red *journal.Redactor, address string) string {
	return shorten(urlText(red, address), 200)
}

// trailText shows a chain of redirects, without its middle if it is long.
func trailText(trail []string, red *journal.Redactor) string {
	const shown = 4
	words := make([]string, 0, len(trail))
	for _, passed := range trail {
		words = append(words, shownURL(red, passed))
	}
	if len(words) > shown+1 {
		words = slices.Concat(words[:shown-1], []string{"…"}, words[len(words)-1:])
	}
	return strings.Join(words, " → ")
}

// transportError is an exchange without an answer.
type transportError struct {
	text string
	err  error
}

func (e *transportError) Error() string { return e.text }
func (e *transportError) Unwrap() error { return e.err }

// transportReason says in plain words why there was no answer.
func transportReason(err error) string {
	var dns *net.DNSError
	var unknown x509.UnknownAuthorityError
	var record tls.RecordHeaderError
	var timeout net.Error
	switch {
	case errors.Is(err, context.Canceled):
		return "interrupted"
	case errors.Is(err, context.DeadlineExceeded), errors.Is(err, os.ErrDeadlineExceeded), errors.As(err, &timeout) && timeout.Timeout():
		return "the time was up"
	case errors.Is(err, syscall.ECONNREFUSED):
		return "connection refused"
	case errors.Is(err, syscall.ECONNRESET), errors.Is(err, syscall.EPIPE):
		return "the connection was reset"
	case errors.As(err, &dns):
		return fmt.Sprintf("the name %s is not known", dns.Name)
	case errors.As(err, &unknown):
		return "its TLS certificate is not signed by an authority that this machine trusts"
	case errors.As(err, &record):
		return "it does not speak TLS"
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF), strings.Contains(err.Error(), "server closed idle connection"):
		return "the connection was closed"
	case strings.Contains(err.Error(), "response headers exceeded"):
		return "its headers are too long, or it does not speak HTTP"
	case strings.Contains(err.Error(), "malformed HTTP"), strings.Contains(err.Error(), "readLoopPeekFailLocked"):
		return "it does not speak HTTP"
	}
	var inner *net.OpError
	if errors.As(err, &inner) {
		err = inner.Err
	}
	var outer *url.Error
	if errors.As(err, &outer) {
		err = outer.Err // without the URL
	}
	return shorten(err.Error(), 200)
}
