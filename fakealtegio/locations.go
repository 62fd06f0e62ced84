package fakealtegio

import (
	"time"

	"github.com/altegio-readiness/harness/fixtures"
)

// Location is a salon of the fake platform.
type Location struct {
	ID int64 // salon_id
	fixtures.Location
	Scenario string // that the location was made for
}

// LocationOptions says what a new location is like.
type LocationOptions struct {
	// Scenario is written into every record that concerns the location.
	Scenario string
	// Start is the offset of the location's clock from real time, may be negative.
	Start time.Duration
}

// Ids of locations have seven digits: all of one length, none can be the beginning of another and
// be taken for it by a search in a text.
const (
	firstLocation = 1_000_000
	lastLocation  = 9_999_999
)

// NewLocation adds a location, not connected to anything. Its id and its title come from the seed.
func (p *Platform) NewLocation(opts LocationOptions) Location {
	return p.world.newLocation(opts)
}

func (w *world) newLocation(opts LocationOptions) Location {
	w.mu.Lock()
	defer w.mu.Unlock()
	id := firstLocation + w.random.Int64N(lastLocation-firstLocation+1)
	for w.reserved[id] {
		id = firstLocation + w.random.Int64N(lastLocation-firstLocation+1)
	}
	w.reserved[id] = true
	salon := w.salons[len(w.order)%len(w.salons)]
	zone, err := time.LoadLocation(salon.Timezone)
	if err != nil {
		zone = time.UTC // cannot happen: the fixtures' tests load every zone
	}
	pl := &place{
		location: Location{ID: id, Location: salon, Scenario: opts.Scenario},
		zone:     zone,
		offset:   opts.Start,
		links:    make(map[int64]*link),
	}
	w.places[id] = pl
	w.order = append(w.order, pl)
	return pl.location
}
