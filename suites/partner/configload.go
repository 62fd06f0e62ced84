package partner

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
)

// Load reads and checks a configuration. getenv looks up environment variables, os.LookupEnv in
// earnest. Every mistake is a [*ConfigError].
func Load(path string, getenv func(string) (string, bool)) (*Config, error) {
	data, err := readConfig(path)
	if err != nil {
		reason, hint := "cannot be read: "+err.Error(), ""
		var wrapped *fs.PathError
		if errors.As(err, &wrapped) {
			reason = "cannot be read: " + wrapped.Err.Error()
		}
		if errors.Is(err, fs.ErrNotExist) {
			reason, hint = "there is no such file", "the README of altegio-readiness shows the whole format"
		}
		return nil, &ConfigError{File: path, Message: reason, Hint: hint}
	}
	cfg, err := Parse(path, data, getenv)
	if err != nil {
		return nil, err
	}
	cfg.dir = filepath.Dir(path)
	return cfg, nil
}

// readConfig reads no more than is needed to see that a file is too long.
func readConfig(path string) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return io.ReadAll(io.LimitReader(f, maxConfig+1))
}

// Parse reads and checks the text of a configuration; name is what errors call it. Paths in it are
// relative to the working directory.
func Parse(name string, data []byte, getenv func(string) (string, bool)) (*Config, error) {
	s := &source{file: name, secrets: map[string]string{}, places: map[string]place{}}
	v, err := s.parseYAML(data)
	if err != nil {
		return nil, err
	}
	if err := s.expandEnv(v, getenv); err != nil {
		return nil, err
	}
	cfg := defaults()
	cfg.source = s
	d := &decoder{source: s}
	if v.kind != mapping {
		return nil, s.fail(v.place, "begin with version: 1; the README of altegio-readiness shows the whole format", "a configuration must be a mapping, this is %s", v.kind)
	}
	if err := d.decode(v, "", reflect.ValueOf(cfg).Elem(), false); err != nil {
		return nil, err
	}
	cfg.collectSecrets()
	if err := cfg.check(); err != nil {
		return nil, err
	}
	return cfg, nil
}
