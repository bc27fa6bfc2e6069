package gateway

import (
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
	RetryAt        consent.Date
	Instead        *month
}

// month is a period in API Particulier's words.
type month struct {
	Year  int `json:"annee"`
	Month int `json:"mois"`
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
	// RetryAt is the day from which a month that is not published yet will be, and
	// Instead the month that is.
	RetryAt string `json:"retry_at,omitempty"`
	Instead *month `json:"periode_disponible,omitempty"`
}

func send(c *gin.Context, p problem, d document) {
	c.Header("Content-Type", contentType)
	web.JSON(c, p.status, errorDocument{[]errorItem{itemOf(p, d)}})
}

func itemOf(p problem, d document) errorItem {
	item := errorItem{Code: p.code, Title: p.title, Detail: d.Detail, Meta: errorMeta{
		Provider: d.Provider, Reason: d.Reason, UpstreamCode: d.UpstreamCode, UpstreamStatus: d.UpstreamStatus, RetryIn: d.RetryIn,
		RetryAt: d.RetryAt.String(), Instead: d.Instead,
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
	return item
}
