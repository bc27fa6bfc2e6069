-- +goose Up

-- Each order of a citizen's lists has an index that ends with the row's identifier,
-- so that a page is read from where the one before stopped.
CREATE INDEX consent_grant_newest ON consent_grant (subject_id, created_at DESC, id DESC);
DROP INDEX consent_grant_recent;
CREATE INDEX consent_grant_open ON consent_grant (subject_id, expires_at, id) WHERE status IN ('active', 'suspended') AND consumed_by IS NULL;
CREATE INDEX access_newest ON access (subject_id, opened_at DESC, id DESC);
DROP INDEX access_recent;
CREATE INDEX request_open ON request (subject_id, created_at DESC, id) WHERE status IN ('pending', 'identified');
