package reports

import (
	"cmp"
	"slices"
	"time"

	"github.com/altegio-readiness/harness/fakealtegio/journal"
)

// scenarios tells each story in the order in which they begin, and what happened outside of them.
func (b *builder) scenarios() {
	b.report.Scenarios = []Scenario{}
	var order []string
	byName := map[string][]journal.Record{}
	for _, rec := range b.records {
		if rec.Output != nil || rec.Run != nil || rec.End != nil {
			continue // told elsewhere: the log, the facts, the failure
		}
		if _, ok := byName[rec.Scenario]; !ok {
			order = append(order, rec.Scenario)
		}
		byName[rec.Scenario] = append(byName[rec.Scenario], rec)
	}
	if len(order) == 0 {
		return
	}
	limit := max(20, min(maxEvents, maxAllEvents/len(order)))
	slices.SortStableFunc(order, func(x, y string) int { // the nameless one last
		return cmp.Compare(btoi(x == ""), btoi(y == ""))
	})
	for _, name := range order {
		b.report.Scenarios = append(b.report.Scenarios, b.story(name, byName[name], limit))
	}
}

func btoi(v bool) int {
	if v {
		return 1
	}
	return 0
}

func (b *builder) story(name string, records []journal.Record, limit int) Scenario {
	s := Scenario{Name: name, Status: StoryCutOff, Cast: []Role{}, Requirements: []string{}, Events: []Event{}}
	if name == "" {
		s.Title, s.Status = "Outside of the stories", ""
	}
	roles := map[int64]string{}
	for _, rec := range records {
		ev := rec.ScenarioEvent
		if ev == nil {
			continue
		}
		if ev.Title != "" {
			s.Title = ev.Title
		}
		at := rec.At.UTC()
		switch ev.Phase {
		case "start":
			s.Started = &at
			for role, location := range ev.Cast {
				s.Cast = append(s.Cast, Role{Role: role, Location: location})
			}
		case "blocked":
			s.Status, s.Stopped, s.BlockedBy = StoryBlocked, ev.Stopped, ev.BlockedBy
		default:
			s.Ended, s.Status, s.Stopped = &at, StoryStopped, ev.Stopped
			if ev.Reached {
				s.Status = StoryReached
			}
		}
	}
	slices.SortFunc(s.Cast, func(x, y Role) int { return cmp.Or(cmp.Compare(x.Location, y.Location), cmp.Compare(x.Role, y.Role)) })
	for _, role := range s.Cast {
		roles[role.Location] = role.Role
	}
	if s.Started != nil && s.Ended != nil {
		s.DurationMS = s.Ended.Sub(*s.Started).Milliseconds()
	}
	for _, v := range b.report.Verdicts {
		if slices.Contains(v.Scenarios, name) {
			s.Requirements = append(s.Requirements, v.ID)
		}
	}
	b.timeline(&s, records, roles, limit)
	return s
}

// timeline tells a story's records. Of a long story it keeps the beginning, the end and whatever a
// finding or a verdict refers to.
func (b *builder) timeline(s *Scenario, records []journal.Record, roles map[int64]string, limit int) {
	head, tail := limit*3/5, len(records)-limit*2/5
	moved := map[int64]time.Duration{} // how far each location's clock is ahead
	skipped := 0
	flush := func() {
		if skipped > 0 {
			s.Events = append(s.Events, Event{
				Kind: KindOmitted, Actor: ActorHarness,
				Text: plural(skipped, "record", "records") + " that nothing refers to; they are in journal.jsonl.",
			})
			s.Omitted += skipped
			skipped = 0
		}
	}
	for i, rec := range records {
		if len(records) > limit && i >= head && i < tail && !b.referred[rec.Seq] {
			skipped++
			continue
		}
		flush()
		ev := Event{
			Record: rec.Seq, AtMS: rec.At.Sub(b.started.At).Milliseconds(), Actor: actor(rec), Kind: rec.Kind,
			Text: b.sentence(rec), Tone: tone(rec), Location: rec.Location, Role: roles[rec.Location],
		}
		if rec.Clock != nil && rec.Location != 0 {
			ahead := rec.Clock.Sub(rec.At).Round(time.Minute)
			before, seen := moved[rec.Location]
			if seen && ahead != before {
				clock := rec.Clock.UTC()
				ev.Clock = &clock
			}
			moved[rec.Location] = ahead
		}
		s.Events = append(s.Events, ev)
	}
	flush()
}

// actor says who did what a record tells.
func actor(rec journal.Record) string {
	switch {
	case rec.Exchange != nil && rec.Exchange.Direction == journal.ToPlatform:
		return ActorIntegration
	case rec.Exchange != nil, rec.Transition != nil, rec.Fault != nil:
		return ActorPlatform
	case rec.Step != nil && (rec.Step.Kind == "visit" || rec.Step.Kind == "form"):
		return ActorOwner
	}
	return ActorHarness
}

// tone marks what a reader who looks for trouble should see first. It judges nothing: a refusal
// may be just what a story is about.
func tone(rec journal.Record) string {
	bad := false
	switch {
	case rec.Transition != nil:
		return "state"
	case rec.Exchange != nil:
		ex := rec.Exchange
		status := 0
		if ex.Response != nil {
			status = ex.Response.Status
		}
		if ex.Direction == journal.ToPlatform {
			bad = ex.Refused != "" || status >= 400 || ex.Operation == ""
			for _, v := range ex.Violations {
				bad = bad || v.Class == journal.ClassError
			}
		} else {
			bad = status == 0 || status >= 500 || ex.Variant == "" && status >= 300
		}
	case rec.Step != nil:
		bad = rec.Step.Error != "" || rec.Step.Response != nil && rec.Step.Response.Status >= 400 ||
			rec.Step.Exit != nil && *rec.Step.Exit != 0
	case rec.Hook != nil:
		bad = !rec.Hook.OK
	case rec.Probe != nil:
		bad = rec.Probe.Value == nil
	case rec.Wait != nil:
		bad = !rec.Wait.Met
	case rec.ScenarioEvent != nil:
		bad = rec.ScenarioEvent.Phase != "start" && !rec.ScenarioEvent.Reached
	}
	if bad {
		return "bad"
	}
	return ""
}
