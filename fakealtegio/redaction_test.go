package fakealtegio_test

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/altegio-readiness/harness/fakealtegio"
	"github.com/altegio-readiness/harness/fakealtegio/journal"
)

// TestNoSecretIsInTheJournal sends secrets through every door, in every place of a request, and
// looks for them in every form.
func TestNoSecretIsInTheJournal(t *testing.T) {
	h := open(t)
	owner := h.NewOwner("story")
	loc := h.location(journal.StatePending)
	swapped := strings.Map(func(r rune) rune {
		if up := []rune(strings.ToUpper(string(r)))[0]; up != r {
			return up
		}
		return []rune(strings.ToLower(string(r)))[0]
	}, token)
	secrets := []string{token, otherToken, owner.Name, owner.Email, owner.Phone, owner.Password, token[:len(token)-1], swapped}

	// The integration echoes whatever it is told.
	h.receiver.answer = func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("X-Echo", token)
		w.Header().Set("Set-Cookie", "session="+owner.Password)
		fmt.Fprintf(w, "%s %s %s", token, owner.Email, base64.StdEncoding.EncodeToString([]byte("x"+token)))
	}
	visit, err := h.VisitURL(app, owner, fakealtegio.ConnectOptions{UserData: fakealtegio.UserDataValid}, loc)
	if err != nil {
		t.Fatal(err)
	}
	u, _ := url.Parse(visit)
	for _, secret := range secrets {
		quoted, _ := json.Marshal(secret)
		h.post(pathInstall, fmt.Sprintf(`{"salon_id":%d,"application_id":%d,"note":%s,"api_key":%s}`, loc, app, quoted, quoted), bearer(secret))
		h.post("/"+url.PathEscape(secret)+"?q="+url.QueryEscape(secret)+"&"+u.RawQuery, secret, header("Content-Type", "text/plain"))
		h.post(pathRedirect, "salon_id="+fmt.Sprint(loc)+"&api_key="+url.QueryEscape(secret), header("Content-Type", "application/x-www-form-urlencoded"))
		h.get(pathStatus(loc, app), header("X-Custom", "b64 "+base64.StdEncoding.EncodeToString([]byte(secret))), header("Cookie", "t="+url.QueryEscape(secret)),
			header("Referer", visit), func(r *http.Request) {
				r.Host = "host-" + strings.NewReplacer("/", "", "+", "", "=", "", "@", "").Replace(secret)
			})
		h.post(pathPayment, `{"salon_id":`+string(quoted)+`,`+string(quoted)+`:1}`)
	}
	h.post(pathInstall, installBody(loc, app))
	for _, w := range fakealtegio.ForgedTokens() {
		w.Event = fakealtegio.EventUninstall
		if _, err := h.Send(t.Context(), app, loc, w); err != nil {
			t.Fatal(err)
		}
	}
	h.refund(h.pay(app, loc, 0, 30))
	h.advance(loc, day)
	h.disconnect(app, loc)

	all := h.bytes.Bytes()
	for _, secret := range secrets {
		for form, text := range forms(secret) {
			if i := bytes.Index(all, []byte(text)); i >= 0 {
				t.Errorf("%s of %q is in the journal: …%s…", form, secret, all[max(0, i-200):min(len(all), i+100)])
			}
		}
	}
	for _, class := range []string{"partner-token", "forged-token", "owner-name", "owner-email", "owner-phone", "owner-password"} {
		if !bytes.Contains(all, []byte("["+class+":")) {
			t.Errorf("no tag of class %s", class)
		}
	}
}

// forms are the ways in which a secret may be hidden in a text.
func forms(secret string) map[string]string {
	quoted, _ := json.Marshal(secret)
	list := map[string]string{
		"raw":      secret,
		"JSON":     strings.Trim(string(quoted), `"`),
		"JSON \\/": strings.ReplaceAll(secret, "/", `\/`),
		"URL":      url.QueryEscape(secret),
		"path":     url.PathEscape(secret),
	}
	for shift := range 3 { // wherever it begins in something larger
		text := base64.RawStdEncoding.EncodeToString([]byte(strings.Repeat("x", shift) + secret))
		core := text[(shift*8+5)/6 : len(text)-len(text)%4-4]
		list[fmt.Sprintf("base64, shift %d", shift)] = core
		list[fmt.Sprintf("base64 URL, shift %d", shift)] = strings.NewReplacer("+", "-", "/", "_").Replace(core)
	}
	return list
}
