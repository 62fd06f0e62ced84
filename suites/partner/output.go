package partner

import (
	"bytes"
	"io"
	"regexp"
	"slices"
	"strings"
	"sync"
	"unicode"

	"github.com/altegio-readiness/harness/fakealtegio/journal"
)

const (
	maxLine     = 8 << 10 // of a line of output; the rest of it is dropped
	lineOverlap = 1 << 10 // read beyond that, so that a secret is redacted before it is cut
	ringLines   = 50      // remembered for error texts
	maxRecorded = 2 << 20 // of output in the journal: a process that floods its log must not fill the disk
	// lineOverhead is what a line costs in the journal beside its text.
	lineOverhead = 128
	readBuffer   = 32 << 10 // of a pipe
)

// lines cuts a stream into lines. It is an io.Writer that passes each line on, without its end.
type lines struct {
	emit func(string)
	buf  []byte
	skip bool // the rest of a line that was too long
}

func (l *lines) Write(p []byte) (int, error) {
	total := len(p)
	for len(p) > 0 {
		end := bytes.IndexByte(p, '\n')
		part := p
		if end >= 0 {
			part = p[:end]
		}
		if !l.skip {
			room := maxLine + lineOverlap - len(l.buf)
			l.buf = append(l.buf, part[:min(room, len(part))]...)
			if len(part) > room {
				l.emit(cleanLine(l.buf))
				l.buf, l.skip = l.buf[:0], true
			}
		}
		if end < 0 {
			break
		}
		if !l.skip {
			l.emit(cleanLine(l.buf))
		}
		l.buf, l.skip = l.buf[:0], false
		p = p[end+1:]
	}
	return total, nil
}

// flush passes on a last line without end.
func (l *lines) flush() {
	if len(l.buf) > 0 {
		l.emit(cleanLine(l.buf))
		l.buf = l.buf[:0]
	}
}

var ansi = regexp.MustCompile("\x1b(?:\\[[0-9;?]*[ -/]*[@-~]|\\][^\x07\x1b]*(?:\x07|\x1b\\\\)|[@-Z\\\\-_])")

// cleanLine takes colours and control characters out of a line, which will stand in a report.
func cleanLine(line []byte) string {
	text := strings.ToValidUTF8(string(line), "\uFFFD")
	if strings.IndexByte(text, 0x1b) >= 0 {
		text = ansi.ReplaceAllString(text, "")
	}
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) && r != '\t' {
			return -1
		}
		return r
	}, text)
}

// tail keeps the last lines of a stream.
type tail struct {
	mu    sync.Mutex
	lines *lines
	last  []string
}

func newTail(keep int) *tail {
	t := &tail{}
	t.lines = &lines{emit: func(line string) {
		t.last = append(t.last, line)
		if len(t.last) > keep {
			t.last = slices.Delete(t.last, 0, len(t.last)-keep)
		}
	}}
	return t
}

func (t *tail) Write(p []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.lines.Write(p)
}

// quote is the tail, redacted, as the end of an error text.
func (t *tail) quote(red *journal.Redactor) string {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.lines.flush()
	if text := red.Text(strings.TrimSpace(strings.Join(t.last, "\n"))); text != "" {
		return ": " + squeeze(text, 500)
	}
	return ""
}

// log records what an integration prints and remembers the end of it. What is remembered is redacted.
type log struct {
	journal *journal.Writer

	mu       sync.Mutex
	recorded int
	last     []string
}

// copy reads a stream to its end, line by line.
func (l *log) copy(stream string, r io.Reader) {
	w := &lines{emit: func(line string) { l.add(stream, line) }}
	_, _ = io.CopyBuffer(w, onlyReader{r}, make([]byte, readBuffer)) // it ends when the process does
	w.flush()
}

// onlyReader hides the WriterTo of a file, which would not use the buffer.
type onlyReader struct{ io.Reader }

func (l *log) add(stream, line string) {
	line = cutText(l.journal.Redactor().Text(line), maxLine)
	l.mu.Lock()
	defer l.mu.Unlock()
	l.last = append(l.last, line)
	if len(l.last) > ringLines {
		l.last = slices.Delete(l.last, 0, len(l.last)-ringLines)
	}
	if l.recorded > maxRecorded {
		return
	}
	if l.recorded += len(line) + lineOverhead; l.recorded > maxRecorded {
		stream, line = "stderr", "… more output than is recorded"
	}
	_, _ = l.journal.Append(journal.Record{Kind: journal.KindOutput, Output: &journal.Output{Stream: stream, Line: line}})
}

// tail returns the last lines.
func (l *log) tail() []string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return slices.Clone(l.last)
}
