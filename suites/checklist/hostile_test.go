package checklist_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/altegio-readiness/harness/fakealtegio/journal"
	"github.com/altegio-readiness/harness/suites/checklist"
)

// onProbe are the requirements that a probe shows.
var onProbe = []string{"CON-20", "REC-02", "REC-03", "REC-04", "REC-10", "REG-05"}

func TestUselessProbes(t *testing.T) {
	judgeAll(t, goodRun, []flawed{
		{"always true", []edit{changeAll(everyProbe, says(true))}, []string{
			"REC-02 fail", "CON-20 blocked by REC-02", "REC-03 blocked by REC-02", "REC-04 blocked by REC-02", "REC-10 blocked by REC-02", "REG-05 blocked by REC-02",
		}, "still shows the location as connected"},
		{"always false", []edit{changeAll(everyProbe, says(false))}, append([]string{"REC-02 open", "REC-10 blocked by REC-02"}, each(onProbe, "open")...), "does not say true"},
		{
			"always failing",
			[]edit{changeAll(everyProbe, func(rec *journal.Record) { rec.Probe.Value, rec.Probe.Error = nil, "status 500" })},
			append([]string{"REC-02 open", "REC-10 blocked by REC-02"}, each(onProbe, "open")...), "observe.connected failed: status 500",
		},
		{"never asked, and nothing else", []edit{
			remove(everyProbe), without("pay", "refund"), undriven(journal.StoryPayment, journal.StoryChargeback, journal.StoryFreeze), remove(hooks(journal.StoryReconnect, "pay")),
		}, append(each(slices.Concat(payments, refunds), "open"), each([]string{"REC-02", "REC-11"}, "open")...), "add the hook drive.pay"},
		{"never asked", []edit{remove(everyProbe)}, each([]string{"CON-20", "REC-03", "REC-04", "REG-05"}, "open"), "Neither a probe nor a payment"},
	})
}

// An integration that only answers what it is asked, and does not disconnect, is no better with an
// honest probe.
func TestProbeThatIsHonestAboutADefect(t *testing.T) {
	r := goodRun(t).with(
		change(probes(journal.StoryReconnect, journal.MomentAfterUninstall), 1, says(true)),
		change(probes(journal.StoryReconnect, journal.MomentAfterUninstall+"-settled"), 1, says(true)),
	)
	result := judged(t, r.records)
	expect(t, result, "REC-02 fail", "REC-10 blocked by REC-02")
	for _, id := range []string{"REC-03", "REC-04"} {
		if v := verdict(t, result, id); v.Outcome != checklist.Pass {
			t.Errorf("got %s: %s", line(v), v.Summary)
		}
	}
}

func hostileBodies() map[string]string {
	return map[string]string{
		"empty":           "",
		"null":            "null",
		"list":            `[{"payment_sum":901.42}]`,
		"string":          `"901.42"`,
		"number":          "1e999999999",
		"broken":          `{"payment_sum":`,
		"lists as values": `{"payment_sum":[901.42],"currency_iso":["EUR"],"payment_date":[],"period_from":{},"period_to":null,"webhook_urls":{"0":"x"}}`,
		"huge exponent":   `{"payment_sum":9e999999999,"currency_iso":"EUR"}`,
		"tiny exponent":   `{"payment_sum":9e-9223372036854775808,"currency_iso":"EUR"}`,
		"long sum":        `{"payment_sum":` + strings.Repeat("9", 1<<20) + `,"currency_iso":"EUR"}`,
		"long string":     `{"payment_sum":1,"currency_iso":"` + strings.Repeat("€", 1<<18) + `"}`,
		"deep":            strings.Repeat(`{"payment_sum":`, 100_000),
		"deep list":       `{"webhook_urls":` + strings.Repeat("[", 5000) + strings.Repeat("]", 5000) + `}`,
		"many fields":     `{` + strings.Repeat(`"payment_sum":1,`, 60_000) + `"x":1}`,
		"sum as text":     `{"payment_sum":"+901.42","currency_iso":"EUR"}`,
		"sum in hex":      `{"payment_sum":"0x385","currency_iso":"EUR"}`,
		"a fraction":      `{"payment_sum":"90142/100","currency_iso":"EUR"}`,
		"infinity":        `{"payment_sum":"Inf","currency_iso":"EUR"}`,
		"strange dates":   `{"payment_sum":901.42,"currency_iso":"EUR","payment_date":"0000-01-01 00:00:00","period_from":"9999-12-31 23:59:59","period_to":"0000-01-01 00:00:00"}`,
		"not UTF-8":       "{\"payment_sum\":\"\xff\xfe\"}",
		"form":            "payment_sum=901.42&%zz=1&webhook_urls[]=&webhook_urls[99999999999]=x&[]=1",
	}
}

func TestHostileBodies(t *testing.T) {
	calls := func(rec journal.Record) bool {
		return rec.Exchange != nil && rec.Exchange.Direction == journal.ToPlatform && rec.Exchange.Operation == journal.OpPayment
	}
	for name, body := range hostileBodies() {
		for _, accepted := range []bool{true, false} {
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				r := goodRun(t)
				changeAll(calls, func(rec *journal.Record) {
					written(body)(rec)
					if strings.HasPrefix(body, "payment_sum=") {
						rec.Exchange.Request.Header = map[string][]string{"content-type": {" Application/X-WWW-Form-Urlencoded"}}
					}
					if !accepted {
						deviates("body", "", "type")(rec)
						refused(422, "invalid")(rec)
					}
				})(r)
				changeAll(callsTo(journal.StoryReconnect, journal.OpInstall), written(body))(r)
				if result := judged(t, r.records); result.Overall == checklist.Ready {
					t.Error("READY")
				}
			})
		}
	}
}

// A flood of calls is judged in a time that does not grow with its square, and one mistake in all
// of them is one finding.
func TestFlood(t *testing.T) {
	const calls = 3_000
	r := goodRun(t)
	flood := func(p pick, n int, f func(*journal.Record)) {
		at := r.find(p, n)
		var more []journal.Record
		for range calls {
			rec := r.records[at]
			ex := *rec.Exchange
			rec.Exchange = &ex
			f(&rec)
			more = append(more, rec)
		}
		r.records = slices.Insert(r.records, at+1, more...)
	}
	flood(activation, 1, both(refused(401, "wrong-token"), deviates("header", "Accept", "required")))
	flood(paymentCall, 1, func(*journal.Record) {})
	flood(paymentCall, 1+calls+1, func(*journal.Record) {})
	at := r.find(waits(journal.StoryPayment, journal.MomentAfterPayment1), 1)
	again := slices.Clone(r.records[r.find(paymentCall, 1) : r.find(paymentCall, 1)+calls])
	r.records = slices.Insert(r.records, at+1, again...)
	r.renumber()
	began := time.Now()
	result := judged(t, r.records)
	if took := time.Since(began); took > 30*time.Second { // slow machines, race detector
		t.Errorf("judging %d records took %s", len(r.records), took)
	}
	if v := verdict(t, result, "CON-04"); len(v.Findings) != 2 || len(v.Evidence) != calls {
		t.Errorf("CON-04: got %d findings and %d records as evidence, want 2 and %d", len(v.Findings), len(v.Evidence), calls)
	}
	if v := verdict(t, result, "PAY-05"); v.Outcome != checklist.Fail {
		t.Errorf("PAY-05: got %s", v.Outcome)
	}
}

// Records that no writer of ours would write are judged without a panic, always alike, and never
// lead to READY.
func TestMadJournals(t *testing.T) {
	seq := func(f func(i int) int64) edit {
		return func(r *run) {
			for i := range r.records {
				r.records[i].Seq = f(i)
			}
		}
	}
	for name, e := range map[string]edit{
		"numbers that go down":     func(r *run) { seq(func(i int) int64 { return int64(len(r.records) - i) })(r) },
		"negative numbers":         seq(func(i int) int64 { return int64(-i) - 1 }),
		"no numbers":               seq(func(int) int64 { return 0 }),
		"numbers at the edges":     seq(func(i int) int64 { return []int64{1<<63 - 1, -1 << 63, 0, 1}[i%4] }),
		"no locations in the cast": changeAll(func(rec journal.Record) bool { return rec.ScenarioEvent != nil }, func(rec *journal.Record) { rec.ScenarioEvent.Cast = nil }),
		"no locations at all":      changeAll(func(journal.Record) bool { return true }, func(rec *journal.Record) { rec.Location = 0 }),
		"no beginnings":            remove(func(rec journal.Record) bool { return rec.ScenarioEvent != nil && rec.ScenarioEvent.Phase == "start" }),
		"no run":                   remove(func(rec journal.Record) bool { return rec.Run != nil }),
		"no answers": changeAll(func(rec journal.Record) bool { return rec.Exchange != nil }, func(rec *journal.Record) {
			rec.Exchange.Response = nil
		}),
		"nothing but answers": func(r *run) {
			changeAll(func(rec journal.Record) bool { return rec.Exchange != nil }, func(rec *journal.Record) {
				*rec.Exchange = journal.Exchange{Response: &journal.Response{Status: 200}}
			})(r)
		},
		"no payments declared": changeAll(func(rec journal.Record) bool { return rec.Hook != nil }, func(rec *journal.Record) { rec.Hook.Payment = nil }),
		"backwards":            func(r *run) { slices.Reverse(r.records) },
		"empty records":        changeAll(func(rec journal.Record) bool { return rec.Run == nil && rec.End == nil }, func(rec *journal.Record) { *rec = journal.Record{} }),
		"endless waits": changeAll(func(rec journal.Record) bool { return rec.Wait != nil }, func(rec *journal.Record) {
			rec.Wait.Met, rec.Wait.LimitMS = false, 1e300
		}),
		"a story without end": func(r *run) {
			r.with(remove(func(rec journal.Record) bool {
				return rec.Scenario == journal.StoryFreeze && rec.ScenarioEvent != nil && rec.ScenarioEvent.Phase == "end"
			}))
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := goodRun(t)
			e(r)
			first := checklist.Judge(r.records)
			if first.Overall == checklist.Ready {
				t.Error("READY")
			}
			for range 5 {
				if again := checklist.Judge(r.records); line(again.Verdicts[3]) != line(first.Verdicts[3]) || again.Reason != first.Reason {
					t.Fatal("judged differently the second time")
				}
			}
		})
	}
	if got := checklist.Judge(nil); got.Overall != checklist.Interrupted {
		t.Errorf("no records: got %s", got.Overall)
	}
}
