package openapi

import (
	"errors"
	"time"
)

// formatDatetime is the form of all dates of the payment and status operations: local time of
// a zone that is said nowhere, without an offset.
// (altegio-integrations-hub-mcp, https://github.com/altegio/altegio-integrations-hub-mcp)
const formatDatetime = "altegio-datetime"

var errNoDatetime = errors.New("not a date and time")

// datetimeFormat checks formatDatetime for kin-openapi.
type datetimeFormat struct{}

// Validate returns an error if text does not have the form or is no moment of the calendar.
func (datetimeFormat) Validate(text string) error {
	if !datetimeShape(text) {
		return errNoDatetime
	}
	if _, err := time.Parse(time.DateTime, text); err != nil {
		return errNoDatetime // err quotes the text
	}
	return nil
}

// datetimeShape checks the form alone. time.Parse would take one digit for the hour, and
// fractions of a second.
func datetimeShape(text string) bool {
	const shape = "0000-00-00 00:00:00"
	if len(text) != len(shape) {
		return false
	}
	for i := range len(shape) {
		if shape[i] == '0' {
			if text[i] < '0' || text[i] > '9' {
				return false
			}
		} else if text[i] != shape[i] {
			return false
		}
	}
	return true
}
