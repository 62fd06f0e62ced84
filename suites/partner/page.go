package partner

import (
	"bytes"
	"mime"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"unicode"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// Page is an answer as a [Browser] ended up with it.
type Page struct {
	// URL is where the browser is after all redirects.
	URL    *url.URL
	Status int
	Header http.Header
	// Body is at most 4 MiB; Truncated says that there was more.
	Body      []byte
	Truncated bool
	// Title of an HTML page, at most 2000 characters of it.
	Title string
	// Redirects are the URLs passed through, from the first request to where the browser is.
	Redirects []string
	// Left is where the page sent the browser when it left for the real Altegio, to which the
	// browser never goes; the page is the one that sent it.
	Left string

	doc  *html.Node // nil unless HTML
	base *url.URL   // against which the links of the page are resolved
}

const maxTitle = 2000

// HTML tells whether the page is one that people read.
func (p *Page) HTML() bool { return p.doc != nil }

// Text is the visible text of the page, shortened to a number of characters.
func (p *Page) Text(limit int) string {
	if p.doc == nil {
		if !printableType(p.Header.Get("Content-Type"), p.Body) {
			return strconv.Itoa(len(p.Body)) + " bytes"
		}
		return squeeze(strings.ToValidUTF8(string(p.Body[:min(len(p.Body), 4*limit)]), "\uFFFD"), limit)
	}
	var b strings.Builder
	visibleText(p.doc, &b, 8*limit)
	return squeeze(b.String(), limit)
}

func printableType(contentType string, body []byte) bool {
	if contentType == "" {
		contentType = http.DetectContentType(body)
	}
	for _, word := range []string{"text/", "json", "xml", "javascript", "form-urlencoded"} {
		if strings.Contains(contentType, word) {
			return true
		}
	}
	return false
}

// visibleText collects text until there is enough of it.
func visibleText(n *html.Node, b *strings.Builder, enough int) {
	if n.Type == html.ElementNode {
		switch n.DataAtom {
		case atom.Script, atom.Style, atom.Head, atom.Template, atom.Noscript, atom.Svg, atom.Select, atom.Textarea:
			return
		}
	}
	if n.Type == html.TextNode {
		b.WriteString(n.Data)
		b.WriteByte(' ')
	}
	for c := n.FirstChild; c != nil && b.Len() < enough; c = c.NextSibling {
		visibleText(c, b, enough)
	}
}

// squeeze makes one line of a text and clips it.
func squeeze(s string, limit int) string {
	fields := strings.FieldsFunc(s, func(r rune) bool { return unicode.IsSpace(r) || unicode.IsControl(r) })
	return clip(strings.Join(fields, " "), limit)
}

// parse finds out whether the body is HTML and reads it.
func (p *Page) parse() {
	contentType := p.Header.Get("Content-Type")
	if contentType == "" {
		contentType = http.DetectContentType(p.Body)
	}
	media, _, _ := mime.ParseMediaType(contentType)
	if media != "text/html" && media != "application/xhtml+xml" {
		return
	}
	if multiplies(p.Body) {
		return
	}
	doc, err := html.Parse(bytes.NewReader(p.Body))
	if err != nil {
		return // nested too deeply for any browser; it stays a text
	}
	p.doc, p.base = doc, p.URL
	title, base := false, false
	for n := range doc.Descendants() {
		switch {
		case n.DataAtom == atom.Title && n.Namespace == "" && !title:
			p.Title, title = squeeze(textOf(n), maxTitle), true
		case n.DataAtom == atom.Base && !base:
			href, given := attribute(n, "href")
			if u, err := p.URL.Parse(strings.TrimSpace(href)); given && err == nil && browsable(u) {
				p.base = u
			}
			base = given
		}
	}
}

// textOf is all text inside of a node.
func textOf(n *html.Node) string {
	var b strings.Builder
	for d := range n.Descendants() {
		if d.Type == html.TextNode {
			b.WriteString(d.Data)
		}
	}
	return b.String()
}

func attr(n *html.Node, name string) string {
	value, _ := attribute(n, name)
	return value
}

func attribute(n *html.Node, name string) (string, bool) {
	for _, a := range n.Attr {
		if a.Key == name && a.Namespace == "" {
			return a.Val, true
		}
	}
	return "", false
}

// longestRefresh is the longest delay of a <meta http-equiv=refresh> that counts as a redirect:
// "You are being redirected in 5 seconds". The browser does not wait for it.
const longestRefresh = 10

// refresh is where the page's <meta http-equiv=refresh> leads, nil without one. A page that only reloads itself
// stays where it is.
func (p *Page) refresh() *url.URL {
	if p.doc == nil {
		return nil
	}
	for n := range p.doc.Descendants() {
		if n.DataAtom != atom.Meta || !strings.EqualFold(attr(n, "http-equiv"), "refresh") {
			continue
		}
		delay, target, ok := strings.Cut(strings.Replace(attr(n, "content"), ",", ";", 1), ";")
		seconds, err := strconv.ParseFloat(strings.TrimSpace(delay), 64)
		if !ok || err != nil || seconds > longestRefresh {
			continue
		}
		target = strings.TrimSpace(target)
		if len(target) >= 4 && strings.EqualFold(target[:3], "url") {
			target = strings.TrimSpace(target[3:])
			target = strings.TrimSpace(strings.TrimPrefix(target, "="))
		}
		target = strings.Trim(target, `"'`)
		u, err := p.base.Parse(target)
		if target == "" || err != nil || u.String() == p.URL.String() {
			continue
		}
		return u
	}
	return nil
}

// submitsItself returns the form that a script of the page sends at once, as pages do that hand an
// owner over to the platform: the only form, nothing in it to fill in, and an onload attribute or
// a script that calls submit without waiting for a click.
func (p *Page) submitsItself() *form {
	if p.doc == nil {
		return nil
	}
	forms := p.forms()
	if len(forms) != 1 {
		return nil
	}
	for _, c := range forms[0].controls {
		if c.kind != "hidden" && !c.button() {
			return nil
		}
	}
	for n := range p.doc.Descendants() {
		if n.Type != html.ElementNode {
			continue
		}
		if n.DataAtom == atom.Body && callsSubmit(attr(n, "onload")) {
			return forms[0]
		}
		if n.DataAtom == atom.Script && attr(n, "src") == "" {
			if script := textOf(n); callsSubmit(script) && !waitsForPeople(script) {
				return forms[0]
			}
		}
	}
	return nil
}

func callsSubmit(script string) bool {
	return strings.Contains(script, ".submit(") || strings.Contains(script, ".requestSubmit(")
}

// waitsForPeople recognises scripts that submit a form when somebody does something.
func waitsForPeople(script string) bool {
	for _, word := range []string{"'click'", `"click"`, "onclick", "'submit'", `"submit"`, "onsubmit", "'change'", `"change"`, ".click(", ".on("} {
		if strings.Contains(script, word) {
			return true
		}
	}
	return false
}
