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
	if h.Accesses, err = s.store.Accesses(ctx, subject, "", Access{}, recentAccesses); err != nil {
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
	// Older is the access after which the list goes on; empty at its end.
	Older string
}

// Grant gathers the page of one consent, its accesses from the one after `after`
// on, or from the newest. It fails with NotFound when the consent or the access is
// not the citizen's.
func (s *Service) Grant(ctx context.Context, subject SubjectID, id, after string) (GrantView, error) {
	g, err := s.store.Grant(ctx, subject, id)
	if err != nil {
		return GrantView{}, err
	}
	c, err := s.store.Client(ctx, g.ClientID)
	if err != nil {
		return GrantView{}, err
	}
	view := GrantView{Grant: g, Client: c}
	err = s.listAccesses(ctx, &view, after)
	return view, err
}

// listAccesses reads one more than it shows, to know whether there are older ones.
func (s *Service) listAccesses(ctx context.Context, view *GrantView, after string) (err error) {
	subject, from := view.Grant.Subject, Access{}
	if after != "" {
		if from, err = s.store.Access(ctx, subject, after); err != nil {
			return err
		}
	}
	list, err := s.store.Accesses(ctx, subject, view.Grant.ID, from, recentAccesses+1)
	if len(list) > recentAccesses {
		list = list[:recentAccesses]
		view.Older = list[recentAccesses-1].ID
	}
	view.Accesses = list
	return err
}
