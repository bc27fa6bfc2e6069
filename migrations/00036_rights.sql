-- +goose Up

-- What citizens ask of the data protection officer (GDPR articles 15 to 21).
CREATE TABLE rights_request (
    id         text NOT NULL CHECK (id <> ''),
    subject_id text NOT NULL CHECK (subject_id <> ''),
    kind       text NOT NULL CHECK (kind IN ('access', 'rectification', 'erasure', 'restriction', 'portability', 'objection')),
    message    bytea NOT NULL,
    state      text NOT NULL CHECK (state IN ('open', 'answered', 'refused')),
    asked_at   timestamptz NOT NULL,
    due_on     date NOT NULL,
    closed_at  timestamptz,
    PRIMARY KEY (subject_id, id),
    CHECK ((state = 'open') = (closed_at IS NULL))
);
COMMENT ON COLUMN rights_request.message IS 'personal data: the citizen’s words, AES-256-GCM under their key, id as additional data';
CREATE INDEX rights_request_due ON rights_request (due_on) WHERE state = 'open';
