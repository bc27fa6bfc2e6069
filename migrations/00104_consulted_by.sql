-- +goose Up

-- Who consulted inside the administration, in its own references. Rows from before, and
-- those of software that does not say, are empty.
ALTER TABLE access ADD COLUMN agent_ref text NOT NULL DEFAULT '' CHECK (length(agent_ref) <= 64);
ALTER TABLE access ADD COLUMN agent_service text NOT NULL DEFAULT '' CHECK (length(agent_service) <= 64);
COMMENT ON COLUMN access.agent_ref IS 'opaque reference of the recipient''s; shown to that recipient''s officer only';

-- The officer's list reads rows that say who consulted; the others pay nothing for it.
CREATE INDEX access_consulted ON access (recipient, opened_at, id) WHERE agent_ref <> '' OR agent_service <> '';
