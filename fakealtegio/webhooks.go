package fakealtegio

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/altegio-readiness/harness/fakealtegio/journal"
)

// The lifecycle events. There is none for an installation, an activation or the end of a freeze.
const (
	EventUninstall = "uninstall" // disabled on the platform's side
	EventFreeze    = "freeze"    // a trial or a paid period is over
	// EventPayment: a client paid on the platform's own billing page. Only the platform's own
	// tool knows it (https://github.com/altegio/altegio-integrations-hub-mcp, docs/webhooks).
	EventPayment = "payment"
)

// operationWebhook is the operation of the contract that describes lifecycle webhooks.
const operationWebhook = "marketplace_lifecycle_webhook"

// Webhook is a lifecycle webhook to be sent. With an Event and nothing else it is genuine.
type Webhook struct {
	Event string
	// Variant names in the record what is unusual about it; a webhook that the platform would
	// not send like this must have one.
	Variant string
	// Body changes the genuine body before it is sent.
	Body func(body map[string]any)
	// Raw, if not nil, is sent instead of any body.
	Raw []byte
	// ContentType is application/json by default, Method is POST. A GET has no body.
	ContentType string
	Method      string
	// To is an address other than the callback URL. It is contacted only if its origin is allowed.
	To string
}

// Delivery is what became of a webhook.
type Delivery struct {
	Status int           // 0 if no answer arrived
	Err    error         // why no answer arrived, or why it did not end
	Seq    int64         // the record of the exchange, or the note that says why there was none
	Took   time.Duration // until the answer was read
}

// ErrOriginRefused is the error of a delivery to an address that is not allowed, which was not contacted.
var ErrOriginRefused = errors.New("webhooks to this origin are not allowed")

// Disconnect is the owner's click on Disconnect: the installation ends, and then the
// integration is told ("Disabling the integration",
// https://support.alteg.io/hc/en-us/articles/6746174470685). The error is [ErrNotConnected]
// where there is nothing to disconnect; a failed delivery is no error, see [Delivery].Err.
func (p *Platform) Disconnect(ctx context.Context, app, location int64) (Delivery, error) {
	a, err := p.application(app)
	if err != nil {
		return Delivery{}, err
	}
	if err := p.end(app, location); err != nil {
		return Delivery{}, fmt.Errorf("disconnect application %d at location %d: %w", app, location, err)
	}
	return p.deliver(ctx, a, location, Webhook{Event: EventUninstall}), nil
}

func (p *Platform) end(app, location int64) error {
	turn := p.turn(location)
	turn.Lock()
	defer turn.Unlock()
	ts, err := p.world.disconnect(app, location, sourceMarketplace, "disconnected by the owner")
	p.recordTransitions(ts)
	return err
}

// Send delivers any lifecycle webhook, genuine or not, to the callback URL of an application. It
// changes no installation, and the location need not exist.
func (p *Platform) Send(ctx context.Context, app, location int64, w Webhook) (Delivery, error) {
	a, err := p.application(app)
	if err != nil {
		return Delivery{}, err
	}
	known := w.Event == EventUninstall || w.Event == EventFreeze || w.Event == EventPayment
	if w.Variant == "" && (!known || w.Body != nil || w.Raw != nil || w.ContentType != "" || w.Method != "" || w.To != "") {
		return Delivery{}, errors.New("a webhook that is not the platform's own needs a variant")
	}
	return p.deliver(ctx, a, location, w), nil
}

// SignPayment is the platform's signature on its payment event: lower-case hex of HMAC-SHA256 with
// the partner token as key. An empty discount stands for none
// (https://github.com/altegio/altegio-integrations-hub-mcp, docs/webhooks).
func SignPayment(token string, location int64, amount, discount string) string {
	message := fmt.Sprintf("salon_id=%d&amount=%s", location, amount)
	if discount != "" {
		message += "&discount=" + discount
	}
	mac := hmac.New(sha256.New, []byte(token))
	mac.Write([]byte(message))
	return hex.EncodeToString(mac.Sum(nil))
}

// genuine is the body as the platform writes it (Developer Tools 1.0.0, webhooks,
// https://developer.alteg.io/en/developers/openapi).
func (p *Platform) genuine(app *Application, location int64, event string) map[string]any {
	body := map[string]any{
		"salon_id":       location,
		"application_id": app.ID,
		"event":          event,
		tokenField:       app.PartnerToken,
	}
	if event != EventPayment {
		return body
	}
	id, now, currency := p.world.billing(location)
	body["payment_id"] = id
	body["amount"] = 100
	body["currency_iso"] = currency
	body["discount"] = nil
	body["payment_date"] = now.Format(time.DateTime)
	body["period_from"] = now.Format(time.DateTime)
	body["period_to"] = now.AddDate(0, 1, 0).Format(time.DateTime)
	body["tariff_option_id"] = nil
	body["sign"] = SignPayment(app.PartnerToken, location, "100", "")
	return body
}

// billing returns an id, the local time and the currency for a payment on the platform's own page.
func (w *world) billing(location int64) (id int64, now time.Time, currency string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.nextPayment += 1 + w.random.Int64N(89)
	if pl := w.places[location]; pl != nil {
		return w.nextPayment, w.clock(pl).In(pl.zone), pl.location.Currency
	}
	return w.nextPayment, w.now(), "EUR"
}

// deliver sends a webhook once and records what happened.
func (p *Platform) deliver(ctx context.Context, app *Application, location int64, w Webhook) Delivery {
	body, err := p.write(app, location, w)
	if err != nil {
		return p.undelivered(location, fmt.Errorf("webhook %s: %w", w.Event, err))
	}
	target := w.To
	if target == "" {
		target = app.CallbackURL
	}
	if target == "" {
		return p.undelivered(location, fmt.Errorf("webhook %s: the application has no callback URL", w.Event))
	}
	if o, err := origin(target); err != nil || !p.origins[o] {
		return p.undelivered(location, fmt.Errorf("webhook %s: %w", w.Event, ErrOriginRefused))
	}
	start := time.Now()
	ctx, cancel := context.WithTimeout(ctx, p.cfg.WebhookTimeout)
	defer cancel()
	req, err := w.request(ctx, target, body)
	if err != nil {
		return p.undelivered(location, fmt.Errorf("webhook %s: %w", w.Event, err))
	}
	if w.Variant == "" {
		p.checkWebhook(req.Header, body)
	}
	ex := &journal.Exchange{
		Direction:   journal.FromPlatform,
		Operation:   operationWebhook,
		Event:       w.Event,
		Variant:     w.Variant,
		Application: app.ID,
		Request:     p.recordedRequest(req, body),
		Choices:     []string{choiceWebhookAttempts},
	}
	d := Delivery{}
	ex.Response, d.Err = p.exchange(req)
	d.Took = time.Since(start)
	ex.Millis = millis(d.Took)
	if ex.Response != nil {
		d.Status = ex.Response.Status
	}
	if d.Err != nil {
		ex.Error = p.cfg.Journal.Redactor().Text(d.Err.Error())
	}
	d.Seq = p.recordExchange(location, ex)
	return d
}

// write makes the body of a webhook, nil for none.
func (p *Platform) write(app *Application, location int64, w Webhook) ([]byte, error) {
	if w.Method == http.MethodGet {
		return nil, nil
	}
	if w.Raw != nil {
		return w.Raw, nil
	}
	body := p.genuine(app, location, w.Event)
	if w.Body != nil {
		w.Body(body)
	}
	return encode(body)
}

func (w Webhook) request(ctx context.Context, target string, body []byte) (*http.Request, error) {
	method, contentType := w.Method, w.ContentType
	if method == "" {
		method = http.MethodPost
	}
	if contentType == "" {
		contentType = "application/json"
	}
	req, err := http.NewRequestWithContext(ctx, method, target, bytes.NewReader(body))
	if err != nil {
		return nil, errors.New("the callback URL or the method cannot be used")
	}
	req.Header.Set("User-Agent", "Altegio-Readiness (fake platform)")
	req.Header.Set("Accept", "*/*")
	if body != nil {
		req.Header.Set("Content-Type", contentType)
	}
	return req, nil
}

// exchange sends the request and reads the answer, up to a limit.
func (p *Platform) exchange(req *http.Request) (*journal.Response, error) {
	resp, err := p.client.Do(req)
	if err != nil {
		return nil, cause(err)
	}
	defer resp.Body.Close()
	if resp.StatusCode < http.StatusOK {
		// What follows a 101 is no body, and no deadline of the client ends it.
		return nil, fmt.Errorf("status %d, which is no answer", resp.StatusCode)
	}
	// Some more is read than is kept, so that a secret at the cut is whole when it is looked for.
	body, err := io.ReadAll(io.LimitReader(resp.Body, webhookAnswerLimit+webhookAnswerMargin))
	red := p.cfg.Journal.Redactor()
	recorded := &journal.Response{Status: resp.StatusCode, Header: red.Header(resp.Header)}
	if len(body) > 0 {
		recorded.Body = red.Body(resp.Header.Get("Content-Type"), body)
		if len(body) > webhookAnswerLimit {
			recorded.Body.Truncated = true
			text := recorded.Body.Text
			text = text[:min(webhookAnswerLimit, max(0, len(text)-webhookAnswerMargin))]
			recorded.Body.Text = strings.ToValidUTF8(text, "")
		}
	}
	if err != nil {
		return recorded, fmt.Errorf("the answer did not end: %w", cause(err))
	}
	return recorded, nil
}

// cause takes the URL, which may hold a secret, out of an error of the client.
func cause(err error) error {
	var ue *url.Error
	if errors.As(err, &ue) {
		err = ue.Err
	}
	if errors.Is(err, context.DeadlineExceeded) {
		return fmt.Errorf("no complete answer in time: %w", context.DeadlineExceeded)
	}
	return err
}

const (
	// webhookAnswerLimit bounds what is kept of an answer, of which only the status counts.
	webhookAnswerLimit = 64 << 10
	// webhookAnswerMargin is read beyond it and thrown away: what is cut in two there may be half
	// a secret, which the redactor does not recognise.
	webhookAnswerMargin = 4 << 10
)

// webhookClient makes a connection for every delivery, to the address it was given: proxies of
// the environment would be a third party, and a redirect is an answer.
func webhookClient() *http.Client {
	return &http.Client{
		Transport: &http.Transport{
			DisableKeepAlives:      true,
			DisableCompression:     true,
			MaxResponseHeaderBytes: webhookAnswerLimit,
		},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}
