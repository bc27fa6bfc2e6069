-- +goose Up

-- What names a citizen's file goes with its citizen. The words of a text that names one
-- are blanked once nobody who is known decided on it, and written again when somebody
-- does: its hash says which. The hash, the answers and their entries stay.
ALTER TABLE consent_text DROP CONSTRAINT consent_text_text_check, ADD CONSTRAINT consent_text_text_check CHECK (text <> '' OR own);
CREATE INDEX decision_text ON decision (text_hash);
CREATE INDEX consent_text_own ON consent_text (first_at) WHERE own AND text <> '';

-- +goose StatementBegin
CREATE FUNCTION refuse_text_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.own AND (NEW.hash, NEW.language, NEW.version, NEW.first_at, NEW.own) IS NOT DISTINCT FROM (OLD.hash, OLD.language, OLD.version, OLD.first_at, OLD.own)
        AND (NEW.hash = sha256(convert_to(NEW.language || E'\n' || NEW.text, 'UTF8'))
            OR NEW.text = '' AND NOT EXISTS (SELECT FROM decision d JOIN subject s ON s.id = d.subject_id WHERE d.text_hash = OLD.hash)) THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
END
$$;
-- +goose StatementEnd

DROP TRIGGER append_only ON consent_text;
CREATE TRIGGER append_only BEFORE DELETE OR TRUNCATE ON consent_text FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER change BEFORE UPDATE ON consent_text FOR EACH ROW EXECUTE FUNCTION refuse_text_change();

-- Why somebody was looked up is under that person's key, so that it goes with them; it
-- is under the agent's where nobody was found, and in searches of before.
ALTER TABLE agent_lookup ADD COLUMN sealed_by text NOT NULL DEFAULT 'agent' CHECK (sealed_by IN ('agent', 'subject'));
COMMENT ON COLUMN agent_lookup.reason IS 'may hold personal data: the agent’s words, AES-256-GCM under the key that sealed_by names, id as additional data';

-- An agent who was revoked leaves when their time has come, with their key.
CREATE INDEX agent_revoked ON agent (revoked_at) WHERE revoked_at IS NOT NULL;
CREATE INDEX agent_lookup_agent ON agent_lookup (agent_id);
