-- +goose Up

-- A search of a person leaves once a batch of a purge names its entry.
-- +goose StatementBegin
CREATE FUNCTION refuse_lookup_removal() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM purged_entry p JOIN ledger_entry e ON e.id = p.entry_id WHERE e.kind = 'lookup' AND e.subject_id = OLD.subject_id AND e.ref = OLD.id) THEN
        RETURN OLD;
    END IF;
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
END
$$;
-- +goose StatementEnd

DROP TRIGGER append_only ON agent_lookup;
CREATE TRIGGER append_only BEFORE UPDATE OR TRUNCATE ON agent_lookup FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER removal BEFORE DELETE ON agent_lookup FOR EACH ROW EXECUTE FUNCTION refuse_lookup_removal();
