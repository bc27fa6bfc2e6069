package consent

import (
	"context"
	"slices"
)

// Processing is one line of the record of processing activities (GDPR article 30(1)):
// what a body does with the data it receives, for one purpose. It is read from the
// registry at each look, so that it cannot say less than what may happen.
type Processing struct {
	Client  Client // the controller; Through is its processor
	Purpose Purpose
	Groups  []DataGroup // registered, and within the purpose's ceiling
	Months  int         // how long the controller keeps the data
}

// Processings are a registered body's lines, in the order of Purposes.
func (c Client) Processings() (out []Processing) {
	for _, p := range Purposes() {
		groups := slices.DeleteFunc(slices.Clone(c.Groups), func(g DataGroup) bool { return !p.Allows(g) })
		if c.Registered(p.ID) && len(groups) > 0 {
			out = append(out, Processing{Client: c, Purpose: p, Groups: groups, Months: c.Retention[p.ID]})
		}
	}
	return out
}

// Stopped reports whether nothing may be received at present: the registration is
// suspended, its habilitation or its delegation revoked.
func (p Processing) Stopped() bool { return p.Client.Usable() != nil }

// AboutOthers reports whether the data speak of others than the citizen.
func (p Processing) AboutOthers() bool {
	return slices.ContainsFunc(DataSets(), func(set DataSet) bool { return slices.ContainsFunc(p.Groups, set.AboutOthers) })
}

// Registered are the bodies that data may go to, as each is registered now, in the
// order of their SIRETs, at most limit; those that follow after, when it is not zero.
// An authority's officer sees that authority. It fails with RoleNotAllowed.
func (s *Service) Registered(ctx context.Context, by Agent, after Party, limit int) ([]Client, error) {
	scope, err := by.May(DutyRegister)
	if err != nil {
		return nil, err
	}
	return s.registered(ctx, scope.Authority(), after, limit)
}

func (s *Service) registered(ctx context.Context, authority SIRET, after Party, limit int) ([]Client, error) {
	parties, err := s.store.Recipients(ctx, authority, after, limit)
	if err != nil {
		return nil, err
	}
	named := map[Party]Client{}
	if err := s.name(ctx, named, parties); err != nil {
		return nil, err
	}
	var out []Client
	for _, p := range parties {
		out = append(out, named[p])
	}
	return out, nil
}

// EachRegistered hands over what Registered lists, all of it. It needs the memory of
// one page. An error of each ends it.
func (s *Service) EachRegistered(ctx context.Context, by Agent, each func(Client) error) error {
	return pages(func(after Client) ([]Client, error) {
		return s.Registered(ctx, by, Party{ClientID: after.ID, Recipient: after.SIRET}, readAtOnce)
	}, each)
}
