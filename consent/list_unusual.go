package consent

import "context"

// UnusualBody is an authority with unusual days.
type UnusualBody struct {
	Client Client // one of the authority's registrations
	Days   []Unusual
}

// EachUnusual hands over the authorities the agent may see that had unusual days
// lately, by SIRET. It needs the memory of one page. It fails with RoleNotAllowed; an
// error of each ends it.
func (s *Service) EachUnusual(ctx context.Context, by Agent, each func(UnusualBody) error) error {
	var last SIRET
	return pages(func(after Client) ([]Client, error) {
		list, err := s.Registered(ctx, by, Party{ClientID: after.ID, Recipient: after.SIRET}, readAtOnce)
		if err == nil {
			last, err = s.unusualOf(ctx, list, last, each)
		}
		return list, err
	}, func(Client) error { return nil })
}

// unusualOf judges a page of bodies; those of before, which were on the page before,
// are not judged again.
func (s *Service) unusualOf(ctx context.Context, list []Client, before SIRET, each func(UnusualBody) error) (SIRET, error) {
	var bodies []Client
	var recipients []SIRET
	for _, c := range list {
		if c.SIRET != before { // registered twice
			before, bodies, recipients = c.SIRET, append(bodies, c), append(recipients, c.SIRET)
		}
	}
	today := DateOf(s.Now())
	days, err := s.store.AccessDays(ctx, recipients, today.addDays(1-UnusualDays-UsualDays).Start(), today.End())
	if err != nil {
		return before, err
	}
	of := map[SIRET][]AccessDay{}
	for _, d := range days {
		of[d.Recipient] = append(of[d.Recipient], d)
	}
	for _, c := range bodies {
		if found := UnusualOn(of[c.SIRET], today); len(found) > 0 {
			if err := each(UnusualBody{c, found}); err != nil {
				return before, err
			}
		}
	}
	return before, nil
}

// CountUnusual counts what EachUnusual hands over.
func (s *Service) CountUnusual(ctx context.Context, by Agent) (n int, err error) {
	err = s.EachUnusual(ctx, by, func(UnusualBody) error { n++; return nil })
	return n, err
}
