package checklist

import "slices"

// RequirementSet names the set of requirements below. It is stored in every journal and report,
// and changes when a requirement is added or removed or changes its level.
const RequirementSet = "2026.11-spine"

// catalogue is in the order of the checklist; the ids inside an item ascend.
var catalogue = slices.Concat(connectRequirements, paymentRequirements, chargebackRequirements,
	reconnectRequirements, registeredRequirements)

// Catalogue returns all requirements of [RequirementSet] in the order of the checklist.
func Catalogue() []Requirement { return slices.Clone(catalogue) }

// Find returns the requirement with the id, in the spelling of the catalogue.
func Find(id string) (Requirement, bool) {
	return (&court{catalogue: catalogue}).find(id)
}

// Items returns the five checklist items in the order in which moderators list them.
func Items() []Item { return []Item{Connect, Payment, Chargeback, Reconnect, Registered} }

// ItemTitle says what moderators check under an item, after the list in Altegio's step-by-step
// guide to placement in the marketplace.
func ItemTitle(i Item) string {
	switch i {
	case Connect:
		return "Connects correctly to the customer's location"
	case Payment:
		return "Transmits payment data"
	case Chargeback:
		return "Transmits data on chargebacks"
	case Reconnect:
		return "Processes disconnection and reconnection"
	case Registered:
		return "Copes with a user who is already registered"
	}
	return string(i)
}

// Closure returns the given requirements and all that they rest on, sorted: what has to be
// driven and judged so that the given ones can be.
func Closure(ids []string) []string {
	var all []string
	var add func(id string)
	add = func(id string) {
		r, ok := Find(id)
		if !ok || slices.Contains(all, id) {
			return
		}
		all = append(all, id)
		for _, other := range slices.Concat(r.After, r.leans) {
			add(other)
		}
	}
	for _, id := range ids {
		add(id)
	}
	slices.Sort(all)
	return all
}

// ScenariosOf returns the names of the scenarios from which the given requirements are judged,
// sorted.
func ScenariosOf(ids []string) []string {
	var names []string
	for _, id := range ids {
		if r, ok := Find(id); ok {
			names = append(names, r.Scenarios...)
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}
