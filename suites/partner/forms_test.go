package partner_test

import (
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"
)

const threeForms = `<!doctype html><title>Welcome</title>
<form action="/search"><input name=q><button>Go</button></form>
<form action="/login" method=post><input type=hidden name=csrf value=c-login>
  <input name=email type=email><input name=password type=password><button name=do value=login>Log in</button></form>
<form action="/signup" method=post><input type=hidden name=csrf value=c-signup>
  <label for=mail>E-mail *</label><input id=mail name=email type=email value=old@x>
  <label>Password: <input name=password type=password></label>
  <select name=country><option value=de>Germany<option value=us selected>USA</select>
  <select name=plan><option disabled>choose<option>Basic<option>Pro</select>
  <select name=langs multiple><option selected>en<option>de<option selected>fr</select>
  <input type=checkbox name=news checked><input type=checkbox name=terms value=yes>
  <input type=radio name=size value=s><input type=radio name=size value=m checked id=medium>
  <textarea name=about>
line one
line two</textarea>
  <input name=off value=x disabled><fieldset disabled><input name=locked value=y></fieldset>
  <input value="no name"><input type=button name=b value=b>
  <button type=button name=c>not me</button><input type=submit name=do value="Sign up"><input type=submit name=do value=Later formaction=/later>
</form>`

// TestForms sends forms of many shapes and looks at what arrives.
func TestForms(t *testing.T) {
	for _, c := range []struct {
		name, html, form string
		method, path     string
		want             map[string]string // values joined by |
	}{
		{
			"by action", threeForms, `{fields: {email: "{{.Owner.Email}}", password: "{{.Owner.Password}}"}, action: /login}`, "POST", "/login",
			map[string]string{"csrf": "c-login", "email": "anna@salon.example", "password": "pässword-1&=", "do": "login"},
		},
		{
			"by submit", threeForms, `{fields: {email: a, password: b}, submit: Log in}`, "POST", "/login",
			map[string]string{"csrf": "c-login", "email": "a", "password": "b", "do": "login"},
		},
		{
			"by index, defaults kept", threeForms, `{fields: {email: a}, index: 2}`, "POST", "/signup",
			map[string]string{
				"csrf": "c-signup", "email": "a", "password": "", "country": "us", "plan": "Basic", "langs": "en|fr",
				"news": "on", "size": "m", "about": "line one\r\nline two", "do": "Sign up",
			},
		},
		{
			"by labels and choices", threeForms,
			`{fields: {e-mail: a, Password: b, country: Germany, plan: Pro, news: "false", terms: "true", size: s, off: z, about: hi}, submit: later}`, "POST", "/later",
			map[string]string{
				"csrf": "c-signup", "email": "a", "password": "b", "country": "de", "plan": "Pro", "langs": "en|fr",
				"terms": "yes", "size": "s", "about": "hi", "off": "z", "do": "Later",
			},
		},
		{"get form", threeForms, `{fields: {q: a b&c}}`, "GET", "/search", map[string]string{"q": "a b&c"}},
		{
			"query of a get form is replaced", `<form action="/find?old=1#x"><input name=q value=1></form>`, `{}`, "GET", "/find",
			map[string]string{"q": "1"},
		},
		{"own page", `<form method=post><input name=a></form>`, `{fields: {a: "1"}}`, "POST", "/dir/page", map[string]string{"a": "1"}},
		{"relative", `<form method=post action="next?k=v"><input name=a></form>`, `{fields: {a: "1"}}`, "POST", "/dir/next", map[string]string{"a": "1", "k": "v"}},
		{"base", `<base href="/other/"><form method=post action=next><input name=a></form>`, `{fields: {a: "1"}}`, "POST", "/other/next", map[string]string{"a": "1"}},
		{
			"multipart", `<form method=post action=/up enctype=multipart/form-data><input name=a><input type=file name=photo><input type=hidden name=t value=1></form>`,
			`{fields: {a: "ü"}}`, "POST", "/up",
			map[string]string{"a": "ü", "t": "1", "photo": ""},
		},
		{
			"button of another kind", `<form action=/a><input name=x value=1><button formmethod=post formaction=/b formenctype=multipart/form-data name=n value=v></form>`, `{}`,
			"POST", "/b",
			map[string]string{"x": "1", "n": "v"},
		},
		{"image", `<form method=post action=/i><input name=a value=1><input type=image name=go></form>`, `{}`, "POST", "/i", map[string]string{"a": "1", "go.x": "1", "go.y": "1"}},
		{
			"fields outside", `<form id=f method=post action=/o></form><input form=f name=a value=1><input name=b value=2><button form=f name=c value=3>`, `{fields: {a: x}}`,
			"POST", "/o",
			map[string]string{"a": "x", "c": "3"},
		},
		{
			"form in a table", `<table><form method=post action=/t><tr><td><input name=a></td><td><input type=hidden name=h value=1></td></tr></form></table>`, `{fields: {a: x}}`,
			"POST", "/t",
			map[string]string{"a": "x", "h": "1"},
		},
		{
			"hidden twin of a checkbox", `<form method=post action=/r><input type=hidden name=ok value=0><input type=checkbox name=ok value=1></form>`, `{fields: {ok: "true"}}`,
			"POST", "/r",
			map[string]string{"ok": "0|1"},
		},
		{
			"one box of several", `<form method=post action=/r><input type=checkbox name=d[] value=1 checked><input type=checkbox name=d[] value=2></form>`, `{fields: {"d[]": "2"}}`,
			"POST", "/r",
			map[string]string{"d[]": "1|2"},
		},
		{"charset", `<form method=post action=/r><input type=hidden name=_charset_></form>`, `{}`, "POST", "/r", map[string]string{"_charset_": "UTF-8"}},
		{"case of names", `<FORM METHOD=Post ACTION=/r><INPUT NAME=A TYPE=Text></FORM>`, `{fields: {A: x}}`, "POST", "/r", map[string]string{"A": "x"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			site := &pages{html: map[string]string{"/dir/page": c.html}}
			r := newRig(t, site, "drive: {register: [{form: "+c.form+"}]}")
			r.visit("/dir/page")
			r.run("register")
			got := site.last(t)
			form := map[string]string{}
			for name, values := range got.form {
				form[name] = strings.Join(values, "|")
			}
			if got.method != c.method || got.path != c.path || !maps.Equal(form, c.want) {
				t.Errorf("got %s %s %v\nwant %s %s %v", got.method, got.path, form, c.method, c.path, c.want)
			}
			if referer := got.header.Get("Referer"); referer != r.url+"/dir/page" {
				t.Errorf("got Referer %q", referer)
			}
			if origin := got.header.Get("Origin"); (origin == r.url) != (c.method == "POST") {
				t.Errorf("got Origin %q of a %s", origin, c.method)
			}
			if title := r.call.Browser.Page().Title; title != "Thanks" {
				t.Errorf("the browser is on %q", title)
			}
		})
	}
}

// TestFormMistakes holds what an error tells about a form that is not there.
func TestFormMistakes(t *testing.T) {
	for _, c := range []struct {
		name, html, form string
		want             []string
	}{
		{"no such field", threeForms, `{fields: {email: a, fone: b}}`, []string{
			"register, step 1 (form)", "no form of the page has the fields email, fone", "form 1 to /search with q (text)",
			"form 2 to /login with csrf (hidden), email (email), password (password), do (submit)", `status 200 "Welcome"`,
		}},
		{"ambiguous", threeForms, `{fields: {email: a}}`, []string{"2 forms of the page have the fields email", "choose one with action, submit or index"}},
		{"index too high", threeForms, `{fields: {email: a}, index: 3}`, []string{"index is 3, but only 2 forms"}},
		{"no form", `<title>App</title><div id=root></div><script src=app.js></script>`, `{fields: {email: a}}`, []string{"no form in its HTML", "empty without scripts"}},
		{"no button", threeForms, `{fields: {email: a}, submit: Buy}`, []string{"and the button Buy"}},
		{"no action", threeForms, `{action: /buy}`, []string{"no form of the page has the action /buy"}},
		{"no option", threeForms, `{fields: {country: Atlantis}}`, []string{"the field country has no such choice; there are Germany, USA"}},
		{"no radio", threeForms, `{fields: {size: xl}}`, []string{"the field size has no such choice; there are s, m"}},
		{"checkbox", threeForms, `{fields: {terms: maybe}}`, []string{"the field terms is a checkbox: its value is true or false"}},
		{"file", `<form><input type=file name=f></form>`, `{fields: {f: a}}`, []string{"takes a file"}},
		{"script address", `<form action="javascript:go()"><input name=a></form>`, `{}`, []string{"sent to a javascript: address"}},
		{"real platform", `<form method=post action="https://app.alteg.io/marketplace/partner/callback/redirect"><input name=a></form>`, `{}`, []string{"app.alteg.io is the real Altegio, to which nothing is sent"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := newRig(t, &pages{html: map[string]string{"/page": c.html}}, "drive: {register: [{form: "+c.form+"}]}")
			r.visit("/page")
			r.fails("register", c.want...)
			steps := r.book.steps(t)
			if last := steps[len(steps)-1]; last.Kind != "form" || last.Error == "" {
				t.Errorf("the journal has no failed step: %+v", last)
			}
			if strings.Contains(steps[len(steps)-1].Error, "c-login") {
				t.Error("the error has the value of a hidden field")
			}
		})
	}
	r := newRig(t, http.NotFoundHandler(), "drive: {register: [{form: {}}]}")
	r.fails("register", "the browser is on no page yet")
	r.visit("/nothing")
	r.fails("register", "the page is not HTML: status 404")
}

func TestFormAnsweredByAnError(t *testing.T) {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /", func(w http.ResponseWriter, _ *http.Request) {
		_, _ = w.Write([]byte(`<html><form method=post><input name=email><input name=password></form>`))
	})
	mux.HandleFunc("POST /", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		w.WriteHeader(422)
		_, _ = w.Write([]byte(`<title>Sign up</title><style>p{}</style><p>The password ` + r.FormValue("password") + ` is too weak</p>`))
	})
	r := newRig(t, mux, `drive: {register: [{form: {fields: {email: "{{.Owner.Email}}", password: "{{.Owner.Password}}"}}}]}`)
	r.visit("/")
	r.fails("register", `POST the form to `+r.url, "awaited a status below 400 within 10s", `status 422 "Sign up": The password [owner-password:`, "is too weak")
	if strings.Contains(r.book.text(), "pässword-1") || strings.Contains(r.book.text(), "p%C3%A4ssword-1") {
		t.Error("the journal has the password")
	}
	records := r.book.records(t)
	last := records[len(records)-1]
	if last.Hook == nil || last.Hook.OK || last.Hook.Error == "" || last.Hook.Owner != "owner-1" || last.Scenario != "story" || last.Location != 712345 {
		t.Errorf("got %+v as the result of the hook", last)
	}
	if kinds := []string{records[0].Step.Kind, records[1].Step.Kind}; !slices.Equal(kinds, []string{"visit", "form"}) {
		t.Errorf("got steps %v", kinds)
	}
}
