package partner

import (
	"net/url"
	"slices"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// form is a form of a page as it stands there.
type form struct {
	id, name string
	action   string // as written
	method   string // "GET", "POST" or what else is written
	enctype  string
	controls []*control
}

// control is a field or a button of a form.
type control struct {
	name, id string
	kind     string // "text", "hidden", "checkbox", "select", "textarea", "submit"…
	value    string
	labels   []string // texts by which people know it
	checked  bool
	disabled bool
	multiple bool
	options  []option // of a select
	filled   bool
	node     *html.Node
}

type option struct {
	value, label string
	selected     bool
	disabled     bool
}

// button tells whether the control sends or does something and holds no value of its own.
func (c *control) button() bool {
	switch c.kind {
	case "submit", "image", "button", "reset":
		return true
	}
	return false
}

// submits tells whether pressing the control sends the form.
func (c *control) submits() bool { return c.kind == "submit" || c.kind == "image" }

// More than this of a page is not looked at: no owner would either.
const (
	maxForms      = 200
	maxControls   = 2000
	maxLabels     = 4    // of a field
	maxLabelNodes = 200  // in a label
	maxLabelText  = 1000 // bytes
)

// forms reads the forms of the page in their order.
func (p *Page) forms() []*form {
	if p.doc == nil {
		return nil
	}
	var forms []*form
	byNode, byID := map[*html.Node]*form{}, map[string]*form{}
	labels := map[string][]string{}
	for n := range p.doc.Descendants() {
		switch n.DataAtom {
		case atom.Form:
			if len(forms) == maxForms {
				continue
			}
			f := readForm(n)
			forms = append(forms, f)
			byNode[n] = f
			if _, taken := byID[f.id]; !taken {
				byID[f.id] = f
			}
		case atom.Label:
			if target := attr(n, "for"); target != "" && len(labels) < maxControls && len(labels[target]) < maxLabels {
				labels[target] = append(labels[target], labelText(n))
			}
		}
	}
	// The parser takes a form that begins between the rows of a table out of the tree of its fields,
	// browsers know better.
	var torn *html.Node
	controls := 0
	for n := range p.doc.Descendants() {
		if n.DataAtom == atom.Form {
			torn = nil
			if n.FirstChild == nil && ancestor(n, atom.Table) != nil {
				torn = n
			}
			continue
		}
		if n.DataAtom != atom.Input && n.DataAtom != atom.Select && n.DataAtom != atom.Textarea && n.DataAtom != atom.Button {
			continue
		}
		if controls++; controls > maxControls {
			break
		}
		owner := byNode[ancestor(n, atom.Form)]
		if id, ok := attribute(n, "form"); ok {
			owner = byID[id]
		} else if owner == nil && torn != nil && ancestor(n, atom.Table) == ancestor(torn, atom.Table) {
			owner = byNode[torn]
		}
		if owner != nil {
			owner.controls = append(owner.controls, readControl(n, labels))
		}
	}
	return forms
}

func ancestor(n *html.Node, kind atom.Atom) *html.Node {
	for a := range n.Ancestors() {
		if a.DataAtom == kind {
			return a
		}
	}
	return nil
}

func readForm(n *html.Node) *form {
	f := &form{id: attr(n, "id"), name: attr(n, "name"), action: strings.TrimSpace(attr(n, "action"))}
	f.method = strings.ToUpper(strings.TrimSpace(attr(n, "method")))
	f.enctype = strings.ToLower(strings.TrimSpace(attr(n, "enctype")))
	return f
}

func readControl(n *html.Node, labels map[string][]string) *control {
	c := &control{name: attr(n, "name"), id: attr(n, "id"), value: attr(n, "value"), node: n}
	_, c.disabled = attribute(n, "disabled")
	for a := range n.Ancestors() {
		if a.DataAtom == atom.Fieldset {
			_, disabled := attribute(a, "disabled")
			c.disabled = c.disabled || disabled
		}
		if a.DataAtom == atom.Label && len(c.labels) == 0 {
			c.labels = append(c.labels, labelText(a))
		}
	}
	if c.id != "" {
		c.labels = append(c.labels, labels[c.id]...)
	}
	for _, name := range []string{"aria-label", "placeholder"} {
		if text := attr(n, name); text != "" {
			c.labels = append(c.labels, text)
		}
	}
	switch n.DataAtom {
	case atom.Textarea:
		c.kind, c.value = "textarea", textOf(n)
	case atom.Select:
		c.kind = "select"
		_, c.multiple = attribute(n, "multiple")
		c.options = readOptions(n, c.multiple)
	case atom.Button:
		c.kind = strings.ToLower(attr(n, "type"))
		if c.kind != "button" && c.kind != "reset" {
			c.kind = "submit"
		}
		c.labels = append(c.labels, textOf(n))
	default:
		c.kind = strings.ToLower(strings.TrimSpace(attr(n, "type")))
		if c.kind == "" {
			c.kind = "text"
		}
		_, c.checked = attribute(n, "checked")
		if _, given := attribute(n, "value"); !given && (c.kind == "checkbox" || c.kind == "radio") {
			c.value = "on"
		}
	}
	return c
}

// readOptions reads the options of a select; without a selected one a browser selects the first.
func readOptions(n *html.Node, multiple bool) []option {
	var options []option
	selected := -1
	for o := range n.Descendants() {
		if o.DataAtom != atom.Option {
			continue
		}
		label := strings.Join(strings.Fields(textOf(o)), " ")
		value, given := attribute(o, "value")
		if !given {
			value = label
		}
		_, chosen := attribute(o, "selected")
		_, disabled := attribute(o, "disabled")
		if chosen && !multiple && selected >= 0 {
			options[selected].selected = false // the last one wins
		}
		if chosen {
			selected = len(options)
		}
		options = append(options, option{value, label, chosen, disabled})
	}
	if selected < 0 && !multiple {
		if first := slices.IndexFunc(options, func(o option) bool { return !o.disabled }); first >= 0 {
			options[first].selected = true
		}
	}
	return options
}

// labelText is the text of a label without that of a select or textarea inside of it.
func labelText(n *html.Node) string {
	var b strings.Builder
	nodes := 0
	for d := range n.Descendants() {
		if nodes++; nodes > maxLabelNodes || b.Len() >= maxLabelText {
			break
		}
		if d.Type == html.TextNode && ancestor(d, atom.Select) == nil && ancestor(d, atom.Textarea) == nil {
			b.WriteString(d.Data[:min(len(d.Data), maxLabelText)])
		}
	}
	return b.String()
}

// sameLabel compares as people do: "E-mail *:" is "e-mail".
func sameLabel(a, b string) bool {
	clean := func(s string) string {
		return strings.ToLower(strings.Trim(strings.Join(strings.Fields(s), " "), " :*"))
	}
	return clean(a) != "" && clean(a) == clean(b)
}

// find returns the controls that a configuration means by a word: by name, else by id, else by label.
// Fields that people see come before hidden ones of the same name.
func (f *form) find(word string) []*control {
	for _, is := range []func(*control) bool{
		func(c *control) bool { return c.name == word },
		func(c *control) bool { return c.id == word },
		func(c *control) bool {
			return slices.ContainsFunc(c.labels, func(label string) bool { return sameLabel(label, word) })
		},
	} {
		var seen, hidden []*control
		for _, c := range f.controls {
			switch {
			case c.button() || !is(c):
			case c.kind == "hidden":
				hidden = append(hidden, c)
			default:
				seen = append(seen, c)
			}
		}
		if found := append(seen, hidden...); len(found) > 0 {
			return found
		}
	}
	return nil
}

// press finds the button to send the form with. A form may have none.
func (f *form) press(word string) *control {
	for _, c := range f.controls {
		if !c.submits() || word == "" && c.disabled {
			continue
		}
		if word == "" || c.name == word || c.id == word || c.value == word ||
			slices.ContainsFunc(c.labels, func(label string) bool { return sameLabel(label, word) }) || sameLabel(c.value, word) {
			return c
		}
	}
	return nil
}

// target is the URL the form is sent to, with its action or that of the button.
func (f *form) target(p *Page, button *control) (*url.URL, error) {
	action := f.action
	if button != nil {
		if own, ok := attribute(button.node, "formaction"); ok {
			action = strings.TrimSpace(own)
		}
	}
	base := p.base
	if action == "" {
		base = p.URL
	}
	u, err := base.Parse(action)
	if err != nil {
		return nil, err
	}
	u.Fragment, u.RawFragment = "", ""
	return u, nil
}
