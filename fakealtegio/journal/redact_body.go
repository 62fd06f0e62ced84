package journal

import (
	"encoding/json"
	"mime"
	"net/textproto"
	"strings"
	"unicode/utf8"
)

// bodyRead is how much of a body is looked at. It is more than is kept, since tags may be
// shorter than what they replace.
const bodyRead = 2 * BodyLimit

// Body returns the body as it is recorded, nil for an empty one.
//
// In JSON the values of sensitive fields are replaced where they stand, and all other bytes stay:
// duplicate keys, white space, order, what follows the end. A number becomes a string, elements of lists and
// objects are replaced one by one; null, true, false, "", {} and [] stay, so that they are seen to be
// what they are. The text is valid JSON if and only if the body was, as long as it is not truncated. Forms are
// treated likewise, URL-encoded or multipart. What is neither gets the treatment of [Redactor.Text]. The content type is a
// hint: a body that looks like JSON is treated as JSON.
func (r *Redactor) Body(contentType string, b []byte) *Body {
	if len(b) == 0 {
		return nil
	}
	r = r.orBare()
	body := &Body{Size: int64(len(b)), Digest: r.digest('b', b)}
	cut := len(b) > BodyLimit
	if cut {
		b = b[:min(len(b), bodyRead)]
	}
	s := string(b)
	valid := utf8.Valid(b) && json.Valid(b)
	if cut && !valid {
		s = s[:len(s)-r.beginning(s)] // the caller may have stopped reading there
	}
	text := r.bodyText(contentType, showBytes(s), valid)
	if cut || len(text) > BodyLimit {
		body.Truncated = true
		text = r.truncate(text, BodyLimit)
	}
	body.Text = text
	return body
}

// bodyText redacts s, with all its bytes shown, of a body that was or was not valid JSON.
func (r *Redactor) bodyText(contentType, s string, valid bool) string {
	registered := r.find(s)
	if valid {
		x := jsonScan{r: r, s: s, strict: true, search: len(registered) > 0}
		x.value(0, "")
		return apply(s, x.hits)
	}
	shown := showBytes(apply(s, registered))
	text := shown
	media, parameters, _ := mime.ParseMediaType(contentType)
	switch { // what is judged by its looks must look the same when it is redacted again: hence shown
	case media == "multipart/form-data":
		text = showBytes(apply(s, append(r.multipartHits(s, parameters["boundary"]), registered...)))
	case looksLikeJSON(shown) && !r.beginsWithTag(shown):
		text = r.brokenJSON(shown)
	case media == "application/x-www-form-urlencoded", looksLikeForm(shown):
		text = showBytes(apply(s, append(r.formHits(s), registered...)))
	case strings.HasSuffix(media, "json"):
		text = r.brokenJSON(shown)
	}
	if json.Valid([]byte(text)) {
		text += " [not JSON as received]" // what was wrong with it has been replaced
	}
	return text
}

func (r *Redactor) beginsWithTag(s string) bool {
	i, _ := trim(s, 0, len(s))
	return r.tagAt(s, i) > 0
}

// looksLikeForm tells whether s begins like a form body, the name of a field and a sign.
func looksLikeForm(s string) bool {
	eq := until(s, 0, "=<>{}\"' \t\r\n:")
	return eq > 0 && eq < len(s) && s[eq] == '='
}

// multipartHits returns the hits in the fields of a form of the type multipart/form-data.
func (r *Redactor) multipartHits(s, boundary string) []hit {
	if boundary == "" {
		return nil
	}
	var hits []hit
	delimiter := "--" + boundary
	at := strings.Index(s, delimiter)
	for at >= 0 {
		start := at + len(delimiter)
		end := len(s)
		if at = strings.Index(s[start:], delimiter); at >= 0 {
			at += start
			end = at
		}
		part := s[start:end]
		head, blank := strings.Index(part, "\r\n\r\n"), 4
		if head < 0 {
			head, blank = strings.Index(part, "\n\n"), 2
		}
		if head < 0 {
			continue
		}
		from, to := trim(s, start+head+blank, end)
		if class := fieldClass(formKey(partName(part[:head]))); class != "" {
			hits = append(hits, moved(r.field(class, s[from:to]), from)...)
		}
	}
	return hits
}

// partName returns the name of the field that a part with this head holds.
func partName(head string) string {
	for line := range strings.Lines(head) {
		name, value, _ := strings.Cut(line, ":")
		if textproto.TrimString(strings.ToLower(name)) == "content-disposition" {
			_, parameters, _ := mime.ParseMediaType(textproto.TrimString(value))
			return parameters["name"]
		}
	}
	return ""
}

// beginning returns the length of the longest beginning of a registered value that s ends with.
func (r *Redactor) beginning(s string) int {
	r.mu.RLock()
	defer r.mu.RUnlock()
	for n := min(len(s), r.search.longest); n >= shortest; n-- {
		for _, p := range r.search.buckets[first4(s, len(s)-n)] {
			if strings.HasPrefix(p.text, s[len(s)-n:]) {
				return n
			}
		}
	}
	return 0
}

// truncate returns at most limit bytes of s, without a part of a character or a tag.
func (r *Redactor) truncate(s string, limit int) string {
	if len(s) <= limit {
		return s
	}
	for i := limit - 1; i > limit-tagLongest; i-- {
		if s[i] == '[' && r.tagAt(s, i) > limit {
			limit = i
			break
		}
	}
	for limit > 0 && !utf8.RuneStart(s[limit]) {
		limit--
	}
	return s[:limit]
}
