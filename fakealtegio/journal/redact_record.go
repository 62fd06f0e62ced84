package journal

import (
	"reflect"
	"strings"
	"sync"
	"time"
)

// The safety net: records are built from parts that have been redacted, and errors, titles, command
// lines and the like that may not have been. Before a record is written, all its strings go through
// [Redactor.Text] once more.

// vocabulary are the fields whose values the harness makes up and judges compare. A partner whose
// password is "payment" must not break them.
var vocabulary = setOf("Record.Kind Record.Scenario " +
	"Run.Harness Run.Requirements Run.Reach Run.Hooks Run.Probes Run.Selected Application.Monetization " +
	"Choice.Name Scenario.Phase Scenario.Cast Scenario.BlockedBy " +
	"Exchange.Direction Exchange.Operation Exchange.Event Exchange.Variant Exchange.Refused Exchange.Choices " +
	"Request.Proto Body.Digest Violation.Where Violation.Rule Violation.Class " +
	"Step.Hook Step.Kind Hook.Name Payment.Key Payment.Sum Payment.Currency Probe.Name Probe.Moment Wait.For Wait.Moment " +
	"Transition.From Transition.To Transition.Source Transition.Reason Fault.Name Fault.Operation Output.Stream End.Reason")

func setOf(words string) map[string]bool {
	set := make(map[string]bool)
	for _, word := range strings.Fields(words) {
		set[word] = true
	}
	return set
}

// record returns the record with all text redacted. It copies what it changes.
func (r *Redactor) record(rec Record) Record {
	if v, changed := r.redacted(reflect.ValueOf(&rec).Elem()); changed {
		return v.Interface().(Record)
	}
	return rec
}

var timeType = reflect.TypeFor[time.Time]()

func (r *Redactor) redacted(v reflect.Value) (reflect.Value, bool) {
	switch v.Kind() {
	case reflect.String:
		s := v.String()
		if text := r.Text(s); text != s {
			out := reflect.New(v.Type()).Elem()
			out.SetString(text)
			return out, true
		}
	case reflect.Pointer:
		if v.IsNil() {
			break
		}
		if elem, changed := r.redacted(v.Elem()); changed {
			out := reflect.New(v.Type().Elem())
			out.Elem().Set(elem)
			return out, true
		}
	case reflect.Struct:
		var out reflect.Value
		for _, i := range textFields(v.Type()) {
			if field, changed := r.redacted(v.Field(i)); changed {
				if !out.IsValid() {
					out = reflect.New(v.Type()).Elem()
					out.Set(v)
				}
				out.Field(i).Set(field)
			}
		}
		if out.IsValid() {
			return out, true
		}
	case reflect.Slice:
		var out reflect.Value
		for i := range v.Len() {
			if elem, changed := r.redacted(v.Index(i)); changed {
				if !out.IsValid() {
					out = reflect.MakeSlice(v.Type(), v.Len(), v.Len())
					reflect.Copy(out, v)
				}
				out.Index(i).Set(elem)
			}
		}
		if out.IsValid() {
			return out, true
		}
	case reflect.Map:
		if header, ok := v.Interface().(map[string][]string); ok {
			out, changed := r.redactedHeader(header)
			return reflect.ValueOf(out), changed
		}
	}
	return v, false
}

// redactedHeader does without reflection, since there are two headers in every exchange.
func (r *Redactor) redactedHeader(header map[string][]string) (map[string][]string, bool) {
	changed := false
	for name, values := range header {
		changed = changed || r.Text(name) != name
		for _, value := range values {
			changed = changed || r.Text(value) != value
		}
	}
	if !changed {
		return header, false
	}
	out := make(map[string][]string, len(header))
	for name, values := range header {
		shown := r.Text(name)
		for _, value := range values {
			out[shown] = append(out[shown], r.Text(value))
		}
	}
	return out, true
}

var fieldPlans sync.Map // of []int by reflect.Type

// textFields returns the fields of a struct that may hold text to be redacted.
func textFields(t reflect.Type) []int {
	if plan, ok := fieldPlans.Load(t); ok {
		return plan.([]int)
	}
	var plan []int
	for i := range t.NumField() {
		field := t.Field(i)
		if !vocabulary[t.Name()+"."+field.Name] && holdsText(field.Type) {
			plan = append(plan, i)
		}
	}
	fieldPlans.Store(t, plan)
	return plan
}

func holdsText(t reflect.Type) bool {
	switch t.Kind() {
	case reflect.Pointer, reflect.Slice:
		return holdsText(t.Elem())
	case reflect.Struct:
		return t != timeType
	}
	return t.Kind() == reflect.String || t.Kind() == reflect.Map
}
