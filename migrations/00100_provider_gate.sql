-- +goose Up

-- What all instances know together of a provider. Nothing here outlives a crash that
-- matters: budgets are a second's, and a provider that is down is found out again.
CREATE UNLOGGED TABLE provider_budget (
    habilitation text NOT NULL CHECK (habilitation <> ''),
    recipient    text NOT NULL,
    next_at      timestamptz NOT NULL,
    PRIMARY KEY (habilitation, recipient)
);
COMMENT ON COLUMN provider_budget.habilitation IS 'a hash of its token';
COMMENT ON COLUMN provider_budget.recipient IS 'empty: the habilitation as a whole';

CREATE UNLOGGED TABLE provider_circuit (
    habilitation text NOT NULL CHECK (habilitation <> ''),
    data_set     text NOT NULL CHECK (data_set <> ''),
    failures     int NOT NULL CHECK (failures > 0),
    open_until   timestamptz NOT NULL,
    PRIMARY KEY (habilitation, data_set)
);
COMMENT ON TABLE provider_circuit IS 'a row while calls fail; gone with the first that is answered';
