package fakealtegio

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/url"
	"strings"
)

// UserData says what the platform's redirect tells about the owner.
//
// The parameters are user_data, the base64 of a JSON object, and user_data_sign ("Transferring
// user data when connecting", https://support.alteg.io/hc/en-us/articles/6756242694429). They do
// not cover the location.
type UserData int

// The variants. All but None, Valid, Escaped, URLSafe and Documented are wrong on purpose, or empty.
const (
	// UserDataNone leaves the parameters out: the checkbox is off.
	UserDataNone UserData = iota
	// UserDataValid is what the platform sends. Its base64 holds "+", "/" and "=".
	UserDataValid
	// UserDataEscaped is valid as well, over JSON with escaped slashes and non-ASCII characters: the
	// signature is of the bytes received, not of what some other encoder makes of them.
	UserDataEscaped
	// UserDataURLSafe is valid, in the URL-safe alphabet of base64, as observed at the sibling platform.
	UserDataURLSafe
	// UserDataDocumented is valid, with the fields of the article (user_id, name, email, phone)
	// instead of those that are sent.
	UserDataDocumented
	// UserDataWrongSignature has a signature with one digit changed.
	UserDataWrongSignature
	// UserDataOtherKey is signed with a token that is not the partner's.
	UserDataOtherKey
	// UserDataNoSignature leaves user_data_sign out, UserDataEmptySignature leaves it empty.
	UserDataNoSignature
	UserDataEmptySignature
	// UserDataEmpty has both parameters and nothing in them, as observed in a live moderation.
	UserDataEmpty
)

// payload is the object that is sent; its fields and their order are those of
// github.com/altegio/altegio-integrations-hub-mcp, docs/marketplace-internals.
type payload struct {
	ID         int64  `json:"id"`
	Name       string `json:"name"`
	Phone      string `json:"phone"`
	Email      string `json:"email"`
	IsApproved bool   `json:"is_approved"`
	Avatar     string `json:"avatar"`
	SalonName  string `json:"salon_name"`
}

// documentedPayload is the sample of the support article.
type documentedPayload struct {
	UserID int64  `json:"user_id"`
	Name   string `json:"name"`
	Email  string `json:"email"`
	Phone  string `json:"phone"`
}

// SignUserData is the platform's signature on user data: lower-case hex of HMAC-SHA256 with the
// partner token as key, over the JSON bytes that base64 carries
// (github.com/altegio/altegio-integrations-hub-mcp; the sample code of "Transferring user data
// when connecting", https://support.alteg.io/hc/en-us/articles/6756242694429).
func SignUserData(token string, json []byte) string {
	mac := hmac.New(sha256.New, []byte(token))
	mac.Write(json)
	return hex.EncodeToString(mac.Sum(nil))
}

// otherKey signs and stands in webhooks where the partner's token should.
const otherKey = "the-token-of-another-developer"

// parameters returns the query parameters of a variant, in the platform's order.
func (u UserData) parameters(token string, owner Owner, salonName string) (pairs [][2]string, err error) {
	alphabet, key := base64.StdEncoding, token
	text, err := ownerJSON(u, owner, salonName)
	if err != nil {
		return nil, err
	}
	switch u {
	case UserDataNone:
		return nil, nil
	case UserDataEmpty:
		return [][2]string{{"user_data", ""}, {"user_data_sign", ""}}, nil
	case UserDataURLSafe:
		alphabet = base64.URLEncoding
	case UserDataOtherKey:
		key = otherKey
	}
	data, sign := [2]string{"user_data", alphabet.EncodeToString(text)}, SignUserData(key, text)
	switch u {
	case UserDataNoSignature:
		return [][2]string{data}, nil
	case UserDataEmptySignature:
		sign = ""
	case UserDataWrongSignature:
		last := byte('0')
		if sign[len(sign)-1] == last {
			last = '1'
		}
		sign = sign[:len(sign)-1] + string(last)
	}
	return [][2]string{data, {"user_data_sign", sign}}, nil
}

// ownerJSON is compact JSON, with Unicode and slashes as they are unless the variant escapes them.
func ownerJSON(u UserData, owner Owner, salonName string) ([]byte, error) {
	switch u {
	case UserDataNone, UserDataEmpty:
		return nil, nil
	case UserDataDocumented:
		return encode(documentedPayload{UserID: owner.ID, Name: owner.Name, Email: owner.Email, Phone: owner.Phone})
	}
	full := payload{
		ID: owner.ID, Name: owner.Name, Phone: owner.Phone, Email: owner.Email, IsApproved: true,
		// Three in a row meet every alignment: "~~~" gives a "+", "???" a "/" in base64.
		Avatar: fmt.Sprintf("https://img.example.test/%d.png?~~~???", owner.ID), SalonName: salonName,
	}
	text, err := encode(full)
	if err == nil && u == UserDataEscaped {
		text = escapeJSON(text)
	}
	if err == nil && len(text)%3 == 0 { // base64 would end without "="
		if u == UserDataEscaped {
			return bytes.Replace(text, []byte("???"), []byte("????"), 1), nil
		}
		full.Avatar += "?"
		text, err = encode(full)
	}
	return text, err
}

func encode(v any) ([]byte, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return nil, fmt.Errorf("encode user data: %w", err)
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), nil
}

// escapeJSON writes JSON as PHP does by default: \/ and \u for all that is not ASCII.
func escapeJSON(text []byte) []byte {
	var b bytes.Buffer
	for _, r := range string(text) {
		switch {
		case r == '/':
			b.WriteString(`\/`)
		case r < 0x80:
			b.WriteRune(r)
		case r >= 0x10000:
			fmt.Fprintf(&b, `\u%04x\u%04x`, 0xd800+(r-0x10000)>>10, 0xdc00+(r-0x10000)&0x3ff)
		default:
			fmt.Fprintf(&b, `\u%04x`, r)
		}
	}
	return b.Bytes()
}

// query writes pairs as a query, each name and value escaped, in the given order.
func query(pairs [][2]string) string {
	parts := make([]string, len(pairs))
	for i, pair := range pairs {
		parts[i] = url.QueryEscape(pair[0]) + "=" + url.QueryEscape(pair[1])
	}
	return strings.Join(parts, "&")
}
