-- +goose Up

-- An erasure waits for as long as the request it answers: one for each request, not one
-- for each citizen.
DROP INDEX erasure_waiting;
CREATE UNIQUE INDEX erasure_waiting ON erasure (subject_id, rights_id) WHERE done_at IS NULL;
