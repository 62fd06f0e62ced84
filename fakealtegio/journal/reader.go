package journal

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"os"
)

// ErrTorn says that the last line of a journal is not complete: the run was killed while it wrote.
// Everything before that line is good. [Scan] yields it last, [Read] and [ReadFile] leave it out.
var ErrTorn = errors.New("last line is torn")

// LineError says which line of a journal is broken, and how. It never shows the line.
type LineError struct {
	Line int // counted from 1
	Err  error
}

// Error implements error.
func (e *LineError) Error() string { return fmt.Sprintf("journal line %d: %v", e.Line, e.Err) }

// Unwrap returns what is wrong with the line.
func (e *LineError) Unwrap() error { return e.Err }

var (
	errJSON  = errors.New("is not JSON")
	errShape = errors.New("a field has the wrong type")
	errSeq   = errors.New("seq is not the number of the line: records are missing or out of order")
	errLong  = fmt.Errorf("is longer than %d bytes", LineLimit)
)

// Read returns all records of a journal. A torn last line is forgiven and left out; whoever wants to know
// of it uses [Scan]. Everything else that is broken is a [*LineError], with the records before it.
func Read(r io.Reader) ([]Record, error) {
	recs, err := readAll(r)
	if errors.Is(err, ErrTorn) {
		err = nil
	}
	return recs, err
}

// ReadFile is [Read] of a file.
func ReadFile(path string) ([]Record, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("read journal: %w", err)
	}
	defer f.Close()
	return Read(f)
}

// Scan yields the records of a journal one after the other, and ends with the first error. A torn last
// line is yielded as an error too, one that wraps [ErrTorn]; callers that forgive it just stop.
func Scan(r io.Reader) iter.Seq2[Record, error] {
	return func(yield func(Record, error) bool) {
		lines := newLineReader(r)
		for {
			line, err := lines.next()
			if err == io.EOF {
				return
			}
			var rec Record
			if err == nil {
				rec, err = decode(line, lines.n, lines.last)
			}
			if err != nil {
				yield(Record{}, &LineError{lines.n, err})
				return
			}
			if !yield(rec, nil) {
				return
			}
		}
	}
}

// isCut tells whether the line is the beginning of JSON that would go on.
func isCut(line []byte) bool {
	var rest json.RawMessage
	return errors.Is(json.NewDecoder(bytes.NewReader(bytes.TrimRight(line, "\r\n"))).Decode(&rest), io.ErrUnexpectedEOF)
}

// decode returns the record of line n.
func decode(line []byte, n int, last bool) (Record, error) {
	var rec Record
	if err := json.Unmarshal(line, &rec); err != nil {
		switch { // the errors of encoding/json quote their input
		case json.Valid(line):
			return Record{}, errShape
		case last && (line[len(line)-1] != '\n' || isCut(line)):
			return Record{}, ErrTorn
		}
		return Record{}, errJSON
	}
	if rec.Seq != int64(n) {
		return Record{}, errSeq
	}
	if err := check(&rec); err != nil {
		return Record{}, err
	}
	return rec, nil
}
