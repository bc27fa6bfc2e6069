package consent

import "context"

// EachConsultation hands the officer of an administration those of its uses that say
// who consulted, oldest first. Nobody else has that list, the portal's own officer
// included: it fails with RoleNotAllowed.
func (s *Service) EachConsultation(ctx context.Context, by Agent, to func(Access) error) error {
	scope, err := by.May(DutyConsultations)
	if err != nil {
		return err
	}
	var after Access
	for {
		page, err := s.store.Consultations(ctx, scope.Authority(), after, exportPage)
		if err != nil {
			return err
		}
		for _, a := range page {
			if err := to(a); err != nil {
				return err
			}
		}
		if len(page) < exportPage {
			return nil
		}
		after = page[len(page)-1]
	}
}
