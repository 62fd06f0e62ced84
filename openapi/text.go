package openapi

import (
	"net/url"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/getkin/kin-openapi/openapi3"
)

// checkPath checks what stands for the placeholders of the path, and how the path was written.
func (c *Contract) checkPath(found *findings, op *operation, received Operation) {
	if received.Prefix != "" {
		found.tolerate(WherePath, "", RulePrefix, "the path begins with "+received.Prefix+", which the marketplace operations do not have")
	}
	if received.TrailingSlash {
		found.tolerate(WherePath, "", RuleTrailingSlash, "the path ends in a slash, which the operation does not have")
	}
	for _, param := range op.path {
		value, ok := received.Params[param.name]
		if !ok {
			found.fault(WherePath, param.name, RuleRequired, param.name+" is missing")
			continue
		}
		c.check(found, WherePath, param.name, param.schema, typed(param.schema, value), true)
	}
}

// checkQuery checks the parameters of the query, and remarks on those nobody asked for.
func (c *Contract) checkQuery(found *findings, op *operation, raw string) {
	if raw == "" && len(op.query) == 0 {
		return
	}
	given := make(map[string]string)
	eachField(raw, func(name, value string, ok bool) {
		shown := printable(name)
		_, twice := given[name]
		known := slices.ContainsFunc(op.query, func(param parameter) bool { return param.name == name })
		switch {
		case !ok:
			found.fault(WhereQuery, shown, RuleEncoding, "the query holds an escape that is none")
		case !known:
			found.tolerate(WhereQuery, shown, RuleUnknown, subject("/"+shown)+" is not a parameter of this operation; the platform ignores it")
		case twice:
			found.tolerate(WhereQuery, shown, RuleRepeated, shown+" is given more than once")
			fallthrough
		default:
			given[name] = value
		}
	})
	for _, param := range op.query {
		value, ok := given[param.name]
		switch {
		case ok:
			c.check(found, WhereQuery, param.name, param.schema, typed(param.schema, value), true)
		case param.required:
			found.fault(WhereQuery, param.name, RuleRequired, param.name+" is missing")
		}
	}
}

// checkForm checks the body of an HTML form. A list's fields end in brackets, with or without
// an index between them, as PHP wants it.
func (c *Contract) checkForm(found *findings, schema *openapi3.Schema, body []byte) {
	form := make(map[string]any)
	eachField(string(body), func(name, value string, ok bool) {
		at := pointer("", name)
		property := schema.Properties[name]
		if open := strings.IndexByte(name, '['); property == nil && open > 0 && indexed(name[open:]) {
			name = name[:open] + "[]"
			property = schema.Properties[name]
		}
		switch {
		case !ok:
			found.fault(WhereBody, at, RuleEncoding, "the form holds an escape that is none")
		case !utf8.ValidString(name) || !utf8.ValidString(value):
			found.fault(WhereBody, at, RuleUTF8, subject(at)+" is not valid UTF-8")
		case property == nil && schema.Properties[name+"[]"] != nil:
			found.fault(WhereBody, at, RuleType, subject(at)+" is a single value; a list named "+name+"[] is wanted")
		case property == nil:
			found.tolerate(WhereBody, at, RuleUnknown, subject(at)+" is not a field of this operation; the platform ignores it")
		case property.Value.Type.Is(openapi3.TypeArray):
			list, _ := form[name].([]any)
			form[name] = append(list, typed(property.Value.Items.Value, value))
		default:
			if _, twice := form[name]; twice {
				found.fault(WhereBody, at, RuleDuplicate, subject(at)+" appears more than once in the form")
			}
			form[name] = typed(property.Value, value)
		}
	})
	c.check(found, WhereBody, "", schema, form, true)
}

// indexed reports whether text is "[]" or an index in brackets.
func indexed(text string) bool {
	return len(text) >= 2 && text[len(text)-1] == ']' && strings.Trim(text[1:len(text)-1], "0123456789") == ""
}

// eachField calls report for every field of a query or form, in order. When an escape is
// broken ok is false, and name is what could be read of it.
func eachField(raw string, report func(name, value string, ok bool)) {
	for field := range strings.SplitSeq(raw, "&") {
		if field == "" {
			continue
		}
		name, value, _ := strings.Cut(field, "=")
		plainName, nameErr := url.QueryUnescape(name)
		plainValue, valueErr := url.QueryUnescape(value)
		if nameErr != nil {
			plainName = ""
		}
		report(plainName, plainValue, nameErr == nil && valueErr == nil)
	}
}

// typed reads text as the type the schema wants. Text that does not read so stays text, which
// the schema then refuses.
func typed(schema *openapi3.Schema, text string) any {
	number := schema.Type.Is(openapi3.TypeNumber)
	if !number && !schema.Type.Is(openapi3.TypeInteger) {
		return text
	}
	size := numberPrefix(text)
	if size == 0 || size != len(text) || !number && strings.ContainsAny(text, ".eE") {
		return text
	}
	value, err := strconv.ParseFloat(text, 64)
	if err != nil { // out of range; as text it is refused, too
		return text
	}
	return value
}
