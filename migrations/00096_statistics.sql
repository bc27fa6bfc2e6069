-- +goose Up

-- What an authority did is counted by month, and its calls by day.
CREATE INDEX request_recipient ON request (recipient, created_at);
CREATE INDEX consent_grant_recipient ON consent_grant (recipient, created_at);
CREATE INDEX consent_grant_withdrawn ON consent_grant (recipient, withdrawn_at) WHERE status = 'withdrawn';
CREATE INDEX decision_refused_by ON decision (client_id, at) WHERE NOT allowed;
CREATE INDEX access_recipient ON access (recipient, opened_at);
