package main

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"html"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"
)

// echo answers with a secret in every place and in many writings.
func echo(status int, secret string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		quoted, _ := json.Marshal(secret)
		w.Header().Set("X-Echo", secret)
		w.Header().Set("X-"+secret, "a name")
		w.Header().Add("Set-Cookie", "session="+secret+"; Path=/"+secret)
		w.Header().Set("Content-Type", "text/html; x="+secret)
		w.WriteHeader(status)
		fmt.Fprintf(w, `<title>%[1]s</title><p>%[1]s <a href="/?t=%s">%s</a> %s <script>let t = %s</script><!-- %[1]s -->`,
			secret, url.QueryEscape(secret), html.EscapeString(secret), base64.StdEncoding.EncodeToString([]byte("token:"+secret)), quoted)
	}
}

// cuts answers with a page with the secret in it, each time padded so that a limit of a text
// would cut it after twenty bytes.
func cuts(format string, limits ...int) func(status int, secret string) http.HandlerFunc {
	return func(status int, secret string) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			var texts []any
			for _, limit := range limits {
				texts = append(texts, strings.Repeat("x", limit-20)+secret)
			}
			w.Header().Set("Content-Type", "text/html")
			w.WriteHeader(status)
			fmt.Fprintf(w, format, texts...)
		}
	}
}

// An integration that shows secrets wherever it can: none is in what a run writes.
func TestHostileSecrets(t *testing.T) {
	tests := map[string]func(*testing.T){}
	for _, tt := range []struct {
		name   string
		answer func(status int, secret string) http.HandlerFunc
		owner  bool // makes sense as the answer to the owner's form, too
	}{
		{"everywhere", echo, true},
		{"in a redirect", func(_ int, secret string) http.HandlerFunc {
			return func(w http.ResponseWriter, r *http.Request) {
				http.Redirect(w, r, "/"+secret+"/connect?token="+secret+"#"+secret, http.StatusTemporaryRedirect)
			}
		}, true},
		{"cut in a text", cuts(`<title>%s</title><p>%s</p>`, 200, 200), true},
		{"cut in a form", cuts(`<form action="/%s"><input name="%s" type="%s"></form>`, 79, 40, 22), false},
		{"cut in a choice", cuts(`<form><select name=email><option>a<option value="%s">%s</option></select><input name=password></form>`, 40, 40), false},
		{"cut in a refresh", cuts(`<meta http-equiv=refresh content="0;url=http://127.0.0.1:1/%s">`, 178), true},
		{"in the scheme of an action", cuts(`<form action="%s:x"><input name=email><input name=password></form>`, 20), false},
		{"cut in a content type", func(status int, secret string) http.HandlerFunc {
			return func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Content-Type", "x/"+strings.Repeat("x", 38)+secret)
				w.WriteHeader(status)
				fmt.Fprint(w, "hello")
			}
		}, false},
		{"cut by megabytes", cuts(`%s%s%s`, 1<<20, 1<<20-60, 2<<20-60), true},
	} {
		tests[tt.name] = func(t *testing.T) {
			if testing.Short() && tt.name != "everywhere" {
				t.Skip("takes a run")
			}
			confront(t, target{base: friendly(t), redirect: site(t, tt.answer(http.StatusOK, hostileToken)) + "/connect"})
		}
		if tt.owner {
			tests[tt.name+", of the owner"] = func(t *testing.T) {
				if testing.Short() {
					t.Skip("takes a run")
				}
				betray(t, func(password string) http.HandlerFunc { return tt.answer(http.StatusBadRequest, password) })
			}
		}
	}
	together(t, tests)
}

// betray runs against a registration that shows the owner's password.
func betray(t *testing.T, answer func(password string) http.HandlerFunc) {
	t.Helper()
	var mu sync.Mutex
	var told []string
	e := confront(t, target{base: site(t, func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodPost {
			w.Header().Set("Content-Type", "text/html")
			fmt.Fprint(w, `<form method=post action=/register><input name=email><input name=password></form>`)
			return
		}
		mu.Lock()
		told = append(told, r.FormValue("email"), r.FormValue("password"))
		mu.Unlock()
		answer(r.FormValue("password"))(w, r)
	})})
	if len(told) == 0 {
		t.Error("nobody registered")
	}
	e.hides(t, told...)
}

// Secrets beside the pages: in the answers to webhooks and probes.
func TestHostileSecretsAside(t *testing.T) {
	if testing.Short() {
		t.Skip("each takes a run")
	}
	tests := map[string]func(*testing.T){}
	say := func(contentType, text string) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", contentType)
			fmt.Fprint(w, text)
		}
	}
	pad := strings.Repeat("x", 64<<10-20)
	for name, hostile := range map[string]map[string]http.HandlerFunc{
		"answer to a webhook":   {"/callback": say("text/plain", pad+hostileToken+" and more")},
		"JSON of a webhook":     {"/callback": say("application/json", `{"a":"`+pad[6:]+hostileToken+`"}`)},
		"member of a probe":     {"GET /state": say("application/json", `{"`+pad[:20]+hostileToken+`":true}`)},
		"cut value of a probe":  {"GET /state": say("application/json", `{"connected":"`+pad+hostileToken+`"}`)},
		"status of the hook":    {"/register": func(w http.ResponseWriter, _ *http.Request) { http.Error(w, pad[:180]+hostileToken, http.StatusTeapot) }},
		"redirect of a webhook": {"/callback": func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/"+hostileToken, http.StatusFound) }},
		"redirect of the hook": {"/register": func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "/register?x="+hostileToken, http.StatusTemporaryRedirect)
		}},
		"path called at the fake": {"/register": func(w http.ResponseWriter, r *http.Request) {
			_ = send(r.Context(), "POST", altegioOf(r)+"/"+hostileToken, nil)
		}},
	} {
		tests[name] = func(t *testing.T) {
			confront(t, newPartnerApp(t, hostile).target(), "--only", "REC-01")
		}
	}
	together(t, tests)
}

// An address with a password and a key in it is shown without them.
func TestHostileAddress(t *testing.T) {
	t.Parallel()
	const password, key = "hunter2-of-the-proxy", "staging-key-4711"
	address := strings.Replace(friendly(t), "//", "//admin:"+password+"@", 1) + "/?api_key=" + key
	e := confront(t, target{base: address, register: noHook, callback: address}, "--only", "CON-01")
	e.hides(t, password, key)
}

// altegioOf is the address of the fake Altegio that the register hook tells.
func altegioOf(r *http.Request) string {
	var reg registration
	_ = json.NewDecoder(r.Body).Decode(&reg)
	return reg.Altegio
}
