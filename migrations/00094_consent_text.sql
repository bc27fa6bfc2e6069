-- +goose Up

-- Texts that were shown can be read again by their hash: in which version, since when,
-- and by whom. A text that names a citizen's file is for that citizen alone; those of
-- before are taken for such, since nobody noted it.
ALTER TABLE consent_text
    ADD COLUMN version  integer,
    ADD COLUMN first_at timestamptz,
    ADD COLUMN own      boolean NOT NULL DEFAULT true;
COMMENT ON COLUMN consent_text.version IS 'of the purpose''s texts, when it was recorded first; null: before this was noted';
COMMENT ON COLUMN consent_text.first_at IS 'first decision on it; null: before this was noted';
COMMENT ON COLUMN consent_text.own IS 'it names the file of one citizen: shown to them only';
