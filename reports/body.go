package reports

import (
	"bytes"
	"encoding/json"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// segment is a run of lines of a message, as a reader sees it.
type segment struct {
	Text string
	// Mark is "mark" for the place a finding is about, "absent" for a line that says what is
	// missing there, "cut" for one that stands for others.
	Mark string
}

// line is one line of a body with its place.
type line struct {
	text, pointer string
	mark          string
	closes        bool // the end of the object or list at pointer
}

// maxLines is how many lines of a body are shown, plus those around a mark.
const maxLines = 80

// bodySegments lays out a body and marks the pointers in it: JSON is indented, a form has a field a line,
// everything else stays as it is.
func bodySegments(b *Body, form bool, pointers []string) []segment {
	if b == nil || b.Text == "" {
		return nil
	}
	var lines []line
	switch text := strings.TrimSpace(b.Text); {
	case form:
		for pair := range strings.SplitSeq(text, "&") {
			name, _, _ := strings.Cut(pair, "=")
			if plain, err := url.QueryUnescape(name); err == nil {
				name = plain
			}
			lines = append(lines, line{text: pair, pointer: "/" + strings.TrimSuffix(name, "[]")})
		}
	case strings.HasPrefix(text, "{") || strings.HasPrefix(text, "["):
		lines = structured(text)
	}
	if lines == nil {
		for text := range strings.SplitSeq(strings.TrimRight(b.Text, " \t\n"), "\n") {
			lines = append(lines, line{text: text, pointer: "-"})
		}
		pointers = nil
	}
	for _, p := range pointers {
		lines = markPointer(lines, p)
	}
	return merge(excerpt(lines))
}

// structured indents JSON and knows the pointer of each line; nil when text is no JSON. Literals,
// order and duplicate keys stay as sent.
func structured(text string) []line {
	var out bytes.Buffer
	if depth(text) > maxDepth || json.Indent(&out, []byte(text), "", "  ") != nil {
		return nil
	}
	type frame struct {
		pointer string
		array   bool
		next    int
	}
	var stack []frame
	var lines []line
	for text := range strings.SplitSeq(out.String(), "\n") {
		value := strings.TrimSuffix(strings.TrimSpace(text), ",")
		if value == "}" || value == "]" {
			lines = append(lines, line{text: text, pointer: stack[len(stack)-1].pointer, closes: true})
			stack = stack[:len(stack)-1]
			continue
		}
		pointer := ""
		if len(stack) > 0 {
			top := &stack[len(stack)-1]
			token := strconv.Itoa(top.next)
			top.next++
			if !top.array {
				token, value = member(value)
			}
			pointer = top.pointer + "/" + token
		}
		if value == "{" || value == "[" {
			stack = append(stack, frame{pointer: pointer, array: value == "["})
		}
		lines = append(lines, line{text: text, pointer: pointer})
	}
	return lines
}

// maxDepth is how deeply nested a body may be to be indented: no call of the contract is deeper than
// five, and indentation grows with the square of the depth.
const maxDepth = 40

// depth returns how deeply brackets are nested. It does not look for strings: brackets in them may
// make it too large, which costs the indentation of a strange body and nothing else.
func depth(text string) int {
	deepest, now := 0, 0
	for i := range len(text) {
		switch text[i] {
		case '{', '[':
			now++
			deepest = max(deepest, now)
		case '}', ']':
			now--
		}
	}
	return deepest
}

// member splits `"key": value` into the key as a pointer token and the value.
func member(text string) (token, value string) {
	end := 1
	for end < len(text) && text[end] != '"' {
		if text[end] == '\\' {
			end++
		}
		end++
	}
	end = min(end+1, len(text))
	var key string
	if json.Unmarshal([]byte(text[:end]), &key) != nil {
		key = text[:end]
	}
	value = strings.TrimSpace(strings.TrimPrefix(text[end:], ":"))
	return strings.NewReplacer("~", "~0", "/", "~1").Replace(key), value
}

// markPointer marks the lines at a pointer. Where there are none it puts a line into the object
// that should have had it; where even that is not there it marks nothing.
func markPointer(lines []line, pointer string) []line {
	if !strings.HasPrefix(pointer, "/") {
		pointer = "/" + pointer // the name of a form field or a member at the top
	}
	found := false
	for i, l := range lines {
		if l.pointer == pointer && !l.closes && l.mark != "absent" {
			lines[i].mark, found = "mark", true
		}
	}
	if found {
		return lines
	}
	slash := strings.LastIndexByte(pointer, '/')
	parent, name := pointer[:slash], strings.NewReplacer("~1", "/", "~0", "~").Replace(pointer[slash+1:])
	absent := line{text: strconv.Quote(name) + " is not there", pointer: pointer, mark: "absent"}
	for i, l := range lines {
		if l.pointer != parent {
			continue
		}
		if l.closes {
			absent.text = strings.Repeat(" ", len(l.text)-len(strings.TrimLeft(l.text, " "))+2) + absent.text
			return slices.Insert(lines, i, absent)
		}
		if strings.HasSuffix(strings.TrimSuffix(l.text, ","), "{}") {
			return slices.Insert(lines, i+1, absent)
		}
	}
	if parent == "" && len(lines) > 0 && lines[0].pointer != "" && lines[0].pointer != "-" {
		return append(lines, absent) // a form
	}
	return lines
}

// excerpt keeps the beginning of a long body and what surrounds the marks in the rest.
func excerpt(lines []line) []line {
	if len(lines) <= maxLines {
		return lines
	}
	const around = 3
	var out []line
	skipped := 0
	for i, l := range lines {
		near := slices.ContainsFunc(lines[max(0, i-around):min(len(lines), i+around+1)], func(l line) bool { return l.mark != "" })
		if i < maxLines*3/4 || near {
			if skipped > 0 {
				out = append(out, line{text: "… " + plural(skipped, "line", "lines") + " left out", mark: "cut"})
				skipped = 0
			}
			out = append(out, l)
		} else {
			skipped++
		}
	}
	if skipped > 0 {
		out = append(out, line{text: "… " + plural(skipped, "line", "lines") + " left out", mark: "cut"})
	}
	return out
}

// merge joins neighbours that look the same, so that a page has few elements.
func merge(lines []line) []segment {
	var out []segment
	for _, l := range lines {
		if n := len(out); n > 0 && out[n-1].Mark == "" && l.mark == "" {
			out[n-1].Text += "\n" + l.text
		} else {
			out = append(out, segment{Text: l.text, Mark: l.mark})
		}
	}
	return out
}
