package checklist_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/altegio-readiness/harness/suites/checklist"
)

var idPattern = regexp.MustCompile(`^(CON|PAY|CHB|REC|REG)-([0-9]{2})$`)

func TestCatalogue(t *testing.T) {
	prefixes := map[checklist.Item]string{
		checklist.Connect: "CON", checklist.Payment: "PAY", checklist.Chargeback: "CHB", checklist.Reconnect: "REC", checklist.Registered: "REG",
	}
	known := []string{"register", "sign_in", "pay", "refund", "observe.connected"}
	stories := storyNames(t)
	seen, numbers, titles := map[string]bool{}, map[checklist.Item]int{}, map[string]string{}
	item := 0
	for _, r := range checklist.Catalogue() {
		complain := func(what string) { t.Errorf("%s: %s", r.ID, what) }
		match := idPattern.FindStringSubmatch(r.ID)
		if match == nil || match[1] != prefixes[r.Item] {
			complain("the id does not fit its item")
			continue
		}
		number, _ := strconv.Atoi(match[2])
		if seen[r.ID] || number <= numbers[r.Item] {
			complain("ids have to be unique and to ascend")
		}
		seen[r.ID], numbers[r.Item] = true, number
		if at := slices.Index(checklist.Items(), r.Item); at < item {
			complain("items are out of order")
		} else {
			item = at
		}
		if other := titles[r.Title]; other != "" {
			complain("has the title of " + other)
		}
		titles[r.Title] = r.ID
		for name, sentence := range map[string]string{"Why": r.Why, "How": r.How, "Fix": r.Fix} {
			if !strings.HasSuffix(sentence, ".") || strings.TrimSpace(sentence) != sentence {
				complain(name + " is no sentence: " + sentence)
			}
		}
		if r.Title == "" || strings.HasSuffix(r.Title, ".") {
			complain("the title has to be a clause without a full stop")
		}
		if r.Level != checklist.Must && r.Level != checklist.Should {
			complain("unknown level")
		}
		switch r.Confidence {
		case checklist.Documented, checklist.Observed:
		case checklist.Assumed:
			if r.Level == checklist.Must {
				complain("what is assumed is never a must")
			}
		default:
			complain("unknown confidence")
		}
		if len(r.Sources) == 0 {
			complain("no source")
		}
		linked := false
		for _, source := range r.Sources {
			linked = linked || source.URL != ""
			if source.Title == "" || source.URL != "" && !strings.HasPrefix(source.URL, "https://") {
				complain("a source without a title, or with a URL that is none")
			}
		}
		if r.Confidence == checklist.Documented && !linked {
			complain("documented, but no source can be opened")
		}
		for _, need := range r.Needs {
			for name := range strings.SplitSeq(need, "|") {
				if !slices.Contains(known, name) {
					complain("needs what nobody can configure: " + name)
				}
			}
		}
		if !slices.Contains([]string{"", "paid", "user_data"}, r.Applies) {
			complain("applies to what nobody can declare: " + r.Applies)
		}
		if len(r.Scenarios) == 0 {
			complain("is judged from no story")
		}
		for _, name := range r.Scenarios {
			if !slices.Contains(stories, name) {
				complain("is judged from a story that does not exist: " + name)
			}
		}
	}
	for _, r := range checklist.Catalogue() {
		for _, after := range r.After {
			if _, ok := checklist.Find(after); !ok {
				t.Errorf("%s rests on %s, which does not exist", r.ID, after)
			}
			if rests(after, r.ID, 0) {
				t.Errorf("%s and %s rest on each other", r.ID, after)
			}
		}
	}
	if checklist.RequirementSet == "" {
		t.Error("the set has no name")
	}
}

// rests reports whether one requirement rests on another, directly or through others.
func rests(id, on string, depth int) bool {
	r, _ := checklist.Find(id)
	return depth > 50 || slices.ContainsFunc(r.After, func(after string) bool { return after == on || rests(after, on, depth+1) })
}

// storyNames reads the Story constants of package journal from its source: a new story cannot be
// forgotten here.
func storyNames(t *testing.T) []string {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), "../../fakealtegio/journal/cues.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	ast.Inspect(file, func(n ast.Node) bool {
		spec, ok := n.(*ast.ValueSpec)
		if !ok || !strings.HasPrefix(spec.Names[0].Name, "Story") {
			return true
		}
		name, err := strconv.Unquote(spec.Values[0].(*ast.BasicLit).Value)
		if err != nil {
			t.Fatal(err)
		}
		names = append(names, name)
		return true
	})
	if len(names) < 10 {
		t.Fatalf("found the stories %v only", names)
	}
	return names
}

func TestEveryStoryIsJudged(t *testing.T) {
	var all []string
	for _, r := range checklist.Catalogue() {
		all = append(all, r.ID)
	}
	judged := checklist.ScenariosOf(all)
	for _, name := range storyNames(t) {
		if !slices.Contains(judged, name) {
			t.Errorf("nothing is judged from the story %s", name)
		}
	}
	if !slices.IsSorted(judged) {
		t.Errorf("got %v, want them sorted", judged)
	}
}

func TestFind(t *testing.T) {
	if r, ok := checklist.Find("CON-02"); !ok || r.ID != "CON-02" {
		t.Errorf("got %q, %t", r.ID, ok)
	}
	for _, id := range []string{"", "con-02", "CON-2", "CON-99"} {
		if r, ok := checklist.Find(id); ok || r.ID != "" {
			t.Errorf("%q: got %q", id, r.ID)
		}
	}
}

// What Catalogue returns is the caller's.
func TestCatalogueIsACopy(t *testing.T) {
	checklist.Catalogue()[0].ID = "changed"
	if got := checklist.Catalogue()[0].ID; got != "CON-01" {
		t.Errorf("got %q", got)
	}
	checklist.Items()[0] = "changed"
	if got := checklist.Items(); !slices.Equal(got, []checklist.Item{"connect", "payment", "chargeback", "reconnect", "registered"}) {
		t.Errorf("got %v", got)
	}
}

func TestItemTitles(t *testing.T) {
	titles := map[string]bool{}
	for _, item := range checklist.Items() {
		title := checklist.ItemTitle(item)
		if title == "" || title == string(item) || titles[title] {
			t.Errorf("%s: got the title %q", item, title)
		}
		titles[title] = true
	}
	if got := checklist.ItemTitle("unheard-of"); got != "unheard-of" {
		t.Errorf("got %q", got)
	}
}

func TestClosure(t *testing.T) {
	for _, test := range []struct{ ids, want string }{
		{"", ""},
		{"CON-99", ""},
		{"CON-01", "CON-01"},
		{"CON-03", "CON-01 CON-03"},
		{"PAY-05", "CON-01 CON-02 PAY-01 PAY-05"},
		{"CHB-03 PAY-01 CHB-03", "CHB-01 CHB-03 CON-01 CON-02 PAY-01"},
		{"REC-10", "CON-01 CON-02 PAY-01 REC-02 REC-07 REC-10 REG-01"},
		{"REC-03", "CON-01 CON-02 PAY-01 REC-03"}, // without a probe it takes payments
	} {
		ids := strings.Fields(test.ids)
		if got := strings.Join(checklist.Closure(ids), " "); got != test.want {
			t.Errorf("closure of %q: got %q, want %q", test.ids, got, test.want)
		}
	}
	for _, r := range checklist.Catalogue() {
		closure := checklist.Closure([]string{r.ID})
		if again := checklist.Closure(closure); !slices.Equal(again, closure) {
			t.Errorf("%s: the closure of %v is %v", r.ID, closure, again)
		}
	}
}

func TestScenariosOf(t *testing.T) {
	got := checklist.ScenariosOf([]string{"PAY-02", "CON-02", "PAY-01", "CON-99"})
	if want := []string{"connect-new-owner", "payment-renewal"}; !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
	if got := checklist.ScenariosOf(nil); len(got) != 0 {
		t.Errorf("got %v of nothing", got)
	}
}
