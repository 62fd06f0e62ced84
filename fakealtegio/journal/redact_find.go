package journal

import "strings"

// find returns where values are in s or in what it can be decoded to.
func (m *matcher) find(s string, classes map[string]bool) []hit {
	if m.longest == 0 || !strings.ContainsAny(s, `%+\&`) && !m.isIn(s) {
		return nil // nearly always, and without allocating
	}
	root := &view{text: s}
	hits := m.span(root, 0, len(s), classes, nil)
	level := []*view{root}
	for range viewDepth {
		var next []*view
		for _, v := range level {
			for _, d := range [...]decoder{percentDecoder, formDecoder, jsonDecoder, htmlDecoder} {
				if d.marks == formDecoder.marks && strings.IndexByte(v.text, '+') < 0 {
					continue // the same as percentDecoder
				}
				decoded := d.decode(v)
				if decoded == nil {
					continue
				}
				// What does not touch an escape has been found a layer below.
				searched := 0
				for _, e := range decoded.escapes {
					from := max(searched, e.from-m.longest)
					hits = m.span(decoded, from, e.to, classes, hits)
					searched = max(searched, e.to)
				}
				next = append(next, decoded)
			}
		}
		if len(next) == 0 {
			break
		}
		level = next
	}
	return hits
}

// isIn tells whether a value is in s as it is.
func (m *matcher) isIn(s string) bool {
	for i := range len(s) - shortest + 1 {
		if four := first4(s, i); m.maybe(four) && m.at(s, i, four) != nil {
			return true
		}
	}
	return false
}

// maybe tells whether a pattern may begin with these four bytes. It is never wrong when it says no.
func (m *matcher) maybe(four uint32) bool {
	h := hash16(four)
	return m.heads[h>>6]&(1<<(h&63)) != 0
}

// at returns the longest pattern that begins at i, with these four bytes.
func (m *matcher) at(s string, i int, four uint32) *pattern {
	bucket := m.buckets[four]
	for n := range bucket {
		if strings.HasPrefix(s[i:], bucket[n].text) {
			return &bucket[n]
		}
	}
	return nil
}

// span appends the places of values that begin in the given part of the view.
func (m *matcher) span(v *view, from, to int, classes map[string]bool, hits []hit) []hit {
	s := v.text
	for i := from; i < min(to, len(s)-shortest+1); i++ {
		four := first4(s, i)
		if !m.maybe(four) {
			continue
		}
		p := m.at(s, i, four)
		if p == nil {
			continue
		}
		start, end := p.edges(s, i)
		if !inTag(s, start, end, classes) {
			start, end = v.source(start, end)
			hits = append(hits, hit{start, end, p.tag})
		}
	}
	return hits
}

// edges returns the part of s that the pattern found at i stands for.
func (p *pattern) edges(s string, i int) (start, end int) {
	start, end = i, i+len(p.text)
	if p.before && start > 0 && isBase64(s[start-1]) {
		start--
	}
	if p.after && end < len(s) && isBase64(s[end]) {
		end++
	}
	for n := 0; p.after && n < 2 && end < len(s) && s[end] == '='; n++ {
		end++
	}
	return start, end
}

func isBase64(c byte) bool {
	return c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || strings.IndexByte("+/-_", c) >= 0
}

// inTag tells whether a tag is in the way: it overlaps the part and is not just a piece of it.
func inTag(s string, start, end int, classes map[string]bool) bool {
	for i := max(0, start-tagLongest+1); i < end; i++ {
		if e := tagEnd(s, i, classes); e > start && (i < start || e > end || i == start && e == end) {
			return true
		}
	}
	return false
}
