package fakealtegio

import (
	"fmt"
	"net/http"
	"time"

	"github.com/altegio-readiness/harness/fakealtegio/journal"
	"github.com/altegio-readiness/harness/openapi"
)

// about fills in what a record says about the location concerned.
func (p *Platform) about(location int64, rec journal.Record) journal.Record {
	rec.Location = location
	if scenario, clock, ok := p.world.where(location); ok {
		rec.Scenario, rec.Clock = scenario, &clock
	}
	return rec
}

// append writes a record. That this fails is the harness's fault and nobody else's.
func (p *Platform) append(rec journal.Record) (journal.Record, bool) {
	written, err := p.cfg.Journal.Append(rec)
	if err != nil {
		p.faults.add(fmt.Sprintf("the journal cannot be written: %v", err))
		return rec, false
	}
	return written, true
}

// recordTransitions writes changes in their order. The caller has the turn of the location.
func (p *Platform) recordTransitions(ts []transition) {
	for _, t := range ts {
		rec := p.about(t.location, journal.Record{Kind: journal.KindTransition, Transition: &journal.Transition{
			Application: t.app,
			From:        t.from,
			To:          t.change.To,
			Source:      t.change.Source,
			Reason:      t.change.Reason,
		}})
		rec.Clock = &t.change.At
		p.append(rec)
	}
}

// recordExchange writes an exchange and shows it to whoever watches. It returns its number, 0 if
// it could not be written.
func (p *Platform) recordExchange(location int64, ex *journal.Exchange) int64 {
	rec, ok := p.append(p.about(location, journal.Record{Kind: journal.KindExchange, Exchange: ex}))
	if !ok {
		return 0
	}
	if p.cfg.OnExchange != nil {
		p.cfg.OnExchange(rec)
	}
	return rec.Seq
}

// undelivered notes why a webhook was not sent.
func (p *Platform) undelivered(location int64, err error) Delivery {
	text := p.cfg.Journal.Redactor().Text(fmt.Sprintf("Not sent: %v.", err))
	rec, _ := p.append(p.about(location, journal.Record{Kind: journal.KindNote, Note: &journal.Note{Text: text}}))
	return Delivery{Err: err, Seq: rec.Seq}
}

// recordedRequest is what the journal keeps of a webhook's request.
func (p *Platform) recordedRequest(req *http.Request, body []byte) journal.Request {
	red := p.cfg.Journal.Redactor()
	recorded := journal.Request{
		Method: req.Method,
		URL:    red.URL(req.URL.String()),
		Host:   req.URL.Host,
		Proto:  req.Proto,
		Header: red.Header(req.Header),
	}
	if len(body) > 0 {
		recorded.Body = red.Body(req.Header.Get("Content-Type"), body)
	}
	return recorded
}

// recordedViolations converts what the contract found.
func recordedViolations(found []openapi.Violation) []journal.Violation {
	if len(found) == 0 {
		return nil
	}
	list := make([]journal.Violation, len(found))
	for i, v := range found {
		list[i] = journal.Violation{Where: v.Where, Pointer: v.Pointer, Rule: v.Rule, Message: v.Message, Class: string(v.Class)}
	}
	return list
}

func millis(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }
