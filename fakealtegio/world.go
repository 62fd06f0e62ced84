package fakealtegio

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"time"

	"github.com/altegio-readiness/harness/fakealtegio/journal"
	"github.com/altegio-readiness/harness/fixtures"
)

// world is the memory of the platform: locations, their clocks, installations and payments. It
// knows neither HTTP nor the journal; its methods copy in and out, and return the changes they
// made for others to record.
type world struct {
	now    func() time.Time
	window time.Duration // in which a pending link can be installed

	mu          sync.Mutex
	random      *rand.Rand
	reserved    map[int64]bool // ids no location may get
	places      map[int64]*place
	order       []*place // as created
	payments    map[int64]*payment
	nextPayment int64
	nextOwner   int64
	salons      []fixtures.Location
	names       []string
}

// place is a location with its clock and its links to applications.
type place struct {
	location Location
	zone     *time.Location
	offset   time.Duration // of its clock from real time
	links    map[int64]*link
}

// transition is a change of a link, to be recorded.
type transition struct {
	app, location int64
	change        Change
	from          string // as in the change, but "none" for a link that never was
}

func newWorld(cfg Config, reserved []int64) *world {
	w := &world{
		now:      func() time.Time { return cfg.Now().Round(0).UTC() }, // a wall clock: offsets of years are added to it
		window:   cfg.PendingWindow,
		random:   rand.New(rand.NewPCG(uint64(cfg.Seed), 0xa17e610)),
		reserved: make(map[int64]bool),
		places:   make(map[int64]*place),
		payments: make(map[int64]*payment),
		salons:   fixtures.Locations(),
		names:    fixtures.Names(),
	}
	for _, id := range reserved {
		w.reserved[id] = true
	}
	w.random.Shuffle(len(w.salons), func(i, j int) { w.salons[i], w.salons[j] = w.salons[j], w.salons[i] })
	w.random.Shuffle(len(w.names), func(i, j int) { w.names[i], w.names[j] = w.names[j], w.names[i] })
	// Payments have eight digits or more: nobody takes one for a location, which has seven.
	w.nextPayment = 10_000_000 + w.random.Int64N(80_000_000)
	w.nextOwner = 20_000 + w.random.Int64N(60_000)
	return w
}

// clock is the time at a place.
func (w *world) clock(pl *place) time.Time { return w.now().Add(pl.offset) }

// where returns scenario and clock of a location, if there is one of that id.
func (w *world) where(location int64) (scenario string, clock time.Time, ok bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	pl := w.places[location]
	if pl == nil {
		return "", time.Time{}, false
	}
	return pl.location.Scenario, w.clock(pl), true
}

// location returns a copy of a location.
func (w *world) location(id int64) (Location, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	pl := w.places[id]
	if pl == nil {
		return Location{}, unknownLocation(id)
	}
	return pl.location, nil
}

func unknownLocation(id int64) error { return fmt.Errorf("location %d does not exist", id) }

// link returns the link of an application at a location, nil if there never was one.
func (w *world) link(app, location int64) (*place, *link) {
	pl := w.places[location]
	if pl == nil {
		return nil, nil
	}
	return pl, pl.links[app]
}

// installation returns a copy of a link and the time zone it is to be told in.
func (w *world) installation(app, location int64) (Installation, *time.Location) {
	w.mu.Lock()
	defer w.mu.Unlock()
	pl, l := w.link(app, location)
	if l == nil {
		return Installation{State: journal.StateNone}, time.UTC
	}
	return l.copy(), pl.zone
}

// installed returns one page of the locations at which an application is active or frozen, in the
// order of their ids.
func (w *world) installed(app int64, skip, count int) []Location {
	w.mu.Lock()
	defer w.mu.Unlock()
	var all []*place
	for _, pl := range w.order {
		if l := pl.links[app]; l != nil && (l.state == journal.StateActive || l.state == journal.StateFreezed) {
			all = append(all, pl)
		}
	}
	slices.SortFunc(all, func(a, b *place) int { return cmp.Compare(a.location.ID, b.location.ID) })
	all = all[min(skip, len(all)):]
	all = all[:min(count, len(all))]
	page := make([]Location, len(all))
	for i, pl := range all {
		page[i] = pl.location
	}
	return page
}
