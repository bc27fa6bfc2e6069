package consent

import (
	"context"
	"slices"
	"time"
)

// Answer is what the citizen chose on the consent screen.
type Answer struct {
	RequestID string
	Viewer    Viewer
	Allow     bool
	Groups    []DataGroup // kept; read only when Allow
	EndsOn    Date        // zero keeps the end that was asked
	Once      bool        // one release, although continuous access was asked
	Confirmed bool        // the citizen said what DataSet.Confirmed wants
	Unwatched bool        // no monthly look at the value, although it was asked
	Statement Statement
	ACR       string
	AuthTime  time.Time
}

// Decide records the answer: decision, grant, ledger entries and outbox event
// in one transaction. A refusal needs no sign-in; a grant does. It fails with
// NotFound, RequestForeign, RequestOverdue, RequestClosed, SignInRequired,
// NothingChosen or InvalidEndDate, and with InvalidRequest, which names confirmed, when
// sensitive data are shared without that; nothing is written then.
func (s *Service) Decide(ctx context.Context, a Answer) (Request, error) {
	var r Request
	err := s.store.Transact(ctx, func(tx Tx) (err error) {
		if r, err = s.answerable(ctx, tx, a.RequestID, a.Viewer); err != nil {
			return err
		}
		if a.Allow {
			return s.allow(ctx, tx, a, &r)
		}
		return s.refuse(ctx, tx, a, &r)
	})
	return r, err
}

func (s *Service) refuse(ctx context.Context, tx Tx, a Answer, r *Request) error {
	now := s.Now()
	d := a.decision(*r, now)
	d.Groups, d.EndsOn = nil, Date{}
	if err := closeRequest(ctx, tx, r, RequestRefused, ""); err != nil {
		return err
	}
	event := Event{At: now, Type: EventRefused, ClientID: r.ClientID, Subject: r.Subject, RequestID: r.ID, Recipient: r.Details.Recipient}
	return record(ctx, tx, d, nil, event)
}

func (s *Service) allow(ctx context.Context, tx Tx, a Answer, r *Request) error {
	if r.Status != RequestIdentified || a.Viewer.Subject == "" {
		return Refuse(SignInRequired, "", "a consent needs an identified citizen")
	}
	details, err := a.narrow(r.Details, s.Now())
	if err != nil {
		return err
	}
	if set, _ := DataSetOf(details.Type); set.Confirmed() && !a.Confirmed {
		return Refuse(InvalidRequest, "confirmed", "data about health (GDPR article 9(2)(a)), or about somebody else, need a word more")
	}
	client, err := clientFor(ctx, tx, r.ClientID, r.Details.Recipient)
	if err != nil {
		return err
	}
	if err := client.Usable(); err != nil {
		return err
	}
	return s.grant(ctx, tx, a, r, client, details)
}

// grant writes the consent. The grant is inserted before the request is closed
// on it; the conditional close is what makes one answer win.
func (s *Service) grant(ctx context.Context, tx Tx, a Answer, r *Request, client Client, details Details) error {
	now := s.Now()
	sub, err := tx.PairwiseSub(ctx, r.Subject, r.ClientID, client.sector())
	if err != nil {
		return err
	}
	// The citizen's row is locked since: a measure was set before, or will see this consent.
	if measures, err := tx.Measures(ctx, r.Subject); err != nil {
		return err
	} else if barred(measures, details.Recipient) {
		return Refuse(RequestClosed, "", "the request was closed")
	}
	g := Grant{
		ID: NewID(), Subject: r.Subject, ClientID: r.ClientID, Sub: sub, RequestID: r.ID, Details: details, Status: GrantActive,
		ACR: a.ACR, AuthTime: a.AuthTime, CreatedAt: now, ExpiresAt: GrantExpiry(details, now),
	}
	if err := s.endLooks(ctx, tx, a, *r); err != nil {
		return err
	}
	if err := tx.InsertGrant(ctx, g); err != nil {
		return err
	}
	if err := s.bindParameters(ctx, tx, *r, g); err != nil {
		return err
	}
	if err := closeRequest(ctx, tx, r, RequestGranted, g.ID); err != nil {
		return err
	}
	if r.Filed {
		if err := insertFiledCode(ctx, tx, *r, g); err != nil {
			return err
		}
	}
	d := a.decision(*r, now)
	d.Groups, d.EndsOn = details.Groups, details.EndsOn
	event := Event{At: now, Type: EventGranted, ClientID: g.ClientID, Subject: g.Subject, Sub: sub, GrantID: g.ID, RequestID: r.ID, Recipient: details.Recipient}
	return record(ctx, tx, d, &g, event)
}

// narrow applies the citizen's choice: never more groups, never a later end.
func (a Answer) narrow(asked Details, now time.Time) (Details, error) {
	today := DateOf(now)
	kept := slices.DeleteFunc(slices.Clone(asked.Groups), func(g DataGroup) bool { return !slices.Contains(a.Groups, g) })
	if len(kept) == 0 {
		return Details{}, Refuse(NothingChosen, "datatypes", "every data group was left out")
	}
	asked.Groups, asked.Watch = kept, asked.Watch && !a.Unwatched
	asked = asked.watchable()
	if asked.Access == Continuous && today.After(asked.EndsOn) { // it crossed midnight
		return Details{}, Refuse(RequestOverdue, "expires_at", "the end that was asked has passed")
	}
	if a.Once {
		return asked.once(now)
	}
	if a.EndsOn.IsZero() || asked.Access == Once {
		return asked, nil
	}
	if today.After(a.EndsOn) || a.EndsOn.After(asked.EndsOn) {
		return Details{}, Refuse(InvalidEndDate, "expires_at", "outside of today and the date asked")
	}
	asked.EndsOn = a.EndsOn
	return asked, nil
}

func (a Answer) decision(r Request, now time.Time) Decision {
	return Decision{
		ID: NewID(), RequestID: r.ID, ClientID: r.ClientID, Subject: r.Subject, Allowed: a.Allow,
		Statement: a.Statement, ACR: a.ACR, AuthTime: a.AuthTime, At: now,
	}
}

func closeRequest(ctx context.Context, tx Tx, r *Request, status RequestStatus, grantID string) error {
	ok, err := tx.CloseRequest(ctx, r.ID, status, grantID)
	if err != nil {
		return err
	}
	if !ok {
		return Refuse(RequestClosed, "", "the request was already answered")
	}
	r.Status, r.GrantID = status, grantID
	return nil
}

// record writes the evidence of a decision.
func record(ctx context.Context, tx Tx, d Decision, g *Grant, event Event) error {
	if err := tx.InsertDecision(ctx, d); err != nil {
		return err
	}
	hash := d.Statement.Hash()
	entry := LedgerEntry{At: d.At, Kind: EntryDecision, Subject: d.Subject, ClientID: d.ClientID, Ref: d.ID, RequestID: d.RequestID, TextHash: hash[:]}
	if err := tx.AppendLedger(ctx, entry); err != nil {
		return err
	}
	if g != nil {
		entry = LedgerEntry{At: d.At, Kind: EntryGrant, Subject: g.Subject, ClientID: g.ClientID, Ref: g.ID, RequestID: d.RequestID, GrantID: g.ID}
		if err := tx.AppendLedger(ctx, entry); err != nil {
			return err
		}
	}
	return tx.AppendEvent(ctx, event)
}
