-- +goose Up

-- A reduced consent ends the tokens of its former extent; their family goes on.
ALTER TABLE access_token ADD COLUMN revoked_at timestamptz;
