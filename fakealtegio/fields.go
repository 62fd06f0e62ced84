package fakealtegio

import (
	"bytes"
	"encoding/json"
	"math/big"
	"mime"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"unicode/utf8"
)

// fields are the members of a body, as JSON values. A form has strings only.
type fields map[string]json.RawMessage

// isForm tells whether a body is what a browser sends for a form.
func isForm(header http.Header) bool {
	mediaType, _, _ := mime.ParseMediaType(header.Get("Content-Type"))
	return mediaType == "application/x-www-form-urlencoded"
}

// jsonFields reads the first JSON value of a body, nil if it is no object. Whether the rest of the
// body is sound is the contract's business; here it matters what the sender meant. Of a member
// named twice the last one counts, as in PHP.
func jsonFields(body []byte) fields {
	f := make(fields, 8)
	if json.Unmarshal(body, &f) == nil {
		return f
	}
	clear(f)
	if json.NewDecoder(bytes.NewReader(body)).Decode(&f) != nil {
		return nil
	}
	return f
}

var listName = regexp.MustCompile(`^webhook_urls\[[0-9]*\]$`)

// formFields reads a form as PHP does: names of lists end in brackets, of the others the last
// value counts.
func formFields(body []byte) fields {
	values, _ := url.ParseQuery(string(body)) // pairs that cannot be read are left out
	f := fields{}
	var urls []string
	for name, list := range values {
		if listName.MatchString(name) {
			urls = append(urls, list...)
			continue
		}
		text, err := json.Marshal(list[len(list)-1])
		if err == nil {
			f[name] = text
		}
	}
	if text, err := json.Marshal(urls); err == nil && len(urls) > 0 {
		f["webhook_urls"] = text
	}
	return f
}

// id returns an id, 0 if there is none. Strings and floating-point numbers of integral value
// count, as the platform's samples have both.
func (f fields) id(name string) int64 {
	raw := f[name]
	if id := decimalID(string(raw)); id != 0 { // as documented
		return id
	}
	var text string
	if json.Unmarshal(raw, &text) == nil {
		return decimalID(text)
	}
	var number json.Number
	if json.Unmarshal(raw, &number) != nil || len(number) > 32 { // longer ones are no ids, and costly
		return 0
	}
	value, err := strconv.ParseFloat(number.String(), 64)
	if err != nil || value < 1 || value > maxID {
		return 0
	}
	exact, ok := new(big.Rat).SetString(number.String())
	if !ok || !exact.IsInt() {
		return 0
	}
	return exact.Num().Int64()
}

// maxID is the largest integer that every JSON parser reads exactly.
const maxID = 1<<53 - 1

// decimalID reads a positive decimal number, 0 for anything else.
func decimalID(text string) int64 {
	if text == "" || text[0] < '0' || text[0] > '9' {
		return 0
	}
	id, err := strconv.ParseInt(text, 10, 64)
	if err != nil || id > maxID {
		return 0
	}
	return id
}

// text returns a string, "" if there is none.
func (f fields) text(name string) string {
	raw := f[name]
	if len(raw) >= 2 && raw[0] == '"' && !bytes.ContainsRune(raw, '\\') && utf8.Valid(raw) {
		return string(raw[1 : len(raw)-1])
	}
	var s string
	if json.Unmarshal(raw, &s) != nil {
		return ""
	}
	return s
}

// texts returns the strings of a list.
func (f fields) texts(name string) []string {
	var list []any
	if json.Unmarshal(f[name], &list) != nil {
		return nil
	}
	var texts []string
	for _, item := range list {
		if s, ok := item.(string); ok {
			texts = append(texts, s)
		}
	}
	return texts
}

// decimal returns a number that is not negative, as it was written.
func (f fields) decimal(name string) (string, bool) {
	raw := f[name]
	if len(raw) == 0 || raw[0] < '0' || raw[0] > '9' {
		return "", false
	}
	text := string(raw)
	if _, err := strconv.ParseFloat(text, 64); err != nil { // beyond what a double can hold
		return "", false
	}
	return text, true
}
