package checklist

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/altegio-readiness/harness/fakealtegio/journal"
)

// pathPaymentID is the id in the path of a refund. Whether it is one at all is judged by the
// requirement about the id and not by the one about the form.
const pathPaymentID = "payment_id"

// errorsOf are the deviations of a call for which the contract requirement fails.
func errorsOf(rec journal.Record) []journal.Violation {
	return slices.DeleteFunc(slices.Clone(rec.Exchange.Violations), func(v journal.Violation) bool {
		return v.Class != journal.ClassError || v.Where == "path" && v.Pointer == pathPaymentID
	})
}

// violates reports whether the contract requirement fails over a place in the request.
func violates(rec journal.Record, pointer string) bool {
	return slices.ContainsFunc(errorsOf(rec), func(v journal.Violation) bool { return v.Pointer == pointer })
}

// misshapen reports whether a call was refused for its form, of which the contract requirement
// speaks.
func misshapen(rec journal.Record) bool {
	switch rec.Exchange.Refused {
	case journal.RefusedToken, journal.RefusedMethod, journal.RefusedTooLarge, journal.RefusedUnreadable:
		return true
	case journal.RefusedInvalid:
		return len(errorsOf(rec)) > 0
	}
	return false
}

// violations turns the deviations of a call into findings.
func violations(rec journal.Record, deviations []journal.Violation) []Finding {
	var findings []Finding
	for _, v := range deviations {
		where := v.Where
		if v.Pointer != "" {
			where += " " + v.Pointer
		}
		findings = append(findings, Finding{
			Seen:    fmt.Sprintf("%s %s: %s (%s).", rec.Exchange.Request.Method, pathOf(rec), v.Message, where),
			Want:    "The request as the contract has it, rule " + v.Rule + ".",
			Pointer: v.Pointer, Record: rec.Seq,
		})
	}
	return findings
}

// contract judges calls by their violations of class error, by the token, and by what the
// platform could not even read.
func (h *hearing) contract(calls []journal.Record, what string) Verdict {
	var findings []Finding
	for _, rec := range calls {
		f := Finding{Record: rec.Seq}
		switch {
		case rec.Exchange.Refused == journal.RefusedToken && !violates(rec, "Authorization"):
			f.Seen = what + " carries another token than the partner's."
			f.Pointer, f.Expected, f.Received = "Authorization", "Bearer, the partner token of the configuration", "another credential"
		case rec.Exchange.Refused == journal.RefusedMethod:
			f.Seen = what + " uses a method that the path does not have."
			f.Expected, f.Received = "POST", clip(rec.Exchange.Request.Method, 40)
		case rec.Exchange.Refused == journal.RefusedTooLarge:
			f.Seen, f.Received = what+" is too large for any such call.", "more than 1 MiB"
		case rec.Exchange.Refused == journal.RefusedUnreadable:
			f.Seen, f.Received = what+" broke off before its end.", "an incomplete request"
		}
		if f.Seen != "" {
			findings = append(findings, f)
		}
		findings = append(findings, violations(rec, errorsOf(rec))...)
	}
	if len(findings) > 0 {
		return h.fail(findings...)
	}
	return h.pass(fmt.Sprintf("%s as the contract has it.", plural(len(calls), "call", "calls")), seqs(calls...)...)
}

// refusal is the finding for a call that the platform refused for a reason no other requirement
// speaks of.
func refusal(rec journal.Record, what string) Finding {
	if rec.Exchange.Response == nil {
		return Finding{
			Seen:     fmt.Sprintf("The %s call reached the platform, and its connection ended without an answer.", what),
			Expected: "an accepted call", Received: "no answer", Record: rec.Seq,
		}
	}
	received := strconv.Itoa(rec.Exchange.Response.Status)
	if rec.Exchange.Refused != "" {
		received += ", " + rec.Exchange.Refused
	}
	return Finding{
		Seen:     fmt.Sprintf("The %s call reached the platform and was refused with %s.", what, received),
		Expected: "an accepted call", Received: received, Record: rec.Seq,
	}
}

// misnamed compares the ids in calls with those that are expected. An id that cannot be read is
// left to the contract requirement.
func misnamed(calls []journal.Record, what string, location, application int64) []Finding {
	var findings []Finding
	for _, rec := range calls {
		unread := len(errorsOf(rec)) > 0
		if rec.Location != location && !(rec.Location == 0 && unread) {
			findings = append(findings, Finding{
				Seen:    fmt.Sprintf("The %s names another location than it should.", what),
				Pointer: "/salon_id", Expected: id(location), Received: id(rec.Location), Record: rec.Seq,
			})
		}
		if got := rec.Exchange.Application; got != application && !(got == 0 && unread) {
			findings = append(findings, Finding{
				Seen:    fmt.Sprintf("The %s names another application than the one configured.", what),
				Pointer: "/application_id", Expected: id(application), Received: id(got), Record: rec.Seq,
			})
		}
	}
	return findings
}

// legible keeps the calls from which both ids could be read.
func legible(calls []journal.Record) []journal.Record {
	return keep(calls, func(rec journal.Record) bool {
		return rec.Location != 0 && rec.Exchange.Application != 0 || len(errorsOf(rec)) == 0
	})
}

func pathOf(rec journal.Record) string {
	path, _, _ := strings.Cut(rec.Exchange.Request.URL, "?")
	return clip(path, 200)
}

func id(n int64) string {
	if n == 0 {
		return "none"
	}
	return strconv.FormatInt(n, 10)
}

// millis shows a number of milliseconds, a tenth of a second exactly.
func millis(ms float64) string {
	if !(math.Abs(ms) < 1e12) { // thirty years, or not a number: a Duration could not hold it
		return "ages"
	}
	return (time.Duration(ms) * time.Millisecond).Round(100 * time.Millisecond).String()
}

// clip keeps what the integration sent short enough for a line.
func clip(s string, limit int) string {
	if len(s) <= limit {
		return s
	}
	if r := []rune(s); len(r) > limit {
		return string(r[:limit]) + "…"
	}
	return s
}
