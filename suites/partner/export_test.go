package partner

import (
	"net/http"
	"net/url"
)

// SubmitForTest does to a page what a browser and a form step do, without sending anything.
func SubmitForTest(html string, step FormStep) (method, target string, body []byte, err error) {
	page := &Page{
		URL:    &url.URL{Scheme: "http", Host: "partner.example", Path: "/dir/page"},
		Status: 200,
		Header: http.Header{"Content-Type": {"text/html"}},
		Body:   []byte(html),
	}
	page.parse()
	page.Text(excerptLength)
	leadsOn(page)
	f, err := step.choose(page)
	if err != nil {
		return "", "", nil, err
	}
	for _, word := range sortedNames(step.Fields) {
		if err := fill(word, step.Fields[word], f.find(word)); err != nil {
			return "", "", nil, err
		}
	}
	r, err := f.request(page, f.press(step.Submit))
	if err != nil {
		return "", "", nil, err
	}
	return r.method, r.url.String(), r.body, nil
}
