package consent

import (
	"context"
	"slices"
	"strings"
)

// PersonSearch is what an agent knows of a person: a number on one of the portal's
// papers, or a name with the birth date. The other names and the birthplace tell
// namesakes apart.
type PersonSearch struct {
	Number     string // of a request, consent or receipt
	FamilyName string // at birth, or in use
	Birthdate  string // YYYY-MM-DD
	GivenName  string // first one; optional
	Birthplace string // INSEE code of the commune; optional
}

// String hides what was typed from logs and error texts.
func (PersonSearch) String() string { return "[search]" }

// GoString hides what was typed from %#v.
func (p PersonSearch) GoString() string { return p.String() }

// FindPerson looks a person up for an agent, and records that it did. It fails like
// LookUp; with InvalidRequest, which names family_name or birthdate, when the search is
// too broad; with NotFound when nobody, or nobody of the agent's authority, is known;
// and with Namesakes when several are left: the agent adds what tells them apart, the
// portal shows none of them.
func (s *Service) FindPerson(ctx context.Context, agent Agent, p PersonSearch, reason string) (Lookup, error) {
	by := LookupByIdentity
	if p.Number != "" {
		by = LookupByNumber
	} else if err := p.check(); err != nil {
		return Lookup{}, err
	}
	return s.LookUp(ctx, agent, by, reason, p.find)
}

// check refuses searches that many persons answer.
func (p PersonSearch) check() error {
	if fold(p.FamilyName) == "" {
		return Refuse(InvalidRequest, "family_name", "missing: a birth date alone is too broad")
	}
	if _, err := ParseDate(p.Birthdate); err != nil {
		return Refuse(InvalidRequest, "birthdate", "not YYYY-MM-DD: a name alone is too broad")
	}
	return nil
}

func (p PersonSearch) find(ctx context.Context, store Reader, scope Scope) (SubjectID, error) {
	if p.Number != "" {
		return store.SubjectByNumber(ctx, p.Number, scope.Authority())
	}
	var fitting []SubjectID
	err := pages(func(after SubjectID) ([]SubjectID, error) {
		return store.SubjectsNamed(ctx, SearchKey(p.FamilyName, p.Birthdate), after, readAtOnce)
	}, func(subject SubjectID) error {
		identity, err := store.Identity(ctx, subject)
		if err == nil && p.fits(identity) {
			fitting = append(fitting, subject)
		}
		return err
	})
	if err != nil {
		return "", err
	}
	return only(within(ctx, store, scope, fitting))
}

// fits compares what the keyed hash does not cover.
func (p PersonSearch) fits(identity PivotIdentity) bool {
	given := p.GivenName == "" || slices.ContainsFunc(identity.GivenNames, func(name string) bool { return fold(name) == fold(p.GivenName) })
	return given && (p.Birthplace == "" || strings.EqualFold(p.Birthplace, identity.Birthplace))
}

// within keeps those that an authority of the scope ever asked.
func within(ctx context.Context, store Reader, scope Scope, list []SubjectID) (out []SubjectID, err error) {
	for _, subject := range list {
		known := scope.Authority() == ""
		if !known {
			if known, err = store.Concerns(ctx, subject, scope.Authority()); err != nil {
				return nil, err
			}
		}
		if known {
			out = append(out, subject)
		}
	}
	return out, nil
}

// only is the one that is left. Persons are never merged, nor shown to choose from:
// each of them is a third person to all the others.
func only(list []SubjectID, err error) (SubjectID, error) {
	switch {
	case err != nil:
		return "", err
	case len(list) == 0:
		return "", Refuse(NotFound, "", "nobody, or nobody of this authority")
	case len(list) > 1:
		return "", Refuse(Namesakes, "given_name", "%d persons have this name and birth date", len(list))
	}
	return list[0], nil
}

// SearchKey is what a keyed hash is made of, to find a person by name and birth date.
func SearchKey(name, birthdate string) string { return fold(name) + "\n" + birthdate }

// SearchKeys are those of an identity: by birth name, and by the name in use.
func (p PivotIdentity) SearchKeys() []string {
	out := []string{SearchKey(p.FamilyName, p.Birthdate)}
	if fold(p.PreferredName) != "" && fold(p.PreferredName) != fold(p.FamilyName) {
		out = append(out, SearchKey(p.PreferredName, p.Birthdate))
	}
	return out
}
