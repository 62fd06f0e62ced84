package checklist

import (
	"encoding/json"
	"maps"
	"math/big"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/altegio-readiness/harness/fakealtegio/journal"
)

// listField is the name of a form field that belongs to a list, as PHP writes lists.
var listField = regexp.MustCompile(`^(.+)\[[0-9]*\]$`)

// fields returns the members of a request's body, JSON or form, with numbers as json.Number. A
// form field whose name ends in brackets, empty or with an index, is part of a list; of other
// fields the last value counts. Nil when there are none.
func fields(rec journal.Record) map[string]any {
	if rec.Exchange == nil || rec.Exchange.Request.Body == nil {
		return nil
	}
	body := rec.Exchange.Request.Body.Text
	var object map[string]any
	dec := json.NewDecoder(strings.NewReader(body))
	dec.UseNumber()
	if dec.Decode(&object) == nil {
		return object
	}
	if isForm(rec.Exchange.Request.Header) {
		return formFields(body)
	}
	return nil
}

func formFields(body string) map[string]any {
	form, _ := url.ParseQuery(body) // pairs that cannot be read are left out, as at the platform
	object := map[string]any{}
	for _, key := range slices.Sorted(maps.Keys(form)) {
		values := form[key]
		match := listField.FindStringSubmatch(key)
		if match == nil {
			object[key] = values[len(values)-1]
			continue
		}
		items, _ := object[match[1]].([]any)
		for _, v := range values {
			items = append(items, v)
		}
		object[match[1]] = items
	}
	return object
}

func isForm(header map[string][]string) bool {
	for _, name := range slices.Sorted(maps.Keys(header)) {
		if strings.EqualFold(name, "Content-Type") && len(header[name]) > 0 {
			return strings.HasPrefix(strings.ToLower(strings.TrimSpace(header[name][0])), "application/x-www-form-urlencoded")
		}
	}
	return false
}

// text returns a field as written, "" when it is absent or neither text nor number.
func text(v any) string {
	switch v := v.(type) {
	case string:
		return v
	case json.Number:
		return v.String()
	}
	return ""
}

// sumTolerance is far below the smallest unit of any currency and far above the noise of
// computing with binary fractions, which turns 990.99 into 990.9900000000001.
var sumTolerance = big.NewRat(1, 1_000_000)

// equalSums compares two decimals by value: 990.9 is 990.90. What is no number of a sensible size
// equals nothing.
func equalSums(a, b string) bool {
	x, okX := decimal(a)
	y, okY := decimal(b)
	return okX && okY && new(big.Rat).Abs(x.Sub(x, y)).Cmp(sumTolerance) <= 0
}

const (
	// maxSum is the length of the longest sum that is read. Exact decimal expansions of binary
	// fractions, as Python's Decimal writes them, have about fifty characters.
	maxSum = 200
	// maxExponent bounds the cost of comparing. Some serialisers write 1000 as 1E+3.
	maxExponent = 30
)

func decimal(s string) (*big.Rat, bool) {
	mantissa, exponent, scientific := strings.Cut(strings.ToLower(s), "e")
	if len(s) > maxSum || mantissa == "" || strings.Trim(mantissa, "+-.0123456789") != "" {
		return nil, false
	}
	if scientific {
		if n, err := strconv.Atoi(exponent); err != nil || n < -maxExponent || n > maxExponent {
			return nil, false
		}
	}
	return new(big.Rat).SetString(s)
}
