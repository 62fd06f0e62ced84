package fakealtegio

import (
	"fmt"
	"net/http"
	"net/url"

	"github.com/altegio-readiness/harness/fakealtegio/journal"
)

// install answers both variants of the installation: from server to server with 201, and through
// the browser with 200 or 301, told apart by the kind of body (Developer Tools 1.0.0 and Altegio
// REST API 2.0.0, https://developer.alteg.io/en/developers/openapi, https://developer.alteg.io/api).
func (p *Platform) install(dev *developer, c *call) answer {
	errs := c.bodyErrors()
	if len(errs) > 0 {
		return invalid(journal.RefusedInvalid, errs).answer()
	}
	app, refused := p.access(dev, c.application)
	if refused != nil {
		return refused.answer()
	}
	ts, refused := p.world.install(app, c.location, c.fields.texts("webhook_urls"))
	if refused != nil {
		return refused.answer()
	}
	p.recordTransitions(ts)
	switch {
	case c.op.ID == journal.OpInstall:
		return jsonAnswer(http.StatusCreated, envelope{Success: true, Data: emptyList, Meta: emptyList}).because(choiceInstallBody)
	case c.form:
		return movedTo(c.r, pagePath(c.location, c.application)).because(choiceRedirectVariant, choiceRedirectTarget)
	}
	return jsonAnswer(http.StatusOK, map[string]any{"success": true}).because(choiceRedirectVariant)
}

// movedTo sends a browser to a page of the host it came to.
func movedTo(r *http.Request, path string) answer {
	target := path
	scheme := "http"
	if r.TLS != nil {
		scheme = "https"
	}
	// A relative target if the Host header is not one that could be written back.
	if u, err := url.Parse(scheme + "://" + r.Host); err == nil && u.Host == r.Host && r.Host != "" && u.User == nil && u.Path == "" {
		target = scheme + "://" + r.Host + path
	}
	return answer{status: http.StatusMovedPermanently, header: http.Header{"Location": {target}}}
}

func pagePath(location, application int64) string {
	return fmt.Sprintf("/appstore/%d/applications/%d/info", location, application)
}
