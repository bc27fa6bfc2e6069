package gateway

import (
	"errors"
	"net/http"

	"github.com/gin-gonic/gin"

	"portail.example/consent"
	"portail.example/consent/token"
)

// writeError answers a proxy, to which 401 and 403 alone mean no: those are for what
// the caller of the API can mend, and whatever else is an outage to it, where nothing
// leaves.
func (k *Check) writeError(c *gin.Context, err error) {
	var wrong *proxyFault
	var refused *tokenError
	switch {
	case errors.As(err, &wrong):
		send(c, problem{http.StatusBadRequest, "00401", "Contrôle mal demandé", ""}, document{Detail: consent.DetailOf(err), Parameter: consent.FieldOf(err)})
	case errors.As(err, &refused):
		writeChecked(c, refused)
	case consent.CodeOf(err) == consent.InvalidRequest:
		send(c, problem{http.StatusForbidden, "00401", "Requête invalide", ""}, document{Detail: consent.DetailOf(err), Parameter: consent.FieldOf(err)})
	default:
		writeRefusal(c, err)
	}
}

// writeChecked answers a token that was refused. RFC 6750's 400, for a token that is
// sent wrongly, would be an outage to nginx: it is a 401 with the same challenge.
func writeChecked(c *gin.Context, err *tokenError) {
	status, header := token.Challenge(err)
	p, detail := problem{status: status, code: "00101", title: "Jeton invalide"}, err.Error()
	switch status {
	case http.StatusBadRequest:
		p.status = http.StatusUnauthorized
	case http.StatusServiceUnavailable:
		p, detail = answers[consent.Unavailable], ""
	}
	setHeader(c, "WWW-Authenticate", header)
	send(c, p, document{Detail: detail})
}
