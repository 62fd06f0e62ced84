package partner

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// Path is a place in a JSON document: $ is the whole, .name and ['name'] are members, [0] is an
// element. There is nothing else: no wildcards, no filters.
type Path struct {
	steps []pathStep
}

type pathStep struct {
	name  string
	index int // -1 for a member
}

// maxIndex keeps nonsense out of error texts; no document has as many elements.
const maxIndex = 1 << 20

// ParsePath reads a path like $.data.items[0]['first name'].
func ParsePath(text string) (Path, error) {
	var p Path
	rest, ok := strings.CutPrefix(text, "$")
	if !ok {
		return p, errors.New("a path begins with $")
	}
	for rest != "" {
		at := len(text) - len(rest) + 1
		switch {
		case rest[0] == '.':
			end := strings.IndexAny(rest[1:], ".[")
			if end < 0 {
				end = len(rest) - 1
			}
			name := rest[1 : 1+end]
			if name == "" {
				return p, fmt.Errorf("a name is missing after the dot at position %d", at)
			}
			if strings.ContainsAny(name, " \t*?'\"]") {
				return p, fmt.Errorf("%q at position %d is not a plain name; write ['…'] around other names, wildcards are not known", shorten(name, 40), at)
			}
			p.steps = append(p.steps, pathStep{name, -1})
			rest = rest[1+end:]
		case rest[0] == '[' && len(rest) > 1 && (rest[1] == '\'' || rest[1] == '"'):
			end := strings.Index(rest[2:], rest[1:2]+"]")
			if end < 0 {
				return p, fmt.Errorf("the bracket at position %d is not closed", at)
			}
			p.steps = append(p.steps, pathStep{rest[2 : 2+end], -1})
			rest = rest[2+end+2:]
		case rest[0] == '[':
			digits, after, closed := strings.Cut(rest[1:], "]")
			if !closed {
				return p, fmt.Errorf("the bracket at position %d is not closed", at)
			}
			index, err := strconv.ParseUint(digits, 10, 32)
			if err != nil || index > maxIndex {
				return p, fmt.Errorf("[%s] at position %d is not an index; write [0], or ['…'] for a name", shorten(digits, 40), at)
			}
			p.steps = append(p.steps, pathStep{"", int(index)})
			rest = after
		default:
			return p, fmt.Errorf("unexpected %q at position %d; write .name, ['name'] or [0]", shorten(rest, 1), at)
		}
	}
	return p, nil
}

// String writes the path in its canonical form.
func (p Path) String() string {
	var b strings.Builder
	b.WriteByte('$')
	for _, s := range p.steps {
		switch {
		case s.index >= 0:
			fmt.Fprintf(&b, "[%d]", s.index)
		case isName(s.name):
			b.WriteString("." + s.name)
		case strings.Contains(s.name, "'"):
			b.WriteString(`["` + s.name + `"]`)
		default:
			b.WriteString("['" + s.name + "']")
		}
	}
	return b.String()
}

// Find returns the value at the path in a JSON document: nil, bool, json.Number, string, []any or
// map[string]any.
func (p Path) Find(document []byte) (any, error) {
	dec := json.NewDecoder(bytes.NewReader(document))
	dec.UseNumber()
	var v any
	if err := dec.Decode(&v); err != nil {
		return nil, errors.New("the answer is not JSON")
	}
	if _, err := dec.Token(); !errors.Is(err, io.EOF) {
		return nil, errors.New("the answer is not JSON: something follows the value")
	}
	for i, step := range p.steps {
		here := Path{p.steps[:i]}.String()
		switch at := v.(type) {
		case map[string]any:
			if step.index >= 0 {
				return nil, fmt.Errorf("%s is an object, not a list", here)
			}
			member, ok := at[step.name]
			if !ok {
				return nil, fmt.Errorf("%s has no member %q%s", here, step.name, membersOf(at))
			}
			v = member
		case []any:
			if step.index < 0 {
				return nil, fmt.Errorf("%s is a list, not an object with a member %q", here, step.name)
			}
			if step.index >= len(at) {
				return nil, fmt.Errorf("%s has %d elements, no [%d]", here, len(at), step.index)
			}
			v = at[step.index]
		default:
			return nil, fmt.Errorf("%s is %s, it has nothing inside", here, jsonKind(v))
		}
	}
	return v, nil
}

// membersOf lists the names, not the values, of an object.
func membersOf(object map[string]any) string {
	names := slices.Sorted(maps.Keys(object))
	if len(names) == 0 {
		return "; it is empty"
	}
	const shown = 10
	more := ""
	if len(names) > shown {
		names, more = names[:shown], ", …"
	}
	for i, name := range names {
		names[i] = clip(name, 40)
	}
	return "; there are " + strings.Join(names, ", ") + more
}

func jsonKind(v any) string {
	switch v.(type) {
	case nil:
		return "null"
	case bool:
		return "true or false"
	case json.Number:
		return "a number"
	case string:
		return "a string"
	case []any:
		return "a list"
	}
	return "an object"
}
