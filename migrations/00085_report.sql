-- +goose Up

-- Reports on one person, made by agents: the order, and the archive in pieces under
-- the key of the person it is about, so that erasure takes it along.
CREATE TABLE report (
    id         text NOT NULL CHECK (id <> ''),
    subject_id text NOT NULL CHECK (subject_id <> ''),
    agent_id   text NOT NULL CHECK (agent_id <> ''),
    authority  text NOT NULL DEFAULT '' CHECK (authority ~ '^([0-9]{14})?$'),
    since      date,
    until      date,
    state      text NOT NULL CHECK (state IN ('queued', 'running', 'done', 'failed')),
    lines      bigint NOT NULL DEFAULT 0 CHECK (lines >= 0),
    size       bigint NOT NULL DEFAULT 0 CHECK (size >= 0),
    asked_at   timestamptz NOT NULL,
    moved_at   timestamptz NOT NULL,
    done_at    timestamptz,
    PRIMARY KEY (subject_id, id),
    CHECK ((state = 'done') = (done_at IS NOT NULL)),
    CHECK (since <= until)
);
COMMENT ON COLUMN report.authority IS 'the only authority it speaks of; empty for all';
COMMENT ON COLUMN report.moved_at IS 'last sign of life: a report that stands still is begun again';
CREATE INDEX report_id ON report (id);
CREATE INDEX report_agent ON report (agent_id, asked_at DESC);
CREATE INDEX report_waiting ON report (moved_at) WHERE state IN ('queued', 'running');

CREATE TABLE report_piece (
    subject_id text NOT NULL,
    report_id  text NOT NULL,
    number     integer NOT NULL CHECK (number >= 0),
    sealed     bytea NOT NULL,
    PRIMARY KEY (subject_id, report_id, number),
    FOREIGN KEY (subject_id, report_id) REFERENCES report (subject_id, id) ON DELETE CASCADE
);
COMMENT ON COLUMN report_piece.sealed IS 'personal data: piece of the archive, AES-256-GCM under the citizen''s key, report and number as additional data';
