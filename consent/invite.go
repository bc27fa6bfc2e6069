package consent

import "context"

// Invitation is what a filed request tells whoever holds its address before they
// sign in: who asks, and what for. A letter lies about and a QR code is photographed,
// so it says nothing of the person, of the file, of the data, or of any answer.
type Invitation struct {
	RequestID string
	Purpose   string
	From      Client
}

// Invitation is the same in every state of the request, so that nobody learns from it
// whether its citizen came. It fails with NotFound unless the request was filed, and
// with UnauthorizedClient when its administration may no longer ask.
func (s *Service) Invitation(ctx context.Context, id string) (Invitation, error) {
	r, err := s.store.Request(ctx, id)
	if err == nil && !r.Filed {
		err = Refuse(NotFound, "", "not a filed request")
	}
	if err != nil {
		return Invitation{}, err
	}
	from, err := s.ClientFor(ctx, r.ClientID, r.Details.Recipient)
	return Invitation{RequestID: r.ID, Purpose: r.Details.Purpose, From: from}, err
}
