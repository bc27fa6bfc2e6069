package postgres

import (
	"context"

	"github.com/jackc/pgx/v5"

	"portail.example/consent"
)

// revokedHabilitation reads what DataPass said of the habilitation of a row.
func revokedHabilitation(table string) string {
	return `EXISTS (SELECT FROM habilitation h WHERE h.number = ` + table + `.habilitation AND h.revoked)`
}

const clientColumns = `id, siret, legal_name, service_name, habilitation, dpo_contact, website, data_groups, retention,
	redirect_uris, auth_method, secret_hash, jwks, default_request, suspended, require_dpop, kind, audience, location, data_set, identity, event_endpoint, watch`

// Client finds a registered administration.
func (r reader) Client(ctx context.Context, id string) (consent.Client, error) {
	return one(ctx, r, scanClient, `SELECT `+clientColumns+`, `+revokedHabilitation("client")+` FROM client WHERE id = $1`, id)
}

func scanClient(row pgx.CollectableRow) (c consent.Client, err error) {
	var r clientRow
	err = row.Scan(r.into(&c)...)
	r.complete(&c)
	return c, err
}

// clientRow is a client's columns on their way.
type clientRow struct {
	names []string
	jwks  *[]byte
}

func (r *clientRow) into(c *consent.Client) []any {
	return []any{&c.ID, &c.SIRET, &c.LegalName, &c.ServiceName, &c.Habilitation, &c.DPOContact, &c.Website, &r.names, &c.Retention,
		&c.RedirectURIs, &c.AuthMethod, &c.SecretHash, &r.jwks, &c.Default, &c.Suspended, &c.RequireDPoP,
		&c.Kind, &c.Provider.Audience, &c.Provider.Location, &c.Provider.DataSet, &c.Provider.Identity, &c.EventEndpoint, &c.Watch, &c.HabilitationRevoked}
}

func (r *clientRow) complete(c *consent.Client) {
	c.Groups, c.JWKS = groupsOf(r.names), orZero(r.jwks)
	if c.Kind != consent.Administration { // rights are its delegations', or none
		c.Retention = nil
	}
	if len(c.RedirectURIs) == 0 {
		c.RedirectURIs = nil
	}
}

// filled is a map that is not NULL.
func filled(m map[string]int) map[string]int {
	if m == nil {
		return map[string]int{}
	}
	return m
}

// ProviderAt is the data provider registered for a location.
func (r reader) ProviderAt(ctx context.Context, location string) (consent.Client, error) {
	return one(ctx, r, scanClient, `SELECT `+clientColumns+`, `+revokedHabilitation("client")+` FROM client WHERE location = $1 AND location <> ''`, location)
}

// Clients are all administrations, by identifier.
func (r reader) Clients(ctx context.Context) ([]consent.Client, error) {
	return many(ctx, r, scanClient, `SELECT `+clientColumns+`, `+revokedHabilitation("client")+` FROM client ORDER BY id`)
}

// SuspendClient stops or resumes an administration; false when there is none.
func (db *DB) SuspendClient(ctx context.Context, id string, suspended bool) (bool, error) {
	return db.changed(ctx, `UPDATE client SET suspended = $2 WHERE id = $1`, id, suspended)
}

// PutClient registers an administration or replaces its registration.
func (db *DB) PutClient(ctx context.Context, c consent.Client) error {
	var jwks *string
	if len(c.JWKS) > 0 {
		text := string(c.JWKS)
		jwks = &text
	}
	return db.exec(ctx, `
		INSERT INTO client (`+clientColumns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23)
		ON CONFLICT (id) DO UPDATE SET (siret, legal_name, service_name, habilitation, dpo_contact, website, data_groups, retention,
			redirect_uris, auth_method, secret_hash, jwks, default_request, suspended, require_dpop, kind, audience, location, data_set, identity, event_endpoint, watch)
		= ROW(EXCLUDED.siret, EXCLUDED.legal_name, EXCLUDED.service_name, EXCLUDED.habilitation, EXCLUDED.dpo_contact, EXCLUDED.website,
			EXCLUDED.data_groups, EXCLUDED.retention, EXCLUDED.redirect_uris, EXCLUDED.auth_method, EXCLUDED.secret_hash, EXCLUDED.jwks,
			EXCLUDED.default_request, EXCLUDED.suspended, EXCLUDED.require_dpop, EXCLUDED.kind, EXCLUDED.audience,
			EXCLUDED.location, EXCLUDED.data_set, EXCLUDED.identity, EXCLUDED.event_endpoint, EXCLUDED.watch)`,
		c.ID, c.SIRET, c.LegalName, c.ServiceName, c.Habilitation, c.DPOContact, c.Website, groups(c.Groups), filled(c.Retention),
		append([]string{}, c.RedirectURIs...), c.AuthMethod, c.SecretHash, jwks, c.Default, c.Suspended, c.RequireDPoP,
		c.Kind, c.Provider.Audience, c.Provider.Location, c.Provider.DataSet, c.Provider.Identity, c.EventEndpoint, c.Watch)
}
