package fakealtegio

import (
	"bytes"
	"encoding/json"
	"net/http"
	"strconv"

	"github.com/altegio-readiness/harness/fakealtegio/journal"
)

// answer is what goes back to a caller, and what the record says about why.
type answer struct {
	status  int
	header  http.Header
	body    []byte
	refused string
	choices []string
	// outside marks answers that the contract does not describe: those of a web server rather
	// than of an operation.
	outside bool
}

// envelope is the shape of every JSON answer (Developer Tools 1.0.0,
// https://developer.alteg.io/en/developers/openapi).
type envelope struct {
	Success bool `json:"success"`
	Data    any  `json:"data"`
	Meta    any  `json:"meta"`
}

// Emptiness as PHP writes it.
var (
	emptyList   = []any{}
	emptyObject = map[string]any{}
)

func jsonAnswer(status int, v any) answer {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		panic("an answer of ours cannot be encoded: " + err.Error()) // becomes a harness fault
	}
	return jsonBytes(status, bytes.TrimSuffix(b.Bytes(), []byte("\n")))
}

func jsonBytes(status int, body []byte) answer {
	return answer{status: status, header: http.Header{"Content-Type": {"application/json"}}, body: body}
}

// because adds the readings that shaped an answer.
func (a answer) because(choices ...string) answer {
	a.choices = append(a.choices, choices...)
	return a
}

func (a answer) write(w http.ResponseWriter) {
	for name, values := range a.header {
		w.Header()[name] = values
	}
	w.Header().Set("Content-Length", strconv.Itoa(len(a.body)))
	w.WriteHeader(a.status)
	_, _ = w.Write(a.body) // a caller that has gone away is no fault
}

// The answers of the web server in front of the operations.

func serverAnswer(status int, reason, message string) answer {
	r := refusal{reason: reason, status: status, message: message}
	a := r.answer()
	a.outside = true
	return a
}

func unknownPath() answer {
	return serverAnswer(http.StatusNotFound, journal.RefusedUnknownPath, "Not found.")
}

func wrongMethod(allowed string) answer {
	a := serverAnswer(http.StatusMethodNotAllowed, journal.RefusedMethod, "Method not allowed.")
	a.header.Set("Allow", allowed)
	return a
}

func tooLarge() answer {
	a := serverAnswer(http.StatusRequestEntityTooLarge, journal.RefusedTooLarge, "The request is too large.")
	a.header.Set("Connection", "close") // the rest of the body will not be read
	return a
}

func unreadable() answer {
	a := serverAnswer(http.StatusBadRequest, journal.RefusedUnreadable, "The request broke off.")
	a.header.Set("Connection", "close")
	return a
}

func harnessFault() answer {
	return serverAnswer(http.StatusInternalServerError, journal.RefusedHarness, messageInvalid)
}
