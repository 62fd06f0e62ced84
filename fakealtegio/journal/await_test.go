package journal_test

import (
	"context"
	"errors"
	"io"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/altegio-readiness/harness/fakealtegio/journal"
)

func says(text string) func(journal.Record) bool {
	return func(r journal.Record) bool { return r.Note != nil && r.Note.Text == text }
}

func TestAwaitFindsWhatIsThereAlready(t *testing.T) {
	w := journal.NewWriter(io.Discard, nil)
	for _, text := range []string{"a", "b", "a"} {
		mustAppend(t, w, note(text))
	}
	ended, cancel := context.WithCancel(t.Context())
	cancel() // looking back does not depend on it
	for _, c := range []struct{ after, want int64 }{{-1, 1}, {0, 1}, {1, 3}, {2, 3}} {
		if got, err := w.Await(ended, c.after, says("a")); err != nil || got.Seq != c.want {
			t.Errorf("after %d: got %d, %v, want %d", c.after, got.Seq, err, c.want)
		}
	}
	if _, err := w.Await(ended, 3, says("a")); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want the context's error", err)
	}
}

func TestAwaitWaits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := journal.NewWriter(io.Discard, nil)
		mustAppend(t, w, note("a"))
		got := make(chan int64)
		for range 3 {
			go func() {
				rec, err := w.Await(t.Context(), 1, says("a"))
				if err != nil {
					t.Error(err)
				}
				got <- rec.Seq
			}()
		}
		synctest.Wait()
		mustAppend(t, w, note("b"))
		synctest.Wait()
		mustAppend(t, w, note("a"))
		mustAppend(t, w, note("a"))
		for range 3 {
			if seq := <-got; seq != 3 {
				t.Errorf("got %d, want 3", seq)
			}
		}
	})
}

func TestAwaitEnds(t *testing.T) {
	for name, c := range map[string]struct {
		end  func(w *journal.Writer, cancel func())
		want error
	}{
		"cancelled": {func(_ *journal.Writer, cancel func()) { cancel() }, context.Canceled},
		"closed":    {func(w *journal.Writer, _ func()) { w.Close() }, journal.ErrClosed},
		"deadline":  {func(*journal.Writer, func()) { time.Sleep(time.Hour) }, context.DeadlineExceeded},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
				defer cancel()
				w := journal.NewWriter(io.Discard, nil)
				done := make(chan error)
				go func() {
					_, err := w.Await(ctx, 0, says("never"))
					done <- err
				}()
				synctest.Wait()
				mustAppend(t, w, note("other"))
				go c.end(w, cancel)
				if err := <-done; !errors.Is(err, c.want) {
					t.Errorf("got %v, want %v", err, c.want)
				}
				time.Sleep(2 * time.Hour) // let end return
			})
		})
	}
}

func TestAwaitMatchMayUseTheWriter(t *testing.T) {
	w := journal.NewWriter(io.Discard, nil)
	mustAppend(t, w, note("a"))
	_, err := w.Await(t.Context(), 0, func(rec journal.Record) bool {
		if rec.Seq == 1 {
			mustAppend(t, w, note("b"))
		}
		return rec.Seq == w.Seq()
	})
	if err != nil {
		t.Error(err)
	}
}

func TestAwaitSaysWhatIsForgotten(t *testing.T) {
	w := journal.NewWriter(io.Discard, nil)
	for range 5000 {
		mustAppend(t, w, note("a"))
	}
	if got, err := w.Await(t.Context(), 0, says("a")); err != nil || got.Seq != 5000-4096+1 {
		t.Errorf("got %d, %v, want the oldest remembered", got.Seq, err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := w.Await(ctx, 0, says("b"))
	if !errors.Is(err, context.Canceled) || !strings.Contains(err.Error(), "forgotten") {
		t.Errorf("got %v, want to be told that records were forgotten", err)
	}
	// A few huge records are not all kept either, but the last always is.
	for range 3 {
		mustAppend(t, w, note(strings.Repeat("x", 9<<20)))
	}
	if got, err := w.Await(t.Context(), 0, func(journal.Record) bool { return true }); err != nil || got.Seq != 5003 {
		t.Errorf("got %d, %v, want 5003", got.Seq, err)
	}
}
