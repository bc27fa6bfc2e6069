-- +goose Up

-- The evidence as agents read it.
CREATE INDEX ledger_checkpoint_at ON ledger_checkpoint (at, size);

CREATE TABLE ledger_verification (
    id          text PRIMARY KEY CHECK (id <> ''),
    asked_at    timestamptz NOT NULL,
    state       text NOT NULL CHECK (state IN ('queued', 'running', 'intact', 'faulty', 'failed')),
    size        bigint NOT NULL,
    checked     bigint NOT NULL,
    waiting     bigint NOT NULL,
    checkpoints integer NOT NULL,
    fault_entry bigint NOT NULL,
    fault       text NOT NULL,
    moved_at    timestamptz NOT NULL,
    done_at     timestamptz,
    CHECK ((state IN ('queued', 'running')) = (done_at IS NULL)),
    CHECK ((state = 'faulty') = (fault <> ''))
);
COMMENT ON TABLE ledger_verification IS 'checks of the whole evidence, a year of them; nobody''s data';
CREATE UNIQUE INDEX ledger_verification_open ON ledger_verification ((true)) WHERE state IN ('queued', 'running');
CREATE INDEX ledger_verification_recent ON ledger_verification (asked_at DESC, id DESC);
