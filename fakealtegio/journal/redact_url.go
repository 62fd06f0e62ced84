package journal

import (
	"net/url"
	"strings"
)

// URL replaces the user information of a URL, the values of sensitive query parameters, also in
// the fragment and in URLs that are values themselves, and registered values anywhere. Order and encoding of
// the rest stay. What is not a URL is treated as far as it looks like one.
//
// The tag in place of user information is percent-encoded, since [url.Parse] refuses any other.
func (r *Redactor) URL(raw string) string {
	if raw == "" {
		return ""
	}
	r = r.orBare()
	raw = showBytes(raw)
	return r.mixed(raw, r.urlHits(raw, false, 0))
}

// urlNesting is how many URLs within URLs are looked into.
const urlNesting = 2

// What ends a part of a URL that stands in other text.
const around = " \t\r\n\"'<>"

// urlHits returns the hits in a URL, or, if loose, in a text that has URLs in it.
func (r *Redactor) urlHits(s string, loose bool, depth int) []hit {
	var hits []hit
	for i := strings.Index(s, "//"); i >= 0 && i < len(s); {
		start := i + 2
		end := until(s, start, "/?#\\"+around)
		if at := strings.LastIndexByte(s[start:end], '@'); at > 0 {
			hits = append(hits, r.userInfo(s[start:start+at], start)...)
		}
		next := strings.Index(s[end:], "//")
		if next < 0 {
			break
		}
		i = end + next
	}
	stop := "&#"
	if loose {
		stop += around
	}
	for i := until(s, 0, "?&#"); i < len(s); i = until(s, i, "?&#") {
		i++
		eq := until(s, i, "=?&#"+around)
		if eq == len(s) || s[eq] != '=' {
			continue
		}
		if class := parameterClass(formDecoder.decoded(s[i:eq]).text); class != "" {
			i = until(s, eq+1, stop)
			value := formDecoder.decoded(s[eq+1 : i])
			hits = append(hits, moved(value.in(r.field(class, value.text)), eq+1)...)
		} else if depth < urlNesting {
			value := formDecoder.decoded(s[eq+1 : until(s, eq+1, "?"+stop)])
			if value.escapes != nil {
				hits = append(hits, moved(value.in(r.urlHits(value.text, true, depth+1)), eq+1)...)
			}
		}
	}
	return hits
}

// until returns where the first of the characters is in s, not before from, or the length of s.
func until(s string, from int, chars string) int {
	if i := strings.IndexAny(s[from:], chars); i >= 0 {
		return from + i
	}
	return len(s)
}

func (r *Redactor) userInfo(s string, at int) []hit {
	decoded := percentDecoder.decoded(s)
	hits := r.field(classUserInfo, decoded.text)
	for i := range hits {
		hits[i].with = url.QueryEscape(hits[i].with)
	}
	return moved(decoded.in(hits), at)
}

// looksLikeURL tells whether a string may have parameters or user information.
func looksLikeURL(s string) bool {
	return strings.ContainsAny(s, "?#@") && (strings.Contains(s, "//") || strings.ContainsRune(s, '='))
}

// formHits returns the hits in the fields of a body of the type application/x-www-form-urlencoded.
func (r *Redactor) formHits(s string) []hit {
	var hits []hit
	for start := 0; start < len(s); {
		end := until(s, start, "&")
		if eq := strings.IndexByte(s[start:end], '='); eq >= 0 {
			at := start + eq + 1
			value := formDecoder.decoded(s[at:end])
			if class := fieldClass(formKey(formDecoder.decoded(s[start : start+eq]).text)); class != "" {
				hits = append(hits, moved(value.in(r.field(class, value.text)), at)...)
			} else if looksLikeURL(value.text) {
				hits = append(hits, moved(value.in(r.urlHits(value.text, true, 0)), at)...)
			}
		}
		start = end + 1
	}
	return hits
}
