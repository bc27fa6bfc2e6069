-- +goose Up

-- An administration may give a consent up. The version before reads the new state
-- as one that allows nothing, which is right.
ALTER TABLE consent_grant DROP CONSTRAINT consent_grant_status_check;
ALTER TABLE consent_grant ADD CONSTRAINT consent_grant_status_check
    CHECK (status IN ('active', 'withdrawn', 'relinquished', 'suspended'));
ALTER TABLE consent_grant DROP CONSTRAINT consent_grant_check2;
ALTER TABLE consent_grant ADD CONSTRAINT consent_grant_ended_check
    CHECK ((status IN ('withdrawn', 'relinquished')) = (withdrawn_at IS NOT NULL));
