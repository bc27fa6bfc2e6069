-- +goose Up

-- A citizen lists and ends their sessions: what they recognise a session by, and a
-- name for it that opens nothing.
ALTER TABLE session
    ADD COLUMN handle text NOT NULL DEFAULT gen_random_uuid()::text,
    ADD COLUMN browser_family text NOT NULL DEFAULT '',
    ADD COLUMN system text NOT NULL DEFAULT '',
    ADD COLUMN last_sign_in_at timestamptz;
COMMENT ON COLUMN session.handle IS 'random; not the token, nor made from it';
COMMENT ON COLUMN session.browser_family IS 'a word of a closed list: neither User-Agent nor address is kept';
CREATE INDEX session_subject ON session (subject_id) WHERE subject_id IS NOT NULL;
