package journal

import "strings"

// brokenJSON redacts the values of sensitive keys in what was meant to be JSON or looks like it.
func (r *Redactor) brokenJSON(s string) string {
	x := jsonScan{r: r, s: s}
	x.broken()
	return apply(s, x.hits)
}

// broken finds the values of sensitive keys in text that is not JSON: what is before a colon or an
// equals sign is a key, whatever the quotes around it are worth.
func (x *jsonScan) broken() {
	s := x.s
	for i := until(s, 0, "[:="); i < len(s); i = until(s, i, "[:=") {
		if s[i] == '[' {
			if end := x.r.tagAt(s, i); end > 0 {
				i = end
			} else {
				i++
			}
			continue
		}
		class := fieldClass(keyBefore(s, i), "")
		i++
		if class == "" {
			continue
		}
		for i < len(s) && strings.IndexByte(" \t\r\n>", s[i]) >= 0 { // "=>" is the colon of PHP and Ruby
			i++
		}
		switch {
		case i == len(s):
		case s[i] == '\'':
			end, closed := stringEnd(s, i)
			x.text(i, end, closed, class)
			i = end
		case s[i] == '\\':
			i = x.escapedText(i, class)
		case strings.IndexByte(`"{[`, s[i]) >= 0:
			i = x.value(i, class)
		default:
			end := until(s, i, "\r\n,;&{}[]\"'")
			from, to := trim(s, i, end)
			x.word(from, to, class)
			i = end
		}
	}
}

// longestKey is how far back a key is looked for.
const longestKey = 64

// keyBefore returns the word before the colon at i.
func keyBefore(s string, i int) string {
	const around = " \t\r\n\"'\\"
	head := strings.TrimRight(s[max(0, i-longestKey):i], around)
	from := strings.LastIndexAny(head, around+",;&?{}[](")
	return head[from+1:]
}

// escapedText reads a string with escaped quotes, from text that holds JSON as a string, and returns its end.
func (x *jsonScan) escapedText(i int, class string) int {
	s := x.s
	quote := i + len(s[i:]) - len(strings.TrimLeft(s[i:], `\`))
	if quote == len(s) || s[quote] != '"' && s[quote] != '\'' {
		end := until(s, quote, ",;&{}[]\"'"+around)
		x.word(i, end, class)
		return end
	}
	start, end := quote+1, len(s)
	for at := start; at < len(s); { // to the next quote with as many backslashes
		n := strings.IndexByte(s[at:], s[quote])
		if n < 0 {
			break
		}
		at += n + 1
		if from := at - (start - i); from >= start && s[from:at] == s[i:start] && s[from-1] != '\\' {
			end = from
			break
		}
	}
	x.hits = append(x.hits, moved(x.r.field(class, s[start:end]), start)...)
	return min(len(s), end+start-i)
}
