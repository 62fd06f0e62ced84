package checklist_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/altegio-readiness/harness/fakealtegio/journal"
)

// dated sets the dates of the n-th payment call: offsets from its time at the location.
func dated(n int, date, from, to time.Duration) edit {
	return change(paymentCall, n, func(rec *journal.Record) {
		now := *rec.Clock
		say(rec, now.Add(date), now.Add(from), now.Add(to))
	})
}

func say(rec *journal.Record, date, from, to time.Time) {
	rec.Exchange.Request.Body.Text = fmt.Sprintf(
		`{"salon_id":%d,"application_id":%d,"currency_iso":"EUR","payment_sum":%s,"payment_date":"%s","period_from":"%s","period_to":"%s"}`,
		rec.Location, application, map[bool]string{true: "901.42", false: "902.42"}[rec.Exchange.Payment == 8001],
		date.Format(wireTime), from.Format(wireTime), to.Format(wireTime))
}

// shown sets all dates of a call as a clock of another zone shows them.
func inZone(hours int) edit {
	return func(r *run) {
		offset := time.Duration(hours) * time.Hour
		dated(1, offset, offset, offset+30*24*time.Hour)(r)
		dated(2, offset, offset+30*24*time.Hour, offset+60*24*time.Hour)(r)
	}
}

const day = 24 * time.Hour

// days is a period from midnight to the last second of a day.
func days(n int, from, to int) edit {
	return change(paymentCall, n, func(rec *journal.Record) {
		midnight := rec.Clock.Truncate(day)
		say(rec, *rec.Clock, midnight.AddDate(0, 0, from), midnight.AddDate(0, 0, to+1).Add(-time.Second))
	})
}

func TestPeriods(t *testing.T) {
	var cases []flawed
	for name, edits := range map[string][]edit{
		"days that begin today":            {days(1, 0, 29), days(2, 30, 59)},
		"one day and the next":             {days(1, 0, 0), days(2, 1, 1)},
		"a week and the next":              {days(1, 0, 6), days(2, 7, 13)},
		"a year and the next":              {days(1, 0, 364), days(2, 365, 729)},
		"from tomorrow":                    {days(1, 1, 30), days(2, 31, 60)},
		"in local time, +14":               {inZone(14)},
		"in local time, -12":               {inZone(-12)},
		"by a clock that is minutes ahead": {dated(1, 14*time.Hour+3*time.Minute, 14*time.Hour, 30*day)},
		"from the end of the trial":        {dated(1, 0, trialDays*day, 37*day), dated(2, 0, 37*day, 67*day)},
		"from the day after the trial":     {days(1, trialDays+1, 38), days(2, 39, 69)},
		"from the day after, far east":     {dated(1, 14*time.Hour, trialDays*day+38*time.Hour, 38*day)},
		"the same period again":            {dated(1, 0, 0, 30*day), dated(2, 0, 0, 30*day)},
		"renewed with an hour of summer":   {dated(1, 0, 0, 30*day), dated(2, 0, 31*day+time.Hour, 61*day)},
		"begun long ago":                   {dated(1, 0, -300*day, 65*day)},
		"of one second":                    {dated(1, 0, 0, 0), dated(2, 0, 0, 0)},
	} {
		cases = append(cases, flawed{name: name, edit: edits})
	}
	reversed := []string{"PAY-04 fail", "PAY-01 blocked by PAY-04"}
	cases = append(cases, []flawed{
		{"reversed", []edit{dated(1, 0, 30*day, 0), change(paymentCall, 1, refused(422, "invalid"))}, reversed, "ends before it begins"},
		{"reversed, though accepted", []edit{dated(1, 0, 30*day, 0)}, []string{"PAY-04 fail"}, "ends before it begins"},
		{
			"reversed the second time",
			[]edit{dated(2, 0, 30*day, 0), change(paymentCall, 2, refused(422, "invalid"))},
			[]string{"PAY-04 fail", "PAY-06 blocked by PAY-04"},
			"ends before it begins",
		},
		{
			"joined to the trial, but refused for another reason",
			[]edit{dated(1, 0, trialDays*day, 37*day), change(paymentCall, 1, refused(403, "not-installed"))},
			[]string{"PAY-01 fail"},
			"not-installed",
		},
		{"with a gap, and a renewal that joins what was wrong", []edit{dated(1, 0, 10*day, 40*day), dated(2, 0, 40*day, 70*day)}, []string{"PAY-04 fail"}, "neither covers the payment nor joins"},
		{"in the past", []edit{dated(1, 0, -60*day, -30*day)}, []string{"PAY-04 fail"}, "over before the payment was made"},
		{"with a gap after the trial", []edit{dated(1, 0, 10*day, 40*day)}, []string{"PAY-04 fail"}, "neither covers the payment nor joins"},
		{"with a gap after the period before", []edit{dated(1, 0, 0, 30*day), dated(2, 0, 32*day+2*time.Hour, 62*day)}, []string{"PAY-04 fail"}, "neither covers"},
		{"a month ahead", []edit{dated(1, 0, 31*day, 62*day)}, []string{"PAY-04 fail"}, "neither covers"},
		{"paid yesterday", []edit{dated(1, -20*time.Hour, -20*time.Hour, 30*day)}, []string{"PAY-04 fail"}, "payment_date is not the time"},
		{"paid in the epoch", []edit{dated(1, -20000*day, 0, 30*day)}, []string{"PAY-04 fail"}, "payment_date is not the time"},
		{"paid in the year 9999", []edit{change(paymentCall, 1, func(rec *journal.Record) {
			end := time.Date(9999, 12, 31, 23, 59, 59, 0, time.UTC)
			say(rec, end, *rec.Clock, end)
		})}, []string{"PAY-04 fail"}, "payment_date is not the time"},
	}...)
	longAgo := change(transitions(journal.StoryPayment, journal.StateActive), 1, func(rec *journal.Record) {
		clock := rec.Clock.Add(-60 * day)
		rec.Clock = &clock
	})
	cases = append(cases, []flawed{
		{name: "long after the trial", edit: []edit{longAgo}},
		{"from the day after tomorrow, long after the trial", []edit{longAgo, dated(1, 0, 2*day, 32*day), dated(2, 0, 0, 30*day)}, []string{"PAY-04 fail"}, "neither covers"},
		{name: "from the day after tomorrow, on trial", edit: []edit{dated(1, 0, 2*day, 32*day), dated(2, 0, 0, 30*day)}},
	}...)
	judgeAll(t, goodRun, cases)
}

// The year of a location's clock counts, not that of the machine.
func TestPeriodsByTheClockOfTheLocation(t *testing.T) {
	r := goodRun(t)
	for i := range r.records {
		rec := &r.records[i]
		if rec.Scenario != journal.StoryPayment || rec.Clock == nil {
			continue
		}
		clock := rec.Clock.AddDate(-1, 0, 0)
		rec.Clock = &clock
		if rec.Exchange != nil && rec.Exchange.Operation == journal.OpPayment {
			say(rec, clock, clock, clock.AddDate(0, 1, 0))
		}
	}
	expect(t, judged(t, r.records))
}
