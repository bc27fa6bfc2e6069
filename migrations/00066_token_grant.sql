-- +goose Up

-- A consent tells what was issued under it, and its tokens end together.
CREATE INDEX access_token_grant ON access_token (subject_id, grant_id);
