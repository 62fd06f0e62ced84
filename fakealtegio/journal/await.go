package journal

import (
	"context"
	"fmt"
)

// How many records a writer remembers for those who look back. Waits begin shortly before or after what they
// wait for, so either limit is generous; the second keeps a few huge bodies from filling the memory.
const (
	recentRecords = 4096
	recentBytes   = 8 << 20
)

// recent is a queue of the last records.
type recent struct {
	records []remembered
	bytes   int
}

type remembered struct {
	rec  Record
	size int
}

func (q *recent) add(rec Record, size int) {
	q.records = append(q.records, remembered{rec, size})
	q.bytes += size
	drop := 0
	for len(q.records)-drop > 1 && (len(q.records)-drop > recentRecords || q.bytes > recentBytes) {
		q.bytes -= q.records[drop].size
		q.records[drop] = remembered{}
		drop++
	}
	q.records = q.records[drop:] // append moves the rest to a fresh array now and then, and frees the old one
}

// after returns the remembered records with a greater number, and whether there were more of them.
func (q *recent) after(seq int64) (recs []Record, forgotten bool) {
	first := 0
	if n := len(q.records); n > 0 {
		oldest := q.records[0].rec.Seq
		first = int(min(max(0, seq+1-oldest), int64(n)))
		forgotten = seq+1 < oldest
	}
	for _, r := range q.records[first:] {
		recs = append(recs, r.rec)
	}
	return recs, forgotten && seq >= 0
}

// waiter collects what has been appended since its Await looked last.
type waiter struct {
	pending []Record
	wake    chan struct{} // holds one
}

func (w *waiter) add(rec Record) {
	w.pending = append(w.pending, rec)
	w.ring()
}

func (w *waiter) ring() {
	select {
	case w.wake <- struct{}{}:
	default:
	}
}

// wake rouses all waiters because nothing more will be appended. The caller holds the lock.
func (w *Writer) wake() {
	for waiting := range w.waiters {
		waiting.ring()
	}
}

// Await returns the first record after number after that matches, be it written already or still to come. It
// returns the context's error when that ends first, [ErrClosed] or the write error when nothing more can come.
//
// Only the last few thousand records are remembered. A caller that passes the number seen just before the action
// that leads to the record misses nothing. The match function is called without locks, in order, and
// must not change the record.
func (w *Writer) Await(ctx context.Context, after int64, match func(Record) bool) (Record, error) {
	waiting := &waiter{wake: make(chan struct{}, 1)}
	w.mu.Lock()
	recs, forgotten := w.recent.after(after)
	w.waiters[waiting] = struct{}{}
	ended := w.ended()
	w.mu.Unlock()
	defer func() {
		w.mu.Lock()
		delete(w.waiters, waiting)
		w.mu.Unlock()
	}()
	for {
		for _, rec := range recs {
			if rec.Seq > after && match(rec) {
				return rec, nil
			}
		}
		if ended != nil {
			return Record{}, ended
		}
		select {
		case <-waiting.wake:
		case <-ctx.Done():
			if forgotten {
				return Record{}, fmt.Errorf("await a record after %d, of which the oldest were forgotten: %w", after, ctx.Err())
			}
			return Record{}, ctx.Err()
		}
		w.mu.Lock()
		recs, waiting.pending = waiting.pending, nil
		ended = w.ended()
		w.mu.Unlock()
	}
}

// ended says why nothing more will be appended, nil if more may come. The caller holds the lock.
func (w *Writer) ended() error {
	if w.closed {
		return ErrClosed
	}
	return w.err
}
