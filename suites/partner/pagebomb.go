package partner

import (
	"bytes"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// maxReopened is how many elements beyond its tags a page may come to have; real ones have a few.
const maxReopened = 1_000_000

// multiplies tells whether a parser would make vastly more elements of a page than it has tags.
// By the rules of HTML a formatting element that is not closed is opened again in every block
// that follows, so that a few kilobytes can become gigabytes.
func multiplies(page []byte) bool {
	open, reopened := 0, 0
	for z := html.NewTokenizer(bytes.NewReader(page)); ; {
		kind := z.Next()
		if kind == html.ErrorToken {
			return false
		}
		if kind != html.StartTagToken && kind != html.EndTagToken {
			continue
		}
		name, _ := z.TagName()
		switch {
		case !formatting[atom.Lookup(name)]:
			if kind == html.StartTagToken {
				reopened += open
			}
		case kind == html.StartTagToken:
			open++
		default:
			open = max(0, open-1)
		}
		if reopened > maxReopened {
			return true
		}
	}
}

// formatting are the elements that are opened again, by the HTML standard's list of active
// formatting elements.
var formatting = map[atom.Atom]bool{
	atom.A: true, atom.B: true, atom.Big: true, atom.Code: true, atom.Em: true, atom.Font: true, atom.I: true,
	atom.Nobr: true, atom.S: true, atom.Small: true, atom.Strike: true, atom.Strong: true, atom.Tt: true, atom.U: true,
}
