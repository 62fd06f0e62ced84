package journal

import (
	"bufio"
	"io"
	"runtime"
	"sync"
	"sync/atomic"
)

// lineReader reads lines of limited length.
type lineReader struct {
	r    *bufio.Reader
	own  []byte // holds a line that is not in r's buffer
	n    int    // number of the line read last
	last bool   // nothing follows that line
}

func newLineReader(r io.Reader) *lineReader {
	return &lineReader{r: bufio.NewReaderSize(r, 1<<16)}
}

// next returns the next line with its newline, if it has one. It is valid until the following call. After an
// error, n is the number of the line that could not be read.
func (l *lineReader) next() ([]byte, error) {
	l.n++
	line, err := l.r.ReadSlice('\n')
	if err == bufio.ErrBufferFull {
		l.own = l.own[:0]
		for err == bufio.ErrBufferFull && len(l.own) <= LineLimit {
			l.own = append(l.own, line...)
			line, err = l.r.ReadSlice('\n')
		}
		l.own = append(l.own, line...)
		line = l.own
	}
	switch {
	case len(line) > LineLimit:
		return nil, errLong
	case err == io.EOF && len(line) > 0:
		l.last = true
		return line, nil
	case err != nil:
		return nil, err
	}
	if l.r.Buffered() == 0 { // looking further overwrites the buffer
		l.own = append(l.own[:0], line...)
		line = l.own
		_, err := l.r.Peek(1)
		l.last = err == io.EOF
	}
	return line, nil
}

// batchSize is how many bytes of lines are decoded at a time: enough to make a goroutine worth it.
const batchSize = 1 << 18

// batch is a run of lines and what they decode to.
type batch struct {
	text  []byte
	ends  []int // of the lines in text
	first int   // number of the first line
	last  bool  // the last line is the last of all
	recs  []Record
	err   error // that ends the journal here: io.EOF or a *LineError
}

// readAll reads like [Scan], but decodes on all processors: decoding takes most of the time of verifying a bundle.
func readAll(r io.Reader) ([]Record, error) {
	var (
		lines   = newLineReader(r)
		free    = make(chan struct{}, runtime.GOMAXPROCS(0))
		batches []*batch
		failed  atomic.Bool
		wg      sync.WaitGroup
	)
	for ended := false; !ended && !failed.Load(); {
		b := lines.batch()
		ended = b.err != nil
		batches = append(batches, b)
		free <- struct{}{}
		wg.Go(func() {
			if !b.decode() {
				failed.Store(true)
			}
			<-free
		})
	}
	wg.Wait()
	total := 0
	for _, b := range batches {
		total += len(b.recs)
	}
	recs := make([]Record, 0, total)
	for _, b := range batches {
		recs = append(recs, b.recs...)
		if b.err == io.EOF {
			break
		}
		if b.err != nil {
			return recs, b.err
		}
	}
	return recs, nil
}

// batch reads lines until there are enough.
func (l *lineReader) batch() *batch {
	b := &batch{first: l.n + 1}
	for len(b.text) < batchSize {
		line, err := l.next()
		if err != nil {
			if b.err = err; err != io.EOF {
				b.err = &LineError{l.n, err}
			}
			break
		}
		b.text = append(b.text, line...)
		b.ends = append(b.ends, len(b.text))
	}
	b.last = l.last
	return b
}

// decode decodes the lines and tells whether all were good.
func (b *batch) decode() bool {
	b.recs = make([]Record, 0, len(b.ends))
	start := 0
	for i, end := range b.ends {
		n := b.first + i
		rec, err := decode(b.text[start:end], n, b.last && i == len(b.ends)-1)
		if err != nil {
			b.err = &LineError{n, err}
			return false
		}
		b.recs = append(b.recs, rec)
		start = end
	}
	b.text, b.ends = nil, nil
	return true
}
