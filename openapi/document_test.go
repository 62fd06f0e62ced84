package openapi_test

import (
	"bytes"
	"context"
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/altegio-readiness/harness/openapi"
)

func document(t *testing.T) *openapi3.T {
	t.Helper()
	doc, err := openapi3.NewLoader().LoadFromData(openapi.Document())
	if err != nil {
		t.Fatal(err)
	}
	return doc
}

func TestDocumentIsValid(t *testing.T) {
	doc := document(t)
	if err := doc.Validate(context.Background()); err != nil {
		t.Fatal(err)
	}
	if doc.OpenAPI != "3.0.3" {
		t.Errorf("got OpenAPI %s, want 3.0.3: later versions cost the validator a factor of 25", doc.OpenAPI)
	}
	if len(doc.Servers) != 1 || doc.Servers[0].URL != "https://app.alteg.io" {
		t.Errorf("got servers %v, want only https://app.alteg.io", doc.Servers)
	}
}

func TestDocumentIsACopy(t *testing.T) {
	clear(openapi.Document())
	if len(bytes.Trim(openapi.Document(), "\x00")) == 0 {
		t.Error("changing the returned document changed the embedded one")
	}
}

func TestOperations(t *testing.T) {
	contract := load(t)
	var got []string
	for _, op := range contract.Operations() {
		got = append(got, op.Method+" "+op.Path+" "+op.ID)
	}
	want := []string{
		"GET /marketplace/application/{application_id}/salons " + list,
		"POST /marketplace/partner/callback " + install,
		"POST /marketplace/partner/callback/redirect " + redirect,
		"POST /marketplace/partner/payment " + payment,
		"POST /marketplace/partner/payment/refund/{payment_id} " + refund,
		"GET /marketplace/salon/{location_id}/application/{application_id} " + status,
		"POST /marketplace/salon/{location_id}/application/{application_id}/uninstall " + leave,
	}
	if !slices.Equal(got, want) {
		t.Errorf("got operations\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	if hooks := contract.Webhooks(); len(hooks) != 1 || hooks[0].ID != webhook {
		t.Errorf("got webhooks %v, want only %s", hooks, webhook)
	}
}

// provenance checks the extensions that say where a fact is from.
func provenance(t *testing.T, what string, extensions map[string]any) {
	t.Helper()
	confidence, _ := extensions["x-confidence"].(string)
	if !slices.Contains([]string{"documented", "observed", "assumed"}, confidence) {
		t.Errorf("%s: got x-confidence %q, want documented, observed or assumed", what, confidence)
	}
	if note, _ := extensions["x-note"].(string); confidence != "documented" && note == "" {
		t.Errorf("%s: is %s, but no x-note says what is doubtful", what, confidence)
	}
	sources, _ := extensions["x-source"].([]any)
	if len(sources) == 0 {
		t.Errorf("%s: no x-source", what)
	}
	for _, source := range sources {
		source, _ := source.(map[string]any)
		title, _ := source["title"].(string)
		link, _ := source["url"].(string)
		if title == "" || !strings.HasPrefix(link, "https://") || len(source) != 2 {
			t.Errorf("%s: got x-source %v, want a title and an https URL", what, source)
		}
	}
}

func TestEveryFactHasASource(t *testing.T) {
	doc := document(t)
	operations := 0
	for path, item := range doc.Paths.Map() {
		for method, op := range item.Operations() {
			operations++
			at := method + " " + path
			provenance(t, at, op.Extensions)
			for _, param := range op.Parameters {
				provenance(t, at+" parameter "+param.Value.Name, param.Value.Extensions)
			}
			for code, response := range op.Responses.Map() {
				provenance(t, at+" response "+code, response.Value.Extensions)
			}
			if accept := op.Parameters.GetByInAndName("header", "Accept"); op.OperationID != webhook && (accept == nil || !accept.Required) {
				t.Errorf("%s: the header Accept is not required", at)
			}
			if op.RequestBody == nil || op.OperationID == webhook {
				continue
			}
			for mediaType, media := range op.RequestBody.Value.Content {
				for name, property := range media.Schema.Value.Properties {
					provenance(t, at+" "+mediaType+" "+name, property.Value.Extensions)
				}
			}
		}
	}
	if operations != 8 {
		t.Errorf("got %d operations, want 8", operations)
	}
}

// Ensure that no extension that steers the validator is misspelt: it would be without effect.
func TestExtensionsAreKnown(t *testing.T) {
	var tree any
	encoded, err := document(t).MarshalJSON()
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(encoded, &tree); err != nil {
		t.Fatal(err)
	}
	known := []string{"x-source", "x-confidence", "x-note", "x-tolerated", "x-browser", "x-body", "x-webhook"}
	deviations := []any{"maxItems", "uniqueItems", "decimal-string", "number"}
	var walk func(any)
	walk = func(node any) {
		switch node := node.(type) {
		case map[string]any:
			for name, value := range node {
				if strings.HasPrefix(name, "x-") && !slices.Contains(known, name) {
					t.Errorf("unknown extension %s", name)
				}
				if name == "x-tolerated" {
					for _, deviation := range value.([]any) {
						if !slices.Contains(deviations, deviation) {
							t.Errorf("unknown deviation %v in x-tolerated", deviation)
						}
					}
				}
				walk(value)
			}
		case []any:
			for _, item := range node {
				walk(item)
			}
		}
	}
	walk(tree)
}

func TestExamplesFit(t *testing.T) {
	doc, contract := document(t), load(t)
	ids := map[string]openapi.Operation{}
	for _, op := range contract.Operations() {
		ids[op.ID] = op
	}
	for _, item := range doc.Paths.Map() {
		for _, op := range item.Operations() {
			if op.RequestBody != nil {
				if example := op.RequestBody.Value.Content["application/json"].Example; example == nil {
					t.Errorf("%s: no example of a request", op.OperationID)
				} else if body := encode(t, example); op.OperationID == webhook {
					header := request("POST", "", "{}").Header
					expect(t, contract.ValidateWebhook(webhook, header, body))
				} else {
					expect(t, contract.ValidateRequest(ids[op.OperationID], request("POST", "", string(body))))
				}
			}
			for code, response := range op.Responses.Map() {
				media := response.Value.Content["application/json"]
				if media == nil || media.Example == nil {
					continue
				}
				header := map[string][]string{"Content-Type": {"application/json"}}
				var number int
				if err := json.Unmarshal([]byte(code), &number); err != nil {
					t.Fatal(err)
				}
				expect(t, contract.ValidateResponse(ids[op.OperationID], number, header, encode(t, media.Example)))
			}
		}
	}
}

func encode(t *testing.T, value any) []byte {
	t.Helper()
	encoded, err := json.Marshal(value)
	if err != nil {
		t.Fatal(err)
	}
	return encoded
}
