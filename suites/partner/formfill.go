package partner

import (
	"bytes"
	"errors"
	"fmt"
	"maps"
	"mime/multipart"
	"net/url"
	"slices"
	"strings"
)

// choose finds the form that a step means among those of a page. The error lists what is there, by
// names and kinds and without values.
func (s *FormStep) choose(p *Page) (*form, error) {
	forms := p.forms()
	var fitting []*form
	for _, f := range forms {
		if s.fits(f, p) {
			fitting = append(fitting, f)
		}
	}
	switch {
	case len(forms) == 0:
		return nil, errors.New("the page has no form in its HTML")
	case len(fitting) == 0:
		return nil, fmt.Errorf("no form of the page has %s; there %s", s.wanted(), describe(forms))
	case s.Index > len(fitting):
		return nil, fmt.Errorf("index is %d, but only %d forms of the page have %s", s.Index, len(fitting), s.wanted())
	case s.Index > 0:
		return fitting[s.Index-1], nil
	case len(fitting) > 1:
		return nil, fmt.Errorf("%d forms of the page have %s, choose one with action, submit or index; there %s", len(fitting), s.wanted(), describe(forms))
	}
	return fitting[0], nil
}

func (s *FormStep) fits(f *form, p *Page) bool {
	for name := range s.Fields {
		if f.find(name) == nil {
			return false
		}
	}
	button := f.press(s.Submit)
	if s.Submit != "" && button == nil {
		return false
	}
	if s.Action == "" {
		return true
	}
	target, err := f.target(p, button)
	return err == nil && strings.Contains(target.String(), s.Action) || f.action == s.Action
}

// wanted says what the step asks of a form.
func (s *FormStep) wanted() string {
	var words []string
	if len(s.Fields) > 0 {
		words = append(words, "the fields "+strings.Join(slices.Sorted(maps.Keys(s.Fields)), ", "))
	}
	if s.Action != "" {
		words = append(words, "the action "+s.Action)
	}
	if s.Submit != "" {
		words = append(words, "the button "+s.Submit)
	}
	if len(words) == 0 {
		return "anything to send"
	}
	return strings.Join(words, " and ")
}

// Limits of a list in an error text.
const (
	formsShown  = 5
	fieldsShown = 15
)

// describe lists forms by the names and kinds of their fields.
func describe(forms []*form) string {
	var texts []string
	for i, f := range forms {
		if i == formsShown {
			texts = append(texts, "…")
			break
		}
		var fields []string
		for _, c := range f.controls {
			name := c.name
			if name == "" {
				name = c.id
			}
			if name == "" && !c.button() {
				continue
			}
			if len(fields) == fieldsShown {
				fields = append(fields, "…")
				break
			}
			fields = append(fields, strings.TrimSpace(clip(squeeze(name, 40), 40)+" ("+clip(c.kind, 20)+")"))
		}
		action := f.action
		if u, err := url.Parse(action); err == nil {
			u.RawQuery, u.Fragment = "", "" // may hold values
			action = u.String()
		}
		text := fmt.Sprintf("form %d", i+1)
		if action != "" {
			text += " to " + clip(squeeze(action, 80), 80)
		}
		texts = append(texts, text+" with "+strings.Join(fields, ", "))
	}
	if len(forms) == 1 {
		return "is " + texts[0]
	}
	return "are " + strings.Join(texts, "; ")
}

// fill sets a field to a value the way a person would.
func fill(word, value string, found []*control) error {
	c := found[0]
	switch c.kind {
	case "checkbox":
		return check(word, value, found)
	case "radio":
		for _, r := range found {
			r.checked = false
		}
		for _, r := range found {
			if r.kind == "radio" && (r.value == value || slices.ContainsFunc(r.labels, func(l string) bool { return sameLabel(l, value) })) {
				r.checked, r.filled = true, true
				return nil
			}
		}
		return noChoice(word, found)
	case "select":
		return c.selectOption(word, value)
	case "file":
		return fmt.Errorf("the field %s takes a file, which a form step cannot give; use an http or exec step", word)
	}
	c.value, c.filled = value, true
	return nil
}

// check sets checkboxes: the one that has the value, or a single one by yes and no.
func check(word, value string, found []*control) error {
	var boxes []*control
	for _, c := range found {
		if c.kind == "checkbox" {
			boxes = append(boxes, c)
		}
	}
	for _, c := range boxes {
		if c.value == value {
			c.checked, c.filled = true, true
			return nil
		}
	}
	if len(boxes) > 1 {
		return noChoice(word, boxes)
	}
	switch strings.ToLower(value) {
	case "true", "on", "yes", "1", "checked":
		boxes[0].checked = true
	case "false", "off", "no", "0", "":
		boxes[0].checked = false
	default:
		return fmt.Errorf("the field %s is a checkbox: its value is true or false", word)
	}
	boxes[0].filled = true
	return nil
}

func noChoice(word string, found []*control) error {
	var choices []string
	for _, c := range found {
		choices = append(choices, clip(c.value, 40))
	}
	return fmt.Errorf("the field %s has no such choice; there are %s", word, clip(strings.Join(choices, ", "), 200))
}

func (c *control) selectOption(word, value string) error {
	for _, same := range []func(o option) bool{
		func(o option) bool { return o.value == value },
		func(o option) bool { return sameLabel(o.label, value) },
	} {
		at := slices.IndexFunc(c.options, same)
		if at < 0 {
			continue
		}
		for i := range c.options {
			c.options[i].selected = i == at
		}
		c.options[at].disabled = false
		c.filled = true
		return nil
	}
	var choices []string
	for _, o := range c.options {
		choices = append(choices, clip(o.label, 40))
	}
	return fmt.Errorf("the field %s has no such choice; there are %s", word, clip(strings.Join(choices, ", "), 200))
}

// pair is a name and a value that a form sends.
type pair struct {
	name, value string
	file        bool
}

// pairs is what a browser would send, in the order of the page. Disabled fields are sent only if
// the step fills them: scripts enable them.
func (f *form) pairs(button *control) []pair {
	var out []pair
	for _, c := range f.controls {
		switch {
		case c.button():
			if c != button {
				continue
			}
			switch {
			case c.kind == "image" && c.name != "":
				out = append(out, pair{name: c.name + ".x", value: "1"}, pair{name: c.name + ".y", value: "1"})
			case c.kind == "image":
				out = append(out, pair{name: "x", value: "1"}, pair{name: "y", value: "1"})
			case c.name != "":
				out = append(out, pair{name: c.name, value: c.value})
			}
		case c.name == "" || c.disabled && !c.filled:
		case c.kind == "checkbox" || c.kind == "radio":
			if c.checked {
				out = append(out, pair{name: c.name, value: c.value})
			}
		case c.kind == "select":
			for _, o := range c.options {
				if o.selected && !o.disabled {
					out = append(out, pair{name: c.name, value: o.value})
				}
			}
		case c.kind == "file":
			out = append(out, pair{name: c.name, file: true})
		case c.kind == "hidden" && strings.EqualFold(c.name, "_charset_"):
			out = append(out, pair{name: c.name, value: "UTF-8"})
		default:
			value := strings.ReplaceAll(strings.ReplaceAll(c.value, "\r\n", "\n"), "\n", "\r\n")
			out = append(out, pair{name: c.name, value: value})
		}
	}
	return out
}

// encode writes pairs as the body of a form, and its content type.
func encode(pairs []pair, enctype string) (contentType string, body []byte) {
	switch enctype {
	case "multipart/form-data":
		var b bytes.Buffer
		w := multipart.NewWriter(&b)
		for _, p := range pairs {
			if p.file {
				_, _ = w.CreateFormFile(p.name, "") // an empty file, as when nobody chose one; a buffer takes everything
			} else {
				_ = w.WriteField(p.name, p.value)
			}
		}
		_ = w.Close()
		return w.FormDataContentType(), b.Bytes()
	case "text/plain":
		var b strings.Builder
		for _, p := range pairs {
			b.WriteString(p.name + "=" + p.value + "\r\n")
		}
		return "text/plain", []byte(b.String())
	}
	return "application/x-www-form-urlencoded", []byte(urlencode(pairs))
}

func urlencode(pairs []pair) string {
	var words []string
	for _, p := range pairs {
		words = append(words, url.QueryEscape(p.name)+"="+url.QueryEscape(p.value))
	}
	return strings.Join(words, "&")
}
