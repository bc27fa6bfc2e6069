-- +goose Up

-- Accesses that were never closed are looked for every few minutes; there are
-- next to none.
CREATE INDEX access_open ON access (opened_at) WHERE outcome = 'open';
