-- +goose Up

-- A citizen may pause a consent and resume it.
ALTER TABLE consent_grant ADD COLUMN paused_at timestamptz;
ALTER TABLE consent_grant ADD CONSTRAINT consent_grant_paused_check CHECK ((status = 'suspended') = (paused_at IS NOT NULL));
