package partner

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/lexer"
	"github.com/goccy/go-yaml/parser"
	"github.com/goccy/go-yaml/token"
)

// What a configuration may be. Real ones have a hundred lines; the limits keep a file that is no
// configuration, or one made to hurt, from costing more than a moment.
const (
	maxConfig  = 256 << 10 // bytes
	maxTokens  = 20000     // the YAML parser is quadratic in them
	maxNesting = 40
	maxValues  = 20000 // after aliases are replaced by what they stand for
)

// kind of a value.
type kind int

const (
	null kind = iota
	boolean
	number
	text
	list
	mapping
)

func (k kind) String() string {
	return [...]string{"nothing", "true or false", "a number", "a text", "a list", "a mapping"}[k]
}

// value is a YAML value with its place.
type value struct {
	kind   kind
	place  place
	text   string // of a scalar: a text without its quotes, everything else as written
	env    bool   // text has something from the environment in it
	tmpl   string // text as template source: what came from the environment is quoted
	list   []*value
	fields []field // of a mapping, in their order
}

type field struct {
	name  string
	place place
	value *value
}

// parseYAML turns the text of a configuration into a value.
func (s *source) parseYAML(data []byte) (v *value, err error) {
	if len(data) > maxConfig {
		return nil, s.fail(place{}, "this does not look like a configuration; check the path",
			"the file has more than %d bytes", maxConfig)
	}
	data = bytes.TrimPrefix(data, []byte("\xef\xbb\xbf"))
	data = bytes.ReplaceAll(data, []byte("\r\n"), []byte("\n"))
	s.lines = strings.Split(string(data), "\n")
	for i, line := range s.lines {
		if at := strings.IndexFunc(line, unprintable); at >= 0 {
			return nil, s.fail(place{i + 1, utf8.RuneCountInString(line[:at]) + 1},
				"save it as plain UTF-8 text", "the file is not a text file")
		}
	}
	if err := s.checkTokens(lexer.Tokenize(string(data))); err != nil {
		return nil, err
	}
	defer func() {
		if p := recover(); p != nil { // a bug of the YAML library is still a file that cannot be read
			v, err = nil, s.fail(place{1, 1}, "", "not valid YAML: the parser gave up")
		}
	}()
	file, err := parser.ParseBytes(data, 0, parser.AllowDuplicateMapKey())
	if err != nil {
		return nil, s.syntaxError(err)
	}
	var body ast.Node
	for _, doc := range file.Docs {
		if doc.Body == nil {
			continue
		}
		if body != nil {
			return nil, s.fail(tokenPlace(doc.Body.GetToken()), "keep one document and remove the line ---", "the file has more than one YAML document")
		}
		body = doc.Body
	}
	if body == nil {
		return nil, s.fail(place{}, "begin with version: 1; the README of altegio-readiness shows the whole format", "the file is empty")
	}
	b := &builder{source: s, anchors: map[string]ast.Node{}}
	return b.build(body, 0)
}

func unprintable(r rune) bool {
	return r == utf8.RuneError || r < ' ' && r != '\t' || r == 0x7f
}

// checkTokens refuses what would cost the recursive parser too much.
func (s *source) checkTokens(tokens token.Tokens) error {
	if len(tokens) > maxTokens {
		return s.fail(place{}, "this does not look like a configuration; check the path", "the file is too long for a configuration")
	}
	line, opened, flow := 0, 0, 0
	for _, t := range tokens {
		if t.Position.Line != line {
			line, opened = t.Position.Line, 0
		}
		switch t.Type {
		case token.MappingStartType, token.SequenceStartType:
			flow++
		case token.MappingEndType, token.SequenceEndType:
			flow--
		case token.SequenceEntryType, token.MappingKeyType, token.TagType, token.AnchorType:
			opened++
		}
		if flow > maxNesting || opened > maxNesting {
			return s.fail(tokenPlace(t), "", "values are nested more than %d deep", maxNesting)
		}
	}
	return nil
}

func (s *source) syntaxError(err error) error {
	var syntax *yaml.SyntaxError
	if !errors.As(err, &syntax) || syntax.Token == nil {
		return s.fail(place{1, 1}, "", "not valid YAML")
	}
	at := tokenPlace(syntax.Token)
	message, _, _ := strings.Cut(syntax.Message, `"`) // some of the library's messages quote half the file
	return s.fail(at, s.braceHint(at), "not valid YAML: %s", strings.TrimRight(message, ": "))
}

// braceHint explains the commonest mistake: in YAML a value that begins with a brace is a mapping.
func (s *source) braceHint(at place) string {
	if at.line < 1 || at.line > len(s.lines) {
		return ""
	}
	line := s.lines[at.line-1]
	for _, open := range []string{"{{", "${"} {
		if found := strings.Index(line, open); found > 0 && line[found-1] != '"' && line[found-1] != '\'' {
			return `put quotes around values with braces in them: "{{.Owner.Email}}", "${NAME}"`
		}
	}
	return ""
}

func tokenPlace(t *token.Token) place {
	if t == nil || t.Position == nil {
		return place{1, 1}
	}
	return place{t.Position.Line, max(1, t.Position.Column)}
}

// builder turns the parser's tree into values, within limits.
type builder struct {
	*source
	anchors map[string]ast.Node
	open    []string // aliases being replaced
	values  int
}

func (b *builder) build(n ast.Node, depth int) (*value, error) {
	at := tokenPlace(n.GetToken())
	if b.values++; b.values > maxValues {
		return nil, b.fail(at, "", "aliases make the file too large")
	}
	if depth > maxNesting {
		return nil, b.fail(at, "", "values are nested more than %d deep", maxNesting)
	}
	scalar := func(k kind, s string) (*value, error) {
		return &value{kind: k, place: at, text: s, tmpl: s}, nil
	}
	switch n := n.(type) {
	case *ast.NullNode:
		return scalar(null, "")
	case *ast.BoolNode:
		return scalar(boolean, fmt.Sprint(n.Value))
	case *ast.IntegerNode:
		return scalar(number, n.Token.Value)
	case *ast.FloatNode:
		return scalar(number, n.Token.Value)
	case *ast.StringNode:
		return scalar(text, n.Value)
	case *ast.LiteralNode:
		at = tokenPlace(n.Start)
		return scalar(text, n.Value.Value)
	case *ast.AnchorNode:
		b.anchors[n.Name.GetToken().Value] = n.Value
		return b.build(n.Value, depth+1)
	case *ast.AliasNode:
		return b.alias(n, at, depth)
	case *ast.SequenceNode:
		v := &value{kind: list, place: at}
		for _, item := range n.Values {
			built, err := b.build(item, depth+1)
			if err != nil {
				return nil, err
			}
			v.list = append(v.list, built)
		}
		return v, nil
	case *ast.MappingValueNode:
		return b.mapping(at, []*ast.MappingValueNode{n}, depth)
	case *ast.MappingNode:
		return b.mapping(at, n.Values, depth)
	case *ast.TagNode:
		return nil, b.fail(at, "remove it", "YAML tags are not understood here")
	}
	return nil, b.fail(at, "", "this kind of YAML value is not understood here")
}

func (b *builder) alias(n *ast.AliasNode, at place, depth int) (*value, error) {
	name := n.Value.GetToken().Value
	target, ok := b.anchors[name]
	if !ok {
		return nil, b.fail(at, "an anchor is written &name; put a text that begins with * in quotes", "the alias has no anchor before it")
	}
	for _, open := range b.open {
		if open == name {
			return nil, b.fail(at, "", "the alias stands inside of itself")
		}
	}
	b.open = append(b.open, name)
	defer func() { b.open = b.open[:len(b.open)-1] }()
	return b.build(target, depth+1)
}

func (b *builder) mapping(at place, entries []*ast.MappingValueNode, depth int) (*value, error) {
	v := &value{kind: mapping, place: at}
	if len(entries) > 0 && at.col > 1 {
		v.place = tokenPlace(entries[0].Key.GetToken()) // the token of a block mapping is its first colon
	}
	seen := map[string]place{}
	for _, entry := range entries {
		key := tokenPlace(entry.Key.GetToken())
		var name string
		switch k := entry.Key.(type) {
		case *ast.StringNode:
			name = k.Value
		case *ast.IntegerNode, *ast.FloatNode, *ast.BoolNode, *ast.NullNode:
			name = k.GetToken().Value
		case *ast.MergeKeyNode:
			return nil, b.fail(key, "write the keys out", "YAML merge keys are not understood here")
		default:
			return nil, b.fail(key, b.braceHint(key), "a key must be a plain word")
		}
		if first, twice := seen[name]; twice {
			return nil, b.fail(key, "remove one of them", "the key %q is there twice, first in line %d", keyText(name), first.line)
		}
		seen[name] = key
		built, err := b.build(entry.Value, depth+1)
		if err != nil {
			return nil, err
		}
		v.fields = append(v.fields, field{name: name, place: key, value: built})
	}
	return v, nil
}

// clip cuts what an integration sent to a number of runes, and between words: the text has yet to
// be redacted, and half a secret would not be recognised.
func clip(s string, limit int) string {
	short := shorten(s, limit)
	if short == s {
		return s
	}
	if end := strings.LastIndexAny(short, " \t\n"); end > 0 {
		return short[:end] + " …"
	}
	return "…"
}

// shorten cuts a text to a number of runes.
func shorten(s string, limit int) string {
	for i := range s {
		if limit--; limit < 0 {
			return s[:i] + "…"
		}
	}
	return s
}
