package openapi

import (
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
)

// ValidateResponse returns everything in which an answer deviates from what the contract has
// for the operation. A server that plays Altegio holds its own answers against it.
func (c *Contract) ValidateResponse(op Operation, status int, header http.Header, body []byte) []Violation {
	var found findings
	described := c.byID[op.ID]
	if described == nil {
		found.fault(WhereResponse, "", RuleOperation, "the contract does not have this operation")
		return found.sorted()
	}
	ref := described.responses.Status(status)
	if ref == nil {
		found.fault(WhereResponse, "", RuleStatus, fmt.Sprintf("%d is not a status of this operation", status))
		return found.sorted()
	}
	response := ref.Value
	for name, wanted := range response.Headers {
		value := header.Get(name)
		switch {
		case value != "":
			c.check(&found, WhereResponse, name, wanted.Value.Schema.Value, typed(wanted.Value.Schema.Value, value), true)
		case wanted.Value.Required:
			found.fault(WhereResponse, name, RuleRequired, name+" is missing")
		}
	}
	if len(response.Content) == 0 {
		return found.sorted()
	}
	if blank(body) {
		if response.Extensions["x-body"] != "optional" {
			found.fault(WhereResponse, "", RuleRequired, "the body is missing")
		}
		return found.sorted()
	}
	media := contentOf(&found, response, header)
	if media == nil {
		return found.sorted()
	}
	if value, ok := decodeJSON(&found, WhereResponse, body); ok {
		c.check(&found, WhereResponse, "", media.Schema.Value, value, false)
		unknown(&found, WhereResponse, "", media.Schema.Value, value)
	}
	return found.sorted()
}

// contentOf returns what the contract says of a response of this Content-Type.
func contentOf(found *findings, response *openapi3.Response, header http.Header) *openapi3.MediaType {
	given := essence(header.Get("Content-Type"))
	if media := response.Content[given]; media != nil {
		return media
	}
	var names []string
	for name := range response.Content {
		names = append(names, name)
	}
	slices.Sort(names)
	wanted := strings.Join(names, " or ")
	if given == "" {
		found.fault(WhereResponse, "Content-Type", RuleRequired, "Content-Type is missing; "+wanted+" is wanted")
	} else {
		found.fault(WhereResponse, "Content-Type", RuleContentType, "Content-Type is not "+wanted)
	}
	return nil
}
