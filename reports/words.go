package reports

import (
	"fmt"
	"net/url"
	"path"
	"strings"

	"github.com/altegio-readiness/harness/fakealtegio/journal"
)

// operationWords says what an operation of the contract does, as a sentence about the caller.
var operationWords = map[string]string{
	journal.OpInstall:   "activates the installation",
	journal.OpRedirect:  "activates the installation through the browser",
	journal.OpPayment:   "reports a payment",
	journal.OpRefund:    "reports a refund",
	journal.OpStatus:    "asks for the state of the connection",
	journal.OpUninstall: "disconnects the location",
	journal.OpLocations: "asks for the connected locations",
}

// operationWord returns the words for an operation, its id if there are none.
func operationWord(operation string) string {
	if words, ok := operationWords[operation]; ok {
		return words
	}
	return "calls " + operation
}

// sentence says what a record holds, as one line of a story.
func (b *builder) sentence(rec journal.Record) string {
	switch {
	case rec.Exchange != nil:
		return exchangeSentence(rec.Exchange)
	case rec.Step != nil:
		return stepSentence(rec.Step)
	case rec.Hook != nil:
		return hookSentence(rec.Hook)
	case rec.Probe != nil:
		return probeSentence(rec.Probe)
	case rec.Wait != nil:
		return waitSentence(rec.Wait)
	case rec.Transition != nil:
		t := rec.Transition
		return fmt.Sprintf("The installation goes from %s to %s (%s).", t.From, t.To, joined(", ", words(t.Source), t.Reason))
	case rec.Fault != nil:
		return fmt.Sprintf("The platform is unkind on purpose: %s.", joined(", ", words(rec.Fault.Name), rec.Fault.Operation, rec.Fault.Detail))
	case rec.Note != nil:
		return rec.Note.Text
	case rec.ScenarioEvent != nil:
		return scenarioSentence(rec.ScenarioEvent)
	case rec.Output != nil:
		return "The integration prints: " + rec.Output.Line
	case rec.Run != nil:
		return "The run begins."
	case rec.End != nil:
		return "The run ends: " + rec.End.Reason + "."
	}
	return string(rec.Kind) + "."
}

func exchangeSentence(ex *journal.Exchange) string {
	what := target(ex.Request) + " → " + answer(ex.Response, ex.Error)
	if ex.Direction == journal.FromPlatform {
		event := ex.Event
		if event == "" {
			event = "of an entity"
		}
		if ex.Variant != "" {
			return fmt.Sprintf("The platform sends the webhook %s, altered on purpose (%s): %s in %s.", event, words(ex.Variant), what, lasting(ex.Millis))
		}
		return fmt.Sprintf("The platform sends the webhook %s: %s in %s.", event, what, lasting(ex.Millis))
	}
	does := "calls a path the platform does not know"
	if ex.Operation != "" {
		does = operationWord(ex.Operation)
	}
	rest := ""
	if ex.Refused != "" {
		rest = ", refused: " + words(ex.Refused)
	}
	if n := len(ex.Violations); n > 0 {
		rest += ", " + plural(n, "deviation from the contract", "deviations from the contract")
	}
	return fmt.Sprintf("The integration %s: %s%s.", does, what, rest)
}

func stepSentence(s *journal.Step) string {
	var what string
	switch {
	case s.Kind == "exec":
		what = "The hook " + s.Hook + " runs " + strings.Join(s.Command, " ")
		if s.Exit != nil {
			what += fmt.Sprintf(" → exit %d", *s.Exit)
		}
	case s.Request == nil:
		what = fmt.Sprintf("Step %d (%s) of %s", s.Index, s.Kind, s.Hook)
	case s.Kind == "visit":
		what = "The owner opens " + shown(s.Request.URL) + " → " + answer(s.Response, "")
	case s.Kind == "form":
		what = "The owner sends a form, " + target(*s.Request) + " → " + answer(s.Response, "")
	default:
		what = "The hook " + s.Hook + " asks " + target(*s.Request) + " → " + answer(s.Response, "")
	}
	if n := len(s.Redirects); n > 0 {
		what += " after " + plural(n, "redirect", "redirects") + " at " + shown(s.Redirects[n-1])
	}
	if s.Title != "" {
		what += fmt.Sprintf(" “%s”", s.Title)
	}
	if s.Error != "" {
		what += ": " + s.Error
	}
	return what + "."
}

func hookSentence(h *journal.Hook) string {
	what := "The hook " + h.Name
	if p := h.Payment; p != nil && p.Sum != "" {
		what += " for " + p.Sum + " " + p.Currency
	}
	if h.OK {
		return what + " has done its work."
	}
	return joined(": ", what+" did not work", h.Error) + "."
}

func probeSentence(p *journal.Probe) string {
	what := joined(", ", "The probe "+p.Name, words(p.Moment))
	switch {
	case p.Value == nil:
		return joined(": ", what+" gave no answer", p.Error) + "."
	case *p.Value:
		return what + ": yes."
	}
	return what + ": no."
}

func waitSentence(w *journal.Wait) string {
	what := w.What
	if what == "" {
		what = w.For
	}
	switch {
	case w.For == "silence" && w.Met:
		return fmt.Sprintf("Watched for %s, and it held: %s.", lasting(w.Millis), what)
	case w.For == "silence":
		return fmt.Sprintf("Watched, and after %s it did not hold: %s.", lasting(w.Millis), what)
	case w.Met:
		return fmt.Sprintf("Waited for %s: came after %s.", what, lasting(w.Millis))
	}
	return fmt.Sprintf("Waited for %s: did not come within %s.", what, lasting(max(w.LimitMS, w.Millis)))
}

func scenarioSentence(s *journal.Scenario) string {
	switch {
	case s.Phase == "start":
		return "The story begins."
	case s.Phase == "blocked":
		return joined(": ", "The story was not driven, it begins where "+s.BlockedBy+" ends", s.Stopped)
	case s.Reached:
		return "The story was driven to its last line."
	}
	return joined(": ", "The story stopped early", s.Stopped)
}

// target is the request line of a request, shortened.
func target(r journal.Request) string { return r.Method + " " + shown(r.URL) }

// shown shortens a URL for a sentence: without host, and a long query only by its names.
func shown(raw string) string {
	u, err := url.Parse(raw)
	if err != nil {
		return raw
	}
	short := u.EscapedPath()
	if short == "" {
		short = "/"
	}
	switch {
	case u.RawQuery == "":
	case len(u.RawQuery) <= 60:
		short += "?" + u.RawQuery
	default:
		var names []string
		for pair := range strings.SplitSeq(u.RawQuery, "&") {
			name, _, _ := strings.Cut(pair, "=")
			names = append(names, name+"=…")
		}
		short += "?" + strings.Join(names, "&")
	}
	return short
}

func answer(r *journal.Response, failed string) string {
	switch {
	case r != nil:
		return fmt.Sprintf("%d", r.Status)
	case failed != "":
		return "no answer (" + failed + ")"
	}
	return "no answer"
}

// words turns a token of the journal into words.
func words(token string) string {
	return strings.NewReplacer("-", " ", "_", " ").Replace(token)
}

// joined joins the parts that are there.
func joined(sep string, parts ...string) string {
	var there []string
	for _, p := range parts {
		if p != "" {
			there = append(there, p)
		}
	}
	return strings.Join(there, sep)
}

// pathShape is the path of a call with the ids in it replaced, so that calls can be counted by it.
func pathShape(raw string) string {
	u, err := url.Parse(raw)
	if err != nil {
		return raw
	}
	parts := strings.Split(path.Clean("/"+u.Path), "/")
	for i, p := range parts {
		if p != "" && strings.Trim(p, "0123456789") == "" {
			parts[i] = "{id}"
		}
	}
	return strings.Join(parts, "/")
}
