package partner

// EnvironmentError says that the integration could not be reached or started. It is nobody's
// verdict: nothing was tested.
type EnvironmentError struct {
	// Seen is what happened, Want what was expected, Do what to do about it.
	Seen, Want, Do string
	// Log is the last output of the integration, if there was any.
	Log []string
}

// Error is Seen and Want in one line.
func (e *EnvironmentError) Error() string {
	if e.Want == "" {
		return e.Seen
	}
	return e.Seen + "; awaited: " + e.Want
}
