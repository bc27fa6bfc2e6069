package consent

import "context"

// Response is what goes back to the client through the browser (RFC 6749
// sections 4.1.2 and 4.1.2.1, RFC 9207).
type Response struct {
	RedirectURI string
	State       string
	Code        string // set when granted
	// Denied tells a refusal or an expiry: error=access_denied.
	Denied bool
	// Detail is error_description.
	Detail string
}

// Respond builds the answer to a closed or expired request. A granted request
// gets a fresh code each time its citizen goes back, because a code lives one
// minute and people read the page before they leave it. It fails with NotFound,
// RequestForeign, or SignInRequired when the request still waits for an answer.
func (s *Service) Respond(ctx context.Context, id string, v Viewer) (Response, error) {
	var out Response
	err := s.store.Transact(ctx, func(tx Tx) error {
		r, err := tx.Request(ctx, id)
		if err != nil {
			return err
		}
		if err := r.OpenTo(v, s.Now()); err != nil {
			return err
		}
		if r.Filed {
			return Refuse(NotFound, "", "the administration learns of the answer without the browser")
		}
		out = Response{RedirectURI: r.RedirectURI, State: r.State}
		return s.respond(ctx, tx, r, &out)
	})
	return out, err
}

func (s *Service) respond(ctx context.Context, tx Tx, r Request, out *Response) error {
	switch r.StatusAt(s.Now()) {
	case RequestGranted:
		return s.handOver(ctx, tx, r, out)
	case RequestExpired:
		out.Denied, out.Detail = true, "the request expired before the citizen answered"
	case RequestRefused:
		out.Denied, out.Detail = true, "the citizen refused"
	case RequestCancelled:
		out.Denied, out.Detail = true, "the request was cancelled"
	default:
		return Refuse(SignInRequired, "", "the request waits for an answer")
	}
	return nil
}

// handOver writes a code for the grant. A grant withdrawn meanwhile is a refusal.
func (s *Service) handOver(ctx context.Context, tx Tx, r Request, out *Response) error {
	g, err := tx.Grant(ctx, r.Subject, r.GrantID)
	if err != nil {
		return err
	}
	now := s.Now()
	if g.Live(now) != nil {
		out.Denied, out.Detail = true, "the consent is no longer in force"
		return nil
	}
	secret, hash := NewSecret()
	out.Code = secret
	return tx.InsertCode(ctx, AuthorizationCode{
		Hash: hash, RequestID: r.ID, GrantID: g.ID, Subject: g.Subject, ClientID: r.ClientID,
		RedirectURI: r.RedirectURI, CodeChallenge: r.CodeChallenge, JKT: r.JKT, ExpiresAt: now.Add(s.limits.Code),
	})
}
