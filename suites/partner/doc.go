// Package partner reaches and drives a partner's integration: it reads readiness.yaml, starts the
// integration or finds it running, and makes it do things the way an owner or a customer would.
// It judges nothing; what it sees goes into the journal. Of this module it knows the journal only.
//
// [Load] reads a configuration, [Config.Resolve] completes it with the facts of a run, [Start]
// reaches the integration, and a [Driver] drives it. The rest of this comment is the manual of
// readiness.yaml. The types [Config], [Step] and [Probe] are the reference of its keys, [Vars] that
// of the facts.
//
// # Values
//
// ${NAME} in a value is replaced by the environment variable, ${NAME:-default} by the default if
// the variable is unset or empty. An unset variable without a default is an error. What comes from
// the environment is never a template. A literal ${ is written $${, which matters in shell commands.
//
// {{.Owner.Email}} in a value is a template of Go's text/template that is rendered later, with the
// facts of [Vars]. Functions and {{if}} may be used, loops and variables may not. {{urlquery .Owner.Email}}
// escapes a fact for a URL, {{json .Owner.Name}} quotes one for JSON written by hand. A fact that
// has no value is an error unless an {{if}} asks for it.
//
// In YAML, values with braces in them need quotes: "{{.Owner.Email}}".
//
// # Hooks
//
// A hook is a list of steps that makes the integration do one thing:
//
//	drive:
//	  register:   # an owner makes an account; begins on the page that the redirect URL led to
//	  sign_in:    # an owner signs in to an existing account; begins on that page, too
//	  pay:        # the customer {{.Location.ID}} pays
//	  refund:     # the payment {{.Payment.Key}}, {{.Payment.ID}} is returned
//
// Each step is exactly one of http, form and exec. The first step that fails ends the hook. A step
// has limits.step, or its own timeout, to succeed; an error says what was done, awaited and seen.
//
// # Step http
//
//	pay:
//	  - http:
//	      method: POST                  # GET unless given, POST with a body
//	      url: /test/pay                # absolute, or relative to the integration
//	      headers: {X-Api-Key: "${TEST_KEY}"}
//	      json: {location: "{{.Location.ID}}", sum: 990.99}
//	      expect: [200, 201]            # or 2xx; anything below 400 unless given
//	      follow: true                  # false stays at a redirect
//
// The request carries the cookies of the owner's browser. If the answer is HTML, the browser is on
// that page afterwards. The body is one of json, form (urlencoded fields) and body (a text). In json,
// a quoted value stays a string: "{{.Location.ID}}" is sent as "712345". Where the integration
// wants a number, write the body by hand:
//
//	body: '{"location": {{.Location.ID}}, "name": {{json .Owner.Name}}}'
//
// A body that is JSON is sent as application/json and any other as text/plain, unless headers say
// something else.
//
// # Step form
//
//	register:
//	  - form:
//	      fields: {email: "{{.Owner.Email}}", Password: "{{.Owner.Password}}", terms: "true"}
//	      action: /signup               # chooses among several forms: the whole action or a part of it
//	      submit: Sign up               # chooses the button by name, id, value or text
//	      index: 2                      # chooses the second of the forms that still fit
//
// The form is the one of the browser's page that has all the fields. A field is named by its name,
// its id or its label. Everything else is sent as the page has it: hidden fields, defaults, the
// selected option, checked boxes. A checkbox is set by true and false or by its value, a radio
// button and an option by value or text. Disabled fields are sent only if they are filled in. The
// page that comes must have a status below 400; it is the browser's page afterwards.
//
// # Step exec
//
//	pay:
//	  - exec:
//	      command: [./scripts/pay.sh, "{{.Payment.Sum}}"]
//	      env: {DATABASE_URL: "${TEST_DATABASE}"}
//
// The command runs in the folder of readiness.yaml, without a shell. Its environment is that of the
// harness with ALTEGIO_URL, and every fact that has a value under its name in JSON:
// READINESS_OWNER_EMAIL, READINESS_LOCATION_ID, READINESS_PAYMENT_KEY, READINESS_PAYMENT_SUM,
// READINESS_PAYMENT_CURRENCY, READINESS_PAYMENT_ID, READINESS_VARS_NAME and so on. On its standard
// input are the same facts as a JSON object ({"owner": {"email": …}, …}), unless stdin is given. If
// it prints a JSON object, the strings, numbers and booleans in it become {{.Vars.NAME}}. An exit
// status other than 0 is a failure. The command and everything it started is killed at the deadline,
// and what it leaves behind when it ends as well.
//
// # Values for later steps
//
//	extract:
//	  id: {json: "$.data.items[0].id"}     # a path of .name, ['name'] and [0]
//	  link: {regex: 'href="([^"]+)"'}      # its one group
//	  trace: {header: X-Request-Id}        # of the final answer
//	  code: {query: code}                  # a parameter of the URL where the step ended
//
// Later steps use them as {{.Vars.id}}. json and regex look at the body of the final answer, or at
// the standard output of a command.
//
// # Probes
//
//	observe:
//	  connected:
//	    http: {url: "/test/state?location={{.Location.ID}}"}
//	    path: $.connected
//	    equals: active              # optional
//
// A probe is one http or exec step and the path of the answer in the JSON that comes back, $ unless
// given. The value there must be true or false, and nothing else will do, not "true" and not 1; with equals the answer
// is whether the value is the same, in type too. A status of 400 or more is no answer unless expect allows it.
//
// # The browser
//
// Owners use a browser without scripts: cookies like a real one, ten redirects, pages up to
// 4 MiB, no proxies. It follows <meta http-equiv=refresh>, without waiting, and pages that hand the
// owner over to the platform by a form that submits itself: the page's only form, with hidden fields only, and
// an onload or an inline script that calls submit(). It does so three times at most. Pages that are
// built by scripts need http or exec steps. It never calls the real Altegio: a page that leads
// to one of its hosts is where the browser stays.
package partner
