-- +goose Up

-- Which restriction a request asks to be lifted, so that the officer lifts that one, or
-- refuses and its citizen may ask again. Requests from before are not linked: their rows
-- are evidence as they are, and are answered as they were.
ALTER TABLE rights_request ADD COLUMN lifts text NOT NULL DEFAULT '' CHECK (lifts = '' OR kind = 'restriction');
COMMENT ON COLUMN rights_request.lifts IS 'the restriction (measure.id) whose end is asked; empty when something else is';

-- One answer for each time it is asked.
CREATE UNIQUE INDEX rights_request_lifts ON rights_request (subject_id, lifts) WHERE state = 'open' AND lifts <> '';
