-- +goose Up

-- Editors act for authorities that delegated to them; data providers ask about
-- tokens for their own audience. Every client of the version before is an
-- administration.
ALTER TABLE client ADD COLUMN kind text NOT NULL DEFAULT 'administration' CHECK (kind IN ('administration', 'editor', 'data_provider'));
ALTER TABLE client ADD COLUMN audience text NOT NULL DEFAULT '';
ALTER TABLE client ADD COLUMN location text NOT NULL DEFAULT '';
ALTER TABLE client ADD COLUMN data_set text NOT NULL DEFAULT '';
ALTER TABLE client ADD COLUMN identity boolean NOT NULL DEFAULT false;
ALTER TABLE client DROP CONSTRAINT client_data_groups_check;
ALTER TABLE client ADD CONSTRAINT client_data_groups_check CHECK ((kind = 'administration') = (cardinality(data_groups) > 0));
ALTER TABLE client DROP CONSTRAINT client_redirect_uris_check;
ALTER TABLE client ADD CONSTRAINT client_redirect_uris_check CHECK (kind = 'data_provider' OR cardinality(redirect_uris) > 0);
ALTER TABLE client ADD CONSTRAINT client_provider_check CHECK ((kind = 'data_provider') = (location <> '') AND (kind = 'data_provider') = (audience <> ''));
CREATE UNIQUE INDEX client_audience ON client (audience) WHERE audience <> '';
CREATE UNIQUE INDEX client_location ON client (location) WHERE location <> '';

CREATE TABLE delegation (
    client_id    text NOT NULL REFERENCES client,
    siret        text NOT NULL CHECK (siret ~ '^[0-9]{14}$'),
    legal_name   text NOT NULL CHECK (legal_name <> ''),
    service_name text NOT NULL,
    habilitation text NOT NULL,
    dpo_contact  text NOT NULL,
    website      text NOT NULL,
    data_groups  text[] NOT NULL CHECK (cardinality(data_groups) > 0),
    retention    jsonb NOT NULL,
    revoked_at   timestamptz,
    PRIMARY KEY (client_id, siret)
);

-- One citizen has one identifier at each authority of an editor.
ALTER TABLE pairwise_subject ADD COLUMN sector text NOT NULL DEFAULT '';
ALTER TABLE pairwise_subject DROP CONSTRAINT pairwise_subject_pkey;
ALTER TABLE pairwise_subject ADD PRIMARY KEY (subject_id, client_id, sector);

ALTER TABLE access ADD COLUMN provider_id text NOT NULL DEFAULT '';
COMMENT ON COLUMN access.provider_id IS 'data provider that checked the consent; empty for our own data API';
ALTER TABLE access DROP CONSTRAINT access_outcome_check;
ALTER TABLE access ADD CONSTRAINT access_outcome_check
    CHECK (outcome IN ('open', 'released', 'verified', 'refused', 'no_file', 'not_identified', 'busy', 'failed', 'timed_out'));
