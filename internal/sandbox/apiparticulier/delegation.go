package apiparticulier

import "net/url"

// Delegation is what a body's habilitation gave an editor.
type Delegation struct {
	ID, Recipient string
	Scopes        []string
}

// delegated are the scopes of the delegation that a call means; a code when it means
// none, or may mean several.
func (h Habilitation) delegated(query url.Values) (scopes []string, code string) {
	if refused, ok := first(query, addressed()); !ok {
		return nil, refused.code
	}
	var meant []Delegation
	for _, d := range h.Delegations {
		if d.Recipient == query.Get("recipient") && (!query.Has("delegation_id") || query.Get("delegation_id") == d.ID) {
			meant = append(meant, d)
		}
	}
	switch len(meant) {
	case 0:
		return nil, "00213"
	case 1:
		return meant[0].Scopes, ""
	}
	return nil, "00212"
}
