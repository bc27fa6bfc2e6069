-- +goose Up

-- A paper that states what was released. No value: the hash of a code that is printed
-- on it, and tags of its lines that nobody can compute without the code.
ALTER TABLE access ADD COLUMN attestation_code bytea CHECK (octet_length(attestation_code) = 32);
ALTER TABLE access ADD COLUMN attestation_lines bytea CHECK (octet_length(attestation_lines) = 256);
ALTER TABLE access ADD CONSTRAINT access_attestation CHECK (
    (attestation_code IS NULL) = (attestation_lines IS NULL) AND (attestation_code IS NULL OR outcome = 'released'));
COMMENT ON COLUMN access.attestation_code IS 'derived from the code on the paper; finds the access';
COMMENT ON COLUMN access.attestation_lines IS 'a tag of 8 bytes for each of 32 lines, keyed by the code; drawn where there is no line';

-- Whoever checks a paper has its code and no citizen; few accesses have one.
CREATE INDEX access_attestation_code ON access (attestation_code) WHERE attestation_code IS NOT NULL;
