-- +goose Up

-- A citizen's history tells of the looks at their own data, from the evidence.
CREATE INDEX ledger_entry_preview ON ledger_entry (subject_id, at DESC, id DESC) WHERE kind = 'preview';
