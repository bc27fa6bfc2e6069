package postgres

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"portail.example/consent/ledger"
)

// verificationMemory is how long what verifications found is told.
const verificationMemory = 366 * 24 * time.Hour

const verificationColumns = `id, asked_at, state, size, checked, waiting, checkpoints, fault_entry, fault, moved_at, done_at`

func scanVerification(row pgx.CollectableRow) (v ledger.Verification, err error) {
	var done *time.Time
	err = row.Scan(&v.ID, &v.AskedAt, &v.State, &v.Size, &v.Checked, &v.Waiting, &v.Checkpoints, &v.Fault.Entry, &v.Fault.What, &v.MovedAt, &done)
	v.AskedAt, v.MovedAt, v.DoneAt = v.AskedAt.UTC(), v.MovedAt.UTC(), utc(done)
	return v, err
}

// AskVerification leaves it to the index that only one is open.
func (db *DB) AskVerification(ctx context.Context, v ledger.Verification) (ledger.Verification, error) {
	asked, err := db.changed(ctx, `INSERT INTO ledger_verification (`+verificationColumns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) ON CONFLICT DO NOTHING`,
		v.ID, v.AskedAt, v.State, v.Size, v.Checked, v.Waiting, v.Checkpoints, v.Fault.Entry, v.Fault.What, v.MovedAt, orNull(v.DoneAt))
	if err != nil || asked {
		return v, err
	}
	list, err := db.Verifications(ctx, 1) // the one that is open; or it was done meanwhile, and this is what was asked for
	if err == nil && len(list) > 0 {
		v = list[0]
	}
	return v, err
}

// ClaimVerification takes the one that waits, or that nobody moved.
func (db *DB) ClaimVerification(ctx context.Context, now, still time.Time) (ledger.Verification, error) {
	return one(ctx, db.reader, scanVerification, `UPDATE ledger_verification SET state = 'running', checked = 0, moved_at = $1
		WHERE id = (SELECT id FROM ledger_verification WHERE state = 'queued' OR state = 'running' AND moved_at <= $2 LIMIT 1 FOR UPDATE SKIP LOCKED)
		RETURNING `+verificationColumns, now, still)
}

// MoveVerification is one conditional update: of two that make it, one goes on.
func (db *DB) MoveVerification(ctx context.Context, v ledger.Verification, before time.Time) (bool, error) {
	return db.changed(ctx, `UPDATE ledger_verification SET state = $2, checked = $3, waiting = $4, checkpoints = $5, fault_entry = $6, fault = $7, moved_at = $8, done_at = $9
		WHERE id = $1 AND state = 'running' AND moved_at = $10`,
		v.ID, v.State, v.Checked, v.Waiting, v.Checkpoints, v.Fault.Entry, v.Fault.What, v.MovedAt, orNull(v.DoneAt), before)
}

// Verifications are past and present ones, newest first.
func (db *DB) Verifications(ctx context.Context, limit int) ([]ledger.Verification, error) {
	return many(ctx, db.reader, scanVerification, `SELECT `+verificationColumns+` FROM ledger_verification ORDER BY asked_at DESC, id DESC LIMIT $1`, limit)
}
