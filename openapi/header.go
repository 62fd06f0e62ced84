package openapi

import (
	"bytes"
	"maps"
	"mime"
	"net"
	"net/http"
	"net/netip"
	"slices"
	"strconv"
	"strings"
)

const (
	mediaJSON = "application/json"
	mediaForm = "application/x-www-form-urlencoded"
)

// hostBusiness serves the business API and, in older documents, these operations, too.
// (Developer Tools, https://developer.alteg.io/en/developers/openapi)
const hostBusiness = "api.alteg.io"

// acceptSibling is the version header of YCLIENTS, from which many integrations are ported.
// (YCLIENTS REST API, https://developers.yclients.com)
const acceptSibling = "application/vnd.yclients.v2+json"

// checkHost remarks on a host that is not the one of the operations. An address or localhost
// is how a test reaches a fake.
func (c *Contract) checkHost(found *findings, host string) {
	if name, _, err := net.SplitHostPort(host); err == nil {
		host = name
	}
	host = strings.ToLower(strings.TrimSuffix(host, "."))
	if host == "" || host == c.host || host == "localhost" {
		return
	}
	if _, err := netip.ParseAddr(strings.Trim(host, "[]")); err == nil {
		return
	}
	message := "the host is not " + c.host + ", which serves the marketplace operations"
	if host == hostBusiness {
		message = "the host is that of the business API; " + c.host + " serves the marketplace operations"
	}
	found.tolerate(WhereHeader, "Host", RuleHost, message)
}

// checkAccept wants the API's version to be asked for: for younger partners the platform's
// authentication depends on it.
// (altegio-integrations-hub-mcp, https://github.com/altegio/altegio-integrations-hub-mcp)
func (op *operation) checkAccept(found *findings, header http.Header) {
	lines := header["Accept"]
	if op.accept == "" || len(lines) == 1 && lines[0] == op.accept {
		return
	}
	sibling, empty := false, true
	for _, line := range lines {
		for entry := range strings.SplitSeq(line, ",") {
			mediaType, params, _ := strings.Cut(entry, ";")
			mediaType = strings.ToLower(strings.TrimSpace(mediaType))
			if mediaType == op.accept && !refused(params) {
				return
			}
			sibling = sibling || mediaType == acceptSibling
			empty = empty && mediaType == ""
		}
	}
	switch {
	case empty:
		found.fault(WhereHeader, "Accept", RuleRequired, "Accept is missing; "+op.accept+" is wanted")
	case sibling:
		found.fault(WhereHeader, "Accept", RuleAccept, "Accept names the API of the sibling platform YCLIENTS; "+op.accept+" is wanted")
	default:
		found.fault(WhereHeader, "Accept", RuleAccept, "Accept does not name "+op.accept)
	}
}

// refused reports whether the parameters of an Accept entry hold a quality of zero.
func refused(params string) bool {
	for param := range strings.SplitSeq(params, ";") {
		name, value, _ := strings.Cut(param, "=")
		if !strings.EqualFold(strings.TrimSpace(name), "q") {
			continue
		}
		quality, err := strconv.ParseFloat(strings.TrimSpace(value), 64)
		return err == nil && quality == 0
	}
	return false
}

// checkAuthorization checks the form of the partner's credentials, "Bearer <token>". With a
// user's token behind a comma it is the form of the business API, which partner operations do
// not need. (Developer Tools, https://developer.alteg.io/en/developers/openapi)
func (op *operation) checkAuthorization(found *findings, header http.Header) {
	if !op.secured {
		return
	}
	const name, form = "Authorization", "Bearer <partner token>"
	lines := header[name]
	if len(lines) > 1 {
		found.tolerate(WhereHeader, name, RuleRepeated, name+" is given more than once")
	}
	if len(lines) == 0 || strings.TrimSpace(lines[0]) == "" {
		found.fault(WhereHeader, name, RuleRequired, name+" is missing; "+form+" is wanted")
		return
	}
	scheme, rest, _ := strings.Cut(strings.TrimSpace(lines[0]), " ")
	partner, user, two := strings.Cut(rest, ",")
	partner = strings.TrimSpace(partner)
	switch {
	case !strings.EqualFold(scheme, "Bearer"):
		found.fault(WhereHeader, name, RuleScheme, name+" has another scheme; "+form+" is wanted")
		return
	case partner == "" || strings.ContainsAny(partner, " \t"):
		found.fault(WhereHeader, name, RuleScheme, name+" does not hold one token behind its scheme; "+form+" is wanted")
		return
	case scheme != "Bearer":
		found.tolerate(WhereHeader, name, RuleScheme, name+" spells the scheme in another case; "+form+" is the documented form")
	}
	if !two {
		return
	}
	word, token, _ := strings.Cut(strings.TrimSpace(user), " ")
	if token = strings.TrimSpace(token); word != "User" || token == "" || strings.ContainsAny(token, " \t,") {
		found.fault(WhereHeader, name, RuleScheme, name+" goes on behind the token, but not with a user's token; "+form+" is wanted")
		return
	}
	found.tolerate(WhereHeader, name, RuleScheme, name+" holds a user's token, too, which partner operations do not need")
}

// checkContentType returns the form that the header names. If it names none of the operation's,
// that is reported, and a body that looks like JSON is read as such, so that its other faults
// come to light in the same run.
func (op *operation) checkContentType(found *findings, header http.Header, body []byte) *content {
	lines := header["Content-Type"]
	if len(lines) > 1 {
		found.tolerate(WhereHeader, "Content-Type", RuleRepeated, "Content-Type is given more than once")
	}
	var given string
	if len(lines) > 0 {
		given = essence(lines[0])
	}
	var jsonForm *content
	for i := range op.content {
		form := &op.content[i]
		if form.mediaType == given {
			return form
		}
		if form.mediaType == mediaJSON {
			jsonForm = form
		}
	}
	names := make([]string, len(op.content))
	for i, form := range op.content {
		names[i] = form.mediaType
	}
	wanted := strings.Join(names, " or ")
	if given == "" {
		found.fault(WhereHeader, "Content-Type", RuleRequired, "Content-Type is missing; "+wanted+" is wanted")
	} else {
		found.fault(WhereHeader, "Content-Type", RuleContentType, "Content-Type is not "+wanted)
	}
	if bytes.HasPrefix(bytes.TrimLeft(body, whiteSpace), []byte("{")) {
		return jsonForm
	}
	return nil
}

// essence returns the media type of a Content-Type without its parameters.
func essence(line string) string {
	if line == mediaJSON {
		return mediaJSON
	}
	if mediaType, _, err := mime.ParseMediaType(line); err == nil {
		return mediaType
	}
	mediaType, _, _ := strings.Cut(line, ";")
	return strings.ToLower(strings.TrimSpace(mediaType))
}

// names returns the values of the selector, sorted.
func (form *content) names() []any {
	var names []any
	for _, name := range slices.Sorted(maps.Keys(form.variants)) {
		names = append(names, name)
	}
	return names
}
