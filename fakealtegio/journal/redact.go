package journal

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"hash"
	"strings"
	"sync"
	"unicode/utf8"
)

// Redactor replaces secrets and personal data by tags like "[partner-token:1a2b3c4d]". A tag has a
// class and eight hex digits of a keyed digest of the value. The key is made with the redactor and
// written nowhere, so that tags of equal values are equal within a run and nobody can try out which
// value gives a tag. The digits depend on the value alone: a value that appears under two
// classes is still seen to be one.
//
// What is replaced: every value registered with [Redactor.Secret] wherever it appears, in many
// encodings, and the values of fields, parameters and headers that are known to hold secrets or personal
// data, registered or not. A field that holds exactly a registered value gets a tag of the name under which the
// value was registered, and any other value gets the class of the field, so that a wrong token cannot be taken for
// the right one.
//
// What has been redacted may be redacted again and stays the same. All methods may be called by
// many goroutines at once. A nil Redactor works like a new one without registered values.
type Redactor struct {
	key  [32]byte
	macs sync.Pool // of hash.Hash

	mu      sync.RWMutex      // never held while another method is called
	tags    map[string]string // of the registered values
	classes map[string]bool   // of the tags that may be met
	search  matcher
}

// NewRedactor returns a redactor with a new random key and without registered values.
func NewRedactor() *Redactor {
	r := &Redactor{tags: make(map[string]string), classes: make(map[string]bool)}
	rand.Read(r.key[:]) // never fails
	r.macs.New = func() any { return hmac.New(sha256.New, r.key[:]) }
	for _, class := range builtinClasses {
		r.classes[class] = true
	}
	return r
}

// bare stands in for nil redactors.
var bare = sync.OnceValue(NewRedactor)

func (r *Redactor) orBare() *Redactor {
	if r == nil {
		return bare()
	}
	return r
}

// shortest is the length of the shortest registered value that is looked for inside of other text. Shorter ones
// would be found everywhere.
const shortest = 4

// Secret registers a value that must not be recorded, under a name like "partner-token". From now on
// [Redactor.Text] and the other methods replace it; what was recorded before is not changed. A value
// that is registered already keeps its first name. Values shorter than four bytes are
// replaced only where they are the whole value of a sensitive field.
func (r *Redactor) Secret(name, value string) {
	if r == nil || value == "" {
		return
	}
	name = className(name)
	tag := r.tag(name, value)
	r.mu.Lock()
	defer r.mu.Unlock()
	if _, registered := r.tags[value]; registered {
		return
	}
	r.tags[value] = tag
	r.classes[name] = true
	switch value {
	case "true", "false", "null": // replacing these would say that a body had no literals
	default:
		if len(value) >= shortest {
			r.search.addForms(value, tag)
		}
	}
}

// Tag returns the tag of a value under a class. Characters that a tag cannot have are replaced in the class.
func (r *Redactor) Tag(class, value string) string {
	r = r.orBare()
	class = className(class)
	r.mu.RLock()
	known := r.classes[class]
	r.mu.RUnlock()
	if !known {
		r.mu.Lock()
		r.classes[class] = true
		r.mu.Unlock()
	}
	return r.tag(class, value)
}

func (r *Redactor) tag(class, value string) string {
	return "[" + class + ":" + r.digest('t', []byte(value))[:tagDigits] + "]"
}

// digest returns a keyed digest in hex. The use keeps digests for different purposes apart.
func (r *Redactor) digest(use byte, value []byte) string {
	mac := r.macs.Get().(hash.Hash)
	mac.Reset()
	mac.Write([]byte{use})
	mac.Write(value)
	var sum [sha256.Size]byte
	mac.Sum(sum[:0])
	r.macs.Put(mac)
	return hex.EncodeToString(sum[:8])
}

// Text replaces every registered value by its tag, as it is and in the encodings of URLs, JSON
// (any escapes), HTML, base64 (both alphabets, also inside of something larger) and hex, and
// combinations of two of these. Bytes that are not UTF-8 are shown as \xNN.
func (r *Redactor) Text(s string) string {
	r = r.orBare()
	s = showBytes(s) // before looking: what is shown of a byte may complete a value
	return showBytes(apply(s, r.find(s)))
}

// find returns where registered values are in s.
func (r *Redactor) find(s string) []hit {
	if len(s) < shortest {
		return nil
	}
	r.mu.RLock()
	defer r.mu.RUnlock()
	return r.search.find(s, r.classes)
}

// registered returns the tag of a value if it is registered.
func (r *Redactor) registered(value string) (tag string, ok bool) {
	r.mu.RLock()
	defer r.mu.RUnlock()
	tag, ok = r.tags[value]
	return tag, ok
}

// isTag tells whether all of s is a tag.
func (r *Redactor) isTag(s string) bool {
	if s == "" || s[0] != '[' || s[len(s)-1] != ']' {
		return false
	}
	r.mu.RLock()
	defer r.mu.RUnlock()
	return tagEnd(s, 0, r.classes) == len(s)
}

// tagAt returns the end of the tag that begins at i, or 0.
func (r *Redactor) tagAt(s string, i int) int {
	r.mu.RLock()
	defer r.mu.RUnlock()
	return tagEnd(s, i, r.classes)
}

// The parts of a tag.
const (
	tagDigits  = 8
	tagClass   = 32 // bytes of the longest class
	tagLongest = 1 + tagClass + 1 + tagDigits + 1
)

// tagEnd returns the end of the tag that begins at i, or 0. Only known classes count: text that happens
// to look like a tag must not hide a secret.
func tagEnd(s string, i int, classes map[string]bool) int {
	if i >= len(s) || s[i] != '[' {
		return 0
	}
	colon := strings.IndexByte(s[i:min(len(s), i+2+tagClass)], ':')
	if colon < 2 {
		return 0
	}
	colon += i
	end := colon + 1 + tagDigits + 1
	if end > len(s) || s[end-1] != ']' || !classes[s[i+1:colon]] {
		return 0
	}
	for _, c := range []byte(s[colon+1 : end-1]) {
		if (c < '0' || c > '9') && (c < 'a' || c > 'f') {
			return 0
		}
	}
	return end
}

// className makes a class of letters, digits and hyphens that begins with a letter.
func className(name string) string {
	b := make([]byte, 0, tagClass)
	for _, c := range []byte(strings.ToLower(name)) {
		if (c < 'a' || c > 'z') && (c < '0' || c > '9') {
			c = '-'
		}
		if len(b) < tagClass && (len(b) > 0 || c >= 'a') {
			b = append(b, c)
		}
	}
	if len(b) == 0 {
		return classSecret
	}
	return string(b)
}

// showBytes shows bytes that are not UTF-8 as \xNN.
func showBytes(s string) string {
	if utf8.ValidString(s) {
		return s
	}
	var b strings.Builder
	for i, c := range s {
		_, size := utf8.DecodeRuneInString(s[i:])
		if c == utf8.RuneError && size == 1 {
			fmt.Fprintf(&b, `\x%02x`, s[i])
		} else {
			b.WriteString(s[i : i+size])
		}
	}
	return b.String()
}
