-- +goose Up

-- Citizens read their own answers: newest first, or the one to a request.
CREATE INDEX decision_recent ON decision (subject_id, at DESC, id DESC);
CREATE INDEX decision_request ON decision (subject_id, request_id);
