package postgres

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"portail.example/consent"
)

// seenEvery bounds how often a session's last use is written.
const seenEvery = time.Minute

// OpenSession stores a session and returns the token for its cookie. It fails with
// consent.NotFound when its citizen was erased meanwhile.
func (db *DB) OpenSession(ctx context.Context, s consent.Session) (string, error) {
	return db.insertSession(ctx, s)
}

func (r reader) insertSession(ctx context.Context, s consent.Session) (string, error) {
	token, hash := consent.NewSecret()
	draft, err := r.keys.sealDraft(s.Draft, hash)
	if err != nil {
		return "", err
	}
	live, err := r.keys.sealLive(s.Live, hash)
	if err != nil {
		return "", err
	}
	kept, err := r.changed(ctx, `
		WITH known AS (SELECT id FROM subject WHERE id = $3 FOR KEY SHARE)
		INSERT INTO session (token_hash, browser_id, subject_id, acr, auth_time, signed_in_at, id_token, created_at, seen_at, handle, browser_family, system, last_sign_in_at, past_subject_id, draft, draft_at, live, live_until)
		SELECT $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18 WHERE $3::text IS NULL OR EXISTS (SELECT FROM known)`,
		hash[:], s.Browser, orNull(s.Subject), s.ACR, orNull(s.AuthTime), orNull(s.SignedInAt), r.keys.sealSession(s.IDToken, hash[:]), s.CreatedAt, s.SeenAt,
		s.Handle, s.Device.Browser, s.Device.System, orNull(s.LastSignIn),
		orNull(s.Was), draft, orNull(s.Draft.At), live, orNull(s.Live.Until))
	if err == nil && !kept {
		err = unknownCitizen()
	}
	return token, err
}

// Session finds a live session by its token and notes that it was used. It
// fails with NotFound when there is none or its time has passed.
func (db *DB) Session(ctx context.Context, token string, now time.Time) (consent.Session, error) {
	hash := consent.HashOf(token)
	s, err := one(ctx, db.reader, db.scanSession, `
		SELECT token_hash, browser_id, subject_id, acr, auth_time, signed_in_at, id_token, created_at, seen_at, handle, browser_family, system, last_sign_in_at, past_subject_id, draft, draft_at
		FROM session WHERE token_hash = $1`, hash[:])
	if err != nil {
		return consent.Session{}, err
	}
	s, live := s.At(now)
	if !live {
		return consent.Session{}, consent.Refuse(consent.NotFound, "", "the session has ended")
	}
	// What was idle too long is not touched: it would come back to life.
	if idle := now.Sub(s.SeenAt); idle < seenEvery || idle >= consent.SessionIdle {
		return s, nil
	}
	s.SeenAt = now
	return s, db.exec(ctx, `UPDATE session SET seen_at = $2 WHERE token_hash = $1`, hash[:], now)
}

func (r reader) scanSession(row pgx.CollectableRow) (s consent.Session, err error) {
	var hash, sealed, draft []byte
	var subject, was *consent.SubjectID
	var authTime, signedIn, before, draftAt *time.Time
	err = row.Scan(&hash, &s.Browser, &subject, &s.ACR, &authTime, &signedIn, &sealed, &s.CreatedAt, &s.SeenAt, &s.Handle, &s.Device.Browser, &s.Device.System, &before, &was, &draft, &draftAt)
	if err != nil {
		return s, err
	}
	s.Subject, s.AuthTime, s.SignedInAt, s.LastSignIn = orZero(subject), utc(authTime), utc(signedIn), utc(before)
	s.CreatedAt, s.SeenAt, s.Was = s.CreatedAt.UTC(), s.SeenAt.UTC(), orZero(was)
	if s.IDToken, err = r.keys.openSession(sealed, hash); err != nil || draft == nil {
		return s, err
	}
	s.Draft, err = r.keys.openDraft(draft, hash)
	s.Draft.At = utc(draftAt)
	return s, err
}

// RotateSession replaces a session by another under a new token; the old one is
// dead at once (against session fixation).
func (db *DB) RotateSession(ctx context.Context, oldToken string, s consent.Session) (token string, err error) {
	err = pgx.BeginFunc(ctx, db.pool, func(t pgx.Tx) error {
		r := reader{q: t, keys: db.keys}
		old := consent.HashOf(oldToken)
		if err := r.exec(ctx, `DELETE FROM session WHERE token_hash = $1`, old[:]); err != nil {
			return err
		}
		token, err = r.insertSession(ctx, s)
		return err
	})
	return token, translate(err)
}

// CloseSession ends a session. Ending one that is not there is not an error.
func (db *DB) CloseSession(ctx context.Context, token string) error {
	hash := consent.HashOf(token)
	return db.exec(ctx, `DELETE FROM session WHERE token_hash = $1`, hash[:])
}
