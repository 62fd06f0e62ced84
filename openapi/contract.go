package openapi

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"sync"

	"github.com/getkin/kin-openapi/openapi3"
)

// Contract is the document made ready for validation. It does not change after Load and may be
// used by any number of goroutines.
type Contract struct {
	host       string // the one host of the partner operations
	operations []*operation
	webhooks   []*operation
	byID       map[string]*operation
	options    []openapi3.SchemaValidationOption
}

// Operation is an operation of the contract, and how a request came to it.
type Operation struct {
	// ID is the operationId of the document.
	ID string
	// Method is the method of the operation.
	Method string
	// Path is the canonical path with its placeholders, without any prefix.
	Path string
	// Params holds the unescaped values of the placeholders, as found in the path.
	Params map[string]string
	// Prefix is what was stripped from the front of the path: "", "/api/v1" or "/v1".
	Prefix string
	// TrailingSlash says that one slash was stripped from the end of the path.
	TrailingSlash bool
}

// operation is an Operation with all that its validation needs.
type operation struct {
	Operation
	webhook      bool
	segments     []segment
	accept       string // the media type that Accept has to name, "" if it need not
	secured      bool
	path         []parameter
	query        []parameter
	content      []content
	bodyRequired bool
	responses    *openapi3.Responses
}

// segment is one step of a path: a literal or the name of a placeholder.
type segment struct {
	text  string
	param bool
}

// parameter is a parameter of the path or the query. All of ours are scalars.
type parameter struct {
	name     string
	required bool
	schema   *openapi3.Schema
}

// content is one form a request body may have.
type content struct {
	mediaType string
	schema    *openapi3.Schema
	browser   bool // sent by a navigation, without headers of ours
	// selector is the field that chooses among variants; both are empty for a plain schema.
	selector string
	variants map[string]*openapi3.Schema
}

// Load returns the contract of the embedded document. An error means that this build is broken.
// The first call reads and checks the document, which takes some milliseconds; later ones
// return the same Contract.
func Load() (*Contract, error) { return load() }

var load = sync.OnceValues(func() (*Contract, error) {
	ctx := context.Background()
	doc, err := openapi3.NewLoader().LoadFromData(document)
	if err != nil {
		return nil, fmt.Errorf("read the OpenAPI document: %w", err)
	}
	if err := doc.Validate(ctx); err != nil {
		return nil, fmt.Errorf("check the OpenAPI document: %w", err)
	}
	contract := &Contract{
		byID: make(map[string]*operation),
		// Formats are given per validation: the library's registry is global and unguarded.
		options: []openapi3.SchemaValidationOption{
			openapi3.MultiErrors(),
			openapi3.DisableSchemaErrorDetails(),
			openapi3.WithStringFormatValidators(map[string]openapi3.StringFormatValidator{
				formatDatetime: datetimeFormat{},
			}),
		},
	}
	if len(doc.Servers) != 1 {
		return nil, errors.New("check the OpenAPI document: exactly one server is wanted")
	}
	server, err := url.Parse(doc.Servers[0].URL)
	if err != nil {
		return nil, fmt.Errorf("check the OpenAPI document: server: %w", err)
	}
	contract.host = server.Host
	for path, item := range doc.Paths.Map() {
		for method, described := range item.Operations() {
			op, err := compile(doc, method, path, described)
			if err != nil {
				return nil, fmt.Errorf("check the OpenAPI document: %s: %w", described.OperationID, err)
			}
			contract.byID[op.ID] = op
			if op.webhook {
				contract.webhooks = append(contract.webhooks, op)
			} else {
				contract.operations = append(contract.operations, op)
			}
		}
	}
	for _, list := range [][]*operation{contract.operations, contract.webhooks} {
		slices.SortFunc(list, func(a, b *operation) int { return strings.Compare(a.Path+" "+a.Method, b.Path+" "+b.Method) })
	}
	return contract, nil
})

// Operations returns the operations an integration can call, ordered by path.
func (c *Contract) Operations() []Operation { return public(c.operations) }

// Webhooks returns the operations Altegio calls at the integration, ordered by path. Their
// paths are placeholders of the documentation; Find never returns them.
func (c *Contract) Webhooks() []Operation { return public(c.webhooks) }

func public(list []*operation) []Operation {
	operations := make([]Operation, len(list))
	for i, op := range list {
		operations[i] = op.Operation
	}
	return operations
}

func compile(doc *openapi3.T, method, path string, described *openapi3.Operation) (*operation, error) {
	op := &operation{
		Operation: Operation{ID: described.OperationID, Method: method, Path: path},
		webhook:   described.Extensions["x-webhook"] == true,
		responses: described.Responses,
	}
	for text := range strings.SplitSeq(strings.TrimPrefix(path, "/"), "/") {
		name, param := strings.CutPrefix(text, "{")
		op.segments = append(op.segments, segment{text: strings.TrimSuffix(name, "}"), param: param})
	}
	security := doc.Security
	if described.Security != nil {
		security = *described.Security
	}
	op.secured = len(security) > 0
	for _, ref := range described.Parameters {
		if err := op.addParameter(ref.Value); err != nil {
			return nil, err
		}
	}
	if described.RequestBody == nil {
		return op, nil
	}
	op.bodyRequired = described.RequestBody.Value.Required
	for mediaType, media := range described.RequestBody.Value.Content {
		body := content{mediaType: mediaType, schema: media.Schema.Value, browser: media.Extensions["x-browser"] == true}
		if chooser := body.schema.Discriminator; chooser != nil {
			body.selector, body.variants = chooser.PropertyName, make(map[string]*openapi3.Schema)
			for value, ref := range chooser.Mapping {
				variant := doc.Components.Schemas[strings.TrimPrefix(ref.Ref, "#/components/schemas/")]
				if variant == nil {
					return nil, fmt.Errorf("variant %s leads nowhere", value)
				}
				body.variants[value] = variant.Value
			}
		}
		op.content = append(op.content, body)
	}
	slices.SortFunc(op.content, func(a, b content) int { return strings.Compare(a.mediaType, b.mediaType) })
	return op, nil
}

func (op *operation) addParameter(described *openapi3.Parameter) error {
	param := parameter{name: described.Name, required: described.Required, schema: described.Schema.Value}
	switch {
	case described.In == openapi3.ParameterInPath:
		op.path = append(op.path, param)
	case described.In == openapi3.ParameterInQuery:
		op.query = append(op.query, param)
	case described.In == openapi3.ParameterInHeader && described.Name == "Accept" && len(param.schema.Enum) == 1:
		op.accept, _ = param.schema.Enum[0].(string)
	default:
		return fmt.Errorf("parameter %s: the validator does not know this kind", described.Name)
	}
	return nil
}
