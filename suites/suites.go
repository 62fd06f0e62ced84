// Package suites lets Ginkgo conduct a run: it turns stories and requirements into specs and runs
// them, in an ordinary binary as well as under go test.
//
// A spec container stands for a story; its BeforeAll drives the story, and each It asks the judge
// of one requirement what the journal says by now. The containers keep the order of the stories,
// whatever the seed, because later stories rest on earlier ones. Nothing is decided here: the
// verdicts of the report are computed from the finished journal, by the same judges.
//
// This is the only package that imports Ginkgo and Gomega outside of tests.
package suites

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"time"

	. "github.com/onsi/ginkgo/v2"
	"github.com/onsi/ginkgo/v2/extensions/globals"
	"github.com/onsi/ginkgo/v2/formatter"
	"github.com/onsi/ginkgo/v2/types"
	. "github.com/onsi/gomega"

	"github.com/altegio-readiness/harness/suites/checklist"
	"github.com/altegio-readiness/harness/suites/scenario"
)

// Plan is what is to be run.
type Plan struct {
	// Stage is where the stories are played.
	Stage *scenario.Stage
	// Scenarios are driven in this order.
	Scenarios []scenario.Scenario
	// Requirements are the ids to be judged; others get no spec.
	Requirements []string
	// Seed is Ginkgo's random seed. It does not change the order.
	Seed int64
	// Judge computes the verdicts from the journal as it is now.
	Judge func() (checklist.Result, error)
	// Driven is called when a story begins, Judged for each requirement; either may be nil.
	Driven func(scenario.Scenario)
	Judged func(checklist.Requirement, checklist.Verdict)
	// Timeout ends a run that hangs although every wait has a deadline of its own; 0 means an hour.
	Timeout time.Duration
}

// Outcome is what became of the run itself, which is no verdict on the integration.
type Outcome struct {
	// Interrupted is true when a signal or the end of the context cut the run short.
	Interrupted bool
	// Err is a fault of the harness, nil when there was none.
	Err error
}

// outcome satisfies ginkgo.GinkgoTestingT, which asks only for Fail.
type outcome struct{ failed bool }

func (o *outcome) Fail() { o.failed = true }

// Run drives and judges. The context's end ends the run; what was recorded by then stays.
//
// Run may be called again in the same process. It must not be called concurrently: Ginkgo's
// suite is global.
func Run(ctx context.Context, plan Plan) Outcome {
	globals.Reset() // a second run in one process begins with an empty suite
	RegisterFailHandler(Fail)
	var result Outcome
	for i, sc := range plan.Scenarios {
		describe(ctx, plan, sc, len(plan.Scenarios)-i, &result)
	}
	var report types.Report
	ReportAfterSuite("collect", func(r Report) { report = r })

	suite, console := types.NewDefaultSuiteConfig(), types.NewDefaultReporterConfig()
	suite.RandomSeed, suite.GracePeriod, suite.Timeout = plan.Seed, 5*time.Second, time.Hour
	if plan.Timeout > 0 {
		suite.Timeout = plan.Timeout
	}
	formatter.ColorableStdOut = io.Discard // the console output is ours
	// A spec that was focused by mistake must not end our process with Ginkgo's exit code 197.
	restore := setenv("GINKGO_EDITOR_INTEGRATION", "true")
	defer restore()
	var t outcome
	RunSpecs(&t, "altegio-readiness", suite, console)

	for _, spec := range report.SpecReports {
		if spec.State.Is(types.SpecStatePanicked) && result.Err == nil {
			result.Err = fmt.Errorf("%s: %s", spec.FullText(), spec.Failure.ForwardedPanic)
		}
		if spec.State.Is(types.SpecStateTimedout) && result.Err == nil {
			result.Err = fmt.Errorf("%s: timed out although every wait has its own deadline", spec.FullText())
		}
	}
	result.Interrupted = ctx.Err() != nil || slices.Contains(report.SpecialSuiteFailureReasons, "Interrupted by User")
	return result
}

// describe declares the container of one story.
func describe(run context.Context, plan Plan, sc scenario.Scenario, priority int, result *Outcome) {
	item := checklist.Item(sc.Item)
	text := fmt.Sprintf("%s: %s", checklist.ItemTitle(item), sc.Title)
	Describe(text, Label(sc.Item), Label("scenario:"+sc.Name), SpecPriority(priority), Ordered, ContinueOnFailure, func() {
		var verdicts map[string]checklist.Verdict
		BeforeAll(func(ctx SpecContext) {
			if plan.Driven != nil {
				plan.Driven(sc)
			}
			story, cancel := context.WithCancelCause(ctx)
			defer cancel(nil)
			defer context.AfterFunc(run, func() { cancel(context.Cause(run)) })()
			if err := plan.Stage.Play(story, sc); err != nil {
				if !cancelled(story) && result.Err == nil {
					result.Err = err
				}
				AbortSuite(err.Error())
			}
			judged, err := plan.Judge()
			if err != nil {
				if result.Err == nil {
					result.Err = err
				}
				AbortSuite(err.Error())
			}
			verdicts = map[string]checklist.Verdict{}
			for _, v := range judged.Verdicts {
				verdicts[v.Requirement] = v
			}
		})
		asked := requirementsOf(sc, plan.Requirements)
		if len(asked) == 0 {
			// Ginkgo drives no container without specs, and later stories rest on this one.
			It("is driven for the stories that rest on it", func() {})
		}
		for _, r := range asked {
			It(r.ID+" "+r.Title, Label("level:"+string(r.Level)), Label("requirement:"+r.ID), func() {
				v := verdicts[r.ID]
				if plan.Judged != nil {
					plan.Judged(r, v)
				}
				if v.Outcome == checklist.NotVerified || v.Outcome == checklist.NotApplicable {
					Skip(string(v.Outcome) + ": " + v.Summary)
				}
				Expect(v.Outcome).To(Or(Equal(checklist.Pass), Equal(checklist.Warn)), v.Summary)
			})
		}
	})
}

// requirementsOf returns those of the selected requirements that can be judged after the story.
func requirementsOf(sc scenario.Scenario, selected []string) []checklist.Requirement {
	return slices.DeleteFunc(checklist.Catalogue(), func(r checklist.Requirement) bool {
		return r.Scenarios[len(r.Scenarios)-1] != sc.Name || !slices.Contains(selected, r.ID)
	})
}

// cancelled reports whether a story ended because it was told to.
func cancelled(story context.Context) bool {
	return story.Err() != nil && !errors.Is(context.Cause(story), context.DeadlineExceeded)
}

func setenv(name, value string) (restore func()) {
	before, had := os.LookupEnv(name)
	_ = os.Setenv(name, value)
	return func() {
		if had {
			_ = os.Setenv(name, before)
		} else {
			_ = os.Unsetenv(name)
		}
	}
}
