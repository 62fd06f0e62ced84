package partner

import (
	"fmt"
	"reflect"
	"strconv"
	"strings"
	"time"
)

// decoder fills a Config from a value, strictly: unknown keys and wrong types are errors.
type decoder struct {
	*source
}

// custom is implemented by types with a notation of their own.
type custom interface {
	decode(d *decoder, v *value, path string) error
}

var durationType = reflect.TypeFor[time.Duration]()

// decode fills out; tmpl says that texts in it are templates.
func (d *decoder) decode(v *value, path string, out reflect.Value, tmpl bool) error {
	d.places[path] = v.place
	if out.Kind() == reflect.Pointer {
		out.Set(reflect.New(out.Type().Elem()))
		out = out.Elem()
	}
	if c, ok := out.Addr().Interface().(custom); ok {
		return c.decode(d, v, path)
	}
	if out.Type() == durationType {
		return d.duration(v, path, out)
	}
	switch out.Kind() {
	case reflect.Struct:
		return d.structure(v, path, out, tmpl)
	case reflect.Slice:
		return d.slice(v, path, out, tmpl)
	case reflect.Map:
		return d.mapOf(v, path, out, tmpl)
	case reflect.String:
		return d.string(v, path, out, tmpl)
	case reflect.Bool:
		return d.boolean(v, path, out)
	case reflect.Int, reflect.Int64:
		return d.integer(v, path, out)
	}
	panic("partner: no decoder for " + out.Type().String())
}

func (d *decoder) structure(v *value, path string, out reflect.Value, tmpl bool) error {
	if v.kind != mapping {
		return d.wrong(v, path, "a mapping", d.structureHint(v, path, out.Type()))
	}
	index := map[string]int{}
	var names []string
	for i := range out.NumField() {
		if name := out.Type().Field(i).Tag.Get("yaml"); name != "" {
			index[name] = i
			names = append(names, name)
		}
	}
	for _, f := range v.fields {
		i, ok := index[f.name]
		if !ok {
			return d.unknown(f, path, names)
		}
		at := join(path, f.name)
		d.places["#"+at] = f.place
		if f.value.kind == null && out.Field(i).Type() != reflect.TypeFor[*JSON]() && out.Field(i).Type() != reflect.TypeFor[*Scalar]() {
			if out.Type().Field(i).Tag.Get("need") == "" && out.Field(i).Kind() != reflect.String {
				continue // an empty section is an absent one
			}
			return d.fail(f.place, d.missingHint(at), "%s has no value", at)
		}
		if err := d.decode(f.value, at, out.Field(i), tmpl || out.Type().Field(i).Tag.Get("template") != ""); err != nil {
			return err
		}
	}
	for _, name := range names {
		tag := out.Type().Field(index[name]).Tag
		if _, given := d.places["#"+join(path, name)]; !given && tag.Get("need") != "" {
			where := v.place
			if at, ok := d.places["#"+path]; ok {
				where = at
			}
			return d.fail(where, d.missingHint(join(path, name)), "%s is missing", join(path, name))
		}
	}
	return nil
}

func join(path, name string) string {
	if path == "" {
		return keyText(name)
	}
	return path + "." + keyText(name)
}

// keyText is a key as texts show it: up to the first character that no key should have, since
// behind it may be a value that has run into its key.
func keyText(name string) string {
	if cut := strings.IndexAny(name, " \t\"'{}:,=\n"); cut >= 0 {
		name = name[:cut] + "…"
	}
	return shorten(name, 40)
}

// later are words of other versions and tools that deserve a better answer than a spelling suggestion.
var later = map[string]string{
	"container": "use url for a container that runs already, or process with a command that runs it in the foreground",
	"browser":   "use form for pages that work without scripts, or exec with a command that drives a browser",
	"manual":    "use exec with a command that waits for you",
}

func (d *decoder) unknown(f field, path string, names []string) error {
	shown := keyText(f.name)
	hint := ""
	if near := suggest(f.name, names); near != "" {
		hint = fmt.Sprintf("did you mean %q?", near)
	} else if do, ok := later[f.name]; ok {
		hint = "not in this version: " + do
	} else {
		hint = "known here: " + strings.Join(names, ", ")
	}
	if path == "" {
		return d.fail(f.place, hint, "unknown key %q", shown)
	}
	return d.fail(f.place, hint, "unknown key %q in %s", shown, path)
}

func (d *decoder) structureHint(v *value, path string, t reflect.Type) string {
	if t == reflect.TypeFor[Step]() || t == reflect.TypeFor[Probe]() {
		return "write for example: http: {url: http://127.0.0.1:9000/}"
	}
	if t == reflect.TypeFor[Process]() {
		return "write for example: process: {command: [node, server.mjs]}"
	}
	return d.braceHint(v.place)
}

func (d *decoder) missingHint(path string) string {
	switch path {
	case "version":
		return "write: version: 1"
	case "application.partner_token":
		return "write: partner_token: ${ALTEGIO_PARTNER_TOKEN}; any made-up value will do for a test"
	case "application.id":
		return "it is the number of the application in the developer account; any number will do for a test"
	}
	return ""
}

func (d *decoder) slice(v *value, path string, out reflect.Value, tmpl bool) error {
	if v.kind != list {
		hint := ""
		if v.kind == text && out.Type().Elem().Kind() == reflect.String {
			hint = "there is no shell: write the program and its arguments as a list, [node, server.mjs]"
		} else if v.kind == mapping {
			hint = "begin each item with a dash"
		}
		return d.wrong(v, path, "a list", hint)
	}
	out.Set(reflect.MakeSlice(out.Type(), len(v.list), len(v.list)))
	for i, item := range v.list {
		if err := d.decode(item, fmt.Sprintf("%s[%d]", path, i), out.Index(i), tmpl); err != nil {
			return err
		}
	}
	return nil
}

func (d *decoder) mapOf(v *value, path string, out reflect.Value, tmpl bool) error {
	if v.kind != mapping {
		return d.wrong(v, path, "a mapping", "")
	}
	out.Set(reflect.MakeMap(out.Type()))
	for _, f := range v.fields {
		d.places["#"+join(path, f.name)] = f.place
		item := reflect.New(out.Type().Elem()).Elem()
		if err := d.decode(f.value, join(path, f.name), item, tmpl); err != nil {
			return err
		}
		out.SetMapIndex(reflect.ValueOf(f.name), item)
	}
	return nil
}

// string takes texts and numbers as written: a token of digits or a port need no quotes.
func (d *decoder) string(v *value, path string, out reflect.Value, tmpl bool) error {
	if v.kind != text && v.kind != number {
		hint := d.braceHint(v.place)
		if v.kind == boolean {
			hint = fmt.Sprintf("put it in quotes: %q", v.text)
		}
		return d.wrong(v, path, "a text", hint)
	}
	out.SetString(v.text)
	if tmpl {
		out.SetString(v.tmpl)
	}
	return nil
}

func (d *decoder) boolean(v *value, path string, out reflect.Value) error {
	if v.kind != boolean && (!v.env || v.text != "true" && v.text != "false") {
		hint := ""
		switch strings.ToLower(v.text) {
		case "yes", "on", "true":
			hint = "write true, without quotes"
		case "no", "off", "false":
			hint = "write false, without quotes"
		}
		return d.wrong(v, path, "true or false", hint)
	}
	out.SetBool(v.text == "true")
	return nil
}

func (d *decoder) integer(v *value, path string, out reflect.Value) error {
	if v.kind != number && !v.env {
		hint := ""
		if _, err := strconv.Atoi(v.text); err == nil {
			hint = "remove the quotes"
		}
		return d.wrong(v, path, "a whole number", hint)
	}
	n, err := strconv.ParseInt(v.text, 10, out.Type().Bits())
	if err != nil {
		return d.fail(v.place, "", "%s must be a whole number in plain digits", path)
	}
	out.SetInt(n)
	return nil
}

func (d *decoder) duration(v *value, path string, out reflect.Value) error {
	const hint = "write a number with a unit: 300ms, 10s, 2m"
	if v.kind == number && v.text != "0" {
		return d.fail(v.place, fmt.Sprintf("write %ss", v.text), "%s is a number without a unit", path)
	}
	if v.kind != text {
		return d.wrong(v, path, "a duration", hint)
	}
	span, err := time.ParseDuration(v.text)
	if err != nil {
		return d.fail(v.place, hint, "%s is not a duration", path)
	}
	if span <= 0 || span > time.Hour {
		return d.fail(v.place, "", "%s must be more than 0 and at most an hour", path)
	}
	out.SetInt(int64(span))
	return nil
}

func (d *decoder) wrong(v *value, path, want, hint string) error {
	return d.fail(v.place, hint, "%s must be %s, this is %s", path, want, v.kind)
}
