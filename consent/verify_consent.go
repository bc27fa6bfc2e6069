package consent

import "context"

// Verification is a data provider asking about a token for its audience.
type Verification struct {
	Provider Client
	ClientID string // of the token
	GrantID  string
	TokenID  string
	By       ConsultedBy
	Needs    []DataGroup // what it is asked for; all that is granted when empty
}

// Verified is a consent that a data provider may act on.
type VerifiedConsent struct {
	Details  Details // as the recipient's registration stands now
	Identity PivotIdentity
}

// VerifyConsent tells a data provider whether a consent stands, and records that
// it asked: the citizen sees each use of their data, wherever it is. A once
// consent is used by it. Identity is for providers entitled to it. It fails like
// AuthorizeAccess, with InsufficientScope when a group it needs is not granted.
func (s *Service) VerifyConsent(ctx context.Context, in Verification) (VerifiedConsent, error) {
	set, _ := DataSetOf(in.Provider.Provider.DataSet)
	opened, err := s.AuthorizeAccess(ctx, AccessRequest{
		TokenID: in.TokenID, GrantID: in.GrantID, ClientID: in.ClientID, DataSet: set, Provider: in.Provider,
		Period: PeriodOf(s.Now()), By: in.By, Needs: in.Needs,
	})
	if err != nil {
		return VerifiedConsent{}, err
	}
	if err := s.CompleteAccess(ctx, opened.Access, Verified, ""); err != nil {
		return VerifiedConsent{}, err
	}
	out := VerifiedConsent{Details: opened.Details, Identity: opened.Identity}
	if !in.Provider.Provider.Identity {
		out.Identity = PivotIdentity{}
	}
	return out, nil
}
