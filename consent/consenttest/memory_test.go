package consenttest_test

import (
	"testing"

	"portail.example/consent"
	"portail.example/consent/consenttest"
)

func TestMemoryKeepsTheContract(t *testing.T) {
	consenttest.Suite(t, func(*testing.T) consenttest.StoreWithClients { return consenttest.NewMemory() })
}

func TestMemoryIsAGate(t *testing.T) {
	consenttest.GateSuite(t, func(*testing.T) consent.ProviderGate { return consenttest.NewGate() })
}
