package openapi

import (
	"net/http"

	"github.com/getkin/kin-openapi/openapi3"
)

// Request is an HTTP request as it was received. Nothing in it is changed.
type Request struct {
	Method string
	// Path is the escaped path, with any prefix.
	Path string
	// RawQuery is the query without its question mark.
	RawQuery string
	// Host is the Host header. An empty one is not judged; pass none for a server that is
	// reached under a name of its own.
	Host   string
	Header http.Header
	Body   []byte
}

// ValidateRequest returns everything in which a request deviates from the operation that Find
// returned for it, in an order that depends on nothing but the request. It looks at the form of
// the Authorization header only: whether the token is the right one, the caller has to decide.
func (c *Contract) ValidateRequest(op Operation, req Request) []Violation {
	var found findings
	described := c.byID[op.ID]
	if described == nil || described.webhook {
		found.fault(WherePath, "", RuleOperation, "the contract does not have this operation")
		return found.sorted()
	}
	c.checkPath(&found, described, op)
	c.checkHost(&found, req.Host)
	c.checkQuery(&found, described, req.RawQuery)
	form := described.chooseContent(&found, req.Header, req.Body)
	if form == nil || !form.browser {
		described.checkAccept(&found, req.Header)
		described.checkAuthorization(&found, req.Header)
	}
	if form != nil {
		c.checkBody(&found, form, req.Body)
	}
	return found.sorted()
}

// ValidateWebhook returns everything in which a webhook deviates from the contract, for the
// sake of whoever plays Altegio. The operationID is one of Webhooks.
func (c *Contract) ValidateWebhook(operationID string, header http.Header, body []byte) []Violation {
	var found findings
	described := c.byID[operationID]
	if described == nil || !described.webhook {
		found.fault(WherePath, "", RuleOperation, "the contract does not have this operation")
		return found.sorted()
	}
	if form := described.chooseContent(&found, header, body); form != nil {
		c.checkBody(&found, form, body)
	}
	return found.sorted()
}

// chooseContent says which of the operation's forms a body has, and reports a body or a
// Content-Type that is missing or not wanted. It returns nil when the operation has no form that fits.
func (op *operation) chooseContent(found *findings, header http.Header, body []byte) *content {
	if len(op.content) == 0 {
		if len(body) > 0 {
			found.fault(WhereBody, "", RuleBody, "there is a body; the operation has none")
		}
		return nil
	}
	if blank(body) {
		if !op.bodyRequired {
			return nil
		}
		found.fault(WhereBody, "", RuleRequired, "the body is missing")
	}
	return op.checkContentType(found, header, body)
}

// checkBody reads a body and holds it against its schema.
func (c *Contract) checkBody(found *findings, form *content, body []byte) {
	switch {
	case blank(body): // reported as missing
		return
	case form.mediaType == mediaForm:
		c.checkForm(found, form.schema, body)
		return
	}
	value, ok := decodeJSON(found, WhereBody, body)
	if !ok {
		return
	}
	schema := form.schema
	if form.selector != "" {
		if schema = form.variant(found, value); schema == nil {
			return
		}
	}
	c.check(found, WhereBody, "", schema, value, false)
	unknown(found, WhereBody, "", schema, value)
}

// variant returns the schema that the selector's value asks for. kin-openapi has discriminators,
// too, but folds all faults of a variant into one.
func (form *content) variant(found *findings, value any) *openapi3.Schema {
	object, ok := value.(map[string]any)
	if !ok {
		found.fault(WhereBody, "", RuleType, "the body is "+present(value, form.schema)+"; an object is wanted")
		return nil
	}
	at := pointer("", form.selector)
	selected, ok := object[form.selector]
	if !ok {
		found.fault(WhereBody, at, RuleRequired, form.selector+" is missing")
		return nil
	}
	name, ok := selected.(string)
	if !ok {
		found.fault(WhereBody, at, RuleType, form.selector+" is "+present(selected, form.schema)+"; a string is wanted")
		return nil
	}
	schema := form.variants[name]
	if schema == nil {
		found.fault(WhereBody, at, RuleEnum, form.selector+" is "+noneOf(form.names()))
	}
	return schema
}
