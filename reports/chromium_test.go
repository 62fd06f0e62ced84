package reports_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"

	"github.com/altegio-readiness/harness/reports"
)

// requireChromium returns a browser, or skips the test; where CI promises one, its absence is a
// failure.
func requireChromium(t *testing.T) context.Context {
	t.Helper()
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		path, err := exec.LookPath(name)
		if err != nil {
			continue
		}
		options := append(slices.Clone(chromedp.DefaultExecAllocatorOptions[:]), chromedp.ExecPath(path), chromedp.NoSandbox)
		allocator, cancel := chromedp.NewExecAllocator(t.Context(), options...)
		t.Cleanup(cancel)
		browser, cancel := chromedp.NewContext(allocator)
		t.Cleanup(cancel)
		return browser
	}
	if strings.Contains(os.Getenv("READINESS_REQUIRE"), "chromium") {
		t.Fatal("READINESS_REQUIRE demands Chromium, and there is none on PATH")
	}
	t.Skip("no Chromium on PATH; install it to test the page in a browser")
	return nil
}

// TestPageInChromium opens the page of each golden run on a telephone and on a desk: it has to
// fit, to show the verdict in the first screenful, and to give the browser nothing to complain of.
func TestPageInChromium(t *testing.T) {
	browser := requireChromium(t)
	var mu sync.Mutex
	var complaints []string
	complain := func(text string) {
		mu.Lock()
		defer mu.Unlock()
		complaints = append(complaints, text)
	}
	if err := chromedp.Do(browser); err != nil { // starts it
		t.Fatal(err)
	}
	if err := chromedp.Listen(browser, func(ev any) {
		switch ev := ev.(type) {
		case *log.EventEntryAdded:
			complain(ev.Entry.Text)
		case *runtime.EventExceptionThrown:
			complain(ev.ExceptionDetails.Text)
		}
	}); err != nil {
		t.Fatal(err)
	}
	for _, run := range []string{"ready", "not-ready", "incomplete", "environment"} {
		page := render(t, reports.WriteHTML, report(t, run))
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Path != "/" {
				return // the icon that browsers ask for
			}
			w.Header().Set("Content-Type", "text/html; charset=utf-8")
			_, _ = w.Write([]byte(page))
		}))
		for _, width := range []int64{390, 1280} {
			measured, err := measure(browser, server.URL+"/", width)
			if err != nil {
				t.Fatalf("%s at %d pixels: %v", run, width, err)
			}
			if measured.Overflow > 0 {
				t.Errorf("%s at %d pixels: the page is %d pixels too wide", run, width, measured.Overflow)
			}
			if want := string(report(t, run).Overall); !strings.Contains(measured.Heading, want) || measured.Bottom > 400 {
				t.Errorf("%s at %d pixels: the heading %q ends at %.0f, want %s in the first screenful", run, width, measured.Heading, measured.Bottom, want)
			}
		}
		server.Close()
	}
	mu.Lock()
	defer mu.Unlock()
	for _, text := range complaints {
		t.Errorf("the browser says: %s", text)
	}
}

// measurement is what a browser makes of the page with everything unfolded.
type measurement struct {
	Overflow int     // pixels that the page is wider than the window
	Heading  string  // the first heading
	Bottom   float64 // where it ends
}

func measure(browser context.Context, url string, width int64) (measurement, error) {
	if err := chromedp.Do(browser, chromedp.EmulateViewport(width, 800), chromedp.Navigate(url)); err != nil {
		return measurement{}, err
	}
	return chromedp.Run(browser, chromedp.Evaluate[measurement](`(() => {
		document.querySelectorAll("details").forEach(d => d.open = true);
		const root = document.documentElement, heading = document.querySelector("h1");
		return {
			Overflow: root.scrollWidth - root.clientWidth,
			Heading: heading.innerText,
			Bottom: heading.getBoundingClientRect().bottom,
		};
	})()`))
}
