package reports

import (
	"cmp"
	"math"
	"slices"
	"strings"

	"github.com/altegio-readiness/harness/fakealtegio/journal"
)

// exchanges copies those that findings and evidence refer to, findings first when there are more
// than fit.
func (b *builder) exchanges() {
	for _, rec := range b.records {
		if rec.Exchange != nil {
			b.report.ExchangeCount++
		}
	}
	var wanted []int64
	for _, v := range b.report.Verdicts {
		for _, f := range v.Findings {
			wanted = append(wanted, f.Record)
		}
	}
	for _, v := range b.report.Verdicts {
		wanted = append(wanted, v.Evidence...)
	}
	b.report.Exchanges = []Exchange{}
	taken := map[int64]bool{}
	for _, seq := range wanted {
		rec, ok := b.record(seq)
		if !ok || taken[seq] || rec.Exchange == nil && rec.Step == nil {
			continue
		}
		taken[seq] = true
		if len(b.report.Exchanges) == maxExchanges {
			b.report.ExchangesOmitted++
			continue
		}
		b.report.Exchanges = append(b.report.Exchanges, b.exchange(rec))
	}
	slices.SortFunc(b.report.Exchanges, func(x, y Exchange) int { return cmp.Compare(x.Record, y.Record) })
}

func (b *builder) exchange(rec journal.Record) Exchange {
	out := Exchange{
		Record: rec.Seq, Scenario: rec.Scenario, At: rec.At.UTC(), Summary: b.sentence(rec),
		Violations: []journal.Violation{},
	}
	if s := rec.Step; s != nil {
		out.Direction = ToIntegration
		out.Error, out.Title, out.Exit, out.Millis = s.Error, s.Title, s.Exit, tenth(s.Millis)
		out.Redirects, out.Command = first(s.Redirects, 20), first(s.Command, 50)
		if s.Request != nil {
			out.Request = request(*s.Request)
		}
		out.Response = response(s.Response)
		return out
	}
	ex := rec.Exchange
	out.Direction, out.Operation, out.Event, out.Variant = ex.Direction, ex.Operation, ex.Event, ex.Variant
	out.Request, out.Response = request(ex.Request), response(ex.Response)
	out.Error, out.Refused, out.Millis = ex.Error, ex.Refused, tenth(ex.Millis)
	out.Violations = first(ex.Violations, 50)
	return out
}

func request(r journal.Request) *Request {
	return &Request{Method: r.Method, URL: r.URL, Host: r.Host, Proto: r.Proto, Headers: headers(r.Header), Body: body(r.Body, requestBytes)}
}

func response(r *journal.Response) *Response {
	if r == nil {
		return nil
	}
	limit := pageBytes
	if r.Body != nil && strings.HasPrefix(strings.TrimLeft(r.Body.Text, " \t\r\n"), "{") {
		limit = structureBytes
	}
	return &Response{Status: r.Status, Headers: headers(r.Header), Body: body(r.Body, limit)}
}

// maxHeaders is more than any honest message has.
const maxHeaders = 60

func headers(in map[string][]string) []Header {
	out := []Header{}
	for name, values := range in {
		for _, value := range values {
			out = append(out, Header{Name: name, Value: value})
		}
	}
	slices.SortStableFunc(out, func(x, y Header) int { return cmp.Or(cmp.Compare(x.Name, y.Name)) })
	return first(out, maxHeaders)
}

func body(in *journal.Body, limit int) *Body {
	if in == nil {
		return nil
	}
	out := &Body{Text: in.Text, Size: in.Size, Truncated: in.Truncated, Digest: in.Digest}
	if len(out.Text) > limit {
		out.Text, out.Truncated = prefix(out.Text, limit), true
	}
	return out
}

// tenth rounds to a tenth; what is no number becomes 0, because JSON has no word for it.
func tenth(ms float64) float64 {
	if math.IsNaN(ms) || math.IsInf(ms, 0) {
		return 0
	}
	return math.Round(ms*10) / 10
}

// coverage counts what of the contract the integration's calls touched.
func (b *builder) coverage() {
	operations, paths, deviations := map[string]*Operation{}, map[string]*Path{}, map[string]*Deviation{}
	statuses := map[string]map[int]int{}
	for _, rec := range b.records {
		ex := rec.Exchange
		if ex == nil || ex.Direction != journal.ToPlatform {
			continue
		}
		if ex.Operation == "" {
			at := ex.Request.Method + " " + pathShape(ex.Request.URL)
			entry(paths, at, func() Path { return Path{Path: at, Record: rec.Seq} }).Calls++
		} else {
			op := entry(operations, ex.Operation, func() Operation {
				return Operation{
					Operation: ex.Operation, What: operationWord(ex.Operation),
					Path: ex.Request.Method + " " + pathShape(ex.Request.URL),
				}
			})
			op.Calls++
			if ex.Refused != "" {
				op.Refused++
			}
			status := 0
			if ex.Response != nil {
				status = ex.Response.Status
			}
			if statuses[ex.Operation] == nil {
				statuses[ex.Operation] = map[int]int{}
			}
			statuses[ex.Operation][status]++
		}
		for _, v := range ex.Violations {
			key := strings.Join([]string{ex.Operation, v.Where, v.Pointer, v.Rule, v.Class}, "\x00")
			entry(deviations, key, func() Deviation {
				return Deviation{
					Operation: ex.Operation, Where: v.Where, Pointer: v.Pointer, Rule: v.Rule,
					Class: v.Class, Message: v.Message, Record: rec.Seq,
				}
			}).Calls++
		}
	}
	c := Coverage{Operations: []Operation{}}
	for name, op := range operations {
		op.Statuses = []StatusCount{}
		for status, n := range statuses[name] {
			op.Statuses = append(op.Statuses, StatusCount{Status: status, Count: n})
		}
		slices.SortFunc(op.Statuses, func(x, y StatusCount) int { return cmp.Compare(x.Status, y.Status) })
		c.Operations = append(c.Operations, *op)
	}
	slices.SortFunc(c.Operations, func(x, y Operation) int { return cmp.Compare(x.Operation, y.Operation) })
	c.UnknownPaths, c.UnknownPathsOmitted = counted(paths, func(p Path) (int, int64) { return p.Calls, p.Record }, maxPaths)
	c.Violations, c.ViolationsOmitted = counted(deviations, func(d Deviation) (int, int64) { return d.Calls, d.Record }, maxDeviations)
	slices.SortStableFunc(c.Violations, func(x, y Deviation) int { // errors before what is tolerated
		return cmp.Compare(btoi(x.Class != journal.ClassError), btoi(y.Class != journal.ClassError))
	})
	b.report.Coverage = c
}

// entry returns the entry of a map, made when it is not there yet.
func entry[T any](m map[string]*T, key string, make func() T) *T {
	e, ok := m[key]
	if !ok {
		fresh := make()
		e = &fresh
		m[key] = e
	}
	return e
}

// counted lists the values of a map, the most frequent first, then in the order of appearance, and
// how many are beyond the limit.
func counted[T any](m map[string]*T, by func(T) (calls int, record int64), limit int) ([]T, int) {
	type keyed struct {
		key   string
		value T
	}
	all := make([]keyed, 0, len(m))
	for key, value := range m {
		all = append(all, keyed{key, *value})
	}
	slices.SortFunc(all, func(x, y keyed) int {
		xCalls, xRecord := by(x.value)
		yCalls, yRecord := by(y.value)
		return cmp.Or(cmp.Compare(yCalls, xCalls), cmp.Compare(xRecord, yRecord), cmp.Compare(x.key, y.key))
	})
	out := make([]T, 0, min(limit, len(all)))
	for _, k := range all[:min(limit, len(all))] {
		out = append(out, k.value)
	}
	return out, len(all) - len(out)
}

// webhooks lists the deliveries and how long the integration took to answer.
func (b *builder) webhooks() {
	w := Webhooks{Deliveries: []Delivery{}}
	var took []float64
	for _, rec := range b.records {
		ex := rec.Exchange
		if ex == nil || ex.Direction != journal.FromPlatform {
			continue
		}
		w.Count++
		d := Delivery{
			Record: rec.Seq, Scenario: rec.Scenario, Event: ex.Event, Variant: ex.Variant, Location: rec.Location,
			Error: ex.Error, Millis: tenth(ex.Millis),
		}
		if ex.Response != nil {
			d.Status = ex.Response.Status
			w.Answered++
			took = append(took, d.Millis)
		}
		if len(w.Deliveries) < maxDeliveries {
			w.Deliveries = append(w.Deliveries, d)
		} else {
			w.Omitted++
		}
	}
	if len(took) > 0 {
		slices.Sort(took)
		w.MedianMS, w.MaxMS = took[(len(took)-1)/2], took[len(took)-1]
	}
	b.report.Webhooks = w
}

// log keeps the end of what the integration printed.
func (b *builder) log() {
	l := Log{Lines: []LogLine{}}
	for _, rec := range slices.Backward(b.records) {
		if rec.Output == nil {
			continue
		}
		l.Total++
		if len(l.Lines) < maxLog {
			l.Lines = append(l.Lines, LogLine{
				Record: rec.Seq, AtMS: rec.At.Sub(b.started.At).Milliseconds(), Stream: rec.Output.Stream, Line: rec.Output.Line,
			})
		}
	}
	slices.Reverse(l.Lines)
	l.Omitted = l.Total - len(l.Lines)
	b.report.Log = l
}
