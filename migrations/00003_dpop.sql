-- +goose Up

-- Tokens bound to a key (RFC 9449). Empty means not bound, which is what the
-- version before writes.
ALTER TABLE client ADD COLUMN require_dpop boolean NOT NULL DEFAULT false;
ALTER TABLE request ADD COLUMN jkt text NOT NULL DEFAULT '';
ALTER TABLE authorization_code ADD COLUMN jkt text NOT NULL DEFAULT '';
ALTER TABLE refresh_token ADD COLUMN jkt text NOT NULL DEFAULT '';
ALTER TABLE refresh_token ADD COLUMN used_at timestamptz;
CREATE INDEX refresh_token_family ON refresh_token (subject_id, family);
