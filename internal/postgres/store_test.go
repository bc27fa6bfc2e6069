package postgres_test

import (
	"testing"

	"portail.example/consent/consenttest"
	"portail.example/internal/postgres/pgtest"
)

func TestPostgreSQLKeepsTheContract(t *testing.T) {
	consenttest.Suite(t, func(t *testing.T) consenttest.StoreWithClients { return pgtest.New(t) })
}
