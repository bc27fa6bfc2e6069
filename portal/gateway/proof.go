package gateway

import (
	"encoding/base64"
	"encoding/json"
	"net/http"

	"github.com/gin-gonic/gin"

	"portail.example/consent"
	"portail.example/portal/web"
)

// ProofHeader asks for an attestation of what is released, in API Particulier's words.
const ProofHeader = "X-Generate-Proof"

// The values of ProofHeader; without it the answer is what it always was.
const (
	proofOnly = "proof-only" // the code, and the signed data
	proofPDF  = "pdf"        // and the paper
)

// released is what leaves: the granted data, and the proof that was asked for.
type released struct {
	Data  map[string]json.RawMessage
	Proof proof
}

// proof is an attestation on its way; empty when none was asked for.
type proof struct {
	Code   consent.AttestationCode
	Signed string // JWS in compact form
	PDF    []byte // nil unless it was asked for
}

// wish reads ProofHeader. It fails with InvalidRequest, which names it.
func wish(h http.Header) (string, error) {
	values := h.Values(ProofHeader)
	switch {
	case len(values) == 0:
		return "", nil
	case len(values) == 1 && (values[0] == proofOnly || values[0] == proofPDF):
		return values[0], nil
	}
	return "", consent.Refuse(consent.InvalidRequest, ProofHeader, "%s or %s, once", proofOnly, proofPDF)
}

// envelope is API Particulier's: existing software reads it unchanged.
type envelope struct {
	Data  any   `json:"data"`
	Links links `json:"links"`
	Meta  meta  `json:"meta"`
}

// links and meta have API Particulier's own names; attestation alone is ours.
type links struct {
	// PDF is the paper itself, as a data: address (RFC 2397): nothing that is stored has
	// its content, so that no other address could lead to it.
	PDF string `json:"attestation_pdf,omitempty"`
}

type meta struct {
	URL    string `json:"verification_url,omitempty"`
	Code   string `json:"verification_code,omitempty"`
	Signed string `json:"attestation,omitempty"`
}

// send answers in the form that the caller accepts: the envelope, or one part of the
// proof alone, as a file.
func (room *Room) send(c *gin.Context, out released) error {
	c.Header("Cache-Control", "no-store")
	if out.Proof.Code == "" {
		return sendEnvelope(c, envelope{Data: out.Data})
	}
	switch c.NegotiateFormat("application/vnd.api+json", "application/json", "application/pdf", "application/jwt") {
	case "application/jwt":
		web.SendFile(c, "attestation.jwt", []byte(out.Proof.Signed))
		return nil
	case "application/pdf":
		if out.Proof.PDF != nil {
			web.SendFile(c, "attestation.pdf", out.Proof.PDF)
			return nil
		}
	}
	e := envelope{Data: out.Data, Meta: meta{URL: room.verificationURL(), Code: out.Proof.Code.Printed(), Signed: out.Proof.Signed}}
	if out.Proof.PDF != nil {
		e.Links.PDF = "data:application/pdf;base64," + base64.StdEncoding.EncodeToString(out.Proof.PDF)
	}
	return sendEnvelope(c, e)
}

func sendEnvelope(c *gin.Context, e envelope) error {
	c.Header("Content-Type", contentType)
	web.JSON(c, http.StatusOK, e)
	return nil
}
