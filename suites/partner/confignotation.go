package partner

import (
	"encoding/json"
	"regexp"
	"strconv"
	"strings"
)

// decode reads 200, "2xx" or a list of those.
func (e *Expect) decode(d *decoder, v *value, path string) error {
	items := []*value{v}
	if v.kind == list {
		items = v.list
	}
	for _, item := range items {
		code, err := strconv.Atoi(item.text)
		if class, ok := strings.CutSuffix(strings.ToLower(item.text), "xx"); ok && len(class) == 1 {
			code, err = strconv.Atoi(class)
			code *= 100
			e.Codes = append(e.Codes, code/100)
		} else {
			e.Codes = append(e.Codes, code)
		}
		if err != nil || code < 100 || code > 599 {
			return d.fail(item.place, "write 200, [200, 201] or 2xx", "%s must be a status code", path)
		}
	}
	if len(e.Codes) == 0 {
		return d.fail(v.place, "write 200, [200, 201] or 2xx", "%s is an empty list", path)
	}
	return nil
}

// decode takes any YAML value.
func (j *JSON) decode(d *decoder, v *value, path string) (err error) {
	j.Value, err = d.anything(v, path)
	return err
}

func (d *decoder) anything(v *value, path string) (any, error) {
	d.places[path] = v.place
	switch v.kind {
	case null:
		return nil, nil
	case boolean:
		return v.text == "true", nil
	case number:
		n, ok := jsonNumber(v.text)
		if !ok {
			return nil, d.fail(v.place, "write it in plain digits, or put it in quotes", "%s is a number that JSON does not have", path)
		}
		return n, nil
	case text:
		return v.tmpl, nil
	case list:
		items := make([]any, 0, len(v.list))
		for i, item := range v.list {
			built, err := d.anything(item, path+"["+strconv.Itoa(i)+"]")
			if err != nil {
				return nil, err
			}
			items = append(items, built)
		}
		return items, nil
	}
	object := make(map[string]any, len(v.fields))
	for _, f := range v.fields {
		d.places["#"+join(path, f.name)] = f.place
		built, err := d.anything(f.value, join(path, f.name))
		if err != nil {
			return nil, err
		}
		object[f.name] = built
	}
	return object, nil
}

var jsonNumberPattern = regexp.MustCompile(`^-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?$`)

// jsonNumber keeps a number as it was written, 990.90 with its zero.
func jsonNumber(s string) (json.Number, bool) {
	return json.Number(s), jsonNumberPattern.MatchString(s)
}

// decode takes a scalar.
func (s *Scalar) decode(d *decoder, v *value, path string) (err error) {
	if v.kind == list || v.kind == mapping {
		return d.wrong(v, path, "a single value", "")
	}
	s.Value, err = d.anything(v, path)
	if v.kind == text {
		s.Value = v.text
	}
	return err
}
