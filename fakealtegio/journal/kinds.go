package journal

import "errors"

// What can be wrong with a record on its own. The texts name fields of the format and nothing
// that was recorded.
var (
	errKind    = errors.New("kind is unknown")
	errMissing = errors.New("payload named by kind is missing")
	errExtra   = errors.New("payload contradicts kind")
	errFormat  = errors.New("format version is not one that this harness reads")
)

// check tells whether a record is well formed: of a known kind, with the payload of that kind and no other.
func check(rec *Record) error {
	payloads := [...]struct {
		kind Kind
		set  bool
	}{
		{KindRun, rec.Run != nil},
		{KindScenario, rec.ScenarioEvent != nil},
		{KindExchange, rec.Exchange != nil},
		{KindStep, rec.Step != nil},
		{KindHook, rec.Hook != nil},
		{KindProbe, rec.Probe != nil},
		{KindWait, rec.Wait != nil},
		{KindTransition, rec.Transition != nil},
		{KindFault, rec.Fault != nil},
		{KindNote, rec.Note != nil},
		{KindOutput, rec.Output != nil},
		{KindEnd, rec.End != nil},
	}
	known, own, others := false, false, false
	for _, p := range payloads {
		if p.kind == rec.Kind {
			known, own = true, p.set
		} else if p.set {
			others = true
		}
	}
	switch {
	case !known:
		return errKind
	case !own:
		return errMissing
	case others:
		return errExtra
	case rec.Run != nil && (rec.Run.Format < 1 || rec.Run.Format > FormatVersion):
		return errFormat
	}
	return nil
}
