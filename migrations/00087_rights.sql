-- +goose Up

-- The officer's side of rights requests: who entered it, a longer term with its reason
-- (GDPR article 12(3)), and what was written to and fro.
ALTER TABLE rights_request
    ADD COLUMN entered_by  text NOT NULL DEFAULT '',
    ADD COLUMN extended_at timestamptz;
COMMENT ON COLUMN rights_request.entered_by IS 'agent who entered it for the citizen; empty: the citizen asked here';
CREATE INDEX rights_request_asked ON rights_request (asked_at, id);
CREATE INDEX rights_request_id ON rights_request (id);

CREATE TABLE rights_message (
    id         text NOT NULL CHECK (id <> ''),
    subject_id text NOT NULL,
    request_id text NOT NULL,
    agent_id   text NOT NULL CHECK (agent_id <> ''),
    kind       text NOT NULL CHECK (kind IN ('message', 'extension', 'answer', 'refusal')),
    at         timestamptz NOT NULL,
    sealed     bytea NOT NULL,
    PRIMARY KEY (subject_id, id),
    FOREIGN KEY (subject_id, request_id) REFERENCES rights_request (subject_id, id)
);
COMMENT ON COLUMN rights_message.sealed IS 'personal data: the officer’s words, AES-256-GCM under the citizen''s key, id as additional data';
CREATE INDEX rights_message_request ON rights_message (subject_id, request_id, at);
