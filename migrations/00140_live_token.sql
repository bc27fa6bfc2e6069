-- +goose Up

-- The access token of a sign-in with FranceConnect, for the minute that it lives: with it
-- the citizen's data is asked while they are there. Whoever uses it takes it out.
ALTER TABLE session
    ADD COLUMN live bytea,
    ADD COLUMN live_until timestamptz,
    ADD CHECK ((live IS NULL) = (live_until IS NULL));
COMMENT ON COLUMN session.live IS 'opens personal data for a minute: token and scopes, AES-256-GCM under the session key';
CREATE INDEX session_live ON session (live_until) WHERE live_until IS NOT NULL;

ALTER TABLE sign_in_attempt ADD COLUMN data boolean NOT NULL DEFAULT false;
COMMENT ON COLUMN sign_in_attempt.data IS 'scopes of data providers were asked too';
