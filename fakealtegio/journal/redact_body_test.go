package journal_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/altegio-readiness/harness/fakealtegio/journal"
)

func text(r *journal.Redactor, contentType, body string) string {
	if b := r.Body(contentType, []byte(body)); b != nil {
		return b.Text
	}
	return ""
}

func TestBodyByKey(t *testing.T) {
	for class, keys := range map[string]string{
		"token":      "token partner_token partnerToken PARTNER_TOKEN Partner-Token user_token access_token application_token csrf_token tokens",
		"password":   "password Password user_password password_confirmation passwd pwd pass newPassword",
		"secret":     "secret secret_key client_secret clientSecret secrets",
		"key":        "api_key apiKey APIKey api-key private_key apikey",
		"login":      "login username user_name",
		"email":      "email e-mail user_email contactEmail emails email_address mail",
		"phone":      "phone phones phone_number phone_from mobile user_phone tel",
		"name":       "name surname patronymic display_name displayName fullname full_name first_name lastName",
		"avatar":     "avatar avatar_big user_avatar",
		"card":       "card card_number cvv",
		"user-data":  "user_data userData",
		"signature":  "user_data_sign sign signature x_signature",
		"birth-date": "birth_date birthday",
		"session":    "session_id sid",
		"cookie":     "cookie",
	} {
		for key := range strings.FieldsSeq(keys) {
			r := redactor()
			for value, want := range map[string]string{
				`"v\u0061lue"`: `"<` + class + `>"`, `12.5e3`: `"<` + class + `>"`, `["a",[1],null]`: `["<` + class + `>",["<` + class + `>"],null]`,
				`{"other":"a","n":false}`: `{"other":"<` + class + `>","n":false}`,
				`null`:                    `null`, `true`: `true`, `false`: `false`, `""`: `""`, `{}`: `{}`, `[ ]`: `[ ]`,
			} {
				in := fmt.Sprintf("{ %q : %s ,\"salon_id\":55}", key, value)
				got := text(r, "application/json", in)
				if w := fmt.Sprintf("{ %q : %s ,\"salon_id\":55}", key, want); classes(got) != w {
					t.Errorf("got %s, want %s", classes(got), w)
				}
				if again := text(r, "application/json", got); again != got {
					t.Errorf("got %s, and then %s", got, again)
				}
			}
		}
	}
}

func TestBodyKeepsTheRest(t *testing.T) {
	for _, body := range []string{
		`{"salon_id":55,"application_id":"4242","payment_sum":990.99,"currency_iso":"EUR","payment_date":"2022-01-01 10:10:00"}`,
		"\ufeff{\"a\":1,\"a\":2 }\r\n",
		`{"application":{"title":"App","name":"App"},"services":[{"id":1,"name":"Haircut"}],"salon_name":"S","timezone_name":"Europe/Berlin"}`,
		`{"user_data":true,"is_mobile":true,"loyalty_card":1,"email_now":0,"keyboard":"x","signed":"y","status":"active","tokenize":"z"}`,
		`{"webhook_urls":["https://a.test/hook"],"channels":["sms"]}`,
		`[1, 2.50, -0, "\u0041\/", {}]`, `"x"`, `null`, `7`, ` `,
		`{"a":1} trailing`, `{"a":1,}`, `{'a':1}`, `{"a":`, `[`, `]`, `{"a" "b"}`,
		`salon_id=55&application_id=1&x=%2f&empty=&=&&`,
		"<html><b>Hello &amp; welcome</b></html>", "plain",
	} {
		for _, contentType := range []string{"application/json", "application/x-www-form-urlencoded", "text/html; charset=utf-8", "", ";;"} {
			if got := text(redactor(), contentType, body); got != body {
				t.Errorf("%s: got %s, want %s", contentType, got, body)
			}
		}
	}
}

func TestBody(t *testing.T) {
	const plain = "Pq7Rs2Tu9Vw4"
	for _, c := range []struct{ name, contentType, in, want string }{
		{"right token", "application/json", `{"partner_token":"` + plain + `"}`, `{"partner_token":"<plain-token>"}`},
		{"right token, escaped", "application/json", `{"partner_token":"` + phpJSON(token) + `"}`, `{"partner_token":"<partner-token>"}`},
		{"prefix of the token", "application/json", `{"partner_token":"` + plain[:11] + `"}`, `{"partner_token":"<token>"}`},
		{"other case of the token", "application/json", `{"partner_token":"` + strings.ToLower(plain) + `"}`, `{"partner_token":"<token>"}`},
		{"token and more", "application/json", `{"partner_token":"` + plain + `\u0078"}`, `{"partner_token":"<plain-token>\u0078"}`},
		{"token and much more", "application/json", `{"partner_token":"` + plain + `123456789"}`, `{"partner_token":"<token>"}`},
		{"Bearer and token", "application/json", `{"partner_token":"Bearer ` + plain + `"}`, `{"partner_token":"Bearer <plain-token>"}`},
		{"token in hex", "application/json", `{"partner_token":"` + encodings["hex"](plain) + `"}`, `{"partner_token":"<token>"}`},
		{"token in base64", "application/json", `{"partner_token":"` + encodings["base64"](plain) + `"}`, `{"partner_token":"<token>"}`},
		{"token, percent-encoded", "application/json", `{"partner_token":"` + encodings["query"](token) + `"}`, `{"partner_token":"<token>"}`},
		{"token elsewhere", "application/json", `{"x":"` + plain + `","` + plain + `":1}`, `{"x":"<plain-token>","<plain-token>":1}`},
		{"encoded elsewhere", "application/json", `{"x":"` + encodings["base64"](plain) + `"}`, `{"x":"<plain-token>"}`},
		{"name with a registered part", "application/json", `{"name":"Анна Попова ул. 5"}`, `{"name":"<name>"}`},
		{"registered name", "application/json", `{"name":"Анна Попова"}`, `{"name":"<owner-name>"}`},
		{"registered number", "application/json", `{"phone":15550100042,"x":15550100042,"y":[155501000421]}`, `{"phone":"<owner-phone>","x":"<owner-phone>","y":["<owner-phone>1"]}`},
		{"authorization", "application/json", `{"authorization":"Bearer ` + plain + `, User u","Authorization":5}`, `{"authorization":"Bearer <plain-token>, User <token>","Authorization":"<token>"}`},
		{"user data as an object", "application/json", `{"user_data":{"id":1,"email":"a@b","x":[true,"y"]}}`, `{"user_data":{"id":"<user-data>","email":"<email>","x":[true,"<user-data>"]}}`},
		{"duplicate keys", "application/json", `{"token":"a","token":"b"}`, `{"token":"<token>","token":"<token>"}`},
		{"name of things and persons", "application/json", `{"client":{"name":"A"},"service":{"name":"B","master":{"name":"C"}},"staff":[{"name":"D"}]}`, `{"client":{"name":"<name>"},"service":{"name":"B","master":{"name":"<name>"}},"staff":[{"name":"<name>"}]}`},
		{"URL in JSON", "application/json", `{"webhook_urls":["https:\/\/a.test\/hook?secret=abc\u0026x=1"]}`, `{"webhook_urls":["https:\/\/a.test\/hook?secret=<secret>\u0026x=1"]}`},
		{"JSON in JSON", "application/json", `{"payload":"{\"password\":\"x\",\"card\":12,\"a\":1}"}`, `{"payload":"{\"password\":\"<password>\",\"card\":\"<card>\",\"a\":1}"}`},
		{"escape not cut", "application/json", `{"x":"\u0055` + `50100042\u0061"}`, `{"x":"\u0055` + `50100042\u0061"}`},
		{"JSON with another type", "text/html", `{"password":"x"}`, `{"password":"<password>"}`},
		{"JSON with the type of forms", "application/x-www-form-urlencoded", ` [{"password":"x"}]`, ` [{"password":"<password>"}]`},
		{"problem type", "application/problem+json", `{"password":"x"}`, `{"password":"<password>"}`},

		{"trailing bytes", "application/json", `{"password":"x"}{"password":"y"} z`, `{"password":"<password>"}{"password":"<password>"} z`},
		{"cut", "application/json", `{"a":1,"password":"hunt`, `{"a":1,"password":<password>`},
		{"bad escape", "application/json", `{"password":"h\unter"}`, `{"password":<password>}`},
		{"bad number", "application/json", `{"password":012,"a":012}`, `{"password":<password>,"a":012}`},
		{"single quotes", "application/json", `{'password': 'it\'s', 'a': 'b'}`, `{'password': <password>, 'a': 'b'}`},
		{"no quotes", "application/json", `{password: hunter two, a: b}`, `{password: <password>, a: b}`},
		{"unbalanced quotes", "application/json", `{"a":"b"c","password":"x"}`, `{"a":"b"c","password":"<password>"}`},
		{"literals in broken JSON", "application/json", `{"token":null,"token":true,"token":"",}`, `{"token":null,"token":true,"token":"",}`},
		{"objects in broken JSON", "application/json", `{"user_data":{id:1,"a":["b",c]},}`, `{"user_data":{<user-data>:"<user-data>","a":["<user-data>",<user-data>]},}`},
		{"set in broken JSON", "application/json", `{"password":{"hunter2"}}`, `{"password":{"<password>"}}`},
		{"array of PHP", "text/plain", `["password" => "x", 'token' => 'y']`, `["password" => "<password>", 'token' => <token>]`},
		{"escaped JSON", "application/json", `[log] {\"password\":\"x\\\"y\",\"a\":1}`, `[log] {\"password\":\"<password>\",\"a\":1}`},
		{"registered in broken JSON", "application/json", `{"x":"` + plain + `",}`, `{"x":"<plain-token>",}`},
		{"not UTF-8", "application/json", "{\"x\":\"\xff\",\"password\":\"\xfe\"}", `{"x":"\xff","password":<password>}`},

		{"form", "application/x-www-form-urlencoded", "salon_id=1&user%5Bemail%5D=a%40b&phones[0]=1&api_key=k&password=", "salon_id=1&user%5Bemail%5D=<email>&phones[0]=<phone>&api_key=<key>&password="},
		{"form with the token", "", "partner_token=" + encodings["query"](token) + "&x=" + plain, "partner_token=<partner-token>&x=<plain-token>"},
		{"form with a URL", "", "webhook_urls%5B%5D=https%3A%2F%2Fa%3Fsecret%3Dabc", "webhook_urls%5B%5D=https%3A%2F%2Fa%3Fsecret%3D<secret>"},
		{
			"multipart", "multipart/form-data; boundary=B", "--B\r\nContent-Disposition: form-data; name=\"password\"\r\n\r\nx\r\n--B\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n" + plain + "\r\n--B--\r\n",
			"--B\r\nContent-Disposition: form-data; name=\"password\"\r\n\r\n<password>\r\n--B\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n<plain-token>\r\n--B--\r\n",
		},
		{"HTML", "text/html", `<input value="` + encodings["HTML"](token) + `">`, `<input value="<partner-token>">`},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := redactor()
			got := text(r, c.contentType, c.in)
			if classes(got) != c.want {
				t.Errorf("got  %s\nwant %s", classes(got), c.want)
			}
			if again := text(r, c.contentType, got); again != got {
				t.Errorf("got %s, and then %s", got, again)
			}
			if validJSON(c.in) != validJSON(got) {
				t.Errorf("got %s: valid is %v", got, validJSON(got))
			}
		})
	}
}

func validJSON(s string) bool { return utf8.ValidString(s) && json.Valid([]byte(s)) }

func TestBodyInEveryEncoding(t *testing.T) {
	for name, encode := range encodings {
		for _, format := range []string{`{"a":"x%sy"}`, `{"a":{"%s":[]},}`, `a=%s&b=1`, `<p title="%s">`, "%s"} {
			in := fmt.Sprintf(format, encode("owner-x1@example.test"))
			if got := text(redactor(), "application/json", in); leaks(got, "owner-x1@example.test") != nil || validJSON(in) != validJSON(got) {
				t.Errorf("%s in %s: got %s", name, format, got)
			}
		}
	}
}

func TestBodySizeAndDigest(t *testing.T) {
	r := redactor()
	if r.Body("application/json", nil) != nil || r.Body("", []byte{}) != nil {
		t.Error("an empty body has a record")
	}
	a, b, c := r.Body("", []byte("same")), r.Body("text/plain", []byte("same")), r.Body("", []byte("other"))
	if a.Digest != b.Digest || a.Digest == c.Digest || len(a.Digest) != 16 || a.Size != 4 || a.Truncated {
		t.Errorf("got %+v, %+v, %+v", a, b, c)
	}
	if redactor().Body("", []byte("same")).Digest == a.Digest {
		t.Error("the digest is the same in two runs")
	}
	if tag := r.Tag("x", "same"); strings.Contains(tag, a.Digest[:8]) {
		t.Error("digests and tags can be compared")
	}
}

func TestBodyIsTruncated(t *testing.T) {
	const plain = "Pq7Rs2Tu9Vw4"
	fill := func(n int) string { return strings.Repeat("x", n) }
	for name, body := range map[string]string{
		"long":               fill(journal.BodyLimit + 1),
		"secret at the edge": fill(journal.BodyLimit-5) + plain + fill(100),
		"tag at the edge":    fill(journal.BodyLimit-14) + plain,
		"stopped reading in a secret": strings.Repeat(plain+plain, 2000) + strings.Repeat("owner-x1@example.test", journal.BodyLimit/21) +
			plain[:7],
		"runes":      strings.Repeat("я", journal.BodyLimit/2-1) + "x" + strings.Repeat("я", 10),
		"not UTF-8":  strings.Repeat("\xff", journal.BodyLimit),
		"long JSON":  `{"password":"` + fill(journal.BodyLimit/2) + `","x":"` + fill(journal.BodyLimit) + `"}`,
		"huge":       strings.Repeat(plain, journal.BodyLimit/3),
		"tags grow":  strings.Repeat("s3cr3t-Pass", journal.BodyLimit/11),
		"open quote": `{"password":"` + fill(3*journal.BodyLimit),
	} {
		t.Run(name, func(t *testing.T) {
			r := redactor()
			got := r.Body("", []byte(body))
			if got.Size != int64(len(body)) || len(got.Text) > journal.BodyLimit || !utf8.ValidString(got.Text) {
				t.Errorf("got size %d and %d bytes of text", got.Size, len(got.Text))
			}
			if !got.Truncated {
				t.Error("not truncated")
			}
			if strings.Contains(got.Text, plain[:6]) || strings.Contains(got.Text, "s3cr3t") {
				t.Error("part of a secret is left")
			}
			if i := strings.LastIndexByte(got.Text, '['); i >= 0 && !strings.Contains(got.Text[i:], "]") {
				t.Errorf("a tag was cut: %s", got.Text[i:])
			}
		})
	}
}

// Nothing that a partner sends may keep the recorder busy for long.
func TestHugeOddBodies(t *testing.T) {
	for _, unit := range []string{"&", "%", "\\", "?a=", "[", "{\"a\":", "\"", "'", "owne", "&amp;", "%25", "\\u005c", "a=b&", "//a@", "password:", "--B\r\n", "=?", "token=[", "+", "<", "\xff", `"\u0041Pq7Rs2Tu9Vw4",`, `\u0041Pq7Rs2Tu9Vw4`} {
		body := []byte(strings.Repeat(unit, journal.BodyLimit/16/len(unit)))
		for _, contentType := range []string{"application/json", "application/x-www-form-urlencoded", "multipart/form-data; boundary=B"} {
			redactor().Body(contentType, append([]byte("{"), body...))
			redactor().Body(contentType, []byte(`["`+string(body)+`"]`))
			redactor().Body(contentType, body)
		}
		redactor().URL(string(body))
		redactor().Header(map[string][]string{"Cookie": {string(body)}, "Authorization": {string(body)}})
	}
}
