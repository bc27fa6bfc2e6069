package consenttest

import (
	"context"
	"slices"

	"portail.example/consent"
)

func (v *view) Lookup(_ context.Context, agent consent.AgentID, id string) (consent.Lookup, error) {
	v.mu.Lock()
	defer v.mu.Unlock()
	at := slices.IndexFunc(v.t.lookups, func(l consent.Lookup) bool { return l.ID == id && l.Agent == agent })
	if at < 0 {
		return consent.Lookup{}, consent.Refuse(consent.NotFound, "", "no such thing")
	}
	return v.t.lookups[at], nil
}

func (v *view) LookupsOn(_ context.Context, subject consent.SubjectID, after consent.Lookup, limit int) (out []consent.Lookup, _ error) {
	v.mu.Lock()
	defer v.mu.Unlock()
	for _, l := range v.t.lookups {
		if subject != "" && l.Subject == subject && (after.ID == "" || newest(l.At, after.At, after.ID, l.ID) > 0) {
			out = append(out, l)
		}
	}
	slices.SortFunc(out, func(a, b consent.Lookup) int { return newest(a.At, b.At, b.ID, a.ID) })
	return out[:min(limit, len(out))], nil
}

func (v *view) SubjectByNumber(_ context.Context, number string, authority consent.SIRET) (consent.SubjectID, error) {
	v.mu.Lock()
	defer v.mu.Unlock()
	found := func(subject consent.SubjectID, d consent.Details) bool {
		return subject != "" && (authority == "" || authority == d.Recipient)
	}
	if r := v.t.requests[number]; found(r.Subject, r.Details) {
		return r.Subject, nil
	}
	if g := v.t.grants[number]; found(g.Subject, g.Details) {
		return g.Subject, nil
	}
	for _, d := range v.t.decisions {
		if d.ID == number && found(d.Subject, v.t.requests[d.RequestID].Details) {
			return d.Subject, nil
		}
	}
	return "", consent.Refuse(consent.NotFound, "", "no such thing")
}

func (v *view) SubjectsNamed(_ context.Context, key string, after consent.SubjectID, limit int) (out []consent.SubjectID, _ error) {
	v.mu.Lock()
	defer v.mu.Unlock()
	for subject, identity := range v.t.identities {
		if subject > after && slices.Contains(identity.SearchKeys(), key) {
			out = append(out, subject)
		}
	}
	slices.Sort(out)
	return out[:min(limit, len(out))], nil
}

func (v *view) Concerns(_ context.Context, subject consent.SubjectID, authority consent.SIRET) (bool, error) {
	v.mu.Lock()
	defer v.mu.Unlock()
	for _, r := range v.t.requests {
		if r.Subject == subject && r.Details.Recipient == authority {
			return true, nil
		}
	}
	return false, nil
}
