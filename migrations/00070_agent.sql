-- +goose Up

-- Agents of authorities, who sign in with ProConnect. Who they are is personal data,
-- encrypted with a key of their own, like citizens' identities.
CREATE TABLE agent (
    id           text PRIMARY KEY CHECK (id <> ''),
    wrapped_key  bytea NOT NULL,
    sealed       bytea NOT NULL,
    email_hash   bytea NOT NULL CHECK (octet_length(email_hash) = 32),
    siret        text NOT NULL CHECK (siret ~ '^[0-9]{14}$'),
    role         text NOT NULL CHECK (role IN ('platform_dpo', 'dpo', 'operator', 'auditor')),
    account_hash bytea CHECK (octet_length(account_hash) = 32),
    invited_by   text NOT NULL,
    invited_at   timestamptz NOT NULL,
    accepted_at  timestamptz,
    revoked_at   timestamptz,
    CHECK ((account_hash IS NULL) = (accepted_at IS NULL))
);
COMMENT ON COLUMN agent.sealed IS 'personal data: address and names, AES-256-GCM under wrapped_key, id as additional data';
COMMENT ON COLUMN agent.email_hash IS 'HMAC-SHA-256 of the folded address, to find an invitation';
COMMENT ON COLUMN agent.account_hash IS 'HMAC-SHA-256 of the issuer and sub; the sub itself is not kept';
COMMENT ON COLUMN agent.invited_by IS 'empty: the operator’s tool';
CREATE UNIQUE INDEX agent_registered ON agent (email_hash, siret) WHERE revoked_at IS NULL;
CREATE INDEX agent_email ON agent (email_hash);

-- Every search of a citizen by an agent.
CREATE TABLE agent_lookup (
    id         text PRIMARY KEY CHECK (id <> ''),
    agent_id   text NOT NULL REFERENCES agent,
    at         timestamptz NOT NULL,
    kind       text NOT NULL CHECK (kind <> ''),
    reason     bytea NOT NULL,
    subject_id text NOT NULL
);
COMMENT ON COLUMN agent_lookup.reason IS 'may hold personal data: the agent’s words, AES-256-GCM under the agent’s key, id as additional data';
COMMENT ON COLUMN agent_lookup.subject_id IS 'empty: nobody was found';
CREATE INDEX agent_lookup_newest ON agent_lookup (at, id);
CREATE INDEX agent_lookup_subject ON agent_lookup (subject_id, at) WHERE subject_id <> '';
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON agent_lookup FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TABLE agent_session (
    token_hash bytea PRIMARY KEY CHECK (octet_length(token_hash) = 32),
    agent_id   text NOT NULL REFERENCES agent,
    id_token   bytea,
    created_at timestamptz NOT NULL,
    seen_at    timestamptz NOT NULL
);
COMMENT ON COLUMN agent_session.id_token IS 'AES-256-GCM under the session key: kept for the end-session hint';
CREATE INDEX agent_session_agent ON agent_session (agent_id);
CREATE INDEX agent_session_seen ON agent_session (seen_at);

CREATE TABLE agent_sign_in_attempt (
    state_hash    bytea PRIMARY KEY CHECK (octet_length(state_hash) = 32),
    nonce         text NOT NULL,
    code_verifier text NOT NULL,
    browser_hash  bytea NOT NULL CHECK (octet_length(browser_hash) = 32),
    expires_at    timestamptz NOT NULL
);
CREATE INDEX agent_sign_in_attempt_expiry ON agent_sign_in_attempt (expires_at);
