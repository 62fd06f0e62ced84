package fakealtegio

import "strings"

// tokenField is the field of a lifecycle webhook that proves its origin: nothing else does.
const tokenField = "partner_token"

// ForgedTokens returns a webhook for every way in which the partner token can be wrong, named by
// its Variant as in [journal.ForgedTokens]. The caller sets the Event. None of them may change
// anything at the integration.
func ForgedTokens() []Webhook {
	set := func(value any) func(map[string]any) {
		return func(body map[string]any) { body[tokenField] = value }
	}
	near := func(i int) func(map[string]any) {
		return func(body map[string]any) {
			token, _ := body[tokenField].(string)
			body[tokenField] = nearTokens(token)[i]
		}
	}
	return []Webhook{
		{Variant: "other-token", Body: set(otherKey)},
		{Variant: "missing", Body: func(body map[string]any) { delete(body, tokenField) }},
		{Variant: "empty", Body: set("")},
		{Variant: "null", Body: set(nil)},
		{Variant: "number", Body: set(0)},     // equal to most strings in old PHP
		{Variant: "list", Body: set([]any{})}, // makes comparisons of strings in PHP give null
		{Variant: "prefix", Body: near(0)},
		{Variant: "other-case", Body: near(1)},
	}
}

// nearTokens are wrong tokens that are almost the right one: all but its last character, and
// upper and lower case exchanged. A token without letters is made longer instead.
func nearTokens(token string) [2]string {
	swapped := strings.Map(func(r rune) rune {
		switch {
		case r >= 'a' && r <= 'z':
			return r - 'a' + 'A'
		case r >= 'A' && r <= 'Z':
			return r - 'A' + 'a'
		}
		return r
	}, token)
	if swapped == token {
		swapped += "A"
	}
	return [2]string{token[:max(0, len(token)-1)], swapped}
}
