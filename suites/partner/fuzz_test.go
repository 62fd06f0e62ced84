package partner_test

import (
	"errors"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/altegio-readiness/harness/suites/partner"
)

// FuzzParseConfig wants every text to be a configuration or a ConfigError that can be printed, and
// never shows what comes from the environment.
func FuzzParseConfig(f *testing.F) {
	files, err := filepath.Glob("testdata/config/*.yaml")
	if err != nil {
		f.Fatal(err)
	}
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	f.Add([]byte(whole))
	f.Add([]byte(minimal))
	const secret = "value:of-the:environment"
	getenv := func(name string) (string, bool) { return secret, !strings.HasPrefix(name, "NO_") }
	f.Fuzz(func(t *testing.T, data []byte) {
		cfg, err := partner.Parse("readiness.yaml", data, getenv)
		if err == nil {
			_ = cfg.PaysWhatItIsTold()
			_ = cfg.Secrets()
			_, err = cfg.Resolve(partner.Vars{Altegio: partner.AltegioFacts{URL: "http://127.0.0.1:1"}})
		}
		var mistake *partner.ConfigError
		if err == nil {
			return
		}
		if !errors.As(err, &mistake) {
			t.Fatalf("got %T: %v", err, err)
		}
		text := err.Error()
		if mistake.Message == "" || len(text) > 4000 || !utf8.ValidString(text) || strings.Count(text, "\n") > 10 {
			t.Errorf("got %q", text)
		}
		if strings.Contains(text, secret) && !strings.Contains(string(data), "of-the") {
			t.Errorf("the error shows a value of the environment: %s", text)
		}
	})
}

// FuzzForms wants every page to give a request that can be sent, or an error.
func FuzzForms(f *testing.F) {
	f.Add(threeForms, "email", "a", "/signup", "")
	f.Add(`<table><form><tr><td><input name=a>`, "a", "1", "", "")
	f.Add(`<form method=post enctype=multipart/form-data><input type=file name=f><input name=a>`, "a", "1", "", "")
	f.Add(`<form action="//[::1"><select name=a><option>1</select></form>`, "a", "1", "", "")
	f.Add(`<meta http-equiv=refresh content="0;url=http://[">`, "", "", "", "")
	f.Add(`<body onload="f.submit()"><form action=javascript:x><input type=hidden name=a>`, "", "", "", "x")
	f.Fuzz(func(t *testing.T, html, name, value, action, submit string) {
		step := partner.FormStep{Action: action, Submit: submit}
		if name != "" {
			step.Fields = map[string]string{name: value}
		}
		method, target, body, err := partner.SubmitForTest(html, step)
		if err != nil {
			if len(err.Error()) > 20000+4*len(name)+4*len(action)+4*len(submit) {
				t.Errorf("an error of %d bytes", len(err.Error()))
			}
			return
		}
		u, err := url.Parse(target)
		if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
			t.Errorf("the form is sent to %q: %v", target, err)
		}
		if method != "GET" && method != "POST" || method == "GET" && len(body) > 0 {
			t.Errorf("got %s with %d bytes", method, len(body))
		}
	})
}
