-- +goose Up

-- A continuous consent may let us look at the value each month, to tell the
-- administration whether it changed. The value is not kept: a keyed hash is.
ALTER TABLE client ADD COLUMN watch boolean NOT NULL DEFAULT false;
ALTER TABLE request ADD COLUMN watch boolean NOT NULL DEFAULT false;
ALTER TABLE consent_grant ADD COLUMN watch boolean NOT NULL DEFAULT false CHECK (NOT watch OR access_mode = 'continuous');
CREATE INDEX consent_grant_watched ON consent_grant (id COLLATE "C") WHERE watch AND status = 'active';

CREATE TABLE watch (
    subject_id text NOT NULL,
    grant_id   text NOT NULL,
    month      date NOT NULL CHECK (extract(day FROM month) = 1),
    settled    boolean NOT NULL,
    tries      int NOT NULL CHECK (tries > 0),
    due_at     timestamptz NOT NULL,
    value_hash bytea CHECK (octet_length(value_hash) = 32),
    PRIMARY KEY (subject_id, grant_id),
    FOREIGN KEY (subject_id, grant_id) REFERENCES consent_grant (subject_id, id) ON DELETE CASCADE
);
COMMENT ON COLUMN watch.month IS 'the last month that was looked at, or is being';
COMMENT ON COLUMN watch.due_at IS 'when an unsettled look may be tried again; until then it is somebody''s';
COMMENT ON COLUMN watch.value_hash IS 'personal data: HMAC-SHA-256 of the consent and the value, under a key that is not in the database';

ALTER TABLE access DROP CONSTRAINT access_way_check;
ALTER TABLE access ADD CONSTRAINT access_way_check CHECK (way IN ('', 'batch', 'comparison'));
ALTER TABLE access DROP CONSTRAINT access_outcome_check;
ALTER TABLE access ADD CONSTRAINT access_outcome_check
    CHECK (outcome IN ('open', 'released', 'verified', 'compared', 'refused', 'no_file', 'not_identified', 'busy', 'failed', 'timed_out'));
ALTER TABLE access ADD CHECK (outcome <> 'compared' OR way = 'comparison');

ALTER TABLE outbox_event ADD COLUMN data_set text NOT NULL DEFAULT '';
ALTER TABLE outbox_event ADD COLUMN month text NOT NULL DEFAULT '';
