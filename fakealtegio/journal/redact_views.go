package journal

import (
	"html"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// A view is a text with one layer of escapes decoded. Values are looked for in views, so that any mixture
// of escaped and plain characters is found, and found places are traced back to the text itself.
type view struct {
	text    string
	escapes []escape
	of      *view // that was decoded, nil if it is the text itself
}

// escape says that text[from:to] of a view is what was srcFrom:srcTo in the text it was decoded from.
type escape struct{ from, to, srcFrom, srcTo int }

// viewDepth is how many layers of escapes are looked through: JSON in HTML and a URL in a URL
// occur, a third layer would cost more than it finds.
const viewDepth = 2

// source returns where the part of the view is in the text itself. Escapes are taken as a whole.
func (v *view) source(start, end int) (int, int) {
	for ; v != nil; v = v.of {
		start, end = v.src(start, false), v.src(end, true)
	}
	return start, end
}

// src translates the beginning or the end of a part to the text one layer below.
func (v *view) src(at int, end bool) int {
	probe := at
	if end {
		probe-- // the last byte of the part decides
	}
	lo, hi := 0, len(v.escapes) // the last escape that begins at or before probe is at lo-1
	for lo < hi {
		if mid := (lo + hi) / 2; v.escapes[mid].from <= probe {
			lo = mid + 1
		} else {
			hi = mid
		}
	}
	if lo == 0 {
		return at
	}
	switch e := v.escapes[lo-1]; {
	case probe >= e.to:
		return e.srcTo + at - e.to
	case end:
		return e.srcTo
	default:
		return e.srcFrom
	}
}

// decoder decodes one kind of escapes.
type decoder struct {
	marks string // bytes with which escapes begin
	// one reads the escape at the beginning of s. It appends what the escape stands for, and returns
	// the escape's length, 0 if there is none.
	one func(s string, to []byte) ([]byte, int)
}

var (
	percentDecoder = decoder{"%", percentEscape}
	formDecoder    = decoder{"%+", percentEscape}
	jsonDecoder    = decoder{`\`, jsonEscape}
	htmlDecoder    = decoder{"&", htmlEscape}
)

// decode returns the view, or nil if there is nothing to decode.
func (d decoder) decode(of *view) *view {
	s := of.text
	var text []byte
	var escapes []escape
	done := 0 // what is before is in text
	for i := 0; ; {
		mark := d.next(s[i:])
		if mark < 0 {
			break
		}
		i += mark
		var buf [8]byte
		plain, n := d.one(s[i:], buf[:0])
		if n == 0 {
			i++
			continue
		}
		if text == nil {
			text = make([]byte, 0, len(s))
		}
		text = append(text, s[done:i]...)
		escapes = append(escapes, escape{len(text), len(text) + len(plain), i, i + n})
		text = append(text, plain...)
		i += n
		done = i
	}
	if escapes == nil {
		return nil
	}
	return &view{string(append(text, s[done:]...)), escapes, of}
}

func (d decoder) next(s string) int {
	if len(d.marks) == 1 {
		return strings.IndexByte(s, d.marks[0])
	}
	return strings.IndexAny(s, d.marks)
}

// decoded is decode for texts that are known to be encoded in that way.
func (d decoder) decoded(s string) view {
	if d.next(s) >= 0 {
		if v := d.decode(&view{text: s}); v != nil {
			v.of = nil // its source is s
			return *v
		}
	}
	return view{text: s}
}

func percentEscape(s string, to []byte) ([]byte, int) {
	if s[0] == '+' { // only the decoder of forms stops here
		return append(to, ' '), 1
	}
	if len(s) < 3 {
		return to, 0
	}
	c, ok := hexNumber(s[1:3])
	if !ok {
		return to, 0
	}
	return append(to, byte(c)), 3
}

// jsonEscape reads the escapes of JSON and those of a few languages whose strings look like it.
func jsonEscape(s string, to []byte) ([]byte, int) {
	if len(s) < 2 {
		return to, 0
	}
	switch c := s[1]; c {
	case '"', '\\', '/', '\'':
		return append(to, c), 2
	case 'b', 'f', 'n', 'r', 't':
		return append(to, "\b\f\n\r\t"[strings.IndexByte("bfnrt", c)]), 2
	case 'x':
		if len(s) >= 4 {
			if n, ok := hexNumber(s[2:4]); ok {
				return append(to, byte(n)), 4
			}
		}
	case 'u':
		first, ok := utf16Escape(s)
		if !ok {
			break
		}
		if utf16.IsSurrogate(first) {
			second, ok := utf16Escape(s[6:])
			if c := utf16.DecodeRune(first, second); ok && c != utf8.RuneError {
				return utf8.AppendRune(to, c), 12
			}
		}
		return utf8.AppendRune(to, first), 6
	}
	return to, 0
}

func utf16Escape(s string) (rune, bool) {
	if len(s) < 6 || s[0] != '\\' || s[1] != 'u' {
		return 0, false
	}
	n, ok := hexNumber(s[2:6])
	return rune(n), ok
}

func hexNumber(s string) (n uint32, ok bool) {
	for _, c := range []byte(s) {
		switch {
		case c >= '0' && c <= '9':
			c -= '0'
		case c >= 'a' && c <= 'f':
			c -= 'a' - 10
		case c >= 'A' && c <= 'F':
			c -= 'A' - 10
		default:
			return 0, false
		}
		n = n<<4 | uint32(c)
	}
	return n, true
}

// longestEntity is the length of the longest named character reference of HTML, "&CounterClockwiseContourIntegral;".
const longestEntity = 33

func htmlEscape(s string, to []byte) ([]byte, int) {
	end := strings.IndexByte(s[:min(len(s), longestEntity)], ';')
	if end < 2 {
		return to, 0
	}
	plain := html.UnescapeString(s[:end+1])
	if len(plain) > 4 || plain[0] == '&' && len(plain) > 1 {
		return to, 0 // not a reference, or only the beginning is one
	}
	return append(to, plain...), end + 1
}
