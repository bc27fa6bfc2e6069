-- +goose Up

-- How an officer finds a person again: keyed hashes, never the names. Written at each
-- sign-in, one row for the birth name and one for the name in use.
CREATE TABLE subject_search (
    subject_id text NOT NULL,
    hash       bytea NOT NULL CHECK (octet_length(hash) = 32),
    PRIMARY KEY (subject_id, hash)
);
COMMENT ON COLUMN subject_search.hash IS 'HMAC-SHA-256 of a folded name and the birth date';
CREATE INDEX subject_search_hash ON subject_search (hash);

CREATE INDEX decision_id ON decision (id);
