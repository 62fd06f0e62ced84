package openapi

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"
	"unicode/utf8"
)

// verdict is what decodeJSON says of a body: its value, whether it is JSON by the letter, and
// whether it was spoilt by one of our own bounds.
func verdict(body []byte) (value any, valid, bounded bool) {
	var found findings
	value, valid = decodeJSON(&found, WhereBody, body)
	for _, v := range found.list {
		switch v.Rule {
		case RuleSyntax, RuleTrailing:
			valid = false
		case RuleDepth, RuleNumber:
			bounded = true
		}
	}
	return value, valid, bounded
}

// agree fails the test unless decodeJSON and encoding/json say the same of a body.
func agree(t *testing.T, body []byte) {
	t.Helper()
	if !utf8.Valid(body) {
		verdict(body) // may say what it likes, but has to return
		return
	}
	value, valid, bounded := verdict(body)
	if bounded {
		return
	}
	if valid != json.Valid(body) {
		t.Fatalf("%q: got valid %v, encoding/json says %v", body, valid, !valid)
	}
	var want any
	if valid && json.Unmarshal(body, &want) == nil && !reflect.DeepEqual(value, want) {
		t.Errorf("%q: got %#v, encoding/json has %#v", body, value, want)
	}
}

var jsonSeeds = []string{
	``, ` `, `{}`, `[]`, `""`, `0`, `-0`, `-`, `1.5e+3`, `1.`, `.5`, `01`, `1e`, `1e-400`, `+1`, `true`, `tru`, `truex`, `null`, `nul`,
	`{"a":1,"a":2}`, `{"a":{"b":[1,2,{"c":null}]},"d":[]}`, `{"a" : 1 , "b":[ ] }`, `{"a"}`, `{"a":}`, `{a:1}`, `{,}`, `[,]`, `[1,]`, `[1 2]`, `{"a":1]`,
	`"\u00e9\ud83d\ude00\ud800\/\n"`, `"\u12"`, `"\x"`, `"\`, `"a`, "\"\x01\"", `"é€😀"`, "\u2028", "1 2", "{}\x00", "\t\n\r {}",
	`[1e308,1e309]`, `"` + "\u007f" + `"`, strings.Repeat("[", 64) + strings.Repeat("]", 64),
}

func TestDecoderAgreesWithEncodingJSON(t *testing.T) {
	for _, seed := range jsonSeeds {
		agree(t, []byte(seed))
	}
}

func TestDecoderBounds(t *testing.T) {
	for _, test := range []struct {
		body string
		rule string
	}{
		{strings.Repeat("[", maxDepth) + strings.Repeat("]", maxDepth), ""},
		{strings.Repeat("[", maxDepth+1) + strings.Repeat("]", maxDepth+1), RuleDepth},
		{`[{"a":1},{"a":1e999}]`, RuleNumber},
		{"\xef\xbb\xbf{}", RuleSyntax},
		{"{\"a\":\"\xff\"}", RuleUTF8},
	} {
		var found findings
		decodeJSON(&found, WhereBody, []byte(test.body))
		var rule string
		if len(found.list) == 1 {
			rule = found.list[0].Rule
		}
		if rule != test.rule || len(found.list) > 1 {
			t.Errorf("%q: got %+v, want rule %q", test.body, found.list, test.rule)
		}
	}
}

func FuzzDecodeJSON(f *testing.F) {
	for _, seed := range jsonSeeds {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, body []byte) { agree(t, body) })
}
