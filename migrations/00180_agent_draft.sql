-- +goose Up

-- A form that was sent after its agent's session had ended waits for them here.
ALTER TABLE agent_session
    ADD COLUMN draft bytea,
    ADD COLUMN draft_at timestamptz,
    ADD CHECK ((draft IS NULL) = (draft_at IS NULL));
COMMENT ON COLUMN agent_session.draft IS 'may hold personal data: what was chosen and typed, AES-256-GCM under the session key; agent_id says who alone is shown it';
