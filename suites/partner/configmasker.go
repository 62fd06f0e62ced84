package partner

import "strings"

// masker remembers whether a secret goes on in the next line.
type masker struct {
	inside bool
	indent int    // of the key whose value goes on
	next   bool   // the value has not begun yet
	quote  byte   // the value is quoted and still open
	before string // the last line with something in it
}

// spans finds what is to be covered in a line, as byte offsets.
func (m *masker) spans(line string) [][2]int {
	before := m.before
	if strings.TrimSpace(line) != "" {
		m.before = line
	}
	trimmed := strings.TrimLeft(line, " \t")
	indent := len(line) - len(trimmed)
	if m.inside && strings.TrimSpace(line) != "" {
		if m.quote != 0 {
			if strings.IndexByte(line, m.quote) >= 0 {
				m.inside, m.quote = false, 0
			}
			return [][2]int{{indent, len(line)}}
		}
		if indent > m.indent || !yamlKey.MatchString(line) && (m.next || trimmed[0] != '-') {
			m.next = false
			return [][2]int{{indent, len(line)}}
		}
		m.inside = false
	}
	var spans [][2]int
	for _, pattern := range secretValues {
		for _, at := range pattern.FindAllStringSubmatchIndex(line, -1) {
			spans = append(spans, [2]int{at[2], at[3]})
		}
	}
	keys := yamlKey.FindAllStringSubmatchIndex(line, -1)
	for _, at := range keys {
		if looksSecret(line[at[2]:at[3]]) {
			if span, ok := m.value(line, at[0], at[1]); ok {
				spans = append(spans, span)
			}
		}
	}
	if from, ok := brokenKey(before, line, keys); ok {
		m.inside, m.indent, m.next = true, indent, m.next || from == len(line)
		spans = append(spans, [2]int{from, len(line)})
	}
	return spans
}

// value finds the value of the key that ends at a byte offset.
func (m *masker) value(line string, key, from int) ([2]int, bool) {
	from = min(from, len(line))
	from += len(line[from:]) - len(strings.TrimLeft(line[from:], " \t"))
	rest := line[from:]
	m.inside, m.indent, m.next, m.quote = true, key, false, 0
	switch {
	case rest == "" || rest[0] == '#':
		m.next = true
		return [2]int{from, len(line)}, true
	case rest[0] == '"' || rest[0] == '\'':
		end := strings.IndexByte(rest[1:], rest[0])
		if end < 0 {
			m.quote = rest[0]
			return [2]int{from, len(line)}, true
		}
		for rest[0] == '"' && rest[end] == '\\' { // an escaped quote is not the end; be generous
			more := strings.IndexByte(rest[end+2:], '"')
			if more < 0 {
				m.quote = '"'
				return [2]int{from, len(line)}, true
			}
			end += more + 1
		}
		m.inside = false
		if after := strings.TrimLeft(rest[end+2:], " \t"); after != "" && !strings.ContainsRune(",}]#", rune(after[0])) {
			return [2]int{from, len(line)}, true // a stray quote
		}
		if onlyTemplate.MatchString(rest[:end+2]) {
			return [2]int{}, false
		}
		return [2]int{from, from + end + 2}, true
	case strings.ContainsRune("{[,}]", rune(rest[0])):
		return [2]int{from, len(line)}, true
	}
	end := len(rest)
	if strings.ContainsAny(line[:key], "{[") {
		m.inside, m.next = true, true // it may go on in the next line
		if cut := strings.IndexAny(rest, ",}]"); cut >= 0 {
			end, m.inside, m.next = cut, false, false
		}
	}
	if onlyTemplate.MatchString(strings.TrimSpace(rest[:end])) {
		m.inside = false
		return [2]int{}, false
	}
	return [2]int{from, from + end}, true
}

// keyWords are what keys of secrets are made of, in letters only.
var keyWords = []string{"partnertoken", "authorization", "password", "apikey", "secret"}

// brokenKey finds the key of a secret that is damaged by a stray character or a line break, which
// is when error texts are made. Everything behind it is to be covered. Keys that are intact and
// names inside of templates do not count.
func brokenKey(before, line string, keys [][]int) (from int, ok bool) {
	letters, at := lettersOf(before)
	first := len(letters)
	more, places := lettersOf(line)
	letters, at = letters+more, append(at, places...)
	for _, word := range keyWords {
		for i := 0; ; i++ {
			found := strings.Index(letters[i:], word)
			if found < 0 {
				break
			}
			i += found
			last := i + len(word) - 1
			if last < first || i >= first && (intact(at[i], at[last], keys) || inBraces(line, at[i])) {
				continue
			}
			return at[last] + 1, true
		}
	}
	return 0, false
}

// lettersOf are the letters of a line in lower case, and where they stand.
func lettersOf(line string) (letters string, at []int) {
	var b []byte
	for i := range len(line) {
		if c := line[i] | 0x20; c >= 'a' && c <= 'z' {
			b, at = append(b, c), append(at, i)
		}
	}
	return string(b), at
}

// intact tells whether a part of a line is inside of one of its keys.
func intact(from, to int, keys [][]int) bool {
	for _, key := range keys {
		if key[2] <= from && to < key[3] {
			return true
		}
	}
	return false
}

// inBraces tells whether a place is inside of {{ }} or ${ }.
func inBraces(line string, at int) bool {
	open := max(strings.LastIndex(line[:at], "{{"), strings.LastIndex(line[:at], "${"))
	return open > strings.LastIndex(line[:at], "}")
}
