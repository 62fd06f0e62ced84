package fakealtegio

import (
	"bytes"
	"html/template"
	"net/http"
	"regexp"
)

// operationPage is what the journal calls a visit to the platform's page about an application,
// which is no operation of the contract. A link to it is how a partner sends people to the
// Connect button, as seen in a working integration, and where the browser's variant of the
// installation ends.
const operationPage = "appstore_application_page"

var pageRoute = regexp.MustCompile(`^/appstore/([1-9][0-9]{0,15})/applications/([1-9][0-9]{0,15})/info$`)

var pageTemplate = template.Must(template.New("page").Parse(`<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>{{.Title}} – fake Altegio</title>
<h1>{{.Title}}</h1>
<p>Application {{.Application}} at location {{.Location}}: {{.State}}.</p>
<p>This is not Altegio, but its stand-in for readiness tests.</p>
</html>
`))

// page answers the visit of a browser to the page about an application.
func (p *Platform) page(c *call) (answer, bool) {
	match := pageRoute.FindStringSubmatch(c.r.URL.EscapedPath())
	if match == nil || c.r.Method != http.MethodGet && c.r.Method != http.MethodHead {
		return answer{}, false
	}
	location, application := decimalID(match[1]), decimalID(match[2])
	app := p.apps[application]
	if app == nil {
		return answer{}, false
	}
	if _, err := p.world.location(location); err != nil {
		return answer{}, false
	}
	c.op.ID, c.location, c.application = operationPage, location, application
	var b bytes.Buffer
	title := app.Title
	if title == "" {
		title = "An application"
	}
	err := pageTemplate.Execute(&b, map[string]any{
		"Title": title, "Application": application, "Location": location,
		"State": p.Installation(application, location).State,
	})
	if err != nil {
		panic("the page cannot be written: " + err.Error())
	}
	return answer{
		status:  http.StatusOK,
		header:  http.Header{"Content-Type": {"text/html; charset=utf-8"}},
		body:    b.Bytes(),
		outside: true,
	}, true
}
