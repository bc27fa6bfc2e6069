package consent

import (
	"context"
	"time"
)

// Delegation lets an editor act for one authority. The authority is the
// recipient; its habilitation is what entitles. Each is revocable on its own.
type Delegation struct {
	ClientID string // the editor
	Authority
	RevokedAt time.Time // zero while it stands
}

// Faults lists everything that is wrong with a delegation.
func (d Delegation) Faults() []error { return append(d.nameFaults(), d.purposeFaults()...) }

// ActingFor is the editor with the authority's name and rights in place of its
// own. A revoked delegation stops it like a suspension does.
func (c Client) ActingFor(d Delegation) Client {
	c.Suspended = c.Suspended || c.HabilitationRevoked || !d.RevokedAt.IsZero()
	c.Through, c.Authority = c.LegalName, d.Authority
	return c
}

// actingFor is the client as it acts for a recipient: an administration for
// itself, an editor for whoever delegated to it. It fails with
// UnauthorizedClient when nobody of that SIRET did.
func actingFor(ctx context.Context, r Reader, c Client, recipient SIRET) (Client, error) {
	if c.Kind != Editor || c.Through != "" {
		return c, nil
	}
	d, err := r.Delegation(ctx, c.ID, recipient)
	if CodeOf(err) == NotFound {
		return Client{}, Refuse(UnauthorizedClient, "recipient", "no authority of this SIRET delegated to this client")
	}
	if err != nil {
		return Client{}, err
	}
	return c.ActingFor(d), nil
}

// ActsFor fails with UnauthorizedClient, which names recipient, unless a client acts for
// an authority: an administration for itself, an editor for whoever delegates to it now.
func (s *Service) ActsFor(ctx context.Context, c Client, recipient SIRET) error {
	if c.Kind != Editor && c.SIRET != recipient {
		return Refuse(UnauthorizedClient, "recipient", "this client does not act for the authority of this SIRET")
	}
	acting, err := actingFor(ctx, s.store, c, recipient)
	if err == nil && c.Kind != Editor {
		return acting.Usable()
	}
	if err == nil && acting.Usable() != nil {
		err = Refuse(UnauthorizedClient, "recipient", "the delegation of this authority was revoked")
	}
	return err
}

// clientFor finds a client as it acts for a recipient.
func clientFor(ctx context.Context, r Reader, id string, recipient SIRET) (Client, error) {
	c, err := r.Client(ctx, id)
	if err != nil {
		return Client{}, err
	}
	return actingFor(ctx, r, c, recipient)
}

// sector keeps the pairwise identifiers of an editor's authorities apart: one
// citizen cannot be recognised from one authority to another (OpenID Connect Core
// section 8.1).
func (c Client) sector() SIRET {
	if c.Kind == Editor {
		return c.SIRET
	}
	return ""
}

// narrowFor is what is left of a consent under the recipient's registration as it
// is now. It fails with UnauthorizedClient when nothing is, or when an editor's
// delegation was revoked.
func narrowFor(ctx context.Context, r Reader, c Client, d Details) (Details, error) {
	c, err := actingFor(ctx, r, c, d.Recipient)
	if err == nil {
		err = c.Usable()
	}
	if err != nil {
		return Details{}, err
	}
	return c.Narrow(d)
}
