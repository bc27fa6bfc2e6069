package postgres

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"portail.example/consent"
)

const delegationColumns = `client_id, siret, legal_name, service_name, habilitation, dpo_contact, website, data_groups, retention, revoked_at`

// Delegation is what an authority allowed an editor, revoked or not.
func (r reader) Delegation(ctx context.Context, clientID string, authority consent.SIRET) (consent.Delegation, error) {
	return one(ctx, r, scanDelegation, `SELECT `+delegationColumns+`, `+revokedHabilitation("delegation")+` FROM delegation WHERE client_id = $1 AND siret = $2`, clientID, authority)
}

// Delegations are all of an editor's, by SIRET.
func (r reader) Delegations(ctx context.Context, clientID string) ([]consent.Delegation, error) {
	return many(ctx, r, scanDelegation, `SELECT `+delegationColumns+`, `+revokedHabilitation("delegation")+` FROM delegation WHERE client_id = $1 ORDER BY siret`, clientID)
}

func scanDelegation(row pgx.CollectableRow) (d consent.Delegation, err error) {
	var names []string
	var revoked *time.Time
	err = row.Scan(&d.ClientID, &d.SIRET, &d.LegalName, &d.ServiceName, &d.Habilitation, &d.DPOContact, &d.Website, &names, &d.Retention, &revoked, &d.HabilitationRevoked)
	d.Groups, d.RevokedAt = groupsOf(names), utc(revoked)
	return d, err
}

// PutDelegation records or replaces what an authority allowed an editor.
func (db *DB) PutDelegation(ctx context.Context, d consent.Delegation) error {
	return db.exec(ctx, `
		INSERT INTO delegation (`+delegationColumns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
		ON CONFLICT (client_id, siret) DO UPDATE SET (legal_name, service_name, habilitation, dpo_contact, website, data_groups, retention, revoked_at)
		= ROW(EXCLUDED.legal_name, EXCLUDED.service_name, EXCLUDED.habilitation, EXCLUDED.dpo_contact, EXCLUDED.website, EXCLUDED.data_groups,
			EXCLUDED.retention, EXCLUDED.revoked_at)`,
		d.ClientID, d.SIRET, d.LegalName, d.ServiceName, d.Habilitation, d.DPOContact, d.Website, groups(d.Groups), d.Retention, orNull(d.RevokedAt))
}

// RevokeDelegation stops an editor for one authority; false when there is nothing
// left to revoke.
func (db *DB) RevokeDelegation(ctx context.Context, clientID string, authority consent.SIRET, now time.Time) (bool, error) {
	return db.changed(ctx, `UPDATE delegation SET revoked_at = $3 WHERE client_id = $1 AND siret = $2 AND revoked_at IS NULL`, clientID, authority, now)
}
