package partner_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/altegio-readiness/harness/suites/partner"
)

const document = `{"a": {"b": [10, {"c d": "x"}], "": 1, "it's": 2}, "n": 1.50, "t": true, "z": null}`

func TestJSONPath(t *testing.T) {
	for _, c := range []struct{ path, want string }{
		{"$.a.b[0]", "10"},
		{"$.a.b[1]['c d']", "x"},
		{`$["a"]["it's"]`, "2"},
		{"$['a']['']", "1"},
		{"$.n", "1.50"},
		{"$.t", "true"},
		{"$.z", "<nil>"},
		{"$", ""},
		{"", "error: a path begins with $"},
		{"a.b", "error: a path begins with $"},
		{"$.", "error: a name is missing after the dot at position 2"},
		{"$..a", "error: a name is missing after the dot at position 2"},
		{"$.a[", "error: the bracket at position 4 is not closed"},
		{"$.a['b", "error: the bracket at position 4 is not closed"},
		{"$.a[b]", "error: [b] at position 4 is not an index"},
		{"$.a[-1]", "error: [-1] at position 4 is not an index"},
		{"$.a[99999999999]", "error: [99999999999] at position 4"},
		{"$.*", `error: "*" at position 2 is not a plain name`},
		{"$a", `error: unexpected "a" at position 2`},
		{"$.x", `error: $ has no member "x"; there are a, n, t, z`},
		{"$.a.b[2]", "error: $.a.b has 2 elements, no [2]"},
		{"$.a.b.c", `error: $.a.b is a list, not an object with a member "c"`},
		{"$.a[0]", "error: $.a is an object, not a list"},
		{"$.n.x", "error: $.n is a number, it has nothing inside"},
		{"$.z.x", "error: $.z is null, it has nothing inside"},
	} {
		got := ""
		path, err := partner.ParsePath(c.path)
		if err == nil {
			var value any
			if value, err = path.Find([]byte(document)); c.want != "" {
				got = fmt.Sprint(value)
			}
		}
		if err != nil {
			got = "error: " + err.Error()
		}
		if !strings.HasPrefix(got, c.want) || c.want == "" && got != "" {
			t.Errorf("%s: got %s, want %s", c.path, got, c.want)
		}
	}
	for _, bad := range []string{"", "{", "{} {}", "nope", "\xff"} {
		if _, err := (partner.Path{}).Find([]byte(bad)); err == nil {
			t.Errorf("%q was read as JSON", bad)
		}
	}
}

func FuzzJSONPath(f *testing.F) {
	for _, seed := range []string{"$", "$.a.b[0]", "$['a'][\"b c\"]", "$.a[", "$..", "$[0][1]", "$['it''s']", "$.\xff"} {
		f.Add(seed, document)
	}
	f.Fuzz(func(t *testing.T, text, document string) {
		path, err := partner.ParsePath(text)
		if err != nil {
			if err.Error() == "" || len(err.Error()) > 1000 {
				t.Errorf("got the error %q", err)
			}
			return
		}
		again, err := partner.ParsePath(path.String())
		if err != nil && !strings.Contains(text, `"`) { // a name with both kinds of quotes cannot be written
			t.Errorf("%q became %q, which is none: %v", text, path, err)
		}
		if err == nil && again.String() != path.String() {
			t.Errorf("%q became %q and then %q", text, path, again)
		}
		_, _ = path.Find([]byte(document))
	})
}
