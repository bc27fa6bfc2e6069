package postgres

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"

	"portail.example/consent"
)

var errParameters = errors.New("parameters do not open: wrong MASTER_KEY, or another row's?")

// parametersOf binds sealed parameters to their row.
func parametersOf(id string) []byte { return []byte("parameters " + id) }

// RequestParameters opens what was given with a request.
func (r reader) RequestParameters(ctx context.Context, id string) (consent.Parameters, error) {
	sealed, err := one(ctx, r, pgx.RowTo[[]byte], `SELECT parameters FROM request WHERE id = $1`, id)
	if err != nil || sealed == nil {
		return nil, err
	}
	plain, err := r.keys.given.Open(nil, nil, sealed, parametersOf(id))
	return unpacked(plain, err)
}

// GrantParameters opens what a consent is bound to.
func (r reader) GrantParameters(ctx context.Context, subject consent.SubjectID, id string) (consent.Parameters, error) {
	type row struct{ WrappedKey, Parameters []byte }
	stored, err := one(ctx, r, pgx.RowToStructByName[row], `SELECT s.wrapped_key, g.parameters FROM consent_grant g JOIN subject s ON s.id = g.subject_id
		WHERE g.subject_id = $1 AND g.id = $2`, subject, id)
	if consent.CodeOf(err) == consent.NotFound || err == nil && stored.Parameters == nil {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	key, err := r.keys.openSubjectKey(string(subject), stored.WrappedKey)
	if err != nil {
		return nil, err
	}
	plain, err := key.Open(nil, nil, stored.Parameters, parametersOf(id))
	return unpacked(plain, err)
}

func unpacked(plain []byte, err error) (p consent.Parameters, _ error) {
	if err != nil {
		return nil, errParameters
	}
	return p, json.Unmarshal(plain, &p)
}

func (t *tx) KeepParameters(ctx context.Context, requestID string, p consent.Parameters) error {
	plain, err := json.Marshal(p)
	if err != nil {
		return err
	}
	return t.exec(ctx, `UPDATE request SET parameters = $2 WHERE id = $1`, requestID, t.keys.given.Seal(nil, nil, plain, parametersOf(requestID)))
}

func (t *tx) BindParameters(ctx context.Context, g consent.Grant, p consent.Parameters) error {
	known, err := t.sealing(ctx, g.Subject)
	if err != nil {
		return err
	}
	plain, err := json.Marshal(p) // the members in the order of their names
	if err != nil {
		return err
	}
	return t.exec(ctx, `UPDATE consent_grant SET parameters = $3, parameters_hash = sha256($3), parameters_match = $4 WHERE subject_id = $1 AND id = $2`,
		g.Subject, g.ID, known.key.Seal(nil, nil, plain, parametersOf(g.ID)), t.keys.parametersMatch(g.Subject, plain))
}

// parametersMatch is the keyed hash of one citizen's parameters: those of two citizens do
// not look alike.
func (k Keys) parametersMatch(subject consent.SubjectID, plain []byte) []byte {
	mac := hmac.New(sha256.New, k.match)
	fmt.Fprintf(mac, "parameters:%d:%s%s", len(subject), subject, plain)
	return mac.Sum(nil)
}
