// Package scenario holds the stories: what an owner, a stranger and the platform do to an
// integration, in which order, at which location.
//
// A story drives and records; it judges nothing. Whether what happened is right is decided later
// and elsewhere, by judges that read the journal. So a story goes on as long as it makes sense
// to, and when it stops early it says why.
//
// Every story has locations and owners of its own, so that nothing one story does can be
// mistaken for the doing of another.
package scenario

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/altegio-readiness/harness/fakealtegio"
	"github.com/altegio-readiness/harness/fakealtegio/journal"
	"github.com/altegio-readiness/harness/suites/partner"
)

// Scenario is one story.
type Scenario struct {
	// Name is one of the Story constants of package journal.
	Name  string
	Title string
	// Item is the checklist item to which the story belongs: "connect", "payment"…
	Item string
	// After are the stories that have to have reached their end before this one makes sense.
	After []string
	// Needs are the declarations ("paid", "user_data") and hooks without which it is not driven.
	Needs []string
	// Roles are the locations of the story.
	Roles []string
	// Start sets the clocks of its locations off against real time, nil for not at all.
	Start func(*partner.Config) time.Duration

	play func(ctx context.Context, a *act) error
}

// All returns the stories in the order in which they are driven: each after those it rests on.
func All() []Scenario {
	return []Scenario{
		newOwner, payment, chargeback, registered, reconnect,
		forgedWebhooks, foreignApplication, freeze, forgedUserData, stranger,
	}
}

// Stage is where stories are played: one platform, one integration, one journal.
type Stage struct {
	Platform *fakealtegio.Platform
	Driver   *partner.Driver
	Journal  *journal.Writer
	Config   *partner.Config // resolved
	// Vars are the template variables that are the same in all stories.
	Vars partner.Vars
	// Tell is told what is going on and what is being waited for; nil for nobody.
	Tell func(scenario, text string)

	reached  map[string]bool
	slowest  time.Duration // reaction of the integration so far
	payments int
}

// stopped ends a story early for a reason that lies in what the integration did.
type stopped struct{ reason string }

func (s stopped) Error() string { return s.reason }

func stop(format string, args ...any) error { return stopped{fmt.Sprintf(format, args...)} }

// Play drives one story and records its beginning and its end. A story whose predecessors did
// not get far enough is recorded as blocked and not driven. The error is the context's, or a
// fault of the harness; whatever the integration did is in the journal.
func (s *Stage) Play(ctx context.Context, sc Scenario) error {
	if s.reached == nil {
		s.reached = map[string]bool{}
	}
	for _, need := range sc.Needs {
		if !s.has(need) {
			return nil // the judges say what is missing, or that it does not apply
		}
	}
	for _, after := range sc.After {
		if !s.reached[after] {
			return s.append(journal.Record{Kind: journal.KindScenario, Scenario: sc.Name, ScenarioEvent: &journal.Scenario{
				Phase: "blocked", Title: sc.Title, BlockedBy: after,
				Stopped: fmt.Sprintf("the story %q did not reach its end", after),
			}})
		}
	}
	a := &act{Stage: s, sc: sc, locations: map[string]fakealtegio.Location{}}
	cast := map[string]int64{}
	for _, role := range sc.Roles {
		options := fakealtegio.LocationOptions{Scenario: sc.Name}
		if sc.Start != nil {
			options.Start = sc.Start(s.Config)
		}
		location := s.Platform.NewLocation(options)
		a.locations[role], cast[role] = location, location.ID
	}
	if err := a.record(journal.Record{Kind: journal.KindScenario, ScenarioEvent: &journal.Scenario{
		Phase: "start", Title: sc.Title, Cast: cast,
	}}); err != nil {
		return err
	}
	a.tell("%s", sc.Title)
	err := sc.play(ctx, a)
	if ctx.Err() != nil {
		return context.Cause(ctx) // no end record: the story was cut off
	}
	end := &journal.Scenario{Phase: "end", Reached: err == nil}
	var early stopped
	switch {
	case errors.As(err, &early):
		end.Stopped = early.reason
		err = nil
	case err != nil:
		return fmt.Errorf("story %s: %w", sc.Name, err)
	}
	s.reached[sc.Name] = end.Reached
	return errors.Join(err, a.record(journal.Record{Kind: journal.KindScenario, ScenarioEvent: end}))
}

func (s *Stage) has(need string) bool {
	switch need {
	case "paid":
		return s.Config.Application.Monetization != "free"
	case "user_data":
		return s.Config.Application.UserData
	}
	return s.Driver.Has(need)
}

func (s *Stage) append(rec journal.Record) error {
	_, err := s.Journal.Append(rec)
	return err
}
