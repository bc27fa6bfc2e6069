-- +goose Up

-- When a citizen last read what the officer wrote about a request of theirs; no
-- evidence of anything, so the ledger does not cover it.
ALTER TABLE rights_request ADD COLUMN read_at timestamptz;
COMMENT ON COLUMN rights_request.read_at IS 'when the citizen last opened the page of the request; null: not since it was written about';
