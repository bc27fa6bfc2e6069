-- +goose Up

-- What is kept ends: rows leave when their time has come, and the ledger says so.

CREATE TABLE legal_hold (
    id         text NOT NULL CHECK (id <> ''),
    subject_id text NOT NULL CHECK (subject_id <> ''),
    grant_id   text NOT NULL,
    reason     text NOT NULL CHECK (reason <> ''),
    set_by     text NOT NULL CHECK (set_by <> ''),
    set_at     timestamptz NOT NULL,
    lifted_by  text NOT NULL DEFAULT '',
    lifted_at  timestamptz,
    PRIMARY KEY (subject_id, id),
    CHECK ((lifted_at IS NULL) = (lifted_by = ''))
);
COMMENT ON COLUMN legal_hold.grant_id IS 'the one consent it covers; empty for all of the citizen''s';
CREATE INDEX legal_hold_id ON legal_hold (id);

-- A batch of removals, and the entries of the ledger whose row it removed. The
-- ledger's entry of the batch vouches for both.
CREATE TABLE purge_batch (
    id         text PRIMARY KEY CHECK (id <> ''),
    run_id     text NOT NULL,
    record     text NOT NULL,
    at         timestamptz NOT NULL,
    due_before timestamptz NOT NULL CHECK (due_before < at),
    removed    integer NOT NULL CHECK (removed > 0),
    first_from timestamptz NOT NULL,
    last_from  timestamptz NOT NULL CHECK (last_from < due_before)
);
CREATE INDEX purge_batch_run ON purge_batch (at DESC, run_id);

CREATE TABLE purged_entry (
    entry_id bigint PRIMARY KEY,
    batch_id text NOT NULL REFERENCES purge_batch
);
CREATE INDEX purged_entry_batch ON purged_entry (batch_id, entry_id);

-- Four eyes: the second lock on what consent.Erasure says.
CREATE TABLE erasure (
    id          text NOT NULL CHECK (id <> ''),
    subject_id  text NOT NULL CHECK (subject_id <> ''),
    rights_id   text NOT NULL CHECK (rights_id <> ''),
    asked_by    text NOT NULL CHECK (asked_by <> ''),
    asked_at    timestamptz NOT NULL,
    approved_by text CHECK (approved_by <> '' AND approved_by <> asked_by),
    done_at     timestamptz,
    PRIMARY KEY (subject_id, id),
    CHECK ((approved_by IS NULL) = (done_at IS NULL))
);
CREATE INDEX erasure_id ON erasure (id);
CREATE UNIQUE INDEX erasure_waiting ON erasure (subject_id) WHERE done_at IS NULL;

ALTER TABLE subject ADD COLUMN exporting_until timestamptz;
COMMENT ON COLUMN subject.exporting_until IS 'an export may run until then: no erasure before';
CREATE INDEX subject_lookup_subject ON subject_lookup (subject_id);

-- The narrow way out of tables that are only added to: a decision leaves once a batch
-- names its entry, an event once a batch says that its time has come.
-- +goose StatementBegin
CREATE FUNCTION refuse_removal() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM purged_entry p JOIN ledger_entry e ON e.id = p.entry_id WHERE e.kind = 'decision' AND e.subject_id = OLD.subject_id AND e.ref = OLD.id) THEN
        RETURN OLD;
    END IF;
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
END
$$;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE FUNCTION refuse_event_removal() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.at < (SELECT max(due_before) FROM purge_batch WHERE record = 'event') THEN
        RETURN OLD;
    END IF;
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
END
$$;
-- +goose StatementEnd

DROP TRIGGER append_only ON decision;
DROP TRIGGER append_only ON outbox_event;
CREATE TRIGGER append_only BEFORE UPDATE OR TRUNCATE ON decision FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER append_only BEFORE UPDATE OR TRUNCATE ON outbox_event FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER removal BEFORE DELETE ON decision FOR EACH ROW EXECUTE FUNCTION refuse_removal();
CREATE TRIGGER removal BEFORE DELETE ON outbox_event FOR EACH ROW EXECUTE FUNCTION refuse_event_removal();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON purge_batch FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON purged_entry FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER append_only BEFORE DELETE OR TRUNCATE ON legal_hold FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER append_only BEFORE DELETE OR TRUNCATE ON erasure FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
