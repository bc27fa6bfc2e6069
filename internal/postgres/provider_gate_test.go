package postgres_test

import (
	"testing"

	"portail.example/consent"
	"portail.example/consent/consenttest"
	"portail.example/internal/postgres/pgtest"
)

func TestPostgreSQLIsAGateForAllInstances(t *testing.T) {
	consenttest.GateSuite(t, func(t *testing.T) consent.ProviderGate { return pgtest.New(t) })
}
