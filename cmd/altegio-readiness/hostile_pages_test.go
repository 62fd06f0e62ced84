package main

import (
	"fmt"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
)

// page answers with HTML.
func page(text string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		_, _ = fmt.Fprint(w, text)
	}
}

// to answers with a redirect, which net/http would not always make.
func to(status int, location string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header()["Location"] = []string{location}
		w.WriteHeader(status)
	}
}

// Redirects at the registration redirect URL that lead nowhere.
func TestHostileRedirects(t *testing.T) {
	tests := map[string]func(*testing.T){}
	for _, tt := range []struct {
		name   string
		answer http.HandlerFunc
		want   string
	}{
		{"to itself", to(302, "/connect"), "redirect loop"},
		{"loop of two", func(w http.ResponseWriter, r *http.Request) {
			next := "/connect"
			if r.URL.Path == next {
				next = "/other"
			}
			to(307, next)(w, r)
		}, "redirect loop"},
		{"that grow", func(w http.ResponseWriter, r *http.Request) { to(302, r.URL.Path+"/more")(w, r) }, "more than 10 redirects"},
		{"to a file", to(302, "file:///etc/passwd"), "where no browser can go"},
		{"to a script", to(302, "javascript:alert(1)"), "where no browser can go"},
		{"to data", to(302, "data:text/html,<script>alert(1)</script>"), "where no browser can go"},
		{"to no host", to(302, "http://"), "where no browser can go"},
		{"to garbage", to(302, "http://[::1/%zz\x9b"), "where no browser can go"},
		{"to no port", to(302, "http://127.0.0.1:99999/"), "invalid port"},
		{"to a closed port", to(302, "http://127.0.0.1:1/"), "connection refused"},
		{"to the real Altegio", to(302, "https://app.alteg.io/"), ""},
		{"of a hundred kilobytes", to(302, "/"+strings.Repeat("a", 100_000)), ""},
		{"with cookies", func(w http.ResponseWriter, r *http.Request) {
			for i := range 100 {
				w.Header().Add("Set-Cookie", fmt.Sprintf("c%d=%s; Path=%s", i, strings.Repeat("\xff", 900), r.URL.Path))
			}
			to(302, r.URL.Path+"/more")(w, r)
		}, "redirects"},
	} {
		tests[tt.name] = func(t *testing.T) {
			if testing.Short() && tt.name != "to itself" {
				t.Skip("takes a run")
			}
			e := confront(t, target{base: friendly(t), redirect: site(t, tt.answer) + "/connect", register: noHook})
			e.wants(t, exitNotReady, "CON-01=fail: "+tt.want)
			if n := len(e.report.summary("CON-01")); n > 3000 {
				t.Errorf("the summary has %d bytes", n)
			}
		}
	}
	together(t, tests)
}

// Pages at the registration redirect URL that no owner gets through. Without the register hook
// only what the browser does by itself is tried.
func TestHostilePages(t *testing.T) {
	if testing.Short() {
		t.Skip("each takes a run")
	}
	tests := map[string]func(*testing.T){}
	const form = `<form method=post action=/register><input name=email><input name=password type=password></form>`
	const handOver = `<body onload="document.forms[0].submit()"><form method=post action="%s"><input type=hidden name=a value=1></form>`
	var visits atomic.Int32
	for _, tt := range []struct {
		name   string
		hook   string
		answer http.HandlerFunc
		want   string
	}{
		{"refresh loop", formHook, func(w http.ResponseWriter, r *http.Request) {
			page(fmt.Sprintf(`<meta http-equiv=refresh content="0;url=/connect?%d">`, visits.Add(1)))(w, r)
		}, "CON-02=not verified: no form"},
		{"script loop", formHook, page(fmt.Sprintf(handOver, "/connect")), "CON-02=not verified: no form of the page has the fields email, password"},
		{"script to a script", noHook, page(fmt.Sprintf(handOver, "javascript:alert(1)")), "CON-01=pass"},
		{"form to a file", formHook, page(`<form action="file:///etc/passwd"><input name=email><input name=password></form>`), "CON-02=not verified: file: address"},
		{
			"form to the real Altegio", formHook, page(`<form action="https://app.alteg.io/"><input name=email><input name=password></form>`),
			"CON-02=not verified: app.alteg.io is the real Altegio",
		},
		{"deep nesting", noHook, page(strings.Repeat(`<div>`, 200_000) + form), "CON-01=pass"},
		{
			"forms without end", formHook, page(strings.Repeat(`<form action=/x><div>`, 5000) + strings.Repeat(`<form><input name=a></form>`, 5000) + form),
			"CON-02=not verified: step 1 (form)",
		},
		{"fields without end", formHook, page(`<form action=/x>` + strings.Repeat(`<input name=a>`, 100_000)), "CON-02=not verified: no form of the page has"},
		{"deep fields", noHook, page(strings.Repeat(`<div>`, 480) + `<form>` + strings.Repeat(`<input>`, 300_000)), "CON-01=pass"},
		{
			"labels without end", formHook, page(`<form>` + strings.Repeat(`<input id=a>`, 2000) + strings.Repeat(`<label for=a>x</label>`, 100_000)),
			"CON-02=not verified: no form of the page has",
		},
		{
			"one long label", formHook, page(`<form><label>` + strings.Repeat("x", 3_000_000) + strings.Repeat(`<input name=a>`, 2000)),
			"CON-02=not verified: no form of the page has",
		},
		{"formatting that comes again", noHook, page("<p>" + formatting(400) + strings.Repeat("<p>x", 20_000)), "CON-01=pass"},
		{"long page", noHook, page(strings.Repeat("<p>more of it</p>\n%25&amp;\\u005c+", 150_000) + form), "CON-01=pass"},
		{"nothing but brackets", noHook, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "application/json")
			_, _ = fmt.Fprint(w, strings.Repeat(`[{"a":`, 600_000))
		}, "CON-01=pass"},
		{"a thousand cookies", formHook, func(w http.ResponseWriter, r *http.Request) {
			for i := range 1000 {
				w.Header().Add("Set-Cookie", fmt.Sprintf("c%d=%s; Path=/", i, strings.Repeat("v", 20)))
			}
			page(form)(w, r)
		}, "CON-02=fail: No activation call"},
	} {
		tests[tt.name] = func(t *testing.T) {
			e := confront(t, target{base: friendly(t), redirect: site(t, tt.answer) + "/connect", register: tt.hook})
			code := exitIncomplete
			if strings.Contains(tt.want, "=fail") {
				code = exitNotReady
			}
			e.wants(t, code, tt.want)
		}
	}
	together(t, tests)
}

// formatting opens elements that an HTML parser opens again in every paragraph that follows.
func formatting(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "<b id=%d>", i)
	}
	return b.String()
}
