package consent

import "context"

// Poll is an authenticated client asking what became of a request it filed.
type Poll struct {
	Client    Client
	RequestID string
	JKT       string // key proved by DPoP, "" without
}

// PollRequest gives the token of a granted request, once; later ones come from
// its refresh token. It fails with SlowDown, AuthorizationPending, AccessDenied,
// ExpiredToken (CIBA's words), or InvalidGrant when the request is unknown, another
// client's, or its token was given before.
func (s *Service) PollRequest(ctx context.Context, in Poll) (Issuance, error) {
	var out Issuance
	var refusal error
	err := s.store.Transact(ctx, func(tx Tx) error {
		out, refusal = Issuance{}, nil
		r, err := filed(ctx, tx, in.Client, in.RequestID)
		if err != nil {
			return asInvalidGrant(err, "request_id", "not a request filed by this client")
		}
		now := s.Now()
		last, err := tx.NotePoll(ctx, r.ID, now)
		if err != nil {
			return err
		}
		if !last.IsZero() && now.Before(last.Add(PollInterval)) {
			refusal = Refuse(SlowDown, "", "every %d seconds at most", int(PollInterval.Seconds()))
			return nil
		}
		out, err = s.answerPoll(ctx, tx, r, in)
		switch CodeOf(err) {
		case AuthorizationPending, AccessDenied, ExpiredToken:
			refusal, err = err, nil // the poll counts: its note must commit
		}
		return err
	})
	if err == nil {
		err = refusal
	}
	return out, err
}

func (s *Service) answerPoll(ctx context.Context, tx Tx, r Request, in Poll) (Issuance, error) {
	switch r.StatusAt(s.Now()) {
	case RequestGranted:
		return s.collect(ctx, tx, r, in)
	case RequestExpired:
		return Issuance{}, Refuse(ExpiredToken, "request_id", "nobody answered in time")
	case RequestPending, RequestIdentified:
		return Issuance{}, Refuse(AuthorizationPending, "request_id", "no answer yet")
	}
	return Issuance{}, Refuse(AccessDenied, "request_id", "refused, or cancelled")
}

// collect starts the token family of a filed request: its code was written with
// the decision, so that one poll wins.
func (s *Service) collect(ctx context.Context, tx Tx, r Request, in Poll) (Issuance, error) {
	if err := in.Client.Bound(in.JKT); err != nil {
		return Issuance{}, err
	}
	code, err := tx.LockCode(ctx, filedCode(r.ID))
	if err != nil {
		return Issuance{}, asInvalidGrant(err, "request_id", "its token was given before")
	}
	if code.Family != "" {
		return Issuance{}, Refuse(InvalidGrant, "request_id", "its token was given before")
	}
	return s.startFamily(ctx, tx, code, in.Client, in.JKT)
}

// insertFiledCode is made once, with the decision, and remembered as long as the
// consent lives: forgotten earlier, it could be collected twice.
func insertFiledCode(ctx context.Context, tx Tx, r Request, g Grant) error {
	return tx.InsertCode(ctx, AuthorizationCode{
		Hash: filedCode(r.ID), RequestID: r.ID, GrantID: g.ID, Subject: g.Subject, ClientID: g.ClientID, CodeChallenge: r.CodeChallenge, ExpiresAt: g.ExpiresAt,
	})
}

// filedCode is where the code of a filed request is kept. No secret hashes to it:
// codes have 43 characters.
func filedCode(requestID string) Hash { return HashOf("filed request " + requestID) }
