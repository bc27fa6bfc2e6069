-- +goose Up

-- Why a legal hold was lifted; empty for those lifted from the operator's tool.
ALTER TABLE legal_hold ADD COLUMN lifted_why text NOT NULL DEFAULT '';
