package consent

import "context"

// OpenRequest gives a pushed request to the browser that brings its
// request_uri. The first browser keeps it; reloading in the same one works until
// the request ends. It fails with NotFound (unknown, or another client's),
// RequestOverdue or RequestForeign.
func (s *Service) OpenRequest(ctx context.Context, clientID, secret string, browser BrowserID) (Request, error) {
	var r Request
	err := s.store.Transact(ctx, func(tx Tx) (err error) {
		if r, err = tx.RequestByURI(ctx, HashOf(secret)); err != nil {
			return err
		}
		if r.ClientID != clientID {
			return Refuse(NotFound, "request_uri", "unknown request")
		}
		if r.Browser == "" && !s.Now().Before(r.URIExpiresAt) {
			return Refuse(RequestOverdue, "request_uri", "not used in time")
		}
		bound, err := tx.BindRequest(ctx, r.ID, browser)
		if err == nil && !bound {
			err = Refuse(RequestForeign, "request_uri", "opened in another browser")
		}
		r.Browser = browser
		return err
	})
	return r, err
}

// Request is a request as its viewer may see it; it fails with NotFound,
// RequestForeign or RequestAddressed. An expired request is returned: its page says so.
func (s *Service) Request(ctx context.Context, id string, v Viewer) (Request, error) {
	r, err := s.store.Request(ctx, id)
	if err == nil && r.Filed && r.Status == RequestPending && v.Subject != "" {
		r, err = s.afterCatchUp(ctx, v.Subject, id)
	}
	if err != nil {
		return Request{}, err
	}
	return r, r.OpenTo(v, s.Now())
}
