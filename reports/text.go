package reports

import (
	"fmt"
	"reflect"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// defaultLimit is the length in bytes at which a text without a max tag is cut: longer than any
// sentence of ours, short enough that a thousand of them still make a page.
const defaultLimit = 4000

// clean returns s harmless and readable: at most limit bytes of it, with every character shown
// that would hide, reorder or execute something on a screen. Line breaks and tabs stay.
func clean(s string, limit int) string {
	total := len(s)
	cut := total > limit
	if cut {
		s = prefix(s, limit)
	}
	if i := firstHidden(s); i >= 0 {
		s = reveal(s, i)
	}
	if cut {
		s += fmt.Sprintf(" … [cut, %s bytes in all]", thousands(int64(total)))
	}
	return s
}

// Plain returns s as one harmless line of at most limit bytes, for a terminal or a log.
func Plain(s string, limit int) string { return oneLine(clean(s, limit)) }

// prefix returns at most n bytes of s without cutting a character in two.
func prefix(s string, n int) string {
	if len(s) <= n {
		return s
	}
	for back := 0; back < utf8.UTFMax && n > 0 && !utf8.RuneStart(s[n]); back++ {
		n--
	}
	return s[:n]
}

// firstHidden returns the index of the first character that [reveal] would change, -1 if none.
func firstHidden(s string) int {
	for i := 0; i < len(s); {
		c := s[i]
		if c < utf8.RuneSelf {
			if c < ' ' && c != '\n' && c != '\t' || c == 0x7f {
				return i
			}
			i++
			continue
		}
		r, size := utf8.DecodeRuneInString(s[i:])
		if r == utf8.RuneError && size == 1 || hidden(r) {
			return i
		}
		i += size
	}
	return -1
}

// hidden reports whether a character beyond ASCII cannot be seen or changes how others are seen.
// The joiners U+200C and U+200D stay: scripts and emoji need them, and they move nothing.
func hidden(r rune) bool {
	switch {
	case r < 0xa0, r == 0x061c, r == 0x180e, r == 0xfeff:
		return true // C1 controls, Arabic letter mark, Mongolian vowel separator, byte order mark
	case r == 0x200c, r == 0x200d:
		return false
	case r >= 0x200b && r <= 0x200f, r >= 0x2028 && r <= 0x202e, r >= 0x2060 && r <= 0x206f:
		return true // zero width, separators, bidirectional controls
	case r >= 0xfff9 && r <= 0xfffb, r >= 0xe0000 && r <= 0xe0fff:
		return true // interlinear annotations, tags
	case r >= 0xfdd0 && r <= 0xfdef, r&0xfffe == 0xfffe:
		return true // not characters, and not allowed in XML
	}
	return unicode.Is(unicode.Cf, r) && !unicode.IsPrint(r) && r != 0xad
}

// reveal replaces what firstHidden found at index i and after it.
func reveal(s string, i int) string {
	var b strings.Builder
	b.Grow(len(s) + 32)
	b.WriteString(s[:i])
	for i < len(s) {
		r, size := utf8.DecodeRuneInString(s[i:])
		switch {
		case r == utf8.RuneError && size == 1:
			fmt.Fprintf(&b, `\x%02x`, s[i]) // as the journal writes them
		case r == '\n' || r == '\t':
			b.WriteByte(byte(r))
		case r == '\r' && strings.HasPrefix(s[i+1:], "\n"):
			// an ordinary line end
		case r < ' ':
			b.WriteRune('␀' + r)
		case r == 0x7f:
			b.WriteRune('␡')
		case r >= 0x80 && hidden(r):
			fmt.Fprintf(&b, "⟨U+%04X⟩", r)
		default:
			b.WriteString(s[i : i+size])
		}
		i += size
	}
	return b.String()
}

// oneLine puts a text on one line.
func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }

// scrub cleans every text below a value. One walk over the finished report instead of a call at
// every assignment: what is added to the report later cannot be forgotten.
func scrub(report *Report) { scrubValue(reflect.ValueOf(report).Elem(), defaultLimit) }

var timeType = reflect.TypeFor[time.Time]()

func scrubValue(v reflect.Value, limit int) {
	switch v.Kind() {
	case reflect.String:
		before := v.String()
		if after := clean(before, limit); after != before {
			v.SetString(after)
		}
	case reflect.Pointer:
		if !v.IsNil() {
			scrubValue(v.Elem(), limit)
		}
	case reflect.Slice:
		if k := v.Type().Elem().Kind(); k == reflect.Int64 || k == reflect.Int {
			return
		}
		for i := range v.Len() {
			scrubValue(v.Index(i), limit)
		}
	case reflect.Struct:
		if v.Type() == timeType {
			return
		}
		for i, limits := 0, limitsOf(v.Type()); i < v.NumField(); i++ {
			scrubValue(v.Field(i), limits[i])
		}
	}
}

// limitsOf returns the limit of each field of a struct type. Types are few and small; the cost of
// reading the tags anew is below that of the texts.
func limitsOf(t reflect.Type) []int {
	limits := make([]int, t.NumField())
	for i := range limits {
		limits[i] = defaultLimit
		if n, err := strconv.Atoi(t.Field(i).Tag.Get("max")); err == nil {
			limits[i] = n
		}
	}
	return limits
}

// thousands writes a number with separators.
func thousands(n int64) string {
	s := strconv.FormatInt(n, 10)
	for i := len(s) - 3; i > 0 && s[i-1] != '-'; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

// lasting writes a duration in milliseconds the way people say it.
func lasting(ms float64) string {
	switch {
	case ms < 1:
		return "under 1 ms"
	case ms < 1000:
		return fmt.Sprintf("%.0f ms", ms)
	case ms < 60_000:
		return strings.TrimSuffix(fmt.Sprintf("%.1f", ms/1000), ".0") + " s"
	}
	minutes := int64(ms / 60_000)
	if minutes < 60 {
		return fmt.Sprintf("%d min %d s", minutes, int64(ms/1000)%60)
	}
	return fmt.Sprintf("%d h %d min", minutes/60, minutes%60)
}

// plural counts things in words.
func plural(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return thousands(int64(n)) + " " + many
}
