package journal_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/altegio-readiness/harness/fakealtegio/journal"
)

func ExampleWriter() {
	var file bytes.Buffer
	w := journal.NewWriter(&file, journal.NewRedactor())
	w.Clock = func() time.Time { return time.Date(2026, 11, 22, 10, 0, 0, 0, time.UTC) }

	before := w.Seq()
	w.Append(journal.Record{Kind: journal.KindNote, Note: &journal.Note{Text: "The owner presses Connect."}})
	w.Append(journal.Record{Kind: journal.KindTransition, Location: 55, Transition: &journal.Transition{
		Application: 4242, From: journal.StateNone, To: journal.StatePending, Source: "marketplace",
	}})
	pending, err := w.Await(context.Background(), before, func(r journal.Record) bool {
		return r.Transition != nil && r.Transition.To == journal.StatePending
	})
	fmt.Println(pending.Seq, err)
	fmt.Print(file.String())
	// Output:
	// 2 <nil>
	// {"seq":1,"at":"2026-11-22T10:00:00Z","kind":"note","note":{"text":"The owner presses Connect."}}
	// {"seq":2,"at":"2026-11-22T10:00:00Z","kind":"transition","location":55,"transition":{"application":4242,"from":"none","to":"pending","source":"marketplace"}}
}

func ExampleScan() {
	const file = `{"seq":1,"at":"2026-11-22T10:00:00Z","kind":"note","note":{"text":"The owner presses Connect."}}
{"seq":2,"at":"2026-11-22T10:00:01Z","kind":"no`
	for rec, err := range journal.Scan(strings.NewReader(file)) {
		if errors.Is(err, journal.ErrTorn) {
			fmt.Println("the run was killed")
			break
		}
		if err != nil {
			fmt.Println(err)
			break
		}
		fmt.Println(rec.Note.Text)
	}
	// Output:
	// The owner presses Connect.
	// the run was killed
}

func ExampleRedactor() {
	red := journal.NewRedactor()
	red.Secret("partner-token", "Pq7Rs2Tu9Vw4")

	right := red.Header(http.Header{"Authorization": {"Bearer Pq7Rs2Tu9Vw4"}})["Authorization"][0]
	wrong := red.Header(http.Header{"Authorization": {"Bearer pq7rs2tu9vw4"}})["Authorization"][0]
	fmt.Println(right == "Bearer "+red.Tag("partner-token", "Pq7Rs2Tu9Vw4"), right == wrong)

	body := red.Body("application/json", []byte(`{"event": "freeze", "partner_token": null, "email": ["a@example.test"]}`))
	fmt.Println(strings.ReplaceAll(body.Text, red.Tag("email", "a@example.test"), "[email:…]"))
	fmt.Println(strings.ReplaceAll(red.URL("/connect?salon_id=55&email=a%40example.test"), red.Tag("email", "a@example.test"), "[email:…]"))
	// Output:
	// true false
	// {"event": "freeze", "partner_token": null, "email": ["[email:…]"]}
	// /connect?salon_id=55&email=[email:…]
}
