package gateway

import (
	"net/http"

	"portail.example/consent"
)

// consultedBy reads who consults. It fails with InvalidRequest, which names the header.
func consultedBy(h http.Header) (consent.ConsultedBy, error) {
	for _, name := range []string{AgentHeader, ServiceHeader} {
		if len(h.Values(name)) > 1 {
			return consent.ConsultedBy{}, consent.Refuse(consent.InvalidRequest, name, "given more than once")
		}
	}
	by, err := consent.ParseConsultedBy(h.Get(AgentHeader), h.Get(ServiceHeader))
	if err == nil {
		return by, nil
	}
	name := map[string]string{"agent": AgentHeader, "service": ServiceHeader}[consent.FieldOf(err)]
	return by, consent.Refuse(consent.InvalidRequest, name, "%s", consent.DetailOf(err))
}
