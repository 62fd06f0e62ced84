package journal

import (
	"encoding/json"
	"sort"
	"unicode/utf8"
)

// jsonScan finds what is to be replaced in JSON. It reads tokens and never builds values, so that all
// other bytes stay as they are. In text that is not quite JSON it goes on as well as it can.
type jsonScan struct {
	r      *Redactor
	s      string
	hits   []hit
	strict bool // s is valid JSON
	search bool // registered values may be in s and have not been replaced yet
	nested bool // s is the content of a string of JSON
}

// jsonFrame is an object or array that is open.
type jsonFrame struct {
	object  bool
	class   string // of the key that holds it or of what that is in
	name    string // the key that holds it; elements of arrays have that of the array
	wantKey bool
	// Of the value to come:
	valueClass, valueName string
}

// value reads the value that begins at i, white space allowed, as that of a field of the class. It returns where the
// value ends.
func (x *jsonScan) value(i int, class string) int {
	s := x.s
	stack := make([]jsonFrame, 1, 16)
	stack[0].valueClass = class
	for i < len(s) {
		top := &stack[len(stack)-1]
		switch c := s[i]; c {
		case ' ', '\t', '\r', '\n':
			i++
			continue
		case ':':
			top.wantKey = false
			i++
			continue
		case ',':
			if len(stack) == 1 {
				return i
			}
			top.wantKey, top.valueClass, top.valueName = top.object, top.class, top.name
			i++
			continue
		case '{', '[':
			if end := x.tag(i); end > 0 {
				i = end
				break
			}
			stack = append(stack, jsonFrame{
				object: c == '{', wantKey: c == '{',
				class: top.valueClass, name: top.valueName, valueClass: top.valueClass, valueName: top.valueName,
			})
			i++
			continue
		case '}', ']':
			if len(stack) == 1 {
				return i
			}
			stack = stack[:len(stack)-1]
			i++
		case '"':
			end, closed := stringEnd(s, i)
			if top.wantKey && (x.strict || beforeColon(s, end)) {
				top.valueClass, top.valueName = x.key(i, end, top)
				i = end
				continue
			}
			x.text(i, end, closed, top.valueClass)
			i = end
		default:
			end := until(s, i, " \t\r\n,:{}[]\"")
			x.word(i, end, top.valueClass)
			i = end
		}
		if len(stack) == 1 {
			return i
		}
	}
	return i
}

// tag returns the end of a tag that stands where a value should, as one does in text that was not JSON, or 0.
func (x *jsonScan) tag(i int) int {
	if x.strict {
		return 0
	}
	return x.r.tagAt(x.s, i)
}

// key reads the key s[i:end] of an object and returns its class and what the value is held by.
func (x *jsonScan) key(i, end int, in *jsonFrame) (class, name string) {
	content := x.s[i+1 : end-1]
	name = jsonDecoder.decoded(content).text
	if x.search {
		x.hits = append(x.hits, moved(x.r.jsonText(content), i+1)...)
	}
	if class = fieldClass(name, in.name); class == "" {
		class = in.class
	}
	return class, name
}

func beforeColon(s string, i int) bool {
	for i < len(s) && (s[i] == ' ' || s[i] == '\t' || s[i] == '\r' || s[i] == '\n') {
		i++
	}
	return i < len(s) && s[i] == ':'
}

// text reads the string s[i:end].
func (x *jsonScan) text(i, end int, closed bool, class string) {
	content := x.s[i+1 : end]
	if closed {
		content = x.s[i+1 : end-1]
	}
	decoded := jsonDecoder.decoded(content)
	add := func(hits []hit) { x.hits = append(x.hits, moved(decoded.in(hits), i+1)...) }
	switch {
	case class != "":
		hits := x.r.field(class, decoded.text)
		if x.strict || closed && json.Valid([]byte(x.s[i:end])) {
			add(hits)
		} else if len(hits) > 0 {
			// Without quotes the tag does not pass for valid JSON where there was none.
			x.hits = append(x.hits, hit{i, end, x.r.whole(class, decoded.text)})
		}
		return
	case x.strict && !x.nested && looksLikeJSON(decoded.text) && json.Valid([]byte(decoded.text)):
		inner := jsonScan{r: x.r, s: decoded.text, strict: true, nested: true}
		inner.value(0, "")
		add(inner.hits)
	case looksLikeURL(decoded.text):
		add(x.r.urlHits(decoded.text, true, 0))
	}
	if x.search {
		x.hits = append(x.hits, moved(x.r.jsonText(content), i+1)...)
	}
}

// word reads s[i:end], which is a number, a literal or no JSON at all.
func (x *jsonScan) word(i, end int, class string) {
	word := x.s[i:end]
	switch word {
	case "", "true", "false", "null":
		return
	}
	with := ""
	if class != "" && !x.r.isTag(word) {
		with = x.r.whole(class, word)
	} else if class == "" && x.search {
		if hits := x.r.find(word); len(hits) > 0 {
			with = apply(word, hits)
		}
	}
	if with == "" {
		return
	}
	if x.strict || json.Valid([]byte(word)) {
		quote := `"`
		if x.nested {
			quote = `\"`
		}
		with = quote + with + quote
	}
	x.hits = append(x.hits, hit{i, end, with})
}

// whole returns the tag for all of a value.
func (r *Redactor) whole(class, value string) string {
	if tag, ok := r.registered(value); ok {
		return tag
	}
	if class == classCredentials {
		class = classToken
	}
	return r.tag(class, value)
}

// jsonText returns where registered values are in the content of a JSON string, never cutting an escape or a character.
func (r *Redactor) jsonText(content string) []hit {
	hits := r.find(content)
	if len(hits) == 0 {
		return nil
	}
	decoded := jsonDecoder.decoded(content)
	for i := range hits {
		h := &hits[i]
		first := sort.Search(len(decoded.escapes), func(n int) bool { return decoded.escapes[n].srcTo > h.start })
		for _, e := range decoded.escapes[first:] {
			if e.srcFrom >= h.end {
				break
			}
			h.start, h.end = min(h.start, e.srcFrom), max(h.end, e.srcTo)
		}
		for h.start > 0 && !utf8.RuneStart(content[h.start]) {
			h.start--
		}
		for h.end < len(content) && !utf8.RuneStart(content[h.end]) {
			h.end++
		}
	}
	return hits
}

// stringEnd returns the end of the string whose opening quote is at i, or of the text if it is not closed.
func stringEnd(s string, i int) (end int, closed bool) {
	quote := s[i]
	for j := i + 1; j < len(s); j++ {
		switch s[j] {
		case '\\':
			j++
		case quote:
			return j + 1, true
		}
	}
	return len(s), false
}

// looksLikeJSON tells whether s begins like an object or a list.
func looksLikeJSON(s string) bool {
	i, _ := trim(s, 0, len(s))
	return i < len(s) && (s[i] == '{' || s[i] == '[')
}
