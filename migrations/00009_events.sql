-- +goose Up

-- Delivery of the outbox, beside it because the outbox is evidence and never
-- changes. Events from before could be delivered to nobody and stay so.
ALTER TABLE client ADD COLUMN event_endpoint text NOT NULL DEFAULT '';

CREATE TABLE event_delivery (
    event_id   bigint PRIMARY KEY REFERENCES outbox_event,
    jti        text NOT NULL UNIQUE,
    client_id  text NOT NULL REFERENCES client,
    stream     text NOT NULL CHECK (stream <> ''),
    state      text NOT NULL DEFAULT 'pending' CHECK (state IN ('pending', 'delivered', 'dead')),
    attempts   integer NOT NULL DEFAULT 0,
    due_at     timestamptz NOT NULL,
    reason     text NOT NULL DEFAULT '',
    settled_at timestamptz,
    CHECK ((state = 'delivered') = (settled_at IS NOT NULL))
);
COMMENT ON COLUMN event_delivery.stream IS 'grant or request: events of one stream are delivered in order';
CREATE INDEX event_delivery_due ON event_delivery (due_at) WHERE state = 'pending';
CREATE INDEX event_delivery_stream ON event_delivery (client_id, stream, event_id) WHERE state = 'pending';
CREATE INDEX event_delivery_open ON event_delivery (client_id, event_id) WHERE state <> 'delivered';

-- Whether the approaching end, or the end, of a consent was told.
ALTER TABLE consent_grant ADD COLUMN announced text NOT NULL DEFAULT '' CHECK (announced IN ('', 'consent.expiring', 'consent.expired'));
CREATE INDEX consent_grant_ending ON consent_grant (expires_at)
    WHERE announced <> 'consent.expired' AND status IN ('active', 'suspended') AND consumed_by IS NULL;

-- Habilitations as DataPass tells them. A revoked one stops everything that
-- stands on it.
CREATE TABLE habilitation (
    number   text PRIMARY KEY CHECK (number <> ''),
    revoked  boolean NOT NULL,
    fired_at timestamptz NOT NULL
);
CREATE INDEX client_habilitation ON client (habilitation);
CREATE INDEX delegation_habilitation ON delegation (habilitation);
