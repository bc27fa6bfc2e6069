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
	return pages(func(after Access) ([]Access, error) {
		return s.store.Consultations(ctx, scope.Authority(), after, readAtOnce)
	}, to)
}
