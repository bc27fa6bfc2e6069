package consent

import (
	"context"
	"slices"
)

// AccessRequest is one call of the data API whose token was verified.
type AccessRequest struct {
	// Way says what entitles the caller beside the consent: its token, or that it is
	// the client whose consents a batch goes through.
	Way       AccessWay
	TokenID   string // jti; empty in a batch
	GrantID   string
	ClientID  string
	DataSet   DataSet
	Recipient SIRET  // as the caller gave it; empty when it did not
	Period    Period // the month asked for
	Provider  Client // who asks, when the data is not ours to release; zero for our data API
	By        ConsultedBy
	// Attest tells that an attestation will be made of what is released.
	Attest bool
	// Needs are the groups that this use is about, when it is not about all that is granted.
	Needs []DataGroup
}

// OpenAccess is an access that may be carried out now.
type OpenAccess struct {
	Access   Access
	Details  Details // what the recipient's registration still covers
	Identity PivotIdentity
	// Parameters are what the data set asks for beside the civil status; nil when it asks
	// for none.
	Parameters Parameters
	// Of an attestation only: the recipient, and its file's number, which may be empty.
	Client    Client
	Reference string
}

// AuthorizeAccess decides, in the transaction that opens the access record,
// whether data may be asked for: the token is not revoked, the grant is live and
// covers the data set and the recipient, and a once grant is used by this access
// and no other. A grant that is no longer live leaves a refused access the
// citizen can see. No record, no access. It fails with TokenRevoked, the grant's
// own Codes, RecipientMismatch or InsufficientScope.
func (s *Service) AuthorizeAccess(ctx context.Context, in AccessRequest) (OpenAccess, error) {
	var out OpenAccess
	var refusal error
	err := s.store.Transact(ctx, func(tx Tx) (err error) {
		out, refusal = OpenAccess{}, nil
		g, err := tx.LockGrant(ctx, in.GrantID)
		if err != nil {
			return asRevoked(err)
		}
		if g.Details, err = in.fits(ctx, tx, g, s.location(in.DataSet)); err != nil {
			return err
		}
		out.Access, out.Details = in.access(g, s), g.Details
		if refusal = s.take(ctx, tx, g, out.Access); refusal != nil {
			return s.recordRefusal(ctx, tx, out.Access, refusal)
		}
		if in.Attest {
			if err = out.address(ctx, tx, g); err != nil {
				return err
			}
		}
		return s.open(ctx, tx, &out)
	})
	if err == nil {
		err = refusal
	}
	if err != nil {
		return OpenAccess{}, err
	}
	return out, nil
}

// fits checks what does not depend on the grant's state, and returns what the
// client's registration still lets it have.
func (in AccessRequest) fits(ctx context.Context, tx Tx, g Grant, ours string) (Details, error) {
	if err := in.entitled(ctx, tx, g, ours); err != nil {
		return Details{}, err
	}
	switch {
	case in.Recipient != "" && in.Recipient != g.Details.Recipient:
		return Details{}, Refuse(RecipientMismatch, "recipient", "not the recipient the citizen allowed")
	case in.Provider.ID != "" && !slices.Contains(g.Details.Locations, in.Provider.Provider.Location):
		return Details{}, Refuse(TokenRevoked, "", "this consent is not for this data provider")
	case g.Details.Type != in.DataSet.Type:
		return Details{}, Refuse(InsufficientScope, "", "the consent does not cover this data set")
	}
	client, err := tx.Client(ctx, g.ClientID)
	if err != nil {
		return Details{}, err
	}
	d, err := narrowFor(ctx, tx, client, g.Details)
	if err != nil || len(in.Needs) == 0 {
		return d, err
	}
	if slices.ContainsFunc(in.Needs, func(group DataGroup) bool { return !slices.Contains(d.Groups, group) }) {
		return Details{}, Refuse(InsufficientScope, "", "the consent does not cover these data")
	}
	d.Groups = in.Needs
	return d, nil
}

// entitled checks what the caller shows beside the consent.
func (in AccessRequest) entitled(ctx context.Context, tx Tx, g Grant, ours string) error {
	if in.Way != WithToken {
		return in.untokened(g, ours)
	}
	t, err := tx.AccessToken(ctx, g.Subject, in.TokenID)
	if err != nil {
		return asRevoked(err)
	}
	if g.ClientID != in.ClientID || t.Revoked || t.GrantID != g.ID {
		return Refuse(TokenRevoked, "", "this token was revoked, or does not belong to this consent")
	}
	return nil
}

func (in AccessRequest) access(g Grant, s *Service) Access {
	return Access{
		ID: NewID(), GrantID: g.ID, Subject: g.Subject, ClientID: g.ClientID, Recipient: g.Details.Recipient, TokenID: in.TokenID, Way: in.Way,
		ProviderID: in.Provider.ID, DataSet: g.Details.Type, Groups: g.Details.Groups, Period: in.Period, OpenedAt: s.Now(), Outcome: Open, By: in.By,
	}
}

// take claims the grant for the access; its refusals are ordinary outcomes, its
// database faults come back as they are.
func (s *Service) take(ctx context.Context, tx Tx, g Grant, a Access) error {
	if err := g.Live(s.Now()); err != nil {
		return err
	}
	if g.Details.Access != Once {
		return nil
	}
	ok, err := tx.ConsumeGrant(ctx, g.Subject, g.ID, a.ID)
	if err == nil && !ok {
		err = Refuse(GrantConsumed, "", "this consent allowed one release, which was made")
	}
	return err
}

// recordRefusal keeps the attempt when it was a refusal, and passes a fault on.
func (s *Service) recordRefusal(ctx context.Context, tx Tx, a Access, refusal error) error {
	if !Ended(refusal) {
		return refusal
	}
	a.Outcome, a.ClosedAt = Refused, a.OpenedAt
	if err := tx.InsertAccess(ctx, a); err != nil {
		return err
	}
	return tx.AppendLedger(ctx, entryOf(EntryOutcome, a))
}

func (s *Service) open(ctx context.Context, tx Tx, out *OpenAccess) (err error) {
	if err = tx.InsertAccess(ctx, out.Access); err != nil {
		return err
	}
	if err = tx.AppendLedger(ctx, entryOf(EntryAccess, out.Access)); err != nil {
		return err
	}
	if out.Identity, err = tx.Identity(ctx, out.Access.Subject); err != nil {
		return err
	}
	out.Parameters, err = grantParameters(ctx, tx, out.Access.DataSet, out.Access.Subject, out.Access.GrantID)
	return err
}

// address finds whom an attestation is for, and the file it goes into.
func (out *OpenAccess) address(ctx context.Context, tx Tx, g Grant) error {
	r, err := tx.Request(ctx, g.RequestID)
	if err != nil {
		return err
	}
	out.Reference = r.Reference
	out.Client, err = clientFor(ctx, tx, g.ClientID, g.Details.Recipient)
	return err
}

func entryOf(kind EntryKind, a Access) LedgerEntry {
	at := a.OpenedAt
	if kind == EntryOutcome {
		at = a.ClosedAt
	}
	return LedgerEntry{At: at, Kind: kind, Subject: a.Subject, ClientID: a.ClientID, Ref: a.ID, GrantID: a.GrantID}
}

// asRevoked tells a token that speaks of nothing we know as revoked.
func asRevoked(err error) error {
	if CodeOf(err) == NotFound {
		return Refuse(TokenRevoked, "", "this token is not known")
	}
	return err
}
