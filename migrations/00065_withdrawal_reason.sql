-- +goose Up

-- A citizen may say why they take a consent back. The version before writes none.
ALTER TABLE consent_grant ADD COLUMN withdrawal_reason text NOT NULL DEFAULT ''
    CHECK (withdrawal_reason IN ('', 'not_needed', 'moved', 'too_much', 'by_mistake', 'otherwise'));
ALTER TABLE consent_grant ADD CONSTRAINT consent_grant_reason_check CHECK (withdrawal_reason = '' OR status = 'withdrawn');
COMMENT ON COLUMN consent_grant.withdrawal_reason IS 'personal data: the citizen’s own, told to no administration';
