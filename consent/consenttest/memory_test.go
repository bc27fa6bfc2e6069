package consenttest_test

import (
	"testing"

	"portail.example/consent/consenttest"
)

func TestMemoryKeepsTheContract(t *testing.T) {
	consenttest.Suite(t, func(*testing.T) consenttest.StoreWithClients { return consenttest.NewMemory() })
}
