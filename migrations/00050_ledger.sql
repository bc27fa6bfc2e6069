-- +goose Up

-- The evidence as a Merkle tree. An entry commits with its fact, in any order; the
-- sequencer gives it its place afterwards, so that nobody waits for anybody.

ALTER TABLE ledger_entry
    ADD COLUMN tx xid8 NOT NULL DEFAULT pg_current_xact_id(),
    ADD COLUMN fact bytea CHECK (octet_length(fact) = 32);
COMMENT ON COLUMN ledger_entry.tx IS 'transactions end in any order; below the oldest one running nothing is added any more';
COMMENT ON COLUMN ledger_entry.fact IS 'SHA-256 of the row the entry speaks of, as it was then';
CREATE INDEX ledger_entry_order ON ledger_entry (tx, id);
CREATE INDEX ledger_entry_ref ON ledger_entry (subject_id, ref);

CREATE TABLE ledger_head (
    single   boolean PRIMARY KEY CHECK (single),
    size     bigint NOT NULL,
    tx       xid8 NOT NULL,
    entry_id bigint NOT NULL
);
COMMENT ON TABLE ledger_head IS 'how far the sequencer is; its row lock is what makes the sequencer one';
INSERT INTO ledger_head VALUES (true, 0, '0', 0);

CREATE TABLE ledger_leaf (
    index    bigint PRIMARY KEY CHECK (index >= 0),
    entry_id bigint NOT NULL UNIQUE
);

CREATE TABLE ledger_hash (
    index bigint PRIMARY KEY CHECK (index >= 0),
    hash  bytea NOT NULL CHECK (octet_length(hash) = 32)
);
COMMENT ON TABLE ledger_hash IS 'nodes of the tree in the order of golang.org/x/mod/sumdb/tlog';

CREATE TABLE ledger_checkpoint (
    size bigint PRIMARY KEY CHECK (size > 0),
    at   timestamptz NOT NULL,
    note text NOT NULL
);

CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger_leaf FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger_hash FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger_checkpoint FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
