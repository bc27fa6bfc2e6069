-- +goose Up

-- Requests filed without the browser wait for a citizen with their identity. The
-- identity itself is not kept: only a keyed hash, until the citizen is found.
ALTER TABLE request ADD COLUMN filed boolean NOT NULL DEFAULT false;
ALTER TABLE request ADD COLUMN reference text NOT NULL DEFAULT '';
ALTER TABLE request ADD COLUMN match_hash bytea CHECK (octet_length(match_hash) = 32);
ALTER TABLE request ADD COLUMN polled_at timestamptz;
CREATE INDEX request_match ON request (match_hash) WHERE match_hash IS NOT NULL;
COMMENT ON COLUMN request.match_hash IS 'HMAC-SHA-256 of the normalised identity; erased when its citizen signs in or the request ends';
