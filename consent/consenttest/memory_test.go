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

func TestTheLedgerInMemoryKeepsTheContract(t *testing.T) {
	consenttest.EvidenceSuite(t, func(*testing.T) consenttest.EvidenceWorld {
		m := consenttest.NewMemory()
		e := consenttest.NewEvidence(m)
		return consenttest.EvidenceWorld{Store: m, Ledger: e, Key: e.Signer.PublicKey(), Sequence: e.Sequence}
	})
}
