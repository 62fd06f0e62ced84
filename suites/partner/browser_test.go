package partner_test

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"slices"
	"strings"
	"testing"
)

func TestRedirects(t *testing.T) {
	mux := http.NewServeMux()
	mux.HandleFunc("/first", func(w http.ResponseWriter, r *http.Request) {
		http.SetCookie(w, &http.Cookie{Name: "session", Value: "s1", Secure: true, HttpOnly: true, Path: "/"})
		http.Redirect(w, r, "second?code=abc#there", http.StatusFound)
	})
	mux.HandleFunc("/second", func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/third", http.StatusSeeOther) })
	mux.HandleFunc("/third", func(w http.ResponseWriter, r *http.Request) {
		cookie, err := r.Cookie("session")
		w.Header().Set("Content-Type", "text/html")
		fmt.Fprintf(w, "<title>%s %v</title>", cookie, err)
	})
	mux.HandleFunc("/again", func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, "/echo", http.StatusTemporaryRedirect)
	})
	mux.HandleFunc("/get", func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/echo", http.StatusFound) })
	mux.HandleFunc("/echo", func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprintf(w, `{"method": %q, "body": %q, "type": %q}`, r.Method, r.FormValue("a"), r.Header.Get("Content-Type"))
	})
	for i := range 12 {
		mux.HandleFunc(fmt.Sprintf("/chain%d", i), func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, fmt.Sprintf("/chain%d", i+1), http.StatusFound)
		})
	}
	mux.HandleFunc("/ping", func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/pong", http.StatusFound) })
	mux.HandleFunc("/pong", func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/ping", http.StatusFound) })
	mux.HandleFunc("/long", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Location", "/"+strings.Repeat("\xff", 700_000))
		for i := range 100 { // more than are recorded, and some that no browser takes
			w.Header().Add("Set-Cookie", fmt.Sprintf("c%d=%s", i, strings.Repeat("v", 50*i)))
		}
		w.WriteHeader(302)
	})
	mux.HandleFunc("/app", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Location", "myapp://done")
		w.WriteHeader(302)
	})
	mux.HandleFunc("/platform", func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, "https://app.alteg.io/appstore?x=1", http.StatusFound)
	})
	r := newRig(t, mux, `
drive:
  register:
    - http: {url: /again, form: {a: "1"}}
      extract: {m1: {json: $.method}, b1: {json: $.body}}
    - http: {url: /get, form: {a: "1"}}
      extract: {m2: {json: $.method}, b2: {json: $.body}, t2: {json: $.type}}
    - http: {url: /first, follow: false, expect: 302}
      extract: {to: {header: location}}
    - http: {url: /first}
      extract: {title: {regex: '<title>(\S+)'}}
    - http: {url: "/chain11?x=1", follow: false}
  sign_in:
    - http: {url: /get2}
`)
	page := r.visit("/first")
	if page.Title != "session=s1 <nil>" || page.URL.String() != r.url+"/third#there" {
		t.Errorf("got %q at %s", page.Title, page.URL)
	}
	if want := []string{r.url + "/first", r.url + "/second?code=abc#there", r.url + "/third#there"}; !slices.Equal(page.Redirects, want) {
		t.Errorf("got %v, want %v", page.Redirects, want)
	}
	step := r.book.steps(t)[0]
	if len(step.Redirects) != 3 || step.Response.Status != 200 || step.Owner != "owner-1" || step.Hook != "visit" {
		t.Errorf("the journal has %+v", step)
	}
	if cookies := step.Response.Header["Set-Cookie"]; len(cookies) != 1 || strings.Contains(cookies[0], "s1;") {
		t.Errorf("the cookies set on the way are recorded as %v", cookies)
	}

	vars := r.run("register")
	for name, want := range map[string]string{"m1": "POST", "b1": "1", "m2": "GET", "b2": "", "t2": "", "to": "/second?code=abc#there", "title": "session=s1"} {
		if vars.Vars[name] != want {
			t.Errorf("%s: got %q, want %q", name, vars.Vars[name], want)
		}
	}

	for _, c := range [][2]string{
		{"/ping", "redirect loop: " + r.url + "/pong → " + r.url + "/ping → " + r.url + "/pong"},
		{"/chain0", "redirect loop: more than 10 redirects: " + r.url + "/chain0 → " + r.url + "/chain1 → " + r.url + "/chain2 → … → " + r.url + "/chain11"},
		{"/app", "leads where no browser can go"},
		{"/long", "the redirect of " + r.url + "/long leads to a URL of 2100"},
	} {
		_, err := r.driver.Visit(context.Background(), r.call, r.url+c[0])
		if err == nil || !strings.Contains(err.Error(), c[1]) {
			t.Errorf("%s: got %v, want %q", c[0], err, c[1])
		}
	}
	if text := r.book.text(); len(text) > 1<<20 {
		t.Errorf("the journal has %d bytes", len(text))
	}
	if page := r.visit("/platform"); page.Left != "https://app.alteg.io/appstore?x=1" || page.Status != 302 {
		t.Errorf("a page that leads to Altegio: got status %d, left for %q", page.Status, page.Left)
	}
	if _, err := r.driver.Visit(context.Background(), r.call, "https://alteg.io/"); err == nil || !strings.Contains(err.Error(), "real Altegio") {
		t.Errorf("a visit of Altegio: got %v", err)
	}
}

func TestCookiesStayAtHome(t *testing.T) {
	var seen []string
	other := newRig(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		seen = append(seen, r.Host+" "+r.Header.Get("Cookie")+" "+r.Header.Get("Authorization")+" "+r.Header.Get("Referer"))
	}), "")
	port := other.url[strings.LastIndex(other.url, ":"):]
	mux := http.NewServeMux()
	mux.HandleFunc("/set", func(w http.ResponseWriter, r *http.Request) {
		http.SetCookie(w, &http.Cookie{Name: "c", Value: "1"})
		http.Redirect(w, r, "http://"+r.URL.Query().Get("host")+port+"/x", http.StatusFound)
	})
	r := newRig(t, mux, `
drive:
  register: [{http: {url: "/set?host=127.0.0.1", headers: {Authorization: Bearer abcdefgh}}}]
  sign_in: [{http: {url: "/set?host=localhost", headers: {Authorization: Bearer abcdefgh}}}]
`)
	r.run("register")
	r.run("sign_in")
	// A port is no boundary for cookies, as in browsers; a name is. Credentials stay with the origin.
	want := []string{"127.0.0.1" + port + " c=1  ", "localhost" + port + "   "}
	if !slices.Equal(seen, want) {
		t.Errorf("got %q, want %q", seen, want)
	}
	if strings.Contains(r.book.text(), "abcdefgh") {
		t.Error("the journal has the credentials")
	}
}

// TestPagesThatLeadOn follows refreshes and forms that submit themselves.
func TestPagesThatLeadOn(t *testing.T) {
	for _, c := range []struct {
		name, html string
		want       string // method and path of what is sent; "" for a page that stays
	}{
		{"refresh", `<meta http-equiv=Refresh content="0; URL='next'">`, "GET /next"},
		{"late refresh", `<meta http-equiv=refresh content="5,url=/next">`, "GET /next"},
		{"refresh for readers", `<meta http-equiv=refresh content="300;url=/next">`, ""},
		{"reload", `<meta http-equiv=refresh content="5">`, ""},
		{"reload by name", `<meta http-equiv=refresh content="1;url=/page">`, ""},
		{"refresh without scripts", `<noscript><meta http-equiv=refresh content="0;url=/next"></noscript>`, ""},
		{"refresh to Altegio", `<meta http-equiv=refresh content="0;url=https://app.alteg.io/">`, ""},
		{"onload", `<body onload="document.forms[0].submit()"><form method=post action=/callback/redirect><input type=hidden name=salon_id value=1></form>`, "POST /callback/redirect"},
		{"script", `<form id=f method=post action=/callback/redirect><input type=hidden name=a><noscript><button>Go on</button></noscript></form><script>document.getElementById("f").submit()</script>`, "POST /callback/redirect"},
		{"script on load", `<form method=post action=/n><input type=hidden name=a><button>Go on</button></form><script>addEventListener("DOMContentLoaded", () => document.forms[0].requestSubmit())</script>`, "POST /n"},
		{"to Altegio", `<body onload="document.forms[0].submit()"><form method=post action="https://app.alteg.io/marketplace"><input type=hidden name=a></form>`, ""},
		{"two forms", `<form action=/a></form><form action=/b></form><script>document.forms[0].submit()</script>`, ""},
		{"something to fill in", `<form action=/a><input name=email></form><script>document.forms[0].submit()</script>`, ""},
		{"on a click", `<form action=/a><input type=hidden name=a><button>OK</button></form><script>b.addEventListener("click", () => f.submit())</script>`, ""},
		{"no call", `<form action=/a><input type=hidden name=a></form><script>var submit = 1</script>`, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			site := &pages{html: map[string]string{"/page": c.html}}
			r := newRig(t, site, "")
			page := r.visit("/page")
			got := ""
			if len(site.sent) > 0 {
				got = site.last(t).method + " " + site.last(t).path
			}
			if got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
			if led := page.URL.Path != "/page"; led != (c.want != "") {
				t.Errorf("the browser is on %s", page.URL)
			}
			if steps := len(r.book.steps(t)); steps != 1 && c.want == "" || steps != 2 && c.want != "" {
				t.Errorf("the journal has %d steps", steps)
			}
		})
	}
	turns := 0
	r := newRig(t, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		turns++
		w.Header().Set("Content-Type", "text/html")
		fmt.Fprintf(w, `<meta http-equiv=refresh content="0;url=/%d">`, turns)
	}), "")
	if page := r.visit("/"); turns != 4 || page.URL.Path != "/3" {
		t.Errorf("a page that always leads on: %d turns, at %s", turns, page.URL)
	}
}

func TestBadServers(t *testing.T) {
	endless := func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		_, _ = w.Write([]byte("<title>Endless</title><form><input name=a></form>"))
		chunk := []byte(strings.Repeat("<p>more", 1<<12))
		for r.Context().Err() == nil {
			if _, err := w.Write(chunk); err != nil {
				return
			}
		}
	}
	silent := func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }
	stuck := func(w http.ResponseWriter, r *http.Request) {
		_, _ = w.Write([]byte("half"))
		_ = http.NewResponseController(w).Flush()
		<-r.Context().Done()
	}
	abort := func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }
	mux := http.NewServeMux()
	mux.HandleFunc("/endless", endless)
	mux.HandleFunc("/silent", silent)
	mux.HandleFunc("/stuck", stuck)
	mux.HandleFunc("/abort", abort)
	mux.HandleFunc("/binary", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		_, _ = w.Write([]byte("<title>\xff\x00bin</title>\x00\x01<form><<<input name='\xfe"))
	})
	mux.HandleFunc("/deep", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		_, _ = w.Write([]byte(strings.Repeat("<div>", 100000)))
	})
	r := newRig(t, mux, "limits: {step: 200ms}")

	page := r.visit("/endless")
	if !page.Truncated || len(page.Body) != 4<<20 || page.Title != "Endless" {
		t.Errorf("an endless page: %d bytes, truncated %v", len(page.Body), page.Truncated)
	}
	if body := r.book.steps(t)[0].Response.Body; !body.Truncated || len(body.Text) > 5<<10 {
		t.Errorf("an endless page has %d bytes in the journal", len(body.Text))
	}
	for path, want := range map[string]string{
		"/silent": "no answer from " + r.url + "/silent: the time was up",
		"/stuck":  "status 200 and then 4 bytes of a page that did not end from " + r.url + "/stuck: the time was up",
		"/abort":  "no answer from " + r.url + "/abort: the connection was closed",
	} {
		_, err := r.driver.Visit(context.Background(), r.call, r.url+path)
		if err == nil || !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), "awaited a page within 200ms") {
			t.Errorf("got %v, want %q", err, want)
		}
	}
	for _, path := range []string{"/binary", "/deep"} {
		if page := r.visit(path); page.Status != 200 {
			t.Errorf("%s: got %d", path, page.Status)
		}
	}

	// Somebody who is no web server, and nobody at all.
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	answers := make(chan string, 1)
	served := make(chan struct{})
	go func() {
		defer close(served)
		var conns []net.Conn
		for answer := range answers {
			if conn, err := l.Accept(); err == nil {
				conns = append(conns, conn)
				_, _ = conn.Read(make([]byte, 1))
				_, _ = conn.Write([]byte(answer))
			}
		}
		for _, conn := range conns { // only now: the browser must not wait for it
			_ = conn.Close()
		}
	}()
	for _, c := range [][2]string{
		{"220 mail.example ESMTP\r\n", "it does not speak HTTP"},
		{"HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n", "status 101 from http://" + l.Addr().String() + "/, which is no answer"},
		{"HTTP/1.1 000 None\r\nContent-Length: 0\r\n\r\n", "status 0 from"},
		{"", "connection refused"},
	} {
		if c[0] == "" {
			close(answers)
			<-served
			_ = l.Close()
		} else {
			answers <- c[0]
		}
		_, err = r.driver.Visit(context.Background(), r.call, "http://"+l.Addr().String()+"/")
		if err == nil || !strings.Contains(err.Error(), c[1]) {
			t.Errorf("got %v, want %q", err, c[1])
		}
	}
}
