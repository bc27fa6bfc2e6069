-- +goose Up

-- What an accepted right does for as long as it holds: a restriction (GDPR article 18)
-- or an objection (article 21), on one administration or on all.
CREATE TABLE measure (
    id            text NOT NULL CHECK (id <> ''),
    subject_id    text NOT NULL CHECK (subject_id <> ''),
    kind          text NOT NULL CHECK (kind IN ('restriction', 'objection')),
    client_id     text NOT NULL,
    recipient     text NOT NULL,
    rights_id     text NOT NULL,
    set_by        text NOT NULL,
    set_at        timestamptz NOT NULL,
    lift_asked_at timestamptz,
    lifted_by     text NOT NULL DEFAULT '',
    lifted_at     timestamptz,
    PRIMARY KEY (subject_id, id),
    CHECK ((client_id = '') = (recipient = '')),
    CHECK ((rights_id = '') = (set_by = '')),
    CHECK (kind = 'objection' OR rights_id <> ''),
    CHECK (lift_asked_at IS NULL OR kind = 'restriction'),
    CHECK (lifted_by = '' OR lifted_at IS NOT NULL)
);
COMMENT ON COLUMN measure.recipient IS 'the administration, whoever asks in its name; empty for all';
COMMENT ON COLUMN measure.rights_id IS 'the request it answers; empty when the citizen objected by themselves';
COMMENT ON COLUMN measure.lifted_by IS 'the agent; empty when the citizen lifted it, or an erasure ended it';
CREATE UNIQUE INDEX measure_in_force ON measure (subject_id, kind, recipient) WHERE lifted_at IS NULL;
CREATE INDEX measure_id ON measure (id);

-- A consent is restricted as long as a restriction covers it. The second lock on what
-- consent.Grant.StatusAt says is the ledger's verification, which compares both.
ALTER TABLE consent_grant ADD COLUMN restricted_at timestamptz;
COMMENT ON COLUMN consent_grant.restricted_at IS 'since when an officer restricts it (GDPR article 18); nothing is sent meanwhile';

ALTER TABLE rights_message DROP CONSTRAINT rights_message_kind_check;
ALTER TABLE rights_message ADD CONSTRAINT rights_message_kind_check CHECK (kind IN ('message', 'extension', 'answer', 'refusal', 'lifting'));

-- A history tells of restrictions too.
DROP INDEX ledger_entry_consent;
CREATE INDEX ledger_entry_consent ON ledger_entry (subject_id, at DESC, id DESC)
    WHERE kind IN ('grant', 'reduction', 'pause', 'resumption', 'withdrawal', 'relinquishment', 'replacement', 'consent_restricted', 'consent_freed');
