package partner

import (
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"
)

const (
	// mask stands for a secret in everything that is shown.
	mask = "***"
	// minSecret is the length from which a value is looked for inside of texts. Shorter ones would
	// hit ordinary words.
	minSecret = 4
)

// secretName recognises names whose values are not to be shown.
var secretName = regexp.MustCompile(`(?i)token|secret|passw|passphrase|pwd|credential|auth(?:orization|entication)?(?:$|[_-])|cookie|api[_-]?key|private[_-]?key|access[_-]?key|session|signature|dsn$|^key$|_key$`)

// looksSecret tells whether a name promises a secret, also when it is misspelt: the value of a
// "partner_tokn" must not be shown either.
func looksSecret(name string) bool {
	return secretName.MatchString(name) || distance(strings.ToLower(name), "partner_token") <= 3
}

// Patterns of values that are masked wherever they stand in a line. What the first group matches is masked.
var secretValues = []*regexp.Regexp{
	regexp.MustCompile(`\$\{\w+:-((?:[^{}]|\{[^{}]*\}|\{\{[^{}]*\}\})*)\}?`), // the default of a ${NAME:-default}
	regexp.MustCompile(`([^/@\s]+)@`),                                        // user:password@
	regexp.MustCompile(`(?i)\b(?:bearer|basic)\s+([^\s"'{$]+)`),
	regexp.MustCompile(`(?i)[?&][\w-]*(?:token|secret|key|passw|auth|sign)[\w-]*=([^&\s"'{$]+)`),
}

var (
	yamlKey = regexp.MustCompile(`["']?([A-Za-z_][\w.-]*)["']?\s*:(?:\s|$)`)
	// onlyTemplate is a value without a secret in it.
	onlyTemplate = regexp.MustCompile(`^["']?\s*(?:\{\{[^{}"'` + "`" + `]*\}\}|\$\{\w+\})\s*["']?$`)
)

// masked is a line whose secrets are covered.
type masked struct {
	text string
	// from are the covered spans of the original line, in runes.
	from [][2]int
}

// column translates a column (from 1) of the original line.
func (m masked) column(col int) int {
	shift := 0
	for _, span := range m.from {
		switch {
		case col-1 >= span[1]:
			shift += span[1] - span[0] - len(mask)
		case col-1 > span[0]:
			return span[0] + 1 - shift
		}
	}
	return col - shift
}

// maskLines covers the secrets of a YAML text line by line. It works on text, because it is needed
// most when the text is not YAML.
func maskLines(lines []string, secrets map[string]string) []masked {
	out := make([]masked, len(lines))
	var m masker
	for i, line := range lines {
		spans := m.spans(line)
		for _, secret := range secrets {
			if len(secret) < minSecret {
				continue
			}
			for at := 0; ; {
				found := strings.Index(line[at:], secret)
				if found < 0 {
					break
				}
				spans = append(spans, [2]int{at + found, at + found + len(secret)})
				at += found + len(secret)
			}
		}
		out[i] = cover(line, spans)
	}
	return out
}

// cover replaces spans, given as byte offsets, by the mask.
func cover(line string, spans [][2]int) masked {
	slices.SortFunc(spans, func(a, b [2]int) int { return a[0] - b[0] })
	var m masked
	var b strings.Builder
	at := 0
	for i := 0; i < len(spans); i++ {
		span := spans[i]
		for i+1 < len(spans) && spans[i+1][0] <= span[1] {
			i++
			span[1] = max(span[1], spans[i][1])
		}
		if span[0] == span[1] {
			continue
		}
		b.WriteString(line[at:span[0]] + mask)
		start := utf8.RuneCountInString(line[:span[0]])
		m.from = append(m.from, [2]int{start, start + utf8.RuneCountInString(line[span[0]:span[1]])})
		at = span[1]
	}
	b.WriteString(line[at:])
	m.text = b.String()
	return m
}
