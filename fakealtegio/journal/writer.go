package journal

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"
	"sync"
	"time"
)

// ErrClosed is returned by [Writer.Append] and [Writer.Await] after [Writer.Close].
var ErrClosed = errors.New("journal is closed")

// LineLimit is the length of the longest line that is written or read, in bytes. Two bodies of
// [BodyLimit] fit, even where every byte of them has to be escaped.
const LineLimit = 16 << 20

// Writer appends records to a journal. It may be used by many goroutines at once.
type Writer struct {
	// Clock is the wall clock, [time.Now] when nil. Set it before the first Append.
	Clock func() time.Time

	red  *Redactor
	file io.Closer // nil unless the writer opened it

	mu      sync.Mutex
	w       io.Writer
	line    []byte // of the record being written, reused
	seq     int64
	err     error // of the first write that failed
	closed  bool
	recent  recent
	waiters map[*waiter]struct{}
}

// NewWriter returns a writer of a new journal to w. The redactor replaces what is left of secrets
// in the records appended; nil stands for a new one. Closing the writer does not close w.
func NewWriter(w io.Writer, red *Redactor) *Writer {
	if red == nil {
		red = NewRedactor()
	}
	return &Writer{w: w, red: red, waiters: make(map[*waiter]struct{})}
}

// Create makes the file or empties it, and returns a writer to it that must be closed. The file can be
// read by everyone, since a journal is made to be handed on and holds no secrets: CI jobs often
// collect files as another user than the one that wrote them.
func Create(path string, red *Redactor) (*Writer, error) {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o644)
	if err != nil {
		return nil, fmt.Errorf("create journal: %w", err)
	}
	w := NewWriter(f, red)
	w.file = f
	return w, nil
}

// Append numbers and dates the record, replaces the secrets left in it, writes it as one line with one call of
// Write, and wakes those who wait for it. It returns the record as written. When Append has returned
// without error, the record survives the death of this process.
//
// After a write has failed, every Append returns the error of that write: a journal has no gaps.
// A record that cannot be written (payload and kind disagree, line too long) takes no number.
//
// The caller must not change afterwards what the record points to.
func (w *Writer) Append(rec Record) (Record, error) {
	if rec.Run != nil && rec.Run.Format == 0 {
		run := *rec.Run
		run.Format = FormatVersion
		rec.Run = &run
	}
	if err := check(&rec); err != nil {
		return Record{}, fmt.Errorf("append record of kind %q: %w", rec.Kind, err)
	}
	rec = w.red.record(rec)
	if rec.Clock != nil {
		utc := rec.Clock.UTC()
		rec.Clock = &utc
	}
	tail, err := encode(rec)
	if err != nil {
		return Record{}, fmt.Errorf("append record of kind %q: %w", rec.Kind, err)
	}
	defer encoders.Put(tail)

	w.mu.Lock()
	defer w.mu.Unlock()
	if w.closed {
		return Record{}, ErrClosed
	}
	if w.err != nil {
		return Record{}, w.err
	}
	rec.Seq, rec.At = w.seq+1, w.now()
	w.line = append(w.line[:0], `{"seq":`...)
	w.line = strconv.AppendInt(w.line, rec.Seq, 10)
	w.line = append(w.line, `,"at":"`...)
	w.line = rec.At.AppendFormat(w.line, time.RFC3339Nano)
	w.line = append(w.line, tail.buf.Bytes()[len(head):]...)
	if len(w.line) > LineLimit {
		return Record{}, fmt.Errorf("append record of kind %q: line of %d bytes, the limit is %d", rec.Kind, len(w.line), LineLimit)
	}
	if n, err := w.w.Write(w.line); err != nil || n != len(w.line) {
		if err == nil {
			err = io.ErrShortWrite
		}
		w.err = fmt.Errorf("write journal: %w", err)
		w.wake()
		return Record{}, w.err
	}
	w.seq = rec.Seq
	w.recent.add(rec, len(w.line))
	for waiting := range w.waiters {
		waiting.add(rec)
	}
	if cap(w.line) > lineKept {
		w.line = nil
	}
	return rec, nil
}

// lineKept is the size of the largest buffer kept for the next record: some records are large, most are not.
const lineKept = 1 << 18

func (w *Writer) now() time.Time {
	if w.Clock != nil {
		return w.Clock().UTC().Round(0)
	}
	return time.Now().UTC().Round(0) // without the monotonic reading, which no reader would get back
}

// Seq returns the number of the last record written, 0 before the first.
func (w *Writer) Seq() int64 {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.seq
}

// Err returns the error of the first write that failed. Whoever ignores errors of Append asks here at the end.
func (w *Writer) Err() error {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.err
}

// Redactor returns the redactor of the journal, with which secrets are to be registered before
// they appear anywhere.
func (w *Writer) Redactor() *Redactor { return w.red }

// Close ends the journal and everybody's wait for more records. Closing twice is no error.
func (w *Writer) Close() error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.closed {
		return nil
	}
	w.closed = true
	w.wake()
	if w.file == nil {
		return nil
	}
	if err := w.file.Close(); err != nil {
		return fmt.Errorf("close journal: %w", err)
	}
	return nil
}

// head begins every record encoded without number and time. Append replaces it while it holds the
// lock, so that the encoding is done outside of it.
const head = `{"seq":0,"at":"0001-01-01T00:00:00Z`

type encoder struct {
	buf  bytes.Buffer
	json *json.Encoder
}

var encoders = sync.Pool{New: func() any {
	e := new(encoder)
	e.json = json.NewEncoder(&e.buf)
	e.json.SetEscapeHTML(false) // people read journals
	return e
}}

// encode returns the line of a record that has no number and time yet.
func encode(rec Record) (*encoder, error) {
	e := encoders.Get().(*encoder)
	if e.buf.Cap() > lineKept {
		e = encoders.New().(*encoder)
	}
	e.buf.Reset()
	rec.Seq, rec.At = 0, time.Time{}
	if err := e.json.Encode(rec); err != nil {
		encoders.Put(e)
		return nil, err
	}
	return e, nil
}
