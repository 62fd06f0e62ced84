package reports

import (
	"bytes"
	"fmt"
	"io"
	"strings"
)

// markdownLimit is the length of the summary in bytes. A GitHub job summary may have 1 MiB, a
// comment on a pull request 64 KiB.
const markdownLimit = 60_000

// summary builds Markdown up to a length.
type summary struct{ bytes.Buffer }

// WriteMarkdown writes the report in short, for a job summary or a comment. What an integration
// said cannot add markup to it.
func WriteMarkdown(w io.Writer, r Report) error {
	var s summary
	s.verdict(r)
	s.items(r)
	if r.Failure != nil {
		s.failure(*r.Failure)
	}
	s.findings(r)
	s.gaps(r)
	s.footer(r)
	if _, err := w.Write(s.Bytes()); err != nil {
		return fmt.Errorf("write Markdown: %w", err)
	}
	return nil
}

func (s *summary) verdict(r Report) {
	fmt.Fprintf(s, "# %s %s\n\n**%s**\n\n%s\n\n", glyph(r.Overall), md(string(r.Overall)), md(r.Reason), md(r.Meaning))
	app := joined(" ", md(r.Run.Application.Title), fmt.Sprintf("(id %d)", r.Run.Application.ID))
	fmt.Fprintf(s, "Application %s · run %s, took %s · requirement set %s · harness %s · seed %d\n\n",
		app, day(r.Run.Started), lasting(float64(r.Run.DurationMS)), md(r.Run.RequirementSet), md(r.Run.Harness), r.Run.Seed)
	if len(r.Run.Only) > 0 {
		fmt.Fprintf(s, "Only a part was run: %s. Everything else counts as not verified.\n\n", md(strings.Join(r.Run.Only, ", ")))
	}
}

func (s *summary) items(r Report) {
	s.WriteString("| | What moderators check | Outcome | |\n| --- | --- | --- | --- |\n")
	for _, item := range r.Items {
		fmt.Fprintf(s, "| %s | %s | %s | %s |\n", glyph(item.Status), md(item.Title), md(string(item.Status)), item.counts())
	}
	s.WriteString("\n")
}

func (s *summary) failure(f Failure) {
	s.WriteString("## Why the run did not come to its end\n\n")
	for _, part := range [][2]string{{"Seen", f.Seen}, {"Required", f.Want}, {"What to do", f.Do}} {
		s.point(part[0], part[1])
	}
	if len(f.Log) > 0 {
		s.WriteString("\nThe integration's last output:\n\n" + fence(last(f.Log, 20)))
	}
	s.WriteString("\n")
}

func (s *summary) findings(r Report) {
	ranked := r.ranked()
	if len(ranked) == 0 {
		return
	}
	s.WriteString("## Findings\n\n")
	for i, v := range ranked {
		var one summary
		one.finding(v)
		if s.Len()+one.Len() > markdownLimit*2/3 {
			fmt.Fprintf(s, "And %s; see report.html.\n\n", plural(len(ranked)-i, "more", "more"))
			return
		}
		s.Write(one.Bytes())
	}
}

// finding writes a requirement that does not hold, with the first of its findings.
func (s *summary) finding(v Verdict) {
	const most = 3
	fmt.Fprintf(s, "### %s %s %s\n\n", glyph(v.Outcome), md(v.ID), md(v.Title))
	for n, f := range v.Findings {
		if n == most {
			fmt.Fprintf(s, "- and %s of the same requirement; see report.html\n", plural(len(v.Findings)-n, "more finding", "more findings"))
			break
		}
		proof := joined(" ", recordName(f.Record), f.Proof)
		if n > 0 {
			f = f.after(v.Findings[n-1])
		}
		if n+1 < min(len(v.Findings), most) && v.Findings[n+1].Record == f.Record {
			proof = "" // the next one has it
		}
		s.point("Seen", f.Seen)
		s.point("Required", f.Want)
		if f.Expected != "" || f.Received != "" {
			fmt.Fprintf(s, "- **Expected** %s, **received** %s", code(f.Expected), code(f.Received))
			if f.Pointer != "" {
				fmt.Fprintf(s, " at %s", code(f.Pointer))
			}
			s.WriteString("\n")
		}
		s.point("Proof", proof)
		s.point("What to do", f.Do)
	}
	s.point("Waits for this", strings.Join(v.Blocks, ", "))
	fmt.Fprintf(s, "- **Repeat just this** %s\n\n", code(v.Repeat))
}

func recordName(seq int64) string {
	if seq == 0 {
		return ""
	}
	return fmt.Sprintf("record %d:", seq)
}

func (s *summary) gaps(r Report) {
	if len(r.NotVerified) == 0 {
		return
	}
	s.WriteString("## Not verified, and why\n\n")
	for i, g := range r.NotVerified {
		if s.Len() > markdownLimit*5/6 {
			fmt.Fprintf(s, "- and %s; see report.html\n", plural(len(r.NotVerified)-i, "more cause", "more causes"))
			break
		}
		fmt.Fprintf(s, "- %s: %s %s\n", md(strings.Join(g.Requirements, ", ")), md(short(g.Reason, 400)), md(short(g.Verify, 400)))
	}
	s.WriteString("\n")
}

func (s *summary) footer(r Report) {
	fmt.Fprintf(s, "Repeat the run: %s\n\n", code(r.Run.Repeat))
	fmt.Fprintf(s, "%s with the platform; mandatory requirements: %d pass, %d fail, %d not applicable, %d not verified. "+
		"Everything in detail is in report.html.\n",
		plural(r.ExchangeCount, "exchange", "exchanges"), r.Must.Pass+r.Must.Warn, r.Must.Fail, r.Must.NotApplicable,
		r.Must.NotVerified+r.Must.EnvironmentError+r.Must.HarnessError)
}

// point writes one labelled line of a list.
func (s *summary) point(label, text string) {
	if text != "" {
		fmt.Fprintf(s, "- **%s** %s\n", label, md(short(text, 600)))
	}
}

// short cuts a text for the summary; the page has all of it.
func short(s string, limit int) string {
	s = oneLine(strings.ToValidUTF8(s, "�"))
	if len(s) <= limit {
		return s
	}
	return prefix(s, limit) + "…"
}

// mdLimit is where an escaped text is cut. Escaping makes a hostile text many times longer.
const mdLimit = 1200

// md returns a text as one line of Markdown that reads like the text and is nothing else: no
// markup, no HTML, no link made from an address, no mention of a user.
func md(s string) string {
	var b strings.Builder
	s = oneLine(s)
	for i, r := range s {
		if b.Len() > mdLimit {
			b.WriteString("…")
			break
		}
		switch r {
		case '<':
			b.WriteString("&lt;")
			continue
		case '>':
			b.WriteString("&gt;")
			continue
		case '&':
			b.WriteString("&amp;")
			continue
		case '@':
			b.WriteString("@<!-- -->") // GitHub looks for mentions after it has undone escapes
			continue
		case '\\', '`', '*', '_', '[', ']', '|', '~', '$':
			b.WriteByte('\\')
		case '#', '+', '-', '=': // a heading, a list, a rule
			if i == 0 {
				b.WriteByte('\\')
			}
		case '.', ')': // a numbered list, "www."
			numbers := strings.Trim(s[:i], "0123456789") == "" && (i+1 == len(s) || s[i+1] == ' ')
			if numbers || i >= 3 && strings.EqualFold(s[i-3:i], "www") {
				b.WriteByte('\\')
			}
		case ':': // "https://"
			if strings.HasPrefix(s[i+1:], "//") {
				b.WriteByte('\\')
			}
		}
		b.WriteRune(r)
	}
	return b.String()
}

// code returns a text as a code span that is as long as the text and no longer.
func code(s string) string {
	s = short(s, 300)
	if s == "" {
		return "nothing"
	}
	if n := longest(s, '`'); n > 0 {
		ticks := strings.Repeat("`", n+1)
		return ticks + " " + s + " " + ticks
	}
	return "`" + s + "`"
}

// fence returns lines as a block of code.
func fence(lines []string) string {
	var text strings.Builder
	for _, line := range lines {
		line = strings.NewReplacer("\n", " ", "\r", " ").Replace(strings.ToValidUTF8(line, "�"))
		text.WriteString(prefix(line, 300) + "\n")
	}
	ticks := strings.Repeat("`", max(3, longest(text.String(), '`')+1))
	return ticks + "text\n" + text.String() + ticks + "\n"
}

// longest returns the length of the longest run of a character.
func longest(s string, c byte) int {
	best, now := 0, 0
	for i := range len(s) {
		if s[i] != c {
			now = 0
			continue
		}
		now++
		best = max(best, now)
	}
	return best
}
