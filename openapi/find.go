package openapi

import (
	"errors"
	"net/url"
	"strings"
)

var (
	// ErrUnknownPath says that no operation has this path, with or without a known prefix.
	ErrUnknownPath = errors.New("no operation has this path")
	// ErrMethodNotAllowed says that the path is known, but not with this method.
	ErrMethodNotAllowed = errors.New("the operation has another method")
)

// prefixes are what other sources write in front of the paths: the older version of Developer
// Tools has /v1, the default server of the present one and an integration for the sibling
// platform have /api/v1. (Developer Tools, https://developer.alteg.io/en/developers/openapi)
var prefixes = []string{"/api/v1", "/v1"}

// Find returns the operation behind a path as received: escaped, with prefix, without query.
// It forgives the prefixes /api/v1 and /v1 and one slash at the end, and tells in the Operation
// that it did, so that ValidateRequest can remark on it.
//
// The error is ErrUnknownPath or ErrMethodNotAllowed. With the latter the Operation is the one
// that the path does have, so that the caller can say which method is right.
func (c *Contract) Find(method, path string) (Operation, error) {
	var prefix string
	for _, candidate := range prefixes {
		if rest, ok := strings.CutPrefix(path, candidate); ok && strings.HasPrefix(rest, "/") {
			prefix, path = candidate, rest
			break
		}
	}
	trimmed := strings.TrimSuffix(path, "/")
	var other *operation
	for _, op := range c.operations {
		if !op.match(trimmed, nil) {
			continue
		}
		if op.Method != method {
			other = op
			continue
		}
		return op.found(trimmed, prefix, trimmed != path), nil
	}
	if other != nil {
		return other.found(trimmed, prefix, trimmed != path), ErrMethodNotAllowed
	}
	return Operation{}, ErrUnknownPath
}

// found is the public face of an operation that matches the path.
func (op *operation) found(path, prefix string, slash bool) Operation {
	face := op.Operation
	face.Prefix, face.TrailingSlash = prefix, slash
	if len(op.path) > 0 {
		face.Params = make(map[string]string, len(op.path))
		op.match(path, face.Params)
	}
	return face
}

// match compares the path step by step, and stores what stands for placeholders in params.
func (op *operation) match(path string, params map[string]string) bool {
	rest, ok := strings.CutPrefix(path, "/")
	if !ok {
		return false
	}
	for i, want := range op.segments {
		step, tail, more := strings.Cut(rest, "/")
		if more != (i < len(op.segments)-1) {
			return false
		}
		switch {
		case !want.param:
			if step != want.text {
				return false
			}
		case step == "":
			return false
		case params != nil:
			if plain, err := url.PathUnescape(step); err == nil {
				step = plain
			}
			params[want.text] = step
		}
		rest = tail
	}
	return true
}
