-- +goose Up

-- Instants of callers are not in order: one that waited for a connection, or whose clock
-- is behind, comes with an older one than a call before it.
ALTER TABLE provider_budget ADD COLUMN seen_at timestamptz NOT NULL DEFAULT '-infinity';
COMMENT ON COLUMN provider_budget.seen_at IS 'the latest instant that a call came with: none comes before it';
