package reports

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
)

// WriteJSON writes the report as it is, for programs.
func WriteJSON(w io.Writer, r Report) error {
	enc := json.NewEncoder(w)
	enc.SetIndent("", "  ")
	if err := enc.Encode(r); err != nil {
		return fmt.Errorf("write JSON: %w", err)
	}
	return nil
}

// The names of the files that [WriteAll] writes.
const (
	FileHTML     = "report.html"
	FileJSON     = "report.json"
	FileJUnit    = "junit.xml"
	FileMarkdown = "summary.md"
)

// WriteAll writes the report in every format into a folder, which it makes if necessary. Each file
// is written beside its place and then put there, so that a reader never sees half of one.
func WriteAll(dir string, r Report) error {
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return fmt.Errorf("write reports: %w", err)
	}
	for _, f := range []struct {
		name  string
		write func(io.Writer, Report) error
	}{
		{FileHTML, WriteHTML}, {FileJSON, WriteJSON}, {FileJUnit, WriteJUnit}, {FileMarkdown, WriteMarkdown},
	} {
		if err := writeFile(filepath.Join(dir, f.name), r, f.write); err != nil {
			return fmt.Errorf("write reports: %w", err)
		}
	}
	return nil
}

func writeFile(path string, r Report, write func(io.Writer, Report) error) (err error) {
	f, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+".*")
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			f.Close()
			os.Remove(f.Name())
		}
	}()
	if err = write(f, r); err != nil {
		return err
	}
	if err = f.Chmod(0o644); err != nil { // CreateTemp keeps it from the artifact collectors of CI
		return err
	}
	if err = f.Close(); err != nil {
		return err
	}
	return os.Rename(f.Name(), path)
}
