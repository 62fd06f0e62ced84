package openapi

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strconv"
	"unicode/utf8"
)

// maxDepth is how deeply a body may nest. The deepest of the contract has five levels; PHP
// stops at 512 by default. The bound keeps a body of nothing but brackets from our stack.
const maxDepth = 64

// beyondDouble stands for a number that has been reported as too large to be held.
type beyondDouble struct{}

// byteOrderMark is what some editors and some .NET clients put in front of UTF-8.
var byteOrderMark = []byte("\xef\xbb\xbf")

// decoder reads one JSON value into the types of encoding/json, as encoding/json would, and
// reports on its way what that package forgives: members named twice, trailing bytes, text
// that is not UTF-8. It exists because a second walk over the tokens costs more than all the
// rest of the validation.
type decoder struct {
	src   []byte
	pos   int
	utf8  bool // all of src is valid
	place []step
	found *findings
	where string
}

// step is one level of where the decoder is: a member's name, or an item's index.
type step struct {
	name  string
	index int // -1 for a member
}

// decodeJSON returns the value of a body that is not empty. When ok is false the body is not
// JSON, which has been reported, and there is nothing more to say about it.
func decodeJSON(found *findings, where string, body []byte) (value any, ok bool) {
	d := decoder{src: body, utf8: utf8.Valid(body), found: found, where: where}
	if !d.utf8 {
		found.fault(where, "", RuleUTF8, "the body is not valid UTF-8")
	}
	if bytes.HasPrefix(body, byteOrderMark) {
		found.fault(where, "", RuleSyntax, "the body begins with a byte order mark, which JSON does not have")
		d.pos = len(byteOrderMark)
	}
	if value, ok = d.value(); !ok {
		return nil, false
	}
	if d.space(); d.pos < len(d.src) {
		found.fault(where, "", RuleTrailing, fmt.Sprintf("there are bytes after the JSON value, which ends at byte %d", d.pos))
	}
	return value, true
}

// whiteSpace is what JSON allows around a value.
const whiteSpace = " \t\r\n"

// blank reports whether a body holds nothing, or only what JSON regards as white space.
func blank(body []byte) bool { return len(bytes.TrimLeft(body, whiteSpace)) == 0 }

func (d *decoder) space() {
	for d.pos < len(d.src) {
		switch d.src[d.pos] {
		case ' ', '\t', '\r', '\n':
			d.pos++
		default:
			return
		}
	}
}

// next skips white space and returns the byte there, without consuming it; 0 at the end.
func (d *decoder) next() byte {
	if d.space(); d.pos < len(d.src) {
		return d.src[d.pos]
	}
	return 0
}

// broken reports that the body is not JSON from here on.
func (d *decoder) broken() bool {
	if d.pos >= len(d.src) {
		d.found.fault(d.where, "", RuleSyntax, "the body is not JSON: it ends in the middle of a value")
	} else {
		d.found.fault(d.where, "", RuleSyntax, fmt.Sprintf("the body is not JSON: byte %d cannot stand there", d.pos+1))
	}
	return false
}

func (d *decoder) value() (any, bool) {
	switch c := d.next(); {
	case c == '{' || c == '[':
		if len(d.place) == maxDepth {
			d.found.fault(d.where, "", RuleDepth, fmt.Sprintf("the body nests deeper than %d levels", maxDepth))
			return nil, false
		}
		d.pos++
		if c == '{' {
			return d.object()
		}
		return d.array()
	case c == '"':
		return d.string()
	case c == '-' || c >= '0' && c <= '9':
		return d.number()
	case c == 't':
		return true, d.literal("true")
	case c == 'f':
		return false, d.literal("false")
	case c == 'n':
		return nil, d.literal("null")
	}
	return nil, d.broken()
}

func (d *decoder) literal(word string) bool {
	for i := range len(word) {
		if d.pos == len(d.src) || d.src[d.pos] != word[i] {
			return d.broken()
		}
		d.pos++
	}
	return true
}

func (d *decoder) object() (any, bool) {
	object := make(map[string]any, 8) // the payment, the busiest body, has seven
	d.place = append(d.place, step{index: -1})
	last := len(d.place) - 1
	if d.next() == '}' {
		d.pos++
		d.place = d.place[:last]
		return object, true
	}
	for {
		if d.next() != '"' {
			return nil, d.broken()
		}
		name, ok := d.string()
		if !ok {
			return nil, false
		}
		d.place[last].name = name
		if _, twice := object[name]; twice {
			at := d.pointer()
			d.found.fault(d.where, at, RuleDuplicate, subject(at)+" appears more than once in its object")
		}
		if d.next() != ':' {
			return nil, d.broken()
		}
		d.pos++
		value, ok := d.value()
		if !ok {
			return nil, false
		}
		object[name] = value
		switch d.next() {
		case ',':
			d.pos++
		case '}':
			d.pos++
			d.place = d.place[:last]
			return object, true
		default:
			return nil, d.broken()
		}
	}
}

func (d *decoder) array() (any, bool) {
	array := []any{}
	d.place = append(d.place, step{})
	last := len(d.place) - 1
	if d.next() == ']' {
		d.pos++
		d.place = d.place[:last]
		return array, true
	}
	for {
		value, ok := d.value()
		if !ok {
			return nil, false
		}
		array = append(array, value)
		d.place[last].index++
		switch d.next() {
		case ',':
			d.pos++
		case ']':
			d.pos++
			d.place = d.place[:last]
			return array, true
		default:
			return nil, d.broken()
		}
	}
}

// string reads a string whose first quote is at pos. Escapes are left to encoding/json.
func (d *decoder) string() (string, bool) {
	start, escaped := d.pos, false
	for d.pos++; d.pos < len(d.src); d.pos++ {
		switch c := d.src[d.pos]; {
		case c == '"':
			d.pos++
			if !escaped && d.utf8 {
				return string(d.src[start+1 : d.pos-1]), true
			}
			var text string
			if json.Unmarshal(d.src[start:d.pos], &text) != nil {
				d.pos = start
				return "", d.broken()
			}
			return text, true
		case c == '\\':
			escaped = true
			d.pos++
		case c < ' ':
			return "", d.broken()
		}
	}
	d.pos = len(d.src)
	return "", d.broken()
}

func (d *decoder) number() (any, bool) {
	size := numberPrefix(d.src[d.pos:])
	if size == 0 {
		return nil, d.broken()
	}
	number, err := strconv.ParseFloat(string(d.src[d.pos:d.pos+size]), 64)
	d.pos += size
	if err != nil { // the grammar is right, so it can only be out of range
		at := d.pointer()
		d.found.fault(d.where, at, RuleNumber, subject(at)+" is a number beyond what a double can hold")
		return beyondDouble{}, true
	}
	return number, true
}

// numberPrefix returns the length of the JSON number at the start of text, 0 if there is none.
func numberPrefix[T string | []byte](text T) int {
	pos := 0
	digits := func() bool {
		start := pos
		for pos < len(text) && text[pos] >= '0' && text[pos] <= '9' {
			pos++
		}
		return pos > start
	}
	if pos < len(text) && text[pos] == '-' {
		pos++
	}
	switch {
	case pos < len(text) && text[pos] == '0':
		pos++
	case !digits():
		return 0
	}
	if pos < len(text) && text[pos] == '.' {
		if pos++; !digits() {
			return 0
		}
	}
	if pos < len(text) && (text[pos] == 'e' || text[pos] == 'E') {
		if pos++; pos < len(text) && (text[pos] == '+' || text[pos] == '-') {
			pos++
		}
		if !digits() {
			return 0
		}
	}
	return pos
}

// pointer says where the decoder is.
func (d *decoder) pointer() string {
	var at string
	for _, level := range d.place {
		if level.index >= 0 {
			at += "/" + strconv.Itoa(level.index)
		} else {
			at = pointer(at, level.name)
		}
	}
	return at
}
