package fakealtegio

import (
	"net/http"
	"strings"

	"github.com/altegio-readiness/harness/openapi"

	"github.com/altegio-readiness/harness/fakealtegio/journal"
)

// Messages of the platform (Developer Tools 1.0.0, https://developer.alteg.io/en/developers/openapi;
// the last one was seen in production by the authors of
// https://github.com/altegio/altegio-integrations-hub-mcp).
const (
	messageUnauthenticated  = "Authentication needed."
	messageDenied           = "Access denied."
	messageInvalid          = "An error has occurred."
	messageAlreadyInstalled = "The user has already installed this application."
)

// refusal is why a call has no effect, and what the platform says about it.
type refusal struct {
	reason  string
	status  int
	message string      // "" for an empty meta
	errors  fieldErrors // of a 422
	choices []string    // the readings that led here
}

func unauthenticated() *refusal {
	return &refusal{reason: journal.RefusedToken, status: http.StatusUnauthorized, message: messageUnauthenticated}
}

func denied(reason, message string, choices ...string) *refusal {
	return &refusal{reason: reason, status: http.StatusForbidden, message: message, choices: choices}
}

func invalid(reason string, errors fieldErrors, choices ...string) *refusal {
	return &refusal{
		reason: reason, status: http.StatusUnprocessableEntity, message: messageInvalid,
		errors: errors, choices: append(choices, choiceErrors),
	}
}

// notFound has an empty meta, as documented for a location where nothing is installed.
func notFound(reason string) *refusal {
	return &refusal{reason: reason, status: http.StatusNotFound}
}

func (r *refusal) answer() answer {
	meta := map[string]any{}
	if r.message != "" {
		meta["message"] = r.message
	}
	if len(r.errors) > 0 {
		meta["errors"] = r.errors
	}
	a := jsonAnswer(r.status, envelope{Meta: meta})
	a.refused, a.choices = r.reason, r.choices
	return a
}

// fieldErrors is meta.errors of a 422: messages by field.
type fieldErrors map[string][]string

func (e fieldErrors) add(field, message string) { e[field] = append(e[field], message) }

// unless adds a message for a field that has not been complained about.
func (e fieldErrors) unless(field, message string) {
	if len(e[field]) == 0 {
		e.add(field, message)
	}
}

// bodyErrors are the reasons for which the platform refuses a body that names a location and an
// application. The messages of the contract name types and forms and never repeat a value.
func (c *call) bodyErrors() fieldErrors {
	errs := fieldErrors{}
	for _, v := range c.violations {
		if v.Where != openapi.WhereBody || v.Class != openapi.ClassError {
			continue
		}
		field, _, _ := strings.Cut(strings.TrimPrefix(v.Pointer, "/"), "/")
		if field == "" {
			field = "body"
		}
		errs.add(field, v.Message)
	}
	if c.location == 0 {
		errs.unless("salon_id", "salon_id is missing or not an id")
	}
	if c.application == 0 {
		errs.unless("application_id", "application_id is missing or not an id")
	}
	return errs
}
