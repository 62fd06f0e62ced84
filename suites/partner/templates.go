package partner

import (
	"errors"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
	"text/template"
)

// eachTemplate calls visit for every text below root that is a template, with its path in the
// configuration and its scope. What visit returns replaces the text.
func eachTemplate(root any, path string, visit func(path, scope, text string) (string, error)) error {
	_, err := walkTemplates(reflect.ValueOf(root), path, "", visit)
	return err
}

// walkTemplates walks v; scope is "" outside of templates. It returns what v is to be replaced by
// where v cannot be set in place.
func walkTemplates(v reflect.Value, path, scope string, visit func(path, scope, text string) (string, error)) (reflect.Value, error) {
	switch v.Kind() {
	case reflect.Pointer, reflect.Interface:
		if v.IsNil() {
			return v, nil
		}
		out, err := walkTemplates(v.Elem(), path, scope, visit)
		if err == nil && v.Kind() == reflect.Interface && v.CanSet() && changed(v.Elem(), out) {
			v.Set(out)
		}
		return out, err
	case reflect.Struct:
		if v.Type() == reflect.TypeFor[JSON]() {
			_, err := walkTemplates(v.Field(0), path, scope, visit)
			return v, err
		}
		for i := range v.NumField() {
			field := v.Type().Field(i)
			name := field.Tag.Get("yaml")
			if name == "" {
				continue
			}
			inner := scope
			if tag := field.Tag.Get("template"); tag != "" {
				inner = tag
			}
			if _, err := walkTemplates(v.Field(i), join(path, name), inner, visit); err != nil {
				return v, err
			}
		}
	case reflect.Slice:
		for i := range v.Len() {
			if _, err := walkTemplates(v.Index(i), fmt.Sprintf("%s[%d]", path, i), scope, visit); err != nil {
				return v, err
			}
		}
	case reflect.Map:
		keys := make([]string, 0, v.Len())
		for _, key := range v.MapKeys() {
			keys = append(keys, key.String())
		}
		slices.Sort(keys)
		for _, key := range keys {
			item := v.MapIndex(reflect.ValueOf(key))
			out, err := walkTemplates(item, join(path, key), scope, visit)
			if err != nil {
				return v, err
			}
			if changed(item, out) {
				v.SetMapIndex(reflect.ValueOf(key), out)
			}
		}
	case reflect.String:
		if scope == "" || v.Type() != reflect.TypeFor[string]() { // a json.Number is no template
			return v, nil
		}
		text, err := visit(path, scope, v.String())
		if err != nil {
			return v, err
		}
		if v.CanSet() && v.String() != text {
			v.SetString(text)
		}
		return reflect.ValueOf(text), nil
	}
	return v, nil
}

// changed tells whether a text was replaced. Nothing else is written, so that a walk that only
// looks can go on while others look too.
func changed(old, now reflect.Value) bool {
	if old.Kind() == reflect.Interface {
		old = old.Elem()
	}
	return old.IsValid() && old.Type() == reflect.TypeFor[string]() && now.Kind() == reflect.String && old.String() != now.String()
}

// clone copies a value with everything it points to.
func clone(v reflect.Value) reflect.Value {
	out := reflect.New(v.Type()).Elem()
	switch v.Kind() {
	case reflect.Pointer:
		if !v.IsNil() {
			out.Set(reflect.New(v.Type().Elem()))
			out.Elem().Set(clone(v.Elem()))
		}
	case reflect.Interface:
		if !v.IsNil() {
			out.Set(clone(v.Elem()))
		}
	case reflect.Struct:
		for i := range v.NumField() {
			out.Field(i).Set(clone(v.Field(i)))
		}
	case reflect.Slice:
		if !v.IsNil() {
			out.Set(reflect.MakeSlice(v.Type(), v.Len(), v.Len()))
			for i := range v.Len() {
				out.Index(i).Set(clone(v.Index(i)))
			}
		}
	case reflect.Map:
		if !v.IsNil() {
			out.Set(reflect.MakeMap(v.Type()))
			for _, key := range v.MapKeys() {
				out.SetMapIndex(key, clone(v.MapIndex(key)))
			}
		}
	default:
		out.Set(v)
	}
	return out
}

// rendered is a copy of a step, or another part of a configuration, with its templates replaced.
func rendered[T any](part T, path string, vars Vars) (T, error) {
	out := clone(reflect.ValueOf(&part)).Interface().(*T)
	err := eachTemplate(out, path, func(path, scope, text string) (string, error) {
		result, err := render(text, scope, vars)
		if err != nil {
			return "", &renderError{path, err}
		}
		return result, nil
	})
	return *out, err
}

// renderError says where a template could not be rendered.
type renderError struct {
	path string
	err  error
}

func (e *renderError) Error() string {
	text := e.path + ": " + e.err.Error()
	var t *templateError
	if errors.As(e.err, &t) && t.hint != "" {
		text += "; " + t.hint
	}
	return text
}

func (e *renderError) Unwrap() error { return e.err }

// checkTemplates parses every template of the configuration.
func (c *Config) checkTemplates() error {
	return eachTemplate(c, "", func(path, scope, text string) (string, error) {
		if strings.Contains(text, "{{") {
			if _, err := parseTemplate(text, scope); err != nil {
				return "", c.templateFault(path, err)
			}
		}
		return text, nil
	})
}

// templateFault gives a mistake in a template its place.
func (c *Config) templateFault(path string, err error) error {
	hint := ""
	var t *templateError
	if errors.As(err, &t) {
		hint = t.hint
	}
	return c.source.failAt(path, hint, "%s: %s", path, err)
}

// uses tells whether a template of some part of the configuration names a fact.
func uses(root any, fact string) bool {
	found := false
	_ = eachTemplate(root, "", func(_, scope, text string) (string, error) {
		if t := parsed(text, scope); t != nil {
			mentions(t.Tree.Root, false, func(name []string, _ bool) {
				found = found || strings.Join(name, ".") == fact
			}, func(string) {})
		}
		return text, nil
	})
	return found
}

// parsed is the template of a text that has one, and nil of other texts.
func parsed(text, scope string) *template.Template {
	if !strings.Contains(text, "{{") {
		return nil
	}
	t, err := parseTemplate(text, scope)
	if err != nil || t.Tree == nil || t.Tree.Root == nil {
		return nil
	}
	return t
}

// PaysWhatItIsTold tells whether the harness chooses the sum of a payment: the pay hook uses
// {{.Payment.Sum}}, or a command of it names READINESS_PAYMENT_SUM. Where payment.sum is given, the
// sum is fixed and the answer is no.
func (c *Config) PaysWhatItIsTold() bool {
	if c.Payment.Sum != "" {
		return false
	}
	for _, step := range c.Drive.Pay {
		if uses(step, "Payment.Sum") {
			return true
		}
		if step.Exec != nil && slices.ContainsFunc(step.Exec.texts(), func(s string) bool {
			return strings.Contains(s, "READINESS_PAYMENT_SUM")
		}) {
			return true
		}
	}
	return false
}

// texts is everything of a command in which a shell could look for a variable.
func (e *ExecStep) texts() []string {
	texts := slices.Concat(e.Command, slices.Sorted(maps.Values(e.Env)))
	if e.Stdin != nil {
		texts = append(texts, *e.Stdin)
	}
	return texts
}
