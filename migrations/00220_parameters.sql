-- +goose Up

-- What an administration tells beside the civil status, so that a provider finds what is
-- asked: an account's name, a pupil. Sealed with the request, and bound to the consent
-- under its citizen's key.

ALTER TABLE request ADD COLUMN parameters bytea;
COMMENT ON COLUMN request.parameters IS 'sealed; gone when the request is answered or over';

ALTER TABLE consent_grant
    ADD COLUMN parameters bytea,
    ADD COLUMN parameters_hash bytea,
    ADD COLUMN parameters_match bytea,
    ADD CHECK (parameters IS NULL OR parameters_hash IS NOT NULL AND parameters_hash = sha256(parameters));
COMMENT ON COLUMN consent_grant.parameters IS 'sealed under the citizen''s key; gone when they are forgotten';
COMMENT ON COLUMN consent_grant.parameters_hash IS 'SHA-256 of the sealed parameters, which the evidence vouches for; it stays';
COMMENT ON COLUMN consent_grant.parameters_match IS 'keyed hash, to tell consents about the same thing; gone with the parameters';
