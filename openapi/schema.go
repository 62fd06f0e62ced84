package openapi

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
)

// check holds a value against a schema and reports what does not fit. base points to the
// value; text says that the value was written without types, in a form, query or path.
func (c *Contract) check(found *findings, where, base string, schema *openapi3.Schema, value any, text bool) {
	flatten(schema.VisitJSON(value, c.options...), func(err error) {
		fault, ok := err.(*openapi3.SchemaError) // the library does not wrap it
		if !ok {
			found.fault(where, base, "schema", subject(base)+" cannot be held against the contract")
			return
		}
		if _, reported := fault.Value.(beyondDouble); reported {
			return
		}
		at := base
		for _, name := range fault.JSONPointer() {
			at = pointer(at, name)
		}
		rule, message := explain(fault, text)
		found.add(classOf(fault), where, at, rule, subject(at)+" "+message)
	})
}

// flatten calls report for each error of a tree of MultiErrors.
func flatten(err error, report func(error)) {
	switch err := err.(type) {
	case nil:
	case openapi3.MultiError:
		for _, inner := range err {
			flatten(inner, report)
		}
	default:
		report(err)
	}
}

// classOf reads from the document whether the platform puts up with a fault.
func classOf(fault *openapi3.SchemaError) Class {
	tolerated, _ := fault.Schema.Extensions["x-tolerated"].([]any)
	if len(tolerated) == 0 {
		return ClassError
	}
	deviation := fault.SchemaField
	if deviation == "type" {
		switch value := fault.Value.(type) {
		case string:
			if !decimal(value) {
				return ClassError
			}
			deviation = "decimal-string"
		case float64:
			deviation = "number"
		}
	}
	if slices.Contains(tolerated, any(deviation)) {
		return ClassTolerated
	}
	return ClassError
}

// decimal reports whether text is an id as the contract wants it, but for its quotes. Sixteen
// digits are as many as a double holds.
func decimal(text string) bool {
	if text == "" || len(text) > 16 || text[0] == '0' {
		return false
	}
	return strings.Trim(text, "0123456789") == ""
}

// explain turns a fault into a rule and a message without its subject. It uses the library's
// structure and none of its texts, because those may quote the value.
func explain(fault *openapi3.SchemaError, text bool) (rule, message string) {
	schema := fault.Schema
	switch fault.SchemaField {
	case "required":
		return RuleRequired, "is missing"
	case "type", "nullable":
		if text {
			return RuleType, "is not " + wanted(schema)
		}
		return RuleType, fmt.Sprintf("is %s; %s is wanted", present(fault.Value, schema), wanted(schema))
	case "format":
		if schema.Format == formatDatetime {
			if value, _ := fault.Value.(string); datetimeShape(value) {
				return RuleFormat, "has the form YYYY-MM-DD HH:MM:SS, but no calendar or clock shows that moment"
			}
			return RuleFormat, "is not a date of the form YYYY-MM-DD HH:MM:SS"
		}
		return RuleFormat, "does not have the form " + schema.Format
	case "enum":
		return RuleEnum, "is " + noneOf(schema.Enum)
	case "pattern":
		return "pattern", "does not match " + schema.Pattern
	case "minimum":
		return "minimum", fmt.Sprintf("is below the minimum of %.0f", *schema.Min)
	case "maximum":
		return "maximum", fmt.Sprintf("is above the maximum of %.0f", *schema.Max)
	case "maxItems":
		return "maxItems", fmt.Sprintf("has more than %d items", *schema.MaxItems)
	case "uniqueItems":
		return "uniqueItems", "holds an item twice"
	case "minLength":
		return "minLength", fmt.Sprintf("is shorter than %d characters", schema.MinLength)
	case "anyOf":
		return "anyOf", "has none of the forms that are wanted"
	}
	return fault.SchemaField, "does not satisfy " + fault.SchemaField
}

// present names the type of a value as JSON does.
func present(value any, schema *openapi3.Schema) string {
	switch value := value.(type) {
	case nil:
		return "null"
	case bool:
		return "a boolean"
	case string:
		return "a string"
	case float64:
		if schema.Type.Is(openapi3.TypeInteger) && value != math.Trunc(value) {
			return "a number with a fraction"
		}
		return "a number"
	case []any:
		return "an array"
	}
	return "an object"
}

// wanted names the type of a schema.
func wanted(schema *openapi3.Schema) string {
	switch {
	case schema.Type.Is(openapi3.TypeInteger):
		return "an integer"
	case schema.Type.Is(openapi3.TypeArray):
		return "an array"
	case schema.Type.Is(openapi3.TypeObject):
		return "an object"
	case schema.Type.IsEmpty():
		return "another type"
	}
	return "a " + strings.Join(schema.Type.Slice(), " or ")
}

// noneOf lists the values of an enum.
func noneOf(values []any) string {
	names := make([]string, len(values))
	for i, value := range values {
		names[i] = fmt.Sprint(value)
	}
	if len(names) == 1 {
		return "not " + names[0]
	}
	return "none of " + strings.Join(names, ", ")
}

// unknown reports members that the contract does not name, wherever it names members and does
// not say that there may be more. The platform ignores them.
func unknown(found *findings, where, base string, schema *openapi3.Schema, value any) {
	switch value := value.(type) {
	case map[string]any:
		if len(schema.Properties) == 0 {
			return
		}
		open := schema.AdditionalProperties.Has != nil || schema.AdditionalProperties.Schema != nil
		var strangers []string
		for name, member := range value {
			if known := schema.Properties[name]; known != nil {
				unknown(found, where, base+"/"+name, known.Value, member)
			} else if !open {
				strangers = append(strangers, name)
			}
		}
		slices.Sort(strangers) // the list is bounded, and what stays must not depend on the map
		for _, name := range strangers {
			at := pointer(base, name)
			found.tolerate(where, at, RuleUnknown, subject(at)+" is not a field of this operation; the platform ignores it")
		}
	case []any:
		if schema.Items == nil || len(schema.Items.Value.Properties) == 0 {
			return
		}
		for i, item := range value {
			unknown(found, where, base+"/"+strconv.Itoa(i), schema.Items.Value, item)
		}
	}
}
