package fakealtegio

import (
	"errors"
	"io"
	"net/http"
	"runtime/debug"
	"strconv"
	"strings"
	"time"

	"github.com/altegio-readiness/harness/fakealtegio/journal"
	"github.com/altegio-readiness/harness/openapi"
)

// bodyLimit bounds a request's body. The platform's own limit is not published; what is recorded
// of a body ends here as well.
const bodyLimit = journal.BodyLimit

// call is a request on its way through the platform.
type call struct {
	r          *http.Request
	body       []byte
	start      time.Time
	op         openapi.Operation // ID "" for a path that the contract does not have
	wrongPath  error             // of Find
	wrongBody  *answer           // the body could not be read whole
	violations []openapi.Violation
	fields     fields // of the body
	form       bool   // the body is a browser's form
	// What the request names, whether it exists or not; 0 for nothing.
	location, application, payment int64
	request                        journal.Request // as recorded
}

// ServeHTTP answers as the platform does, under any host name, and records the exchange before
// the answer leaves.
func (p *Platform) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	c := &call{r: r, start: time.Now()}
	a := p.serve(c)
	a.write(w)
}

func (p *Platform) serve(c *call) (a answer) {
	defer func() {
		if v := recover(); v != nil {
			p.broke("answering "+c.r.Method+" "+c.r.URL.Path, v, debug.Stack())
			a = harnessFault()
			p.recordCall(c, a)
		}
	}()
	p.receive(c)
	a, ok := p.settle(c)
	if !ok {
		return harnessFault()
	}
	return a
}

// receive reads the request and finds out everything that does not depend on the state.
func (p *Platform) receive(c *call) {
	var err error
	if c.r.Body != nil { // a server's requests have one, those of tests need not
		c.body, err = io.ReadAll(io.LimitReader(c.r.Body, bodyLimit+1))
	}
	switch {
	case len(c.body) > bodyLimit:
		a := tooLarge()
		c.wrongBody = &a
	case err != nil:
		a := unreadable()
		c.wrongBody = &a
	}
	path := c.r.URL.EscapedPath()
	c.op, c.wrongPath = p.contract.Find(c.r.Method, path)
	if c.wrongPath == nil {
		c.violations = p.contract.ValidateRequest(c.op, openapi.Request{
			Method: c.r.Method, Path: path, RawQuery: c.r.URL.RawQuery,
			Host: platformHost(c.r.Host), Header: c.r.Header, Body: c.body,
		})
	}
	if c.op.ID != "" {
		p.identify(c)
	}
	c.request = p.recordedCall(c)
}

// platformHost returns the host if it is a name of the platform, which an integration can only
// have used because its traffic is intercepted; any other name is one of ours and says nothing.
func platformHost(host string) string {
	name, _, _ := strings.Cut(strings.ToLower(host), ":")
	for _, domain := range []string{"alteg.io", "yclients.com"} {
		if name == domain || strings.HasSuffix(name, "."+domain) {
			return host
		}
	}
	return ""
}

// identify finds out which location, application and payment the request names.
func (p *Platform) identify(c *call) {
	c.form = isForm(c.r.Header)
	switch c.op.ID {
	case journal.OpInstall, journal.OpPayment:
		c.fields = jsonFields(c.body)
	case journal.OpRedirect:
		if c.form {
			c.fields = formFields(c.body)
		} else {
			c.fields = jsonFields(c.body)
		}
	case journal.OpRefund:
		c.payment = decimalID(c.op.Params["payment_id"])
		c.application, c.location = p.world.paymentPlace(c.payment)
		return
	default:
		c.location = decimalID(c.op.Params["location_id"])
		c.application = decimalID(c.op.Params["application_id"])
		return
	}
	c.location, c.application = c.fields.id("salon_id"), c.fields.id("application_id")
}

// settle lets the call take effect and records it, in one turn of its location. It fails if the
// record could not be written.
func (p *Platform) settle(c *call) (answer, bool) {
	a, recorded, ok := p.take(c)
	if ok && p.cfg.OnExchange != nil {
		p.cfg.OnExchange(recorded)
	}
	return a, ok
}

func (p *Platform) take(c *call) (answer, journal.Record, bool) {
	turn := p.turn(c.location)
	turn.Lock()
	defer turn.Unlock()
	a := p.answer(c)
	p.checkAnswer(c.op, a)
	recorded, ok := p.recordCall(c, a)
	return a, recorded, ok
}

// answer decides what the platform says. The order is that of its layers: the path, the token,
// the form of the body, the application, the state.
func (p *Platform) answer(c *call) answer {
	switch {
	case c.wrongBody != nil:
		return *c.wrongBody
	case errors.Is(c.wrongPath, openapi.ErrMethodNotAllowed):
		return wrongMethod(c.op.Method)
	case c.wrongPath != nil:
		if a, ok := p.page(c); ok {
			return a
		}
		return unknownPath()
	}
	dev, refused := p.authenticate(c)
	if refused != nil {
		return refused.answer()
	}
	switch c.op.ID {
	case journal.OpInstall, journal.OpRedirect:
		return p.install(dev, c)
	case journal.OpPayment:
		return p.pay(dev, c)
	case journal.OpRefund:
		return p.refund(dev, c)
	case journal.OpStatus:
		return p.status(dev, c)
	case journal.OpUninstall:
		return p.uninstall(dev, c)
	case journal.OpLocations:
		return p.locations(dev, c)
	}
	panic("the contract has an operation that the platform does not: " + c.op.ID)
}

// authenticate finds the developer by the partner token. What follows a comma is the user's
// token, which the operations of partners do not need (Altegio REST API 2.0.0,
// https://developer.alteg.io/api). A browser's form cannot carry a token and needs none.
func (p *Platform) authenticate(c *call) (*developer, *refusal) {
	header := c.r.Header.Get("Authorization")
	if header == "" && c.op.ID == journal.OpRedirect && c.form {
		return nil, nil
	}
	scheme, rest, _ := strings.Cut(header, " ")
	token, _, _ := strings.Cut(rest, ",")
	dev := p.developers[strings.TrimSpace(token)]
	if dev == nil || !strings.EqualFold(scheme, "Bearer") {
		return nil, unauthenticated()
	}
	return dev, nil
}

// access returns the application that a call is about, if it is the developer's. A browser's
// form comes without a developer and may name any.
func (p *Platform) access(dev *developer, id int64) (*Application, *refusal) {
	app := p.apps[id]
	if app == nil || dev != nil && dev.apps[id] == nil {
		return nil, denied(journal.RefusedApplication, messageDenied)
	}
	return app, nil
}

// recordedCall is what the journal keeps of a request.
func (p *Platform) recordedCall(c *call) journal.Request {
	red := p.cfg.Journal.Redactor()
	recorded := journal.Request{
		Method: c.r.Method,
		URL:    red.URL(c.r.URL.RequestURI()),
		Host:   red.Text(c.r.Host),
		Proto:  c.r.Proto,
		Header: red.Header(c.r.Header),
	}
	if len(c.body) > 0 {
		recorded.Body = red.Body(c.r.Header.Get("Content-Type"), c.body)
	}
	return recorded
}

// recordCall writes the record of a call and its answer.
func (p *Platform) recordCall(c *call, a answer) (journal.Record, bool) {
	red := p.cfg.Journal.Redactor()
	ex := &journal.Exchange{
		Direction:   journal.ToPlatform,
		Operation:   c.op.ID,
		Request:     c.request,
		Response:    &journal.Response{Status: a.status, Header: a.header},
		Violations:  recordedViolations(c.violations),
		Refused:     a.refused,
		Application: p.recordable(c.application, p.apps[c.application] != nil),
		Payment:     p.recordable(c.payment, c.location != 0),
		Choices:     a.choices,
		Millis:      millis(time.Since(c.start)),
	}
	if len(a.body) > 0 {
		ex.Response.Body = red.Body(a.header.Get("Content-Type"), a.body)
	}
	rec := p.about(c.location, journal.Record{Kind: journal.KindExchange, Exchange: ex})
	rec.Location = p.recordable(rec.Location, rec.Clock != nil)
	return p.append(rec)
}

// recordable returns an id that a request names. If it is not one of the platform's, it may be
// something else that is not to be recorded, like the owner's phone number.
func (p *Platform) recordable(id int64, known bool) int64 {
	if known || id == 0 {
		return id
	}
	if text := strconv.FormatInt(id, 10); p.cfg.Journal.Redactor().Text(text) != text {
		return 0
	}
	return id
}
