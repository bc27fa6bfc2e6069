-- +goose Up

-- Where a citizen wants notices. The address is personal data: it is encrypted with
-- the citizen's key, like the identity.
CREATE TABLE contact (
    subject_id       text PRIMARY KEY REFERENCES subject,
    sealed           bytea NOT NULL,
    language         text NOT NULL CHECK (language <> ''),
    kinds            text[] NOT NULL CHECK (cardinality(kinds) > 0 AND kinds <@ ARRAY['request', 'use', 'ending', 'suspended']),
    match_hash       bytea NOT NULL CHECK (octet_length(match_hash) = 32),
    unsubscribe_hash bytea NOT NULL UNIQUE CHECK (octet_length(unsubscribe_hash) = 32),
    verified_at      timestamptz
);
COMMENT ON COLUMN contact.sealed IS 'personal data: address and unsubscribe secret, AES-256-GCM under the citizen''s key';
COMMENT ON COLUMN contact.match_hash IS 'HMAC-SHA-256 of the normalised identity, to find whom a request is filed for';
CREATE INDEX contact_match ON contact (match_hash) WHERE verified_at IS NOT NULL;

-- Links mailed to addresses; also what mails are counted by, so rows outlive the
-- contact until the sweep.
CREATE TABLE address_check (
    token_hash   bytea PRIMARY KEY CHECK (octet_length(token_hash) = 32),
    subject_id   text NOT NULL,
    address_hash bytea NOT NULL CHECK (octet_length(address_hash) = 32),
    created_at   timestamptz NOT NULL,
    usable       boolean NOT NULL DEFAULT true
);
COMMENT ON COLUMN address_check.address_hash IS 'HMAC-SHA-256 of the address, to count mails to it';
CREATE INDEX address_check_subject ON address_check (subject_id, created_at);
CREATE INDEX address_check_address ON address_check (address_hash, created_at);

-- Mails to send. One collects notices for its citizen until it is due; once an
-- attempt starts, news go into another.
CREATE TABLE mail (
    id         text PRIMARY KEY,
    subject_id text NOT NULL REFERENCES contact ON DELETE CASCADE,
    state      text NOT NULL CHECK (state IN ('collecting', 'sending', 'dead')),
    token      bytea,
    queued_at  timestamptz NOT NULL,
    due_at     timestamptz NOT NULL,
    attempts   integer NOT NULL DEFAULT 0,
    reason     text NOT NULL DEFAULT '',
    CHECK (state <> 'collecting' OR attempts = 0)
);
COMMENT ON COLUMN mail.token IS 'secret of a verification link, AES-256-GCM under the citizen''s key; null for notices';
CREATE UNIQUE INDEX mail_collecting ON mail (subject_id) WHERE state = 'collecting';
CREATE INDEX mail_due ON mail (due_at) WHERE state <> 'dead';
CREATE INDEX mail_subject ON mail (subject_id);

CREATE TABLE notice (
    id        bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    mail_id   text NOT NULL REFERENCES mail ON DELETE CASCADE,
    kind      text NOT NULL CHECK (kind IN ('request', 'use', 'ending', 'suspended')),
    client_id text NOT NULL REFERENCES client,
    recipient text NOT NULL,
    at        timestamptz NOT NULL
);
CREATE INDEX notice_mail ON notice (mail_id, id);
