// Package openapi is the contract between an integration and the Altegio marketplace: an
// OpenAPI 3.0.3 document of our own, and a validator that says everything in which a request
// deviates from it.
//
//	contract, err := openapi.Load()
//	op, err := contract.Find(r.Method, r.URL.EscapedPath())
//	violations := contract.ValidateRequest(op, openapi.Request{ … })
//
// The document says where each fact can be read, and how sure we are of it. The validator goes
// beyond it where OpenAPI has no words: members named twice, bytes after the value, dates that
// do not exist, names nobody knows, hosts and prefixes of other surfaces.
//
// Violations name fields, types and rules, and never a value: a token or a customer's name
// that was sent to us cannot leave through a message. See [Violation].
//
// It knows kin-openapi and nothing of this module.
package openapi

import (
	"bytes"
	_ "embed"
)

//go:embed altegio.yaml
var document []byte

// Document returns the OpenAPI document in YAML. The caller may keep and change the bytes.
func Document() []byte { return bytes.Clone(document) }
