package consent

import "context"

// recentAccesses is how many accesses a page shows at once.
const recentAccesses = 20

// Home is what a citizen sees first: what waits, what is open, what was used.
type Home struct {
	Waiting  []Request
	Grants   []Grant // newest first, whatever their state
	Accesses []Access
	Clients  map[string]Client // of all of the above
}

// Home gathers the citizen's home page.
func (s *Service) Home(ctx context.Context, subject SubjectID) (Home, error) {
	var h Home
	requests, err := s.store.OpenRequests(ctx, subject)
	if err != nil {
		return h, err
	}
	for _, r := range requests {
		if r.Answerable(s.Now()) == nil {
			h.Waiting = append(h.Waiting, r)
		}
	}
	if h.Grants, err = s.store.Grants(ctx, subject); err != nil {
		return h, err
	}
	if h.Accesses, err = s.store.Accesses(ctx, subject, "", recentAccesses); err != nil {
		return h, err
	}
	return h, s.nameClients(ctx, &h)
}

func (s *Service) nameClients(ctx context.Context, h *Home) error {
	h.Clients = map[string]Client{}
	ids := []string{}
	for _, r := range h.Waiting {
		ids = append(ids, r.ClientID)
	}
	for _, g := range h.Grants {
		ids = append(ids, g.ClientID)
	}
	for _, id := range ids {
		if _, known := h.Clients[id]; known {
			continue
		}
		c, err := s.store.Client(ctx, id)
		if err != nil {
			return err
		}
		h.Clients[id] = c
	}
	return nil
}

// GrantView is one consent with who holds it and the uses made of it.
type GrantView struct {
	Grant    Grant
	Client   Client
	Accesses []Access // newest first
}

// Grant gathers the page of one consent; NotFound when it is not the citizen's.
func (s *Service) Grant(ctx context.Context, subject SubjectID, id string) (GrantView, error) {
	g, err := s.store.Grant(ctx, subject, id)
	if err != nil {
		return GrantView{}, err
	}
	c, err := s.store.Client(ctx, g.ClientID)
	if err != nil {
		return GrantView{}, err
	}
	accesses, err := s.store.Accesses(ctx, subject, id, recentAccesses)
	return GrantView{Grant: g, Client: c, Accesses: accesses}, err
}
