package gateway

import (
	"net/http"

	"portail.example/consent"
)

// Headers that say who consults inside the administration; both may be left out.
const (
	agentHeader   = "X-Agent-Id"
	serviceHeader = "X-Agent-Service"
)

// consultedBy reads them. It fails with InvalidRequest, which names the header.
func consultedBy(h http.Header) (consent.ConsultedBy, error) {
	for _, name := range []string{agentHeader, serviceHeader} {
		if len(h.Values(name)) > 1 {
			return consent.ConsultedBy{}, consent.Refuse(consent.InvalidRequest, name, "given more than once")
		}
	}
	by, err := consent.ParseConsultedBy(h.Get(agentHeader), h.Get(serviceHeader))
	if err == nil {
		return by, nil
	}
	name := map[string]string{"agent": agentHeader, "service": serviceHeader}[consent.FieldOf(err)]
	return by, consent.Refuse(consent.InvalidRequest, name, "%s", consent.DetailOf(err))
}
