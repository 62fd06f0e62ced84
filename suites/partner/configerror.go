package partner

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// ConfigError is a mistake in a configuration, told so that it can be put right without a manual.
// It never contains the value of a secret.
type ConfigError struct {
	File string
	// Line and Column count from 1; 0 when the mistake has no place.
	Line, Column int
	// Message says what is wrong, in one line.
	Message string
	// Excerpt is the place in the file with a caret under it, secrets masked; "" without place.
	Excerpt string
	// Hint says what to do; may be empty.
	Hint string
}

// Error is the whole story on several lines: place and message, excerpt, hint.
func (e *ConfigError) Error() string {
	var b strings.Builder
	b.WriteString(e.File)
	if e.Line > 0 {
		fmt.Fprintf(&b, ":%d:%d", e.Line, e.Column)
	}
	b.WriteString(": " + e.Message)
	if e.Excerpt != "" {
		b.WriteString("\n" + e.Excerpt)
	}
	if e.Hint != "" {
		b.WriteString("\n  hint: " + e.Hint)
	}
	return b.String()
}

// place is a position in the file, counted from 1; the zero place is nowhere.
type place struct{ line, col int }

// source is the text of a configuration with what is needed to talk about it.
type source struct {
	file  string
	lines []string
	// secrets are values that must not be shown, by name.
	secrets map[string]string
	// places has where each value and, under its path with a "#", each key is.
	places map[string]place
}

// fail makes the error for a place.
func (s *source) fail(at place, hint, format string, args ...any) *ConfigError {
	e := &ConfigError{File: s.file, Line: at.line, Column: at.col, Message: s.scrub(fmt.Sprintf(format, args...)), Hint: s.scrub(hint)}
	if at.line < 1 || at.line > len(s.lines) {
		return e
	}
	e.Column = min(max(at.col, 1), utf8.RuneCountInString(s.lines[at.line-1])+1)
	e.Excerpt = s.excerpt(e.Line, e.Column)
	return e
}

// failAt makes the error for the value at a path, or for the nearest value around it that is in the file.
func (s *source) failAt(path, hint, format string, args ...any) *ConfigError {
	return s.fail(s.where(path), hint, format, args...)
}

func (s *source) where(path string) place {
	for {
		if at, ok := s.places[path]; ok {
			return at
		}
		if at, ok := s.places["#"+path]; ok {
			return at
		}
		cut := strings.LastIndexAny(path, ".[")
		if cut < 0 {
			return place{}
		}
		path = path[:cut]
	}
}

// Limits of an excerpt: long lines are cut around the caret.
const (
	excerptBefore = 60
	excerptAfter  = 50
)

// excerpt shows a line, the line before it, and a caret.
func (s *source) excerpt(line, col int) string {
	masked := maskLines(s.lines[:line], s.secrets)
	width := len(fmt.Sprint(line))
	var b strings.Builder
	if line > 1 && strings.TrimSpace(masked[line-2].text) != "" {
		text, _ := cutAround(masked[line-2].text, 0)
		fmt.Fprintf(&b, "  %*d | %s\n", width, line-1, text)
	}
	text, caret := cutAround(masked[line-1].text, masked[line-1].column(col)-1)
	fmt.Fprintf(&b, "  %*d | %s\n", width, line, text)
	fmt.Fprintf(&b, "  %*s | %s^", width, "", strings.Repeat(" ", caret))
	return b.String()
}

// cutAround makes a line printable and shortens it around a column (from 0), which it returns anew.
func cutAround(line string, col int) (string, int) {
	runes := []rune(line)
	for i, r := range runes {
		switch {
		case r == '\t':
			runes[i] = ' '
		case r < ' ' || r == 0x7f || r == utf8.RuneError:
			runes[i] = '·'
		}
	}
	col = min(max(col, 0), len(runes))
	from := max(0, col-excerptBefore)
	to := min(len(runes), from+excerptBefore+excerptAfter)
	text := string(runes[from:to])
	col -= from
	if from > 0 {
		text, col = "…"+text, col+1
	}
	if to < len(runes) {
		text += "…"
	}
	return strings.TrimRight(text, " "), col
}

// scrub takes known secrets out of a text.
func (s *source) scrub(text string) string {
	for _, secret := range s.secrets {
		if len(secret) >= minSecret {
			text = strings.ReplaceAll(text, secret, mask)
		}
	}
	return text
}
