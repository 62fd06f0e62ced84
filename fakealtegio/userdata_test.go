package fakealtegio_test

import (
	"encoding/base64"
	"encoding/json"
	"net/url"
	"strings"
	"testing"

	"github.com/altegio-readiness/harness/fakealtegio"
	"github.com/altegio-readiness/harness/fakealtegio/journal"
	"github.com/altegio-readiness/harness/fixtures"
)

func TestSignUserDataIsTheWorkedExample(t *testing.T) {
	u := fixtures.UserDataExample()
	if got := fakealtegio.SignUserData(u.PartnerToken, []byte(u.JSON)); got != u.Sign {
		t.Errorf("got %s, want %s", got, u.Sign)
	}
}

func TestSignPaymentIsTheWorkedExamples(t *testing.T) {
	for _, e := range fixtures.PaymentEventExamples() {
		if got := fakealtegio.SignPayment(e.PartnerToken, e.Location, e.Amount, e.Discount); got != e.Sign {
			t.Errorf("%s: got %s, want %s", e.Message, got, e.Sign)
		}
	}
}

// visit returns the parameters of the redirect of a variant.
func visit(t *testing.T, h *house, owner fakealtegio.Owner, u fakealtegio.UserData, loc int64) url.Values {
	t.Helper()
	got, err := h.VisitURL(app, owner, fakealtegio.ConnectOptions{UserData: u}, loc)
	if err != nil {
		t.Fatal(err)
	}
	parsed, err := url.Parse(got)
	if err != nil {
		t.Fatal(err)
	}
	return parsed.Query()
}

func TestUserDataIsSignedOverItsBytes(t *testing.T) {
	h := open(t)
	for range 60 { // owners and locations of all kinds
		loc := h.NewLocation(fakealtegio.LocationOptions{})
		owner := h.NewOwner("story")
		for _, u := range []fakealtegio.UserData{fakealtegio.UserDataValid, fakealtegio.UserDataEscaped, fakealtegio.UserDataURLSafe, fakealtegio.UserDataDocumented} {
			q := visit(t, h, owner, u, loc.ID)
			alphabet, special := base64.StdEncoding, "+/="
			if u == fakealtegio.UserDataURLSafe {
				alphabet, special = base64.URLEncoding, "-_="
			}
			text, err := alphabet.DecodeString(q.Get("user_data"))
			if err != nil {
				t.Fatal(err)
			}
			if got := fakealtegio.SignUserData(token, text); got != q.Get("user_data_sign") {
				t.Errorf("variant %d: signature %s, want %s", u, q.Get("user_data_sign"), got)
			}
			for _, c := range special {
				if u != fakealtegio.UserDataDocumented && !strings.ContainsRune(q.Get("user_data"), c) {
					t.Errorf("variant %d has no %c: %s", u, c, q.Get("user_data"))
				}
			}
			var body map[string]any
			if err := json.Unmarshal(text, &body); err != nil {
				t.Fatalf("%v in %s", err, text)
			}
			if body["name"] != owner.Name || body["email"] != owner.Email || body["phone"] != owner.Phone {
				t.Errorf("variant %d: %s", u, text)
			}
			if u == fakealtegio.UserDataDocumented {
				if len(body) != 4 || body["user_id"] != float64(owner.ID) {
					t.Errorf("documented: %s", text)
				}
				continue
			}
			if len(body) != 7 || body["id"] != float64(owner.ID) || body["is_approved"] != true || body["salon_name"] != loc.Title || !strings.HasPrefix(body["avatar"].(string), "https://") {
				t.Errorf("variant %d: %s", u, text)
			}
			escaped := strings.Contains(string(text), `\/`)
			if escaped != (u == fakealtegio.UserDataEscaped) || strings.Contains(string(text), `": `) {
				t.Errorf("variant %d is not compact or not escaped as it should be: %s", u, text)
			}
			if ascii := strings.IndexFunc(string(text), func(r rune) bool { return r >= 0x80 }) < 0; u == fakealtegio.UserDataEscaped && !ascii {
				t.Errorf("escaped: %s", text)
			}
		}
	}
}

func TestFieldsOfUserDataAreInThePlatformsOrder(t *testing.T) {
	h := open(t)
	q := visit(t, h, fakealtegio.Owner{ID: 4242, Name: "Анна <Попова>"}, fakealtegio.UserDataValid, 55)
	text, _ := base64.StdEncoding.DecodeString(q.Get("user_data"))
	want := `{"id":4242,"name":"Анна <Попова>","phone":"","email":"","is_approved":true,"avatar":"https://img.example.test/4242.png?~~~???`
	if !strings.HasPrefix(string(text), want) {
		t.Errorf("got %s, want %s…", text, want)
	}
}

func TestForgedUserDataIsNotValid(t *testing.T) {
	h := open(t)
	owner, loc := h.NewOwner("story"), h.location(journal.StateNone)
	valid := visit(t, h, owner, fakealtegio.UserDataValid, loc)
	for name, tc := range map[string]struct {
		variant fakealtegio.UserData
		data    bool // as in the valid one
		sign    string
		present bool
	}{
		"wrong signature": {fakealtegio.UserDataWrongSignature, true, "*", true},
		"other key":       {fakealtegio.UserDataOtherKey, true, "*", true},
		"no signature":    {fakealtegio.UserDataNoSignature, true, "", false},
		"empty signature": {fakealtegio.UserDataEmptySignature, true, "", true},
		"empty":           {fakealtegio.UserDataEmpty, false, "", true},
	} {
		q := visit(t, h, owner, tc.variant, loc)
		if (q.Get("user_data") == valid.Get("user_data")) != tc.data || !q.Has("user_data") {
			t.Errorf("%s: data %q", name, q.Get("user_data"))
		}
		sign := q.Get("user_data_sign")
		if q.Has("user_data_sign") != tc.present || sign == valid.Get("user_data_sign") || tc.sign == "" && sign != "" || tc.sign != "" && len(sign) != 64 {
			t.Errorf("%s: signature %q", name, sign)
		}
	}
	if q := visit(t, h, owner, fakealtegio.UserDataNone, loc); q.Has("user_data") || q.Has("user_data_sign") {
		t.Errorf("none: %v", q)
	}
}
