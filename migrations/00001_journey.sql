-- +goose Up

-- Rows of a citizen carry subject_id and start their key with it, so that the
-- tables can be distributed by it (Citus, YugabyteDB).

CREATE TABLE client (
    id              text PRIMARY KEY CHECK (id <> ''),
    siret           text NOT NULL CHECK (siret ~ '^[0-9]{14}$'),
    legal_name      text NOT NULL CHECK (legal_name <> ''),
    service_name    text NOT NULL,
    habilitation    text NOT NULL,
    dpo_contact     text NOT NULL,
    website         text NOT NULL,
    data_groups     text[] NOT NULL CHECK (cardinality(data_groups) > 0),
    retention       jsonb NOT NULL,
    redirect_uris   text[] NOT NULL CHECK (cardinality(redirect_uris) > 0),
    auth_method     text NOT NULL CHECK (auth_method IN ('private_key_jwt', 'client_secret_basic')),
    secret_hash     bytea CHECK (octet_length(secret_hash) = 32),
    jwks            jsonb,
    default_request jsonb,
    suspended       boolean NOT NULL,
    CHECK (CASE auth_method WHEN 'private_key_jwt' THEN jwks IS NOT NULL ELSE secret_hash IS NOT NULL END)
);

CREATE TABLE subject (
    id          text PRIMARY KEY CHECK (id <> ''),
    wrapped_key bytea NOT NULL,
    identity    bytea NOT NULL,
    created_at  timestamptz NOT NULL,
    seen_at     timestamptz NOT NULL
);
COMMENT ON COLUMN subject.wrapped_key IS 'key of this citizen, AES-256-GCM under the master key';
COMMENT ON COLUMN subject.identity IS 'personal data: identité pivot, AES-256-GCM under wrapped_key, id as additional data';

CREATE TABLE subject_lookup (
    lookup     bytea PRIMARY KEY CHECK (octet_length(lookup) = 32),
    subject_id text NOT NULL
);
COMMENT ON COLUMN subject_lookup.lookup IS 'HMAC-SHA-256 of the issuer and sub; the sub itself is not kept';

CREATE TABLE pairwise_subject (
    subject_id text NOT NULL,
    client_id  text NOT NULL REFERENCES client,
    sub        text NOT NULL CHECK (length(sub) >= 22),
    PRIMARY KEY (subject_id, client_id)
);

CREATE TABLE request (
    id             text PRIMARY KEY CHECK (id <> ''),
    uri_hash       bytea NOT NULL UNIQUE CHECK (octet_length(uri_hash) = 32),
    uri_expires_at timestamptz NOT NULL,
    expires_at     timestamptz NOT NULL,
    created_at     timestamptz NOT NULL,
    client_id      text NOT NULL REFERENCES client,
    data_type      text NOT NULL,
    location       text NOT NULL,
    data_groups    text[] NOT NULL CHECK (cardinality(data_groups) > 0),
    purpose        text NOT NULL,
    recipient      text NOT NULL CHECK (recipient ~ '^[0-9]{14}$'),
    access_mode    text NOT NULL CHECK (access_mode IN ('once', 'continuous')),
    ends_on        date NOT NULL,
    redirect_uri   text NOT NULL,
    state          text NOT NULL,
    code_challenge text NOT NULL CHECK (length(code_challenge) = 43),
    language       text NOT NULL,
    force_prompt   boolean NOT NULL,
    status         text NOT NULL CHECK (status IN ('pending', 'identified', 'granted', 'refused', 'cancelled')),
    browser_id     text,
    subject_id     text,
    grant_id       text,
    CHECK (uri_expires_at <= expires_at AND created_at < expires_at),
    CHECK ((status = 'granted') = (grant_id IS NOT NULL)),
    CHECK (status NOT IN ('identified', 'granted') OR subject_id IS NOT NULL)
);
CREATE INDEX request_subject ON request (subject_id, created_at DESC) WHERE subject_id IS NOT NULL;

CREATE TABLE consent_text (
    hash     bytea PRIMARY KEY CHECK (octet_length(hash) = 32),
    language text NOT NULL,
    text     text NOT NULL CHECK (text <> '')
);

CREATE TABLE decision (
    id           text NOT NULL,
    subject_id   text NOT NULL,
    request_id   text NOT NULL,
    client_id    text NOT NULL,
    allowed      boolean NOT NULL,
    data_groups  text[] NOT NULL,
    ends_on      date,
    text_hash    bytea NOT NULL REFERENCES consent_text,
    text_version integer NOT NULL CHECK (text_version > 0),
    acr          text NOT NULL,
    auth_time    timestamptz,
    at           timestamptz NOT NULL,
    PRIMARY KEY (subject_id, id),
    CHECK (allowed = (cardinality(data_groups) > 0)),
    CHECK (NOT allowed OR subject_id <> '')
);
COMMENT ON COLUMN decision.subject_id IS 'empty when refused before signing in';

CREATE TABLE consent_grant (
    id           text NOT NULL CHECK (id <> ''),
    subject_id   text NOT NULL CHECK (subject_id <> ''),
    client_id    text NOT NULL REFERENCES client,
    sub          text NOT NULL,
    request_id   text NOT NULL,
    data_type    text NOT NULL,
    location     text NOT NULL,
    data_groups  text[] NOT NULL CHECK (cardinality(data_groups) > 0),
    purpose      text NOT NULL,
    recipient    text NOT NULL CHECK (recipient ~ '^[0-9]{14}$'),
    access_mode  text NOT NULL CHECK (access_mode IN ('once', 'continuous')),
    ends_on      date NOT NULL,
    status       text NOT NULL CHECK (status IN ('active', 'withdrawn', 'suspended')),
    acr          text NOT NULL,
    auth_time    timestamptz,
    created_at   timestamptz NOT NULL,
    expires_at   timestamptz NOT NULL,
    consumed_by  text CHECK (consumed_by IS NULL OR access_mode = 'once'),
    withdrawn_at timestamptz,
    PRIMARY KEY (subject_id, id),
    CHECK (created_at < expires_at AND expires_at <= created_at + interval '14 months'),
    CHECK ((status = 'withdrawn') = (withdrawn_at IS NOT NULL))
);
CREATE INDEX consent_grant_id ON consent_grant (id);
CREATE INDEX consent_grant_recent ON consent_grant (subject_id, created_at DESC);

CREATE TABLE token_family (
    id         text NOT NULL,
    subject_id text NOT NULL,
    grant_id   text NOT NULL,
    client_id  text NOT NULL,
    created_at timestamptz NOT NULL,
    revoked_at timestamptz,
    PRIMARY KEY (subject_id, id),
    FOREIGN KEY (subject_id, grant_id) REFERENCES consent_grant (subject_id, id)
);

CREATE TABLE authorization_code (
    hash           bytea PRIMARY KEY CHECK (octet_length(hash) = 32),
    request_id     text NOT NULL,
    grant_id       text NOT NULL,
    subject_id     text NOT NULL,
    client_id      text NOT NULL,
    redirect_uri   text NOT NULL,
    code_challenge text NOT NULL CHECK (length(code_challenge) = 43),
    expires_at     timestamptz NOT NULL,
    family         text
);
CREATE INDEX authorization_code_expiry ON authorization_code (expires_at);

CREATE TABLE refresh_token (
    hash       bytea PRIMARY KEY CHECK (octet_length(hash) = 32),
    subject_id text NOT NULL,
    family     text NOT NULL,
    grant_id   text NOT NULL,
    client_id  text NOT NULL,
    expires_at timestamptz NOT NULL,
    used       boolean NOT NULL DEFAULT false,
    FOREIGN KEY (subject_id, family) REFERENCES token_family (subject_id, id)
);

CREATE TABLE access_token (
    id           text NOT NULL CHECK (id <> ''),
    subject_id   text NOT NULL,
    family       text NOT NULL,
    grant_id     text NOT NULL,
    status_list  bigint NOT NULL,
    status_index integer NOT NULL CHECK (status_index BETWEEN 0 AND 1048575),
    issued_at    timestamptz NOT NULL,
    expires_at   timestamptz NOT NULL,
    PRIMARY KEY (subject_id, id),
    UNIQUE (status_list, status_index),
    FOREIGN KEY (subject_id, family) REFERENCES token_family (subject_id, id),
    CHECK (issued_at < expires_at AND expires_at <= issued_at + interval '15 minutes')
);

CREATE TABLE access (
    id                  text NOT NULL CHECK (id <> ''),
    subject_id          text NOT NULL,
    grant_id            text NOT NULL,
    client_id           text NOT NULL,
    recipient           text NOT NULL,
    token_id            text NOT NULL,
    data_set            text NOT NULL,
    data_groups         text[] NOT NULL CHECK (cardinality(data_groups) > 0),
    year                integer NOT NULL,
    month               integer NOT NULL CHECK (month BETWEEN 1 AND 12),
    opened_at           timestamptz NOT NULL,
    closed_at           timestamptz,
    outcome             text NOT NULL CHECK (outcome IN ('open', 'released', 'refused', 'no_file', 'not_identified', 'busy', 'failed', 'timed_out')),
    provider_request_id text NOT NULL DEFAULT '',
    PRIMARY KEY (subject_id, id),
    FOREIGN KEY (subject_id, grant_id) REFERENCES consent_grant (subject_id, id),
    CHECK ((outcome = 'open') = (closed_at IS NULL))
);
CREATE INDEX access_recent ON access (subject_id, opened_at DESC);
CREATE INDEX access_grant ON access (subject_id, grant_id, opened_at DESC);

CREATE TABLE session (
    token_hash   bytea PRIMARY KEY CHECK (octet_length(token_hash) = 32),
    browser_id   text NOT NULL CHECK (browser_id <> ''),
    subject_id   text,
    acr          text NOT NULL,
    auth_time    timestamptz,
    signed_in_at timestamptz,
    id_token     bytea,
    created_at   timestamptz NOT NULL,
    seen_at      timestamptz NOT NULL
);
COMMENT ON COLUMN session.id_token IS 'AES-256-GCM under the session key: kept for the end-session hint';
CREATE INDEX session_seen ON session (seen_at);

CREATE TABLE sign_in_attempt (
    state_hash    bytea PRIMARY KEY CHECK (octet_length(state_hash) = 32),
    nonce         text NOT NULL,
    code_verifier text NOT NULL,
    browser_id    text NOT NULL CHECK (browser_id <> ''),
    request_id    text NOT NULL,
    expires_at    timestamptz NOT NULL
);
CREATE INDEX sign_in_attempt_expiry ON sign_in_attempt (expires_at);

CREATE TABLE client_assertion (
    client_id  text NOT NULL,
    jti_hash   bytea NOT NULL CHECK (octet_length(jti_hash) = 32),
    expires_at timestamptz NOT NULL,
    PRIMARY KEY (client_id, jti_hash)
);
CREATE INDEX client_assertion_expiry ON client_assertion (expires_at);

CREATE TABLE ledger_entry (
    id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at         timestamptz NOT NULL,
    kind       text NOT NULL,
    subject_id text NOT NULL,
    client_id  text NOT NULL,
    ref        text NOT NULL CHECK (ref <> ''),
    request_id text NOT NULL,
    grant_id   text NOT NULL,
    text_hash  bytea CHECK (octet_length(text_hash) = 32)
);

CREATE TABLE outbox_event (
    id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at         timestamptz NOT NULL,
    type       text NOT NULL,
    client_id  text NOT NULL,
    subject_id text NOT NULL,
    sub        text NOT NULL,
    grant_id   text NOT NULL,
    request_id text NOT NULL,
    recipient  text NOT NULL
);

-- Evidence is added to, never changed.
-- +goose StatementBegin
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
END
$$;
-- +goose StatementEnd

CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON consent_text FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON decision FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger_entry FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON outbox_event FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
