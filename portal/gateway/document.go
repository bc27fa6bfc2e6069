package gateway

import (
	"net/http"

	"github.com/gin-gonic/gin"

	"portail.example/consent"
	"portail.example/portal/web"
)

// document is what an answer adds to its problem. No text of the provider's is
// passed on: it may quote the identity it was asked about.
type document struct {
	Detail         string
	Parameter      string
	Reason         string // the consent.Code, for programs
	Provider       string
	UpstreamCode   string
	UpstreamStatus int
	RetryIn        int // seconds
}

type errorDocument struct {
	Errors []errorItem `json:"errors"`
}

type errorItem struct {
	Code   string       `json:"code"`
	Title  string       `json:"title"`
	Detail string       `json:"detail"`
	Source *errorSource `json:"source"`
	Meta   errorMeta    `json:"meta"`
}

type errorSource struct {
	Parameter string `json:"parameter"`
}

type errorMeta struct {
	Provider       string `json:"provider"`
	Reason         string `json:"reason,omitempty"`
	UpstreamCode   string `json:"provider_error_code,omitempty"`
	UpstreamStatus int    `json:"provider_status,omitempty"`
	RetryIn        int    `json:"retry_in,omitempty"`
}

func send(c *gin.Context, p problem, d document) {
	item := errorItem{Code: p.code, Title: p.title, Detail: d.Detail, Meta: errorMeta{
		Provider: d.Provider, Reason: d.Reason, UpstreamCode: d.UpstreamCode, UpstreamStatus: d.UpstreamStatus, RetryIn: d.RetryIn,
	}}
	if item.Detail == "" {
		item.Detail = p.title + "."
	}
	if item.Meta.Provider == "" {
		item.Meta.Provider = "Portail de consentement"
	}
	if d.Parameter != "" {
		item.Source = &errorSource{d.Parameter}
	}
	c.Header("Content-Type", contentType)
	web.JSON(c, p.status, errorDocument{[]errorItem{item}})
}

// outcomes is what an outcome without data becomes. Upstream's refusal of our
// habilitation is a 502: the caller's own credentials are good.
var outcomes = map[consent.Outcome]problem{
	consent.NoFile:        {http.StatusNotFound, "35003", "Aucun dossier à la CAF ni à la MSA pour ce mois", ""},
	consent.NotIdentified: {http.StatusUnprocessableEntity, "35560", "La CAF et la MSA ne reconnaissent pas cette personne", ""},
	consent.Busy:          {http.StatusServiceUnavailable, "90503", "Le service des caisses est momentanément saturé", ""},
	consent.TimedOut:      {http.StatusGatewayTimeout, "90504", "Le service des caisses n’a pas répondu à temps", ""},
	consent.Failed:        {http.StatusBadGateway, "90502", "Le service des caisses a échoué", ""},
}

// faultProblem keeps upstream's code, and its status where a program acts on it.
func faultProblem(fault *consent.ProviderFault) problem {
	p := outcomes[fault.Outcome]
	switch {
	case fault.Outcome == consent.Failed && fault.Status != http.StatusBadGateway:
		return p // nothing in it is for the caller
	case fault.Outcome == consent.Busy, fault.Outcome == consent.NoFile, fault.Outcome == consent.NotIdentified:
		p.status = fault.Status
	}
	if fault.Code != "" {
		p.code = fault.Code
	}
	return p
}
