package journal

import (
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"unicode/utf16"
)

// hit is a part of a text that is to be replaced.
type hit struct {
	start, end int
	with       string
}

// apply replaces the hits. Where hits overlap, the earlier wins, then the longer, then the first in
// the list, and what the loser has beyond it is replaced as well.
func apply(s string, hits []hit) string {
	if len(hits) == 0 {
		return s
	}
	slices.SortStableFunc(hits, func(a, b hit) int {
		if a.start != b.start {
			return a.start - b.start
		}
		return b.end - a.end
	})
	var b strings.Builder
	b.Grow(len(s) + 16*len(hits))
	done := 0
	for _, h := range hits {
		if h.end <= done {
			continue
		}
		b.WriteString(s[done:max(done, h.start)])
		b.WriteString(h.with)
		done = h.end
	}
	b.WriteString(s[done:])
	return b.String()
}

// matcher finds many patterns in one pass: each position is looked up by its first four bytes.
type matcher struct {
	heads   [1 << 10]uint64 // a bit for each hash of the first four bytes of a pattern
	buckets map[uint32][]pattern
	longest int
}

// pattern is one form of a registered value.
type pattern struct {
	text, tag string
	plain     bool // the value itself
	// In base64, the value also has bits in the character before, after, or both.
	before, after bool
}

func hash16(head uint32) uint32 { return head * 0x9E3779B1 >> 16 }

func first4(s string, i int) uint32 {
	return uint32(s[i]) | uint32(s[i+1])<<8 | uint32(s[i+2])<<16 | uint32(s[i+3])<<24
}

func (m *matcher) add(p pattern) {
	if len(p.text) < shortest {
		return
	}
	if m.buckets == nil {
		m.buckets = make(map[uint32][]pattern)
	}
	key := first4(p.text, 0)
	bucket := m.buckets[key]
	// The longest first, so that the first to match is the one to take.
	i, found := slices.BinarySearchFunc(bucket, p, func(a, b pattern) int {
		if len(a.text) != len(b.text) {
			return len(b.text) - len(a.text)
		}
		return strings.Compare(a.text, b.text)
	})
	if found {
		if p.plain && !bucket[i].plain {
			bucket[i] = p
		}
		return
	}
	m.buckets[key] = slices.Insert(bucket, i, p)
	h := hash16(key)
	m.heads[h>>6] |= 1 << (h & 63)
	m.longest = max(m.longest, len(p.text)+2)
}

// addForms adds the value and those of its encodings that cannot be found by decoding the text.
func (m *matcher) addForms(value, tag string) {
	m.add(pattern{text: value, tag: tag, plain: true})
	if shown := showBytes(value); shown != value {
		m.add(pattern{text: shown, tag: tag})
	}
	digits := hex.EncodeToString([]byte(value))
	m.add(pattern{text: digits, tag: tag})
	m.add(pattern{text: strings.ToUpper(digits), tag: tag})
	if len(value) < 8 {
		return // in base64 there would be too little left that is the value's alone
	}
	for _, form := range jsonForms(value) {
		for _, alphabet := range []*base64.Encoding{base64.RawStdEncoding, base64.RawURLEncoding} {
			for shift := range 3 {
				text := alphabet.EncodeToString(append(make([]byte, shift), form...))
				first := (8*shift + 5) / 6 // the first character that has no bits of what is before
				last := 8 * (shift + len(form)) / 6
				m.add(pattern{text: text[first:last], tag: tag, before: shift > 0, after: last < len(text)})
			}
		}
	}
}

// jsonForms returns the value and, if they differ, what several encoders of JSON make of it: base64 often holds JSON.
func jsonForms(value string) []string {
	forms := []string{value}
	add := func(form string) {
		if !slices.Contains(forms, form) {
			forms = append(forms, form)
		}
	}
	var quoted strings.Builder
	enc := json.NewEncoder(&quoted)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(value); err != nil {
		return forms
	}
	plain := strings.TrimSpace(quoted.String())
	plain = plain[1 : len(plain)-1]
	var ascii strings.Builder // as Python's json.dumps does, and with slashes PHP's json_encode
	for _, c := range plain {
		switch {
		case c > 0xffff:
			high, low := utf16.EncodeRune(c)
			fmt.Fprintf(&ascii, `\u%04x\u%04x`, high, low)
		case c > 0x7e:
			fmt.Fprintf(&ascii, `\u%04x`, c)
		default:
			ascii.WriteRune(c)
		}
	}
	add(plain)
	add(ascii.String())
	for _, form := range forms[:len(forms):len(forms)] {
		add(strings.ReplaceAll(form, "/", `\/`))
	}
	if html, err := json.Marshal(value); err == nil { // as Go does unless told otherwise
		add(string(html[1 : len(html)-1]))
	}
	return forms
}
