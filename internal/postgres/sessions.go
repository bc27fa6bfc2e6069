package postgres

import (
	"context"
	"slices"
	"time"

	"portail.example/consent"
)

// signOut leaves a session to its browser only: whatever ends a citizen's stay early
// ends with it. Who it was stays known, so that nobody else is shown their draft.
const signOut = `UPDATE session SET past_subject_id = subject_id, subject_id = NULL, acr = '', auth_time = NULL, signed_in_at = NULL, id_token = NULL,
	handle = '', browser_family = '', system = '', last_sign_in_at = NULL, live = NULL, live_until = NULL `

// Sessions are where the citizen is signed in at now, last used first, without their
// ID tokens.
func (r reader) Sessions(ctx context.Context, subject consent.SubjectID, now time.Time) ([]consent.Session, error) {
	all, err := many(ctx, r, r.scanSession, `
		SELECT token_hash, browser_id, subject_id, acr, auth_time, signed_in_at, NULL::bytea, created_at, seen_at, handle, browser_family, system, last_sign_in_at,
			NULL::text, NULL::bytea, NULL::timestamptz
		FROM session WHERE subject_id = $1 ORDER BY seen_at DESC, handle`, subject)
	return slices.DeleteFunc(all, func(s consent.Session) bool {
		s, live := s.At(now)
		return !live || !s.SignedIn()
	}), err
}

// EndSession signs the citizen out of one of their sessions.
func (t *tx) EndSession(ctx context.Context, subject consent.SubjectID, handle string) (bool, error) {
	return t.changed(ctx, signOut+`WHERE subject_id = $1 AND handle = $2`, subject, handle)
}

// EndOtherSessions signs the citizen out of all sessions but one.
func (t *tx) EndOtherSessions(ctx context.Context, subject consent.SubjectID, keep string) error {
	return t.exec(ctx, signOut+`WHERE subject_id = $1 AND handle <> $2`, subject, keep)
}
