package main

import "context"

// freshWorld is one of its own, in which one citizen gave one consent and its party
// holds the tokens.
func freshWorld(ctx context.Context, profile string) (w *world, p *party, held tokens, err error) {
	if w, err = startWorld(ctx, profile); err != nil {
		return nil, nil, tokens{}, err
	}
	if p, err = w.party(w.URL, 0); err == nil {
		held, err = p.journey()
	}
	if err != nil {
		w.Close()
	}
	return w, p, held, err
}

// fill gives the citizen of a consent their share of a crowd's consents, each with
// its request, its decision and its uses. The rows are copies of the one consent
// that was really given, so that they are what the portal writes.
func (w *world) fill(ctx context.Context, grantID string, crowd, own int) error {
	if _, err := w.Pool.Exec(ctx, crowdOf, crowd, own, grantID); err != nil {
		return err
	}
	for _, statement := range []string{crowdRequests, crowdDecisions, crowdGrants, crowdAccesses, "VACUUM ANALYZE"} {
		if _, err := w.Pool.Exec(ctx, statement); err != nil {
			return err
		}
	}
	return nil
}

// One citizen has $2 of the consents, one every twelve hours; five of the others are
// one person's, over a year.
const (
	crowdOf = `CREATE TABLE crowd AS
		SELECT n, 'crowd-' || n AS id, g.id AS grant_id, g.request_id,
			CASE WHEN n <= $2::int THEN g.subject_id ELSE 'crowd-' || n / 5 END AS subject_id,
			now() - CASE WHEN n <= $2::int THEN n * interval '12 hours' ELSE n % 500000 * interval '1 minute' END AS at
		FROM consent_grant g, generate_series(1, $1::int) n WHERE g.id = $3`

	crowdRequests = `INSERT INTO request SELECT copy.* FROM crowd JOIN request model ON model.id = crowd.request_id,
		LATERAL jsonb_populate_record(model, jsonb_build_object('id', crowd.id, 'subject_id', crowd.subject_id, 'grant_id', crowd.id,
			'uri_hash', '\x' || encode(sha256(int8send(n)), 'hex'), 'created_at', crowd.at, 'uri_expires_at', crowd.at + interval '1 minute',
			'expires_at', crowd.at + interval '1 hour')) copy`

	crowdDecisions = `INSERT INTO decision SELECT copy.* FROM crowd JOIN decision model ON model.request_id = crowd.request_id,
		LATERAL jsonb_populate_record(model, jsonb_build_object('id', crowd.id, 'subject_id', crowd.subject_id,
			'request_id', crowd.id, 'at', crowd.at)) copy`

	crowdGrants = `INSERT INTO consent_grant SELECT copy.* FROM crowd JOIN consent_grant model ON model.id = crowd.grant_id,
		LATERAL jsonb_populate_record(model, jsonb_build_object('id', crowd.id, 'subject_id', crowd.subject_id,
			'request_id', crowd.id, 'created_at', crowd.at, 'expires_at', crowd.at + interval '400 days')) copy`

	// Twenty uses of each of the citizen's, one of each of the others'.
	crowdAccesses = `INSERT INTO access (id, subject_id, grant_id, client_id, recipient, token_id, data_set, data_groups, year, month, opened_at, closed_at, outcome)
		SELECT crowd.id || '-' || use, crowd.subject_id, crowd.id, client_id, recipient, 'crowd', 'quotient_familial', data_groups, 2026, 1,
			crowd.at + use * interval '1 hour', crowd.at + use * interval '1 hour', 'released'
		FROM crowd JOIN consent_grant model ON model.id = crowd.grant_id,
			LATERAL generate_series(1, CASE WHEN crowd.subject_id = model.subject_id THEN 20 ELSE 1 END) use`
)
