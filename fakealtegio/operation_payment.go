package fakealtegio

import (
	"fmt"
	"net/http"
	"time"

	"github.com/altegio-readiness/harness/fakealtegio/journal"
)

// pay answers the report of a payment with the id that a refund has to name ("Working with
// subscription payments", https://support.alteg.io/hc/en-us/articles/6746128692893).
func (p *Platform) pay(dev *developer, c *call) answer {
	pay, choices, errs := p.readPayment(c)
	if len(errs) > 0 {
		return invalid(journal.RefusedInvalid, errs, choices...).answer()
	}
	app, refused := p.access(dev, c.application)
	if refused != nil {
		return refused.answer()
	}
	id, ts, refused := p.world.pay(app, c.location, pay)
	if refused != nil {
		return refused.answer()
	}
	c.payment = id
	p.recordTransitions(ts)
	recorded := fmt.Appendf(nil, `{"success":true,"data":{"id":%d}}`, id)
	return jsonBytes(http.StatusOK, recorded).because(choicePaymentZone)
}

// readPayment reads the seven fields. Everything the contract calls an error in the body is one
// here; beyond that a period must not end before it begins.
func (p *Platform) readPayment(c *call) (pay *payment, choices []string, errs fieldErrors) {
	errs = c.bodyErrors()
	sum, ok := c.fields.decimal("payment_sum")
	if !ok {
		errs.unless("payment_sum", "payment_sum is missing or not a sum")
	}
	currency := c.fields.text("currency_iso")
	if len(currency) != 3 {
		errs.unless("currency_iso", "currency_iso is missing or not a currency")
	}
	zone := p.world.zone(c.location)
	date := func(name string) (local, utc int64) {
		text := c.fields.text(name)
		t, err := time.Parse(time.DateTime, text)
		if err != nil || len(text) != len(time.DateTime) { // Parse would take fractions of a second
			errs.unless(name, name+" is missing or not of the form YYYY-MM-DD HH:MM:SS")
			choices = []string{choiceDates}
			return 0, 0
		}
		here, _ := time.ParseInLocation(time.DateTime, text, zone) // what UTC can read, other zones can
		return here.Unix(), t.Unix()
	}
	pay = &payment{sum: sum}
	copy(pay.currency[:], currency)
	pay.date, _ = date("payment_date")
	pay.from, pay.earliest = date("period_from")
	pay.to, pay.latest = date("period_to")
	if len(errs) == 0 && pay.latest < pay.earliest {
		errs.add("period_to", "period_to lies before period_from")
		choices = []string{choicePeriodReversed}
	}
	pay.earliest -= int64(easternmost / time.Second)
	pay.latest -= int64(westernmost / time.Second)
	return pay, choices, errs
}

// refund answers the report of a chargeback. There is no body, hence no partial refund, and no
// 404 among the documented answers (Developer Tools 1.0.0,
// https://developer.alteg.io/en/developers/openapi).
func (p *Platform) refund(dev *developer, c *call) answer {
	if refused := p.world.refund(dev, c.payment); refused != nil {
		return refused.answer()
	}
	return jsonAnswer(http.StatusOK, envelope{Success: true, Data: emptyList, Meta: emptyList}).because(choiceRefundBody, choiceRefundCurrent)
}
