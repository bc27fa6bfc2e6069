package consent

import "context"

// RecordPreview writes in the evidence that the citizen of a request looks at the data
// it asks, before anybody is asked for it: without a record there is no call. What came
// of it is not written, and no value.
func (s *Service) RecordPreview(ctx context.Context, r Request) error {
	return s.store.Transact(ctx, func(tx Tx) error {
		return tx.AppendLedger(ctx, LedgerEntry{At: s.Now(), Kind: EntryPreview, Subject: r.Subject, ClientID: r.ClientID, Ref: NewID(), RequestID: r.ID})
	})
}

// PreviewIdentity is under which identity the citizen's own data is asked for, when
// they look at it before they answer request r. Only who the request was identified
// with may look, and only while it can be answered. It fails with SignInRequired,
// RequestForeign, RequestOverdue or RequestClosed. No Access is written: an access
// is an administration's; RecordPreview notes the look.
func (s *Service) PreviewIdentity(ctx context.Context, r Request, v Viewer) (PivotIdentity, error) {
	if err := r.OpenTo(v, s.Now()); err != nil {
		return PivotIdentity{}, err
	}
	if err := r.Answerable(s.Now()); err != nil {
		return PivotIdentity{}, err
	}
	if v.Subject == "" || r.Subject != v.Subject {
		return PivotIdentity{}, Refuse(SignInRequired, "", "a preview needs the citizen of the request")
	}
	return s.store.Identity(ctx, v.Subject)
}
