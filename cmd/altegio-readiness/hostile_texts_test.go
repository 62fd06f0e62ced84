package main

import (
	"encoding/json"
	"fmt"
	"html"
	"net/http"
	"strings"
	"testing"
)

// Texts that would do something to a screen, a page or a table, everywhere where texts are shown.
func TestHostileTexts(t *testing.T) {
	tests := map[string]func(*testing.T){}
	const evil = "\x1b[2J\x1b[31mREADY\x1b]0;owned\x07\u009b31m\u202eYDAER\u2066\u200b</title></td><script>alert(1)</script>" +
		"<img src=x onerror=alert(1)>|`\n## heading\n\x00]]>--><!--\ufffe"
	for name, answer := range map[string]http.HandlerFunc{
		"page": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "text/html")
			w.Header().Set("X-Evil", strings.ReplaceAll(evil, "\n", " "))
			w.WriteHeader(http.StatusNotFound)
			fmt.Fprintf(w, "<title>%s</title><p>%[1]s<form><select name=email><option>%[1]s</select><input name=password>", html.EscapeString(evil))
		},
		"text": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "text/plain")
			fmt.Fprint(w, evil)
		},
		"form": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "text/html")
			fmt.Fprintf(w, `<form action="/%s"><input name="%[1]s" type="%[1]s">`, html.EscapeString(evil))
		},
		"type": func(w http.ResponseWriter, _ *http.Request) {
			w.Header()["Content-Type"] = []string{"text/\x1b[31m\u009b\u202e"}
			fmt.Fprint(w, evil)
		},
		"location": func(w http.ResponseWriter, _ *http.Request) {
			w.Header()["Location"] = []string{"x:\u009b31m\u202e<script>"}
			w.WriteHeader(http.StatusFound)
		},
	} {
		tests[name] = func(t *testing.T) {
			if testing.Short() && name != "page" {
				t.Skip("takes a run")
			}
			confront(t, target{base: friendly(t), redirect: site(t, answer) + "/connect"})
		}
	}
	tests["calls"] = func(t *testing.T) {
		if testing.Short() {
			t.Skip("takes a run")
		}
		p := newPartnerApp(t, map[string]http.HandlerFunc{
			"/register": func(w http.ResponseWriter, r *http.Request) {
				altegio := altegioOf(r)
				for _, path := range []string{"/marketplace/partner/callback", "/%1b%5b31m%c2%9b31m%e2%80%ae%3Cscript%3E", "/marketplace/partner/payment/refund/<script>"} {
					body, _ := json.Marshal(map[string]string{"salon_id": evil, evil: evil})
					send(r.Context(), http.MethodPost, altegio+path, body)
					send(r.Context(), http.MethodPost, altegio+path, []byte(evil))
				}
			},
			"/callback": func(w http.ResponseWriter, _ *http.Request) { http.Error(w, evil, http.StatusTeapot) },
			"GET /state": func(w http.ResponseWriter, _ *http.Request) {
				fmt.Fprintf(w, `{"%s":1}`, strings.ReplaceAll(evil, "\n", ""))
			},
		})
		confront(t, p.target())
	}
	together(t, tests)
}
