-- +goose Up

-- A citizen's history merges lists; each is read from an index that ends with the
-- row's identifier, so that a page costs what it shows.
CREATE INDEX request_newest ON request (subject_id, created_at DESC, id DESC) WHERE subject_id IS NOT NULL;
DROP INDEX request_subject;
CREATE INDEX request_asker ON request (subject_id, client_id, recipient) WHERE subject_id IS NOT NULL;
CREATE INDEX decision_refused ON decision (subject_id, at DESC, id DESC) WHERE NOT allowed;
CREATE INDEX ledger_entry_consent ON ledger_entry (subject_id, at DESC, id DESC)
    WHERE kind IN ('grant', 'reduction', 'pause', 'resumption', 'withdrawal', 'relinquishment', 'replacement');
