package checklist_test

import (
	"bytes"
	"encoding/json"
	"reflect"
	"slices"
	"testing"

	"github.com/altegio-readiness/harness/fakealtegio/journal"
	"github.com/altegio-readiness/harness/suites/checklist"
)

// FuzzJudge judges journals that were tampered with: the lines of a journal are decoded, a patch
// is decoded on top of one of them as JSON, one is cut out and one comes again at the end. Patches
// are small, so that the fuzzer's changes are to the point.
func FuzzJudge(f *testing.F) {
	bases := [][]byte{
		encoded(f, goodRun(f).records),
		encoded(f, bareRun(f).records),
		encoded(f, goodRun(f).with(change(activation, 1, both(refused(401, "wrong-token"), deviates("header", "Accept", "required")))).records),
		encoded(f, goodRun(f).with(tooLate).records),
		encoded(f, goodRun(f).with(unpaid, blockedStory(journal.StoryFreeze, journal.StoryPayment)).records),
		encoded(f, goodRun(f).with(change(paymentCall, 1, both(nowhere, written("[]"), refused(422, "invalid"), deviates("body", "", "type")))).records),
		[]byte(`{"seq":1,"kind":"end","end":{"reason":"environment"}}`),
	}
	patches := []string{
		"", "{}", "null", "[]",
		`{"location":0}`, `{"location":999,"scenario":""}`, `{"scenario":"connect-new-owner"}`, `{"seq":-1}`, `{"clock":null}`, `{"clock":"2027-01-01T00:00:00Z"}`,
		`{"exchange":{"refused":"wrong-token","response":{"status":401}}}`, `{"exchange":{"refused":"invalid"}}`, `{"exchange":{"response":null}}`,
		`{"exchange":{"operation":""}}`, `{"exchange":{"payment":0}}`, `{"exchange":{"application":7}}`, `{"exchange":{"direction":"from-platform","event":"freeze"}}`,
		`{"exchange":{"request":{"body":null}}}`, `{"exchange":{"request":{"body":{"text":"{\"payment_sum\":1e9}"}}}}`,
		`{"exchange":{"violations":[{"where":"body","pointer":"/salon_id","rule":"type","message":"m","class":"error"}]}}`,
		`{"wait":{"met":false}}`, `{"wait":{"for":"activation","moment":"activation"}}`, `{"probe":{"value":null}}`, `{"probe":{"value":false}}`, `{"probe":{"value":true}}`,
		`{"hook":{"ok":false}}`, `{"hook":{"payment":null}}`, `{"step":{"response":null}}`, `{"transition":{"to":"uninstalled"}}`, `{"transition":{"to":"pending"}}`,
		`{"scenario_event":{"phase":"blocked","blocked_by":"payment-renewal"}}`, `{"scenario_event":{"cast":{"location":1}}}`, `{"scenario_event":{"phase":"start"}}`,
		`{"run":{"application":{"monetization":"free"}}}`, `{"run":{"selected":["REC-03"]}}`, `{"run":{"probes":[]}}`, `{"end":{"reason":"harness"}}`,
	}
	for at := range decoded(bases[0]) {
		f.Add(uint8(at%len(bases)), uint16(at), []byte(patches[at%len(patches)]), uint16(0), uint16(0))
	}
	f.Add(uint8(0), uint16(3), []byte("{}"), uint16(4), uint16(5))
	f.Fuzz(func(t *testing.T, base uint8, at uint16, patch []byte, cut, again uint16) {
		records := decoded(bases[int(base)%len(bases)])
		place := func(n uint16) int { return int(n) % len(records) }
		if again > 0 {
			records = append(records, records[place(again)])
		}
		_ = json.Unmarshal(patch, &records[place(at)]) // what was decoded before an error stays
		if cut > 0 {
			records = slices.Delete(records, place(cut), place(cut)+1)
		}
		result := checklist.Judge(records)
		sound(t, records, result)
		if second := checklist.Judge(records); !reflect.DeepEqual(result, second) {
			t.Error("the same records were judged differently the second time")
		}
	})
}

func decoded(journalText []byte) []journal.Record {
	var records []journal.Record
	for line := range bytes.Lines(journalText) {
		var rec journal.Record
		if json.Unmarshal(line, &rec) == nil {
			records = append(records, rec)
		}
	}
	return records
}
