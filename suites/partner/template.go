package partner

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
	"text/template"
	"text/template/parse"
)

// Scopes of a template: which facts it may use.
const (
	static = "static" // what is known before anything runs
	hook   = "hook"   // everything
)

// staticRoots are the facts known before a story begins.
var staticRoots = []string{"Altegio", "Application", "Integration", "Run"}

// templateError is a mistake in a template with the advice that goes with it.
type templateError struct{ message, hint string }

func (e *templateError) Error() string { return e.message }

// functions are the additions to those of text/template, of which urlquery is the most useful here.
var functions = template.FuncMap{
	// json quotes a fact for use inside of a hand-written JSON body.
	"json": func(v any) (string, error) {
		out, err := json.Marshal(v)
		return string(out), err
	},
}

// parseTemplate reads a template and checks that every fact it uses exists in its scope.
func parseTemplate(text, scope string) (*template.Template, error) {
	t, err := template.New("").Funcs(functions).Option("missingkey=error").Parse(text)
	if err != nil {
		message := err.Error()
		if _, after, ok := strings.Cut(message, ": "); ok { // "template: :1: …"
			if _, reason, ok := strings.Cut(after, ": "); ok {
				message = reason
			}
		}
		return nil, &templateError{"not a valid template: " + message, "write {{.Owner.Email}}, for literal braces {{\"{{\"}}"}
	}
	if t.Tree == nil || t.Tree.Root == nil {
		return t, nil // an empty text
	}
	var wrong error
	mentions(t.Tree.Root, false, func(fact []string, _ bool) {
		if wrong == nil {
			wrong = checkFact(fact, scope)
		}
	}, func(what string) {
		if wrong == nil {
			wrong = &templateError{what + " is not allowed in a configuration", "only facts, functions and {{if}} are"}
		}
	})
	return t, wrong
}

// mentions calls found for every fact that a template names, {"Owner", "Email"}; optional says
// that the fact is guarded by an if. Constructs that change what the dot means are refused.
func mentions(n parse.Node, optional bool, found func(fact []string, optional bool), refused func(what string)) {
	if v := reflect.ValueOf(n); !v.IsValid() || v.Kind() == reflect.Pointer && v.IsNil() {
		return
	}
	visit := func(n parse.Node) { mentions(n, optional, found, refused) }
	switch n := n.(type) {
	case *parse.ListNode:
		for _, item := range n.Nodes {
			visit(item)
		}
	case *parse.ActionNode:
		visit(n.Pipe)
	case *parse.PipeNode:
		if len(n.Decl) > 0 {
			refused("a variable")
		}
		for _, command := range n.Cmds {
			visit(command)
		}
	case *parse.CommandNode:
		for _, arg := range n.Args {
			visit(arg)
		}
	case *parse.IfNode:
		optional = true
		visit(n.Pipe)
		visit(n.List)
		visit(n.ElseList)
	case *parse.ChainNode:
		refused("a field of a result")
	case *parse.FieldNode:
		found(n.Ident, optional)
	case *parse.VariableNode:
		if len(n.Ident) > 1 && n.Ident[0] == "$" {
			found(n.Ident[1:], optional)
		} else {
			refused("a variable")
		}
	case *parse.DotNode:
		refused("the bare dot")
	case *parse.RangeNode:
		refused("{{range}}")
	case *parse.WithNode:
		refused("{{with}}")
	case *parse.TemplateNode:
		refused("{{template}}")
	}
}

// facts are the dotted names of everything in Vars but the extracted values, sorted.
var facts = func() []string {
	var names []string
	root := reflect.TypeFor[Vars]()
	for i := range root.NumField() {
		if group := root.Field(i); group.Type.Kind() == reflect.Struct {
			for j := range group.Type.NumField() {
				names = append(names, group.Name+"."+group.Type.Field(j).Name)
			}
		}
	}
	slices.Sort(names)
	return names
}()

func checkFact(fact []string, scope string) error {
	name := strings.Join(fact, ".")
	if fact[0] == "Vars" && len(fact) == 2 && scope == hook {
		return nil
	}
	if !slices.Contains(facts, name) && fact[0] != "Vars" || fact[0] == "Vars" && len(fact) != 2 {
		return &templateError{fmt.Sprintf("unknown template variable {{.%s}}", shorten(name, 60)), factHint(name)}
	}
	if scope == static && !slices.Contains(staticRoots, fact[0]) {
		return &templateError{
			fmt.Sprintf("{{.%s}} is not known here", name),
			"this part is read once, before any story begins; it may use Altegio, Application, Integration and Run",
		}
	}
	return nil
}

func factHint(name string) string {
	if near := suggest(name, facts); near != "" {
		return fmt.Sprintf("did you mean {{.%s}}?", near)
	}
	group, field, dotted := strings.Cut(name, ".")
	var inGroup, sameField []string
	for _, fact := range facts {
		g, f, _ := strings.Cut(fact, ".")
		if strings.EqualFold(g, group) {
			inGroup = append(inGroup, "."+f)
		}
		if !dotted && strings.EqualFold(f, group) || dotted && strings.EqualFold(f, field) {
			sameField = append(sameField, "{{."+fact+"}}")
		}
	}
	switch {
	case len(inGroup) > 0:
		return fmt.Sprintf("there are %s of %s", strings.Join(inGroup, ", "), group)
	case len(sameField) > 0:
		return "did you mean " + strings.Join(sameField, " or ") + "?"
	}
	return "there are Altegio, Application, Integration, Owner, Location, Payment, Run, and Vars for what steps extract"
}

// render executes a template. A fact without a value is an error unless an {{if}} guards it.
func render(text, scope string, vars Vars) (string, error) {
	if !strings.Contains(text, "{{") {
		return text, nil
	}
	t, err := parseTemplate(text, scope)
	if err != nil {
		return "", err
	}
	if t.Tree == nil || t.Tree.Root == nil {
		return "", nil
	}
	extracted := map[string]string{}
	maps.Copy(extracted, vars.Vars)
	mentions(t.Tree.Root, false, func(fact []string, optional bool) {
		switch {
		case err != nil:
		case !optional:
			err = checkKnown(fact, vars)
		case fact[0] == "Vars":
			extracted[fact[1]] = vars.Vars[fact[1]] // an if may ask for what is not there
		}
	}, func(string) {})
	if err != nil {
		return "", err
	}
	vars.Vars = extracted
	var b strings.Builder
	if err := t.Execute(&b, vars); err != nil {
		var exec template.ExecError
		if errors.As(err, &exec) {
			err = exec.Err
		}
		_, reason, ok := strings.Cut(err.Error(), ">: ")
		if !ok {
			reason = err.Error()
		}
		return "", &templateError{"the template does not work: " + reason, ""}
	}
	return b.String(), nil
}

func checkKnown(fact []string, vars Vars) error {
	if fact[0] == "Vars" {
		if _, ok := vars.Vars[fact[1]]; ok {
			return nil
		}
		have := "nothing has been extracted yet"
		if names := slices.Sorted(maps.Keys(vars.Vars)); len(names) > 0 {
			have = "extracted so far: " + strings.Join(names, ", ")
		}
		return &templateError{fmt.Sprintf("{{.Vars.%s}} is not known: no earlier step has extracted it", fact[1]), have}
	}
	if v := reflect.ValueOf(vars).FieldByName(fact[0]); v.IsValid() {
		if f := v.FieldByName(fact[1]); f.IsValid() && !f.IsZero() {
			return nil
		}
	}
	return &templateError{fmt.Sprintf("{{.%s}} has no value at this moment", strings.Join(fact, ".")), ""}
}
