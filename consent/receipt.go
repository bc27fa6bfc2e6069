package consent

import "context"

// Receipt is the citizen's proof of one answer: what was asked, by whom, what was
// chosen, and the text that was read (GDPR article 7(1), ISO/IEC TS 27560).
type Receipt struct {
	Decision Decision
	Details  Details // what was asked, reduced to what was granted
	Asked    []DataGroup
	// Reduces tells an answer that made a consent smaller, instead of giving it.
	Reduces bool
	Client  Client
	// Grant is the consent as it stands now; its ID is empty after a refusal.
	Grant Grant
	// Parameters are what the consent is bound to; nil after a refusal, when its data set
	// asks for none, and once its citizen was forgotten.
	Parameters Parameters
}

// Receipt gathers the proof of one of the citizen's own answers; NotFound for
// anybody else's.
func (s *Service) Receipt(ctx context.Context, subject SubjectID, decisionID string) (Receipt, error) {
	d, err := s.store.Decision(ctx, subject, decisionID)
	if err != nil {
		return Receipt{}, err
	}
	return receiptOf(ctx, s.store, d)
}

func receiptOf(ctx context.Context, store Reader, d Decision) (Receipt, error) {
	r, err := store.Request(ctx, d.RequestID)
	if err != nil {
		return Receipt{}, err
	}
	out := Receipt{Decision: d, Details: r.Details, Asked: r.Details.Groups}
	if out.Client, err = clientFor(ctx, store, d.ClientID, r.Details.Recipient); err != nil || !d.Allowed {
		return out, err
	}
	out.Details.Groups, out.Details.EndsOn = d.Groups, d.EndsOn
	if out.Grant, err = store.Grant(ctx, d.Subject, r.GrantID); err != nil {
		return out, err
	}
	if out.Parameters, err = grantParameters(ctx, store, out.Grant.Details.Type, d.Subject, out.Grant.ID); err != nil {
		return out, err
	}
	out.Details.Access = out.Grant.Details.Access // the citizen may have chosen one release
	first, err := store.DecisionOn(ctx, d.Subject, d.RequestID)
	out.Reduces = first.ID != d.ID
	return out, err
}

// ReceiptID is the answer to a request, for the link to its receipt; empty when the
// citizen gave none: they refused before signing in, or nobody answered.
func (s *Service) ReceiptID(ctx context.Context, subject SubjectID, requestID string) (string, error) {
	if subject == "" {
		return "", nil
	}
	d, err := s.store.DecisionOn(ctx, subject, requestID)
	if CodeOf(err) == NotFound {
		return "", nil
	}
	return d.ID, err
}
