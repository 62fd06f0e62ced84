package fakealtegio

import (
	"fmt"
	"net/http"
	"slices"
	"sync"

	"github.com/altegio-readiness/harness/fakealtegio/journal"
	"github.com/altegio-readiness/harness/openapi"
)

// faults are what the harness itself did wrong.
type faults struct {
	mu   sync.Mutex
	list []string
	cut  int
}

// maxFaults bounds the list: one fault repeats with every request.
const maxFaults = 100

func (f *faults) add(text string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if len(f.list) == maxFaults {
		f.cut++
		return
	}
	f.list = append(f.list, text)
}

// Faults returns what the platform itself did wrong so far: a message that contradicts the
// contract, a panic, a record that could not be written. A run with a fault is a harness error,
// whatever else it found.
func (p *Platform) Faults() []string {
	p.faults.mu.Lock()
	defer p.faults.mu.Unlock()
	list := slices.Clone(p.faults.list)
	if p.faults.cut > 0 {
		list = append(list, fmt.Sprintf("and %d more", p.faults.cut))
	}
	return list
}

// fault is how the platform says that it is wrong itself.
func (p *Platform) fault(format string, args ...any) {
	text := p.cfg.Journal.Redactor().Text(fmt.Sprintf(format, args...))
	p.faults.add(text)
	p.noteFault(text)
}

// broke is the fault of a panic. Its stack is for developers and names paths of their machine,
// so that it stays out of the journal.
func (p *Platform) broke(doing string, v any, stack []byte) {
	red := p.cfg.Journal.Redactor()
	text := red.Text(fmt.Sprintf("panic while %s: %v", doing, v))
	p.faults.add(text + "\n" + red.Text(string(stack)))
	p.noteFault(text)
}

func (p *Platform) noteFault(text string) {
	p.append(journal.Record{Kind: journal.KindNote, Note: &journal.Note{Text: "Harness fault: " + text}})
}

// checks counts the answers of each kind that were compared with the contract.
type checks struct {
	mu    sync.Mutex
	kinds map[kind]int
}

type kind struct {
	operation string
	status    int
}

// Under load answers of one kind differ in nothing but their numbers: the first ones are all
// compared, then one of many.
const (
	checkedFirst = 1000
	checkedEvery = 50
)

func (c *checks) next(k kind) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.kinds == nil {
		c.kinds = make(map[kind]int)
	}
	n := c.kinds[k]
	c.kinds[k]++
	return n < checkedFirst || n%checkedEvery == 0
}

// checkAnswer compares an answer of ours with the contract.
func (p *Platform) checkAnswer(op openapi.Operation, a answer) {
	if a.outside || op.ID == "" || !p.checks.next(kind{op.ID, a.status}) {
		return
	}
	for _, v := range p.contract.ValidateResponse(op, a.status, a.header, a.body) {
		p.fault("own answer %d to %s: %s %s: %s", a.status, op.ID, v.Where, v.Pointer, v.Message)
	}
}

// checkWebhook compares a webhook of ours with the contract.
func (p *Platform) checkWebhook(header http.Header, body []byte) {
	for _, v := range p.contract.ValidateWebhook(operationWebhook, header, body) {
		p.fault("own webhook: %s %s: %s", v.Where, v.Pointer, v.Message)
	}
}
