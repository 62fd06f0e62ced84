package journal

import (
	"net/http"
	"strings"
)

// schemes are the words of an Authorization header that are shown, in lower case.
var schemes = map[string]bool{
	"bearer": true, "user": true, "basic": true, "digest": true, "token": true, "oauth": true, "negotiate": true,
	"ntlm": true, "apikey": true, "api-key": true, "jwt": true, "partner": true, "hmac": true, "mac": true,
	"aws4-hmac-sha256": true,
}

// Header returns the header with secrets replaced. Of credentials the scheme stays, of cookies the
// names and attributes. Headers that hold URLs are redacted like [Redactor.URL].
func (r *Redactor) Header(h http.Header) map[string][]string {
	if len(h) == 0 {
		return nil
	}
	r = r.orBare()
	out := make(map[string][]string, len(h))
	for name, values := range h {
		shown := r.Text(name)
		for _, value := range values {
			out[shown] = append(out[shown], r.headerValue(name, value))
		}
		if len(values) == 0 {
			out[shown] = append(out[shown], values...)
		}
	}
	return out
}

func (r *Redactor) headerValue(name, value string) string {
	if value = showBytes(value); value == "" {
		return ""
	}
	switch strings.ToLower(name) {
	case "cookie":
		return r.mixed(value, r.cookies(value))
	case "set-cookie":
		return r.mixed(value, r.cookies(value[:until(value, 0, ";")]))
	case "location", "content-location", "referer", "refresh", "link", "origin", "x-original-url", "x-rewrite-url":
		return r.URL(value)
	}
	if class := headerClass(name); class != "" {
		return showBytes(apply(value, r.field(class, value)))
	}
	return r.Text(value)
}

// mixed applies the hits, and those of registered values in the rest.
func (r *Redactor) mixed(s string, hits []hit) string {
	return showBytes(apply(s, append(hits, r.find(s)...)))
}

// cookies returns the hits in the values of a list of cookies.
func (r *Redactor) cookies(s string) []hit {
	var hits []hit
	for start := 0; start < len(s); {
		end := until(s, start, ";")
		value := start
		if eq := strings.IndexByte(s[start:end], '='); eq >= 0 {
			value += eq + 1
		}
		from, to := trim(s, value, end)
		hits = append(hits, moved(r.field(classCookie, s[from:to]), from)...)
		start = end + 1
	}
	return hits
}

// credentials returns the hits in the value of an Authorization header: all words but the schemes. White space and
// commas stay, since judges look at them.
func (r *Redactor) credentials(s string) []hit {
	var hits []hit
	whole, _ := r.plain(s) // registered values and tags, whatever is in them, belong to one word
	word := 0
	flush := func(end int) {
		if w := s[word:end]; w != "" && !schemes[strings.ToLower(w)] {
			hits = append(hits, moved(r.field(classToken, w), word)...)
		}
		word = end + 1
	}
	for i := 0; i < len(s); i++ {
		if len(whole) > 0 && i == whole[0].start {
			i, whole = whole[0].end-1, whole[1:]
			continue
		}
		if c := s[i]; c == ' ' || c == '\t' || c == ',' {
			flush(i)
		}
	}
	flush(len(s))
	return hits
}

// trim narrows s[start:end] to what is not white space.
func trim(s string, start, end int) (int, int) {
	for start < end && strings.IndexByte(" \t\r\n", s[start]) >= 0 {
		start++
	}
	for end > start && strings.IndexByte(" \t\r\n", s[end-1]) >= 0 {
		end--
	}
	return start, end
}
