-- +goose Up

-- A larger consent replaces the smaller one it covers.
ALTER TABLE consent_grant DROP CONSTRAINT consent_grant_status_check;
ALTER TABLE consent_grant ADD CONSTRAINT consent_grant_status_check
    CHECK (status IN ('active', 'withdrawn', 'relinquished', 'replaced', 'suspended'));
ALTER TABLE consent_grant DROP CONSTRAINT consent_grant_ended_check;
ALTER TABLE consent_grant ADD CONSTRAINT consent_grant_ended_check
    CHECK ((status IN ('withdrawn', 'relinquished', 'replaced')) = (withdrawn_at IS NOT NULL));
