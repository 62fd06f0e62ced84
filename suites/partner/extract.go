package partner

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"
)

// answer is what came of a step.
type answer struct {
	body []byte
	page *Page             // nil of a command
	vars map[string]string // that a command printed
}

// from takes the value out of an answer.
func (e Extract) from(got answer) (string, error) {
	switch {
	case e.JSON != "":
		path, err := ParsePath(e.JSON)
		if err != nil {
			return "", err
		}
		value, err := path.Find(got.body)
		if err != nil {
			return "", err
		}
		text, ok := scalarText(value)
		if !ok {
			return "", fmt.Errorf("%s is %s, not a string or a number", e.JSON, jsonKind(value))
		}
		return text, nil
	case e.Regex != "":
		re, err := regexp.Compile(e.Regex)
		if err != nil {
			return "", errors.New("the regular expression is not valid")
		}
		found := re.FindSubmatch(got.body)
		if len(found) < 2 {
			return "", errors.New("the regular expression matches nothing in the answer")
		}
		return string(found[1]), nil
	case got.page == nil:
		return "", errors.New("a command has no headers and no URL")
	case e.Header != "":
		if values := got.page.Header.Values(e.Header); len(values) > 0 {
			return values[0], nil
		}
		return "", fmt.Errorf("the answer has no header %s", e.Header)
	}
	query := got.page.URL.Query()
	if !query.Has(e.Query) {
		return "", fmt.Errorf("the URL where the step ended has no parameter %s; it has %d others", e.Query, len(query))
	}
	return query.Get(e.Query), nil
}

// scalarText is a JSON scalar as text.
func scalarText(v any) (string, bool) {
	switch v := v.(type) {
	case string:
		return v, true
	case json.Number:
		return v.String(), true
	case bool:
		return fmt.Sprint(v), true
	}
	return "", false
}

// read finds the answer of a probe.
func (p *Probe) read(document []byte) (bool, error) {
	where := p.Path
	if where == "" {
		where = "$"
	}
	path, err := ParsePath(where)
	if err != nil {
		return false, err
	}
	value, err := path.Find(document)
	if err != nil {
		return false, err
	}
	if p.Equals != nil {
		return sameScalar(value, p.Equals.Value), nil
	}
	answer, ok := value.(bool)
	if !ok {
		return false, fmt.Errorf("%s is %s, not true or false; say with equals which value means yes", where, jsonKind(value))
	}
	return answer, nil
}

// sameScalar compares a value of a document with one of the configuration: 1 and 1.0 are equal, 1 and "1" are not.
func sameScalar(a, b any) bool {
	x, ok := a.(json.Number)
	y, also := b.(json.Number)
	if ok && also {
		m, err := x.Float64()
		n, err2 := y.Float64()
		return x == y || err == nil && err2 == nil && m == n
	}
	switch a.(type) {
	case nil, bool, string, json.Number:
		return a == b
	}
	return false
}

func sortedNames[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
