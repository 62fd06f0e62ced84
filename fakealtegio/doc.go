// Package fakealtegio is the platform: a fake Altegio with a memory, that answers an integration
// as the real one would, and writes down what it saw.
//
// A [Platform] is made with [New] and is an [http.Handler]; [Platform.Listen] serves it on a port.
// It is steered by methods that stand for what people and time do at the real platform:
//
//	loc := p.NewLocation(fakealtegio.LocationOptions{Scenario: "connect"})
//	owner := p.NewOwner("connect")
//	visit, err := p.Connect(4242, owner, fakealtegio.ConnectOptions{}, loc.ID) // the Connect click
//	// … a browser opens visit, the integration installs itself through ServeHTTP …
//	deliveries, err := p.Advance(ctx, loc.ID, 8*24*time.Hour)                  // the trial ends: a freeze webhook
//	delivery, err := p.Disconnect(ctx, 4242, loc.ID)                           // the owner disconnects
//
// Every location has a clock of its own, so that days cost nothing and stories do not disturb each
// other. Every exchange, in either direction, is one record of the journal, written before the
// answer leaves: whoever has the answer can rely on the record. Every change of an installation is
// a record as well, written before the exchange that caused it.
//
// Requests are compared with the contract (package openapi) and all deviations are recorded; the
// answer is nevertheless what the real platform would say. Where its documents disagree or are
// silent, the reading taken has a name, see [Platform.Choices].
//
// The package never judges and never waits for an integration, apart from the answer to a webhook. It knows the
// contract, the journal and the fixtures, and neither requirements nor scenarios.
package fakealtegio
