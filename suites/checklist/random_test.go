package checklist_test

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/altegio-readiness/harness/fakealtegio/journal"
	"github.com/altegio-readiness/harness/suites/checklist"
)

// TestRandomDamage judges good journals after a few arbitrary changes, each of which something in
// the world could cause. Whatever they are, the judges have to agree among themselves.
func TestRandomDamage(t *testing.T) {
	runs := 3000
	if testing.Short() {
		runs = 300
	}
	for seed := range runs {
		random := rand.New(rand.NewPCG(uint64(seed), 7))
		start := []func(testing.TB) *run{goodRun, bareRun}[seed%2]
		r := start(t)
		for range 1 + random.IntN(4) {
			r.damage(random)
		}
		r.renumber()
		result := checklist.Judge(r.records)
		sound(t, r.records, result)
		for _, v := range result.Verdicts {
			if v.Outcome == checklist.NotVerified && v.BlockedBy == "" && strings.Contains(v.Summary, "; see ") {
				t.Errorf("%s blames a requirement that does not explain it: %s\n%v", v.Requirement, v.Summary, lines(result))
			}
		}
		if t.Failed() {
			t.Fatalf("seed %d", seed)
		}
	}
}

func (r *run) damage(random *rand.Rand) {
	at := 1 + random.IntN(len(r.records)-2)
	rec := &r.records[at]
	switch random.IntN(8) {
	case 0:
		r.records = slices.Delete(r.records, at, at+1)
		return
	case 1:
		r.records = slices.Insert(r.records, 1+random.IntN(len(r.records)-2), *rec)
		return
	case 2:
		rec.Location, rec.Scenario = r.records[1+random.IntN(len(r.records)-2)].Location, r.records[1+random.IntN(len(r.records)-2)].Scenario
	case 3:
		clock := rec.At.Add(time.Duration(random.IntN(48)-24) * 10 * time.Minute)
		rec.Clock = &clock
	}
	switch {
	case rec.Exchange != nil:
		damageExchange(rec, random)
	case rec.Wait != nil:
		rec.Wait.Met = random.IntN(2) == 0
	case rec.Hook != nil:
		rec.Hook.OK = random.IntN(2) == 0
	case rec.Probe != nil:
		value := random.IntN(2) == 0
		if rec.Probe.Value = &value; random.IntN(4) == 0 {
			rec.Probe.Value = nil
		}
	case rec.Step != nil:
		if rec.Step.Response != nil {
			rec.Step.Response.Status = []int{200, 404, 500}[random.IntN(3)]
		}
	case rec.ScenarioEvent != nil && rec.ScenarioEvent.Phase == "end":
		rec.ScenarioEvent = &journal.Scenario{Phase: []string{"end", "blocked", "start"}[random.IntN(3)], Stopped: "damaged", BlockedBy: r.records[1+random.IntN(at)].Scenario}
	}
}

func damageExchange(rec *journal.Record, random *rand.Rand) {
	ex := *rec.Exchange
	rec.Exchange = &ex
	reasons := []string{
		"wrong-token", "invalid", "wrong-application", "already-installed", "no-pending-link", "expired-link", "not-installed",
		"unknown-payment", "already-refunded", "method-not-allowed", "too-large", "unreadable", "",
	}
	switch random.IntN(8) {
	case 0, 1:
		refused([]int{400, 401, 403, 404, 405, 422}[random.IntN(6)], reasons[random.IntN(len(reasons))])(rec)
	case 2:
		deviates([]string{"body", "header", "path"}[random.IntN(3)], []string{"", "/salon_id", "/payment_sum", "/currency_iso", "/period_to", "Authorization", "payment_id"}[random.IntN(7)], "type")(rec)
	case 3:
		nowhere(rec)
	case 4:
		elsewhere(rec)
	case 5:
		ex.Response = nil
	case 6:
		if ex.Request.Body != nil {
			written([]string{"", "[]", "null", `{"payment_sum":1}`, strings.TrimPrefix(ex.Request.Body.Text, "{")}[random.IntN(5)])(rec)
		}
	case 7:
		unknownPath(rec)
	}
}

func lines(result checklist.Result) []string {
	var all []string
	for _, v := range result.Verdicts {
		if v.Outcome != checklist.Pass {
			all = append(all, line(v)+": "+v.Summary)
		}
	}
	return all
}
