package journal

import (
	"reflect"
	"strings"
	"testing"
)

func TestVocabularyNamesFields(t *testing.T) {
	types := make(map[string]reflect.Type)
	var visit func(reflect.Type)
	visit = func(at reflect.Type) {
		switch at.Kind() {
		case reflect.Pointer, reflect.Slice:
			visit(at.Elem())
		case reflect.Struct:
			if at == timeType || types[at.Name()] != nil {
				return
			}
			types[at.Name()] = at
			for i := range at.NumField() {
				visit(at.Field(i).Type)
			}
		case reflect.Map:
			if at != reflect.TypeFor[map[string][]string]() && at != reflect.TypeFor[map[string]int64]() {
				t.Errorf("the safety net does not look into a %v", at)
			}
		case reflect.Interface:
			t.Errorf("the safety net does not look into a %v", at)
		}
	}
	visit(reflect.TypeFor[Record]())
	for name := range vocabulary {
		record, field, _ := strings.Cut(name, ".")
		if at, ok := types[record]; !ok {
			t.Errorf("%s: no such type", name)
		} else if _, ok := at.FieldByName(field); !ok {
			t.Errorf("%s: no such field", name)
		}
	}
}
