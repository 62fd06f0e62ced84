package fakealtegio

import (
	"errors"
	"fmt"
	"net/url"
	"strconv"
	"strings"
)

// ConnectOptions says what the redirect looks like.
type ConnectOptions struct {
	UserData UserData
	// LocationIDs is how the locations are written; LocationIDsDefault unless a story wants
	// another form.
	LocationIDs LocationIDs
}

// LocationIDs is a way to write locations into the redirect. Sources disagree about that of
// several locations.
type LocationIDs int

const (
	// LocationIDsDefault is salon_id=1 for one location ("Connecting the integration via
	// marketplace", https://support.alteg.io/hc/en-us/articles/6746045060381) and
	// LocationIDsBrackets for several.
	LocationIDsDefault LocationIDs = iota
	// LocationIDsBrackets is salon_ids[]=1&salon_ids[]=2 ("Connecting several locations",
	// https://support.alteg.io/hc/en-us/articles/6756399400477). The brackets are percent-encoded,
	// as some servers refuse them otherwise.
	LocationIDsBrackets
	// LocationIDsIndexed is salon_ids[0]=1&salon_ids[1]=2, observed at the sibling platform, also
	// with a single location.
	LocationIDsIndexed
	// LocationIDsComma is salon_ids=1,2 (https://github.com/altegio/altegio-integrations-hub-mcp).
	LocationIDsComma
)

// Connect is the click on Connect by an owner who may manage the locations: each gets a pending
// link, and the returned URL is where the platform sends the browser. It fails, and changes
// nothing, if one of the locations is connected already ([ErrConnected]).
func (p *Platform) Connect(app int64, owner Owner, o ConnectOptions, locations ...int64) (redirectURL string, err error) {
	a, err := p.application(app)
	if err != nil {
		return "", err
	}
	if len(locations) == 0 {
		return "", errors.New("connect: no location")
	}
	if len(locations) > 1 && !a.MultipleLocations {
		return "", fmt.Errorf("connect: application %d does not allow several locations", app)
	}
	seen := make(map[int64]bool)
	for _, id := range locations {
		if seen[id] {
			return "", fmt.Errorf("connect: location %d is named twice", id)
		}
		seen[id] = true
	}
	visit, err := p.VisitURL(app, owner, o, locations...)
	if err != nil {
		return "", err
	}
	defer p.takeTurns(locations)()
	ts, err := p.world.connect(a, locations)
	if err != nil {
		return "", fmt.Errorf("connect: %w", err)
	}
	p.recordTransitions(ts)
	return visit, nil
}

// VisitURL is the URL of [Platform.Connect] without the click: what a stranger types, a
// bookmark holds, or the settings tab of a connected application opens at every visit ("Settings
// page inside the app card", https://support.alteg.io/hc/en-us/articles/6756353811357). The
// locations need not exist.
func (p *Platform) VisitURL(app int64, owner Owner, o ConnectOptions, locations ...int64) (string, error) {
	a, err := p.application(app)
	if err != nil {
		return "", err
	}
	if a.RedirectURL == "" {
		return "", fmt.Errorf("application %d has no Registration Redirect URL", app)
	}
	var salonName string
	if len(locations) > 0 {
		if loc, err := p.world.location(locations[0]); err == nil {
			salonName = loc.Title
		}
	}
	pairs := o.LocationIDs.parameters(locations)
	data, err := o.UserData.parameters(a.PartnerToken, owner, salonName)
	if err != nil {
		return "", err
	}
	return addQuery(a.RedirectURL, append(pairs, data...))
}

func (form LocationIDs) parameters(locations []int64) (pairs [][2]string) {
	ids := make([]string, len(locations))
	for i, id := range locations {
		ids[i] = strconv.FormatInt(id, 10)
	}
	if form == LocationIDsDefault && len(ids) == 1 {
		return [][2]string{{"salon_id", ids[0]}}
	}
	if form == LocationIDsComma && len(ids) > 0 {
		return [][2]string{{"salon_ids", strings.Join(ids, ",")}}
	}
	for i, id := range ids {
		name := "salon_ids[]"
		if form == LocationIDsIndexed {
			name = fmt.Sprintf("salon_ids[%d]", i)
		}
		pairs = append(pairs, [2]string{name, id})
	}
	return pairs
}

// addQuery adds parameters to a URL. The URL's own parameters stay as they are and in front,
// except those that the platform sets itself; a fragment stays at the end.
func addQuery(base string, pairs [][2]string) (string, error) {
	u, err := url.Parse(base)
	if err != nil {
		return "", errors.New("the Registration Redirect URL cannot be parsed")
	}
	set := make(map[string]bool)
	for _, pair := range pairs {
		set[pair[0]] = true
	}
	var parts []string
	for part := range strings.SplitSeq(u.RawQuery, "&") {
		name, _, _ := strings.Cut(part, "=")
		if plain, err := url.QueryUnescape(name); err == nil {
			name = plain
		}
		if part != "" && !set[name] {
			parts = append(parts, part)
		}
	}
	if len(pairs) > 0 {
		parts = append(parts, query(pairs))
	}
	u.RawQuery = strings.Join(parts, "&")
	return u.String(), nil
}
