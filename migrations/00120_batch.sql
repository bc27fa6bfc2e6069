-- +goose Up

-- A batch goes through one client's continuous consents in one order.
CREATE INDEX consent_grant_client ON consent_grant (client_id, id COLLATE "C") WHERE access_mode = 'continuous';

ALTER TABLE access ADD COLUMN way text NOT NULL DEFAULT '' CHECK (way IN ('', 'batch'));
COMMENT ON COLUMN access.way IS 'empty: with a consent token; batch: in a batch of the administration''s, without one';
ALTER TABLE access ADD CHECK (way = '' OR token_id = '');
