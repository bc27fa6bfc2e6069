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

// PreviewQuestion is what a provider is asked on behalf of a recipient, when the citizen
// looks at their own data before they answer request r. Only who the request was
// identified with may look, only while it can be answered, and not at what is somebody
// else's. It fails with NotFound, SignInRequired, RequestForeign, RequestOverdue or
// RequestClosed. No Access is written: an access is an administration's; RecordPreview
// notes the look.
func (s *Service) PreviewQuestion(ctx context.Context, r Request, v Viewer, recipient SIRET) (Question, error) {
	if err := r.OpenTo(v, s.Now()); err != nil {
		return Question{}, err
	}
	if err := r.Answerable(s.Now()); err != nil {
		return Question{}, err
	}
	if v.Subject == "" || r.Subject != v.Subject {
		return Question{}, Refuse(SignInRequired, "", "a preview needs the citizen of the request")
	}
	out := Question{Recipient: recipient}
	if out.DataSet, _ = DataSetOf(r.Details.Type); !out.DataSet.Previewed() {
		return Question{}, Refuse(NotFound, "", "what is somebody else's is not shown on the word of whoever signs in")
	}
	var err error
	if out.Who, err = s.store.Identity(ctx, v.Subject); err != nil {
		return Question{}, err
	}
	out.Parameters, err = requestParameters(ctx, s.store, r)
	return out, err
}
