package openapi

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Class says what a violation costs.
type Class string

const (
	// ClassError is a deviation that the platform is documented or expected to refuse.
	ClassError Class = "error"
	// ClassTolerated is a deviation that the platform puts up with. It is worth a remark.
	ClassTolerated Class = "tolerated"
)

// The places a Violation can be at.
const (
	WherePath     = "path"
	WhereQuery    = "query"
	WhereHeader   = "header"
	WhereBody     = "body"
	WhereResponse = "response"
)

// Violation is one deviation from the contract. No part of it holds a value that was sent;
// names that were sent appear in Pointer and Message, shortened and made printable.
type Violation struct {
	// Where is one of the Where constants. A fault anywhere in a response is at WhereResponse.
	Where string
	// Pointer is a JSON pointer in bodies ("/salon_id", "" for the whole body), otherwise the
	// name of the header or parameter. It is empty for faults of the path as such.
	Pointer string
	// Rule is one of the Rule constants or the schema keyword that is not satisfied.
	Rule string
	// Message says what is there and what is wanted, in terms of type and form.
	Message string
	// Class is what the violation costs.
	Class Class
}

// The rules that are no keywords of OpenAPI, and the keywords that callers branch on.
const (
	RuleRequired      = "required"       // something mandatory is missing
	RuleType          = "type"           // another type is wanted, null included
	RuleFormat        = "format"         // a string of another form is wanted
	RuleEnum          = "enum"           // only certain values are wanted
	RuleUnknown       = "unknown"        // a field or parameter that the contract does not know
	RuleDuplicate     = "duplicate"      // a member or field named twice
	RuleRepeated      = "repeated"       // a header or parameter given twice
	RuleSyntax        = "syntax"         // not JSON
	RuleTrailing      = "trailing"       // bytes after the JSON value
	RuleUTF8          = "utf-8"          // text that is not UTF-8
	RuleDepth         = "depth"          // nested too deeply
	RuleNumber        = "number"         // a number beyond what a double can hold
	RuleEncoding      = "encoding"       // a percent escape that is none
	RuleBody          = "body"           // a body where none is defined
	RuleContentType   = "content-type"   // another media type is wanted
	RuleAccept        = "accept"         // the API's version is not asked for
	RuleScheme        = "scheme"         // not the form of Authorization that is wanted
	RuleHost          = "host"           // another host serves these operations
	RulePrefix        = "prefix"         // the path carries a prefix of older documents
	RuleTrailingSlash = "trailing-slash" // the path ends in a slash
	RuleStatus        = "status"         // a status the operation does not have
	RuleOperation     = "operation"      // an operation the contract does not have
	RuleLimit         = "limit"          // more violations than are listed
)

// maxViolations bounds the list for one message, for each class by itself, so that a flood of
// remarks hides no error. An honest mistake has less than ten; a body of a megabyte can be made
// to have a hundred thousand.
const maxViolations = 200

// maxName and maxPointer bound, in bytes, what of a sender's names gets into a violation. The
// longest name of the contract has 24.
const (
	maxName    = 64
	maxPointer = 256
)

// findings collects the violations of one message.
type findings struct {
	list   []Violation
	errors tally
	remark tally
}

// tally counts the violations of one class.
type tally struct {
	listed, cut int
	where       string // of the last one cut
}

func (f *findings) add(class Class, where, pointer, rule, message string) {
	violation := Violation{Where: where, Pointer: pointer, Rule: rule, Message: message, Class: class}
	if last := len(f.list) - 1; last >= 0 && f.list[last] == violation {
		return // a member named a thousand times is one violation
	}
	count := &f.errors
	if class == ClassTolerated {
		count = &f.remark
	}
	if count.listed == maxViolations {
		count.cut, count.where = count.cut+1, where
		return
	}
	count.listed++
	f.list = append(f.list, violation)
}

func (f *findings) fault(where, pointer, rule, message string) {
	f.add(ClassError, where, pointer, rule, message)
}

func (f *findings) tolerate(where, pointer, rule, message string) {
	f.add(ClassTolerated, where, pointer, rule, message)
}

// sorted ends the collection: one order for one message, nothing said twice. It returns nil when
// nothing was found.
func (f *findings) sorted() []Violation {
	if len(f.list) > 1 {
		slices.SortFunc(f.list, compare)
	}
	f.list = slices.Compact(f.list)
	f.mention(f.errors, ClassError)
	f.mention(f.remark, ClassTolerated)
	return f.list
}

// mention says how many violations of a class did not fit into the list.
func (f *findings) mention(count tally, class Class) {
	if count.cut > 0 {
		f.list = append(f.list, Violation{
			Where: count.where, Rule: RuleLimit, Class: class,
			Message: fmt.Sprintf("there are %d more violations that are not listed", count.cut),
		})
	}
}

// compare orders violations by place, as places appear in a request, then by pointer.
func compare(a, b Violation) int {
	if a.Where != b.Where {
		return cmp.Compare(rank(a.Where), rank(b.Where))
	}
	if a.Pointer != b.Pointer {
		return strings.Compare(a.Pointer, b.Pointer)
	}
	return cmp.Or(
		strings.Compare(a.Rule, b.Rule),
		strings.Compare(a.Message, b.Message),
		strings.Compare(string(a.Class), string(b.Class)),
	)
}

func rank(where string) int {
	switch where {
	case WherePath:
		return 0
	case WhereQuery:
		return 1
	case WhereHeader:
		return 2
	case WhereBody:
		return 3
	}
	return 4
}

// pointer appends a name to a JSON pointer, escaped as RFC 6901 wants it.
func pointer(base, name string) string {
	name = printable(name)
	if strings.ContainsAny(name, "~/") {
		name = strings.NewReplacer("~", "~0", "/", "~1").Replace(name)
	}
	if len(base)+1+len(name) > maxPointer {
		if strings.HasSuffix(base, "/…") {
			return base
		}
		return base + "/…"
	}
	return base + "/" + name
}

// printable shortens a name that was sent, and replaces what a terminal should not see.
func printable(name string) string {
	plain := len(name) <= maxName
	for i := 0; plain && i < len(name); i++ {
		plain = name[i] >= ' ' && name[i] < 0x7f
	}
	if plain {
		return name
	}
	var out strings.Builder
	for _, r := range name { // invalid bytes arrive as U+FFFD
		if !unicode.IsPrint(r) {
			r = utf8.RuneError
		}
		if out.Len()+utf8.RuneLen(r) > maxName {
			out.WriteRune('…')
			break
		}
		out.WriteRune(r)
	}
	return out.String()
}

// subject names in a message what a pointer points to.
func subject(pointer string) string {
	if pointer == "" {
		return "the body"
	}
	if name := strings.TrimPrefix(pointer, "/"); name != "" {
		return name
	}
	return "the one without a name"
}
