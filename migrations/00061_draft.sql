-- +goose Up

-- A form that was sent after its citizen's session had ended waits for them here.
ALTER TABLE session
    ADD COLUMN past_subject_id text,
    ADD COLUMN draft bytea,
    ADD COLUMN draft_at timestamptz,
    ADD CHECK ((draft IS NULL) = (draft_at IS NULL));
COMMENT ON COLUMN session.past_subject_id IS 'whose session it was: nobody else is shown its draft';
COMMENT ON COLUMN session.draft IS 'personal data: what was ticked and typed, AES-256-GCM under the session key';
