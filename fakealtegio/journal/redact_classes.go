package journal

import (
	"bytes"
	"strings"
)

// The classes of fields, parameters and headers, as they stand in tags.
const (
	classAvatar     = "avatar"
	classBirthDate  = "birth-date"
	classCard       = "card"
	classCode       = "code"
	classCookie     = "cookie"
	classEmail      = "email"
	classHash       = "hash"
	classKey        = "key"
	classLogin      = "login"
	classPassword   = "password"
	classPersonName = "name"
	classPhone      = "phone"
	classSecret     = "secret"
	classSession    = "session"
	classSignature  = "signature"
	classState      = "state"
	classToken      = "token"
	classUserData   = "user-data"
	classUserInfo   = "userinfo"

	// classCredentials is not the class of a tag: the words of the value get classToken, its schemes stay.
	classCredentials = "credentials"
)

var builtinClasses = []string{
	classAvatar, classBirthDate, classCard, classCode, classCookie, classEmail, classHash, classKey, classLogin,
	classPassword, classPersonName, classPhone, classSecret, classSession, classSignature, classState, classToken,
	classUserData, classUserInfo,
}

// exactKeys are the names of fields that are sensitive as a whole, in snake case.
var exactKeys = keysOf(map[string]string{
	classBirthDate:   "birth_date birthday birthdate birth date_of_birth dob",
	classCard:        "card card_number card_no pan cvv cvc",
	classCode:        "otp otp_code pin pin_code sms_code verification_code",
	classCookie:      "cookie cookies set_cookie",
	classCredentials: "authorization proxy_authorization auth_header",
	classEmail:       "email emails e_mail e_mails mail email_address",
	classKey:         "apikey apikeys accesskey privatekey",
	classLogin:       "login username user_name user_login owner_login",
	classPassword:    "pass passwd pwd passphrase passcode",
	classPersonName: "surname patronymic display_name fullname full_name first_name firstname last_name lastname " +
		"middle_name middlename family_name given_name owner_name client_name customer_name contact_name person_name " +
		"staff_name master_name employee_name",
	classPhone:     "tel telephone mobile msisdn cell",
	classSession:   "session sessid session_id sessionid sid phpsessid",
	classSignature: "sign signature hmac user_data_sign",
	classToken:     "token tokens jwt csrf xsrf csrfmiddlewaretoken bearer",
	classUserData:  "user_data userdata",
})

// parameterKeys are sensitive in URLs only: elsewhere they mean too many other things.
var parameterKeys = keysOf(map[string]string{
	classCode:  "code",
	classHash:  "hash",
	classKey:   "key",
	classState: "state",
	classToken: "auth access ticket",
})

// things are the names of objects whose "name" is not that of a person.
var things = keysOf(map[string]string{
	"thing": "app apps application applications category categories channel channels city cities company companies country countries " +
		"currency custom_field custom_fields error errors event events field fields good goods group groups importance item items label " +
		"labels location locations module option options package permission permissions plan plans plugin plugins position " +
		"positions product products resource resources role roles salon salons service services status tag tags tariff tariffs " +
		"tariff_options timezone",
})

func keysOf(byClass map[string]string) map[string]string {
	keys := make(map[string]string)
	for class, names := range byClass {
		for _, name := range strings.Fields(names) {
			keys[name] = class
		}
	}
	return keys
}

// fieldClass returns the class of a field of a body, "" if it is not sensitive. The parent is the
// key of the object that the field is in, if known: a name is taken for that of a person unless
// the object is known to be a thing.
func fieldClass(key, parent string) string {
	var buf [64]byte
	k := snake(buf[:0], key)
	if class, ok := exactKeys[string(k)]; ok {
		return class
	}
	s := string(k)
	switch {
	case s == "name":
		var buf [64]byte
		if things[string(snake(buf[:0], parent))] != "" {
			return ""
		}
		return classPersonName
	case s == "idempotency_key": // judges and readers compare these, and they open nothing
		return ""
	case strings.HasSuffix(s, "_token"), strings.HasSuffix(s, "_tokens"):
		return classToken
	case strings.Contains(s, "password"), strings.HasSuffix(s, "_passwd"), strings.HasSuffix(s, "_pwd"), strings.HasSuffix(s, "_pass"):
		return classPassword
	case strings.HasPrefix(s, "secret"), strings.Contains(s, "_secret"):
		return classSecret
	case strings.HasSuffix(s, "_key"), strings.HasSuffix(s, "_keys"):
		return classKey
	case strings.HasSuffix(s, "_email"), strings.HasSuffix(s, "_emails"), strings.HasSuffix(s, "_e_mail"):
		return classEmail
	case strings.HasPrefix(s, "phone"), strings.HasSuffix(s, "_phone"), strings.HasSuffix(s, "_phones"), strings.HasSuffix(s, "_phone_number"):
		return classPhone
	case strings.HasPrefix(s, "avatar"), strings.HasSuffix(s, "_avatar"):
		return classAvatar
	case strings.HasSuffix(s, "_sign"), strings.HasSuffix(s, "_signature"), strings.HasSuffix(s, "_hmac"):
		return classSignature
	case strings.HasSuffix(s, "_authorization"):
		return classCredentials
	}
	return ""
}

// parameterClass returns the class of a parameter of a URL.
func parameterClass(key string) string {
	name, parent := formKey(strings.TrimPrefix(key, "amp;")) // of a URL that is still escaped for HTML
	if class := fieldClass(name, parent); class != "" {
		return class
	}
	var buf [64]byte
	return parameterKeys[string(snake(buf[:0], name))]
}

// formKey splits the name of a form field, user[email] or phones[], into its last name and the one before.
func formKey(key string) (name, parent string) {
	for _, part := range strings.FieldsFunc(key, func(c rune) bool { return c == '[' || c == ']' || c == '.' }) {
		if strings.Trim(part, "0123456789") != "" {
			name, parent = part, name
		}
	}
	return name, parent
}

// headerWords make a header sensitive wherever they are in its name.
var headerWords = keysOf(map[string]string{
	classCredentials: "authorization",
	classToken:       "token jwt",
	classSecret:      "secret",
	classKey:         "apikey",
	classSignature:   "signature sign hmac",
	classSession:     "session",
	classEmail:       "email",
	classPhone:       "phone",
})

// headerClass returns the class of a header by the words of its name.
func headerClass(name string) string {
	var buf [64]byte
	for word := range bytes.SplitSeq(snake(buf[:0], name), []byte("_")) {
		if class, ok := headerWords[string(word)]; ok {
			return class
		}
	}
	return fieldClass(name, "")
}

// snake appends a name in snake case: partnerToken, Partner-Token and PARTNER_TOKEN are partner_token.
func snake(to []byte, name string) []byte {
	isUpper := func(i int) bool { return i < len(name) && name[i] >= 'A' && name[i] <= 'Z' }
	isLower := func(i int) bool { return i < len(name) && name[i] >= 'a' && name[i] <= 'z' }
	for i := range len(name) {
		c := name[i]
		switch {
		case isUpper(i):
			// A word begins after a lower-case letter and with the last capital of APIKey's API.
			if i > 0 && (isLower(i-1) || isUpper(i-1) && isLower(i+1)) && len(to) > 0 && to[len(to)-1] != '_' {
				to = append(to, '_')
			}
			to = append(to, c+'a'-'A')
		case isLower(i), c >= '0' && c <= '9', c >= 0x80:
			to = append(to, c)
		case len(to) > 0 && to[len(to)-1] != '_':
			to = append(to, '_')
		}
	}
	for len(to) > 0 && to[len(to)-1] == '_' {
		to = to[:len(to)-1]
	}
	return to
}
