package openapi_test

import (
	"fmt"
	"log"
	"net/http"

	"github.com/altegio-readiness/harness/openapi"
)

func Example() {
	contract, err := openapi.Load()
	if err != nil {
		log.Fatal(err)
	}
	received := openapi.Request{
		Method: "POST",
		Path:   "/api/v1/marketplace/partner/payment",
		Host:   "app.alteg.io",
		Header: http.Header{
			"Accept":        {"application/vnd.yclients.v2+json"},
			"Authorization": {"Bearer partner-token"},
			"Content-Type":  {"application/json"},
		},
		Body: []byte(`{"salon_id": "123", "application_id": 4242, "currency_iso": "EUR", "payment_sum": 990.99,
			"payment_date": "2026-02-31 10:10:00", "period_from": "2026-02-01", "period_from": "2026-02-01 00:00:00"}`),
	}
	op, err := contract.Find(received.Method, received.Path)
	if err != nil {
		log.Fatal(err)
	}
	for _, violation := range contract.ValidateRequest(op, received) {
		fmt.Println(violation.Class, "in", violation.Where+":", violation.Message)
	}
	// Output:
	// tolerated in path: the path begins with /api/v1, which the marketplace operations do not have
	// error in header: Accept names the API of the sibling platform YCLIENTS; application/vnd.api.v2+json is wanted
	// error in body: payment_date has the form YYYY-MM-DD HH:MM:SS, but no calendar or clock shows that moment
	// error in body: period_from appears more than once in its object
	// error in body: period_to is missing
	// tolerated in body: salon_id is a string; an integer is wanted
}
