package journal

import (
	"slices"
	"strings"
)

// strayLimit is how many bytes of a sensitive field may be shown beside a registered value in it: "Bearer "
// before a token or a stray letter behind it explain a mistake, much more might be another secret.
const strayLimit = 8

// field returns the hits in the value of a field of the class, which has been decoded already.
func (r *Redactor) field(class, value string) []hit {
	if value == "" || r.isTag(value) {
		return nil
	}
	if class == classCredentials {
		return r.credentials(value)
	}
	if tag, ok := r.registered(value); ok {
		return []hit{{0, len(value), tag}}
	}
	switch class {
	case classToken, classKey, classSecret, classSignature:
		if hits, stray := r.plain(value); len(hits) > 0 && stray <= strayLimit {
			return slices.DeleteFunc(hits, func(h hit) bool { return h.with == "" })
		}
	}
	return []hit{{0, len(value), r.tag(class, value)}}
}

// plain returns the registered values and the tags (as hits that replace by nothing) that stand
// in s unencoded, without overlaps, and how many bytes are between them.
func (r *Redactor) plain(s string) (hits []hit, stray int) {
	r.mu.RLock()
	defer r.mu.RUnlock()
	stray = len(s)
	for i := 0; i < len(s); i++ {
		h := hit{start: i, end: tagEnd(s, i, r.classes)}
		if h.end == 0 && i+shortest <= len(s) {
			for _, p := range r.search.buckets[first4(s, i)] {
				if p.plain && strings.HasPrefix(s[i:], p.text) {
					h.end, h.with = i+len(p.text), p.tag
					break
				}
			}
		}
		if h.end > 0 {
			hits = append(hits, h)
			stray -= h.end - h.start
			i = h.end - 1
		}
	}
	return hits, stray
}

// in turns hits in the text of a view into hits in what the view was decoded from.
func (v *view) in(hits []hit) []hit {
	for i, h := range hits {
		hits[i].start, hits[i].end = v.source(h.start, h.end)
	}
	return hits
}

// moved moves hits by an offset.
func moved(hits []hit, by int) []hit {
	for i := range hits {
		hits[i].start += by
		hits[i].end += by
	}
	return hits
}
