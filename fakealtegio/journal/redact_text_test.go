package journal_test

import (
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"html"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"testing"
	"unicode/utf8"

	"github.com/altegio-readiness/harness/fakealtegio/journal"
)

const token = "tok-8f/2+Zx&9\"<ключ>" // has something to escape for every encoding

// redactor knows the values that the tests plant.
func redactor() *journal.Redactor {
	r := journal.NewRedactor()
	r.Secret("partner-token", token)
	r.Secret("plain-token", "Pq7Rs2Tu9Vw4")
	r.Secret("owner-email", "owner-x1@example.test")
	r.Secret("owner-name", "Анна Попова")
	r.Secret("owner-phone", "15550100042")
	r.Secret("owner-password", "s3cr3t-Pass")
	return r
}

var tags = regexp.MustCompile(`\[([a-z-]+):[0-9a-f]{8}\]`)

// classes shows tags without their digits, which differ from run to run.
func classes(s string) string { return tags.ReplaceAllString(s, "<$1>") }

func phpJSON(s string) string {
	var b strings.Builder
	for _, c := range s {
		switch {
		case c > 0x7f:
			fmt.Fprintf(&b, `\u%04x`, c)
		case c == '"', c == '/':
			b.WriteString(`\` + string(c))
		default:
			b.WriteRune(c)
		}
	}
	return b.String()
}

func goJSON(s string) string {
	b, _ := json.Marshal(s)
	return string(b[1 : len(b)-1])
}

func everyByte(s, format string) string {
	var b strings.Builder
	for _, c := range []byte(s) {
		fmt.Fprintf(&b, format, c)
	}
	return b.String()
}

// encodings are the ways in which a value may be on its way out.
var encodings = map[string]func(string) string{
	"raw":               func(s string) string { return s },
	"query":             url.QueryEscape,
	"path":              url.PathEscape,
	"query twice":       func(s string) string { return url.QueryEscape(url.QueryEscape(s)) },
	"every byte in %":   func(s string) string { return everyByte(s, "%%%02x") },
	"JSON of Go":        goJSON,
	"JSON of PHP":       phpJSON,
	"JSON in JSON":      func(s string) string { return goJSON(goJSON(s)) },
	"JSON, all escaped": func(s string) string { return everyRune(s, `\u%04X`) },
	"HTML":              html.EscapeString,
	"HTML, decimal":     func(s string) string { return everyRune(s, "&#%d;") },
	"HTML, hex":         func(s string) string { return everyRune(s, "&#x%X;") },
	"HTML in JSON":      func(s string) string { return goJSON(html.EscapeString(s)) },
	"hex":               func(s string) string { return hex.EncodeToString([]byte(s)) },
	"HEX":               func(s string) string { return strings.ToUpper(hex.EncodeToString([]byte(s))) },
	"base64":            func(s string) string { return base64.StdEncoding.EncodeToString([]byte(s)) },
	"base64 unpadded":   func(s string) string { return base64.RawStdEncoding.EncodeToString([]byte(s)) },
	"base64 URL":        func(s string) string { return base64.URLEncoding.EncodeToString([]byte(s)) },
	"base64 in query":   func(s string) string { return url.QueryEscape(base64.StdEncoding.EncodeToString([]byte(s))) },
	"base64 after 1":    func(s string) string { return base64.StdEncoding.EncodeToString([]byte("x" + s + "yz")) },
	"base64 after 2":    func(s string) string { return base64.StdEncoding.EncodeToString([]byte("xx" + s + "y")) },
	"base64 after 3":    func(s string) string { return base64.StdEncoding.EncodeToString([]byte("xxx" + s + "yyy")) },
	"base64 of Go JSON": func(s string) string { return base64.StdEncoding.EncodeToString([]byte(`{"a":"` + goJSON(s) + `"}`)) },
	"base64 of PHP":     func(s string) string { return base64.URLEncoding.EncodeToString([]byte(`{"ab":"` + phpJSON(s) + `"}`)) },
}

func everyRune(s, format string) string {
	var b strings.Builder
	for _, c := range s {
		fmt.Fprintf(&b, format, c)
	}
	return b.String()
}

// leaks returns the encodings in which the value is in the output.
func leaks(out, value string) (found []string) {
	for name, encode := range encodings {
		form := encode(value)
		if strings.HasPrefix(name, "base64") {
			form = strings.Trim(form, "=")
			form = form[4:max(4, len(form)-4)] // neighbours may have changed the ends
			if len(form) < 8 {
				continue
			}
		}
		if strings.Contains(out, form) {
			found = append(found, name)
		}
	}
	return found
}

func TestTextFindsEveryEncoding(t *testing.T) {
	r := redactor()
	for name, encode := range encodings {
		for _, value := range []string{token, "Pq7Rs2Tu9Vw4", "owner-x1@example.test", "Анна Попова", "s3cr3t-Pass"} {
			in := `before "` + encode(value) + `" after`
			got := r.Text(in)
			if found := leaks(got, value); found != nil {
				t.Errorf("%s of %s: got %s, which shows it in %v", name, value, got, found)
			}
			if !strings.HasPrefix(got, `before "`) || !strings.HasSuffix(got, `" after`) || !tags.MatchString(got) {
				t.Errorf("%s of %s: got %s", name, value, got)
			}
			if again := r.Text(got); again != got {
				t.Errorf("%s of %s: got %s, and then %s", name, value, got, again)
			}
		}
	}
}

func TestTextOfAnEncodedValueIsOneTag(t *testing.T) {
	r := redactor()
	want := r.Tag("partner-token", token)
	for name, encode := range encodings {
		if strings.Contains(name, "after") || strings.Contains(name, "of") && strings.HasPrefix(name, "base64") {
			continue
		}
		if got := r.Text("=" + encode(token) + ";"); got != "="+want+";" {
			t.Errorf("%s: got %s", name, got)
		}
	}
}

func TestText(t *testing.T) {
	r := redactor()
	r.Secret("prefix", token[:8])
	r.Secret("superset", token+"-long")
	r.Secret("overlap", "long-tail")
	r.Secret("short", "abc")
	r.Secret("Odd Name_1!", "odd value")
	r.Secret("partner-token-again", token)
	r.Secret("empty", "")
	r.Secret("literal", "null")
	for _, c := range []struct{ name, in, want string }{
		{"nothing", "", ""},
		{"no secret", "plain + %41 \\u0041 &amp;", "plain + %41 \\u0041 &amp;"},
		{"first name wins", token, "<partner-token>"},
		{"more than the token", token + "x", "<partner-token>x"},
		{"twice", token + token, "<partner-token><partner-token>"},
		{"prefix", token[:8] + "!", "<prefix>!"},
		{"longest wins", token + "-long", "<superset>"},
		{"overlap leaves nothing", token + "-long-tail", "<superset><overlap>"},
		{"other case", strings.ToUpper("Pq7Rs2Tu9Vw4"), "PQ7RS2TU9VW4"},
		{"too short to look for", "xabcx", "xabcx"},
		{"literals stay", `{"a":null}`, `{"a":null}`},
		{"not UTF-8", "a\xff" + token + "\xc3(", `a\xff<partner-token>\xc3(`},
		{"broken escapes", `%4 %zz \u00 \ud83d &#; &;` + token + "%", `%4 %zz \u00 \ud83d &#; &;<partner-token>%`},
		{"partly escaped", "own%65r-x1%40example.t\\u0065st", "<owner-email>"},
		{"plus for space", "name=%D0%90%D0%BD%D0%BD%D0%B0+%D0%9F%D0%BE%D0%BF%D0%BE%D0%B2%D0%B0", "name=<owner-name>"},
		{"class of odd name", "odd value", "[" + "odd-name-1-" + ":"},
		{"looks like a tag", "[" + token + ":12345678]", "[<partner-token>:12345678]"},
		{"looks like a tag of unknown class", "[s3cr3t-Pass:12345678]", "[<owner-password>:12345678]"},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := r.Text(c.in)
			if classes(got) != c.want && !(c.name == "class of odd name" && strings.HasPrefix(got, c.want)) {
				t.Errorf("got %s, want %s", got, c.want)
			}
			if again := r.Text(got); again != got {
				t.Errorf("got %s, and then %s", got, again)
			}
			if !utf8.ValidString(got) {
				t.Errorf("%q is not UTF-8", got)
			}
		})
	}
}

func TestTagsAreStableWithinARunOnly(t *testing.T) {
	a, b := redactor(), redactor()
	if a.Text(token) != a.Tag("partner-token", token) {
		t.Error("Text and Tag disagree")
	}
	if a.Text(token) == b.Text(token) {
		t.Error("two runs gave the same tag")
	}
	digits := func(tag string) string { return tag[len(tag)-9:] }
	if digits(a.Tag("email", "x")) != digits(a.Tag("login", "x")) || a.Tag("email", "x") == a.Tag("email", "y") {
		t.Error("the digits do not tell equal from different")
	}
	for class, want := range map[string]string{"": "secret", "9 Lives": "lives", strings.Repeat("x", 99): strings.Repeat("x", 32)} {
		if got := a.Tag(class, "v"); !strings.HasPrefix(got, "["+want+":") {
			t.Errorf("class %q: got %s", class, got)
		}
	}
	// A value that is part of its own tag is not looked for in there.
	a.Secret("s", "token")
	a.Secret("s", digits(a.Tag("email", "x"))[:4])
	for _, s := range []string{"token", a.Tag("token", "z"), a.Tag("email", "x")} {
		once := a.Text(s)
		if twice := a.Text(once); twice != once {
			t.Errorf("got %s, then %s", once, twice)
		}
	}
}

func TestNilRedactor(t *testing.T) {
	var r *journal.Redactor
	r.Secret("a", "value")
	body := r.Body("application/json", []byte(`{"password":"hunter2"}`))
	all := r.Text("value") + r.URL("/?token=abcd") + r.Tag("x", "y") + fmt.Sprint(r.Header(map[string][]string{"Cookie": {"a=b"}})) + body.Text
	if want := `value/?token=<token><x>map[Cookie:[a=<cookie>]]{"password":"<password>"}`; classes(all) != want {
		t.Errorf("got %s, want %s", classes(all), want)
	}
}

func TestRedactorIsSafeForManyGoroutines(t *testing.T) {
	r := redactor()
	var wg sync.WaitGroup
	for i := range 8 {
		wg.Go(func() {
			for j := range 50 {
				secret := fmt.Sprintf("value-%d-%d", i, j)
				r.Secret("value", secret)
				r.Tag(secret, "x")
				if got := r.Text("<" + secret + ">"); strings.Contains(got, secret) {
					t.Errorf("got %s", got)
				}
				r.Body("", []byte(`{"password":"`+secret+`"}`))
			}
		})
	}
	wg.Wait()
}
