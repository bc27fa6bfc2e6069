package gateway

import (
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/gin-gonic/gin"

	"portail.example/consent"
	"portail.example/consent/token"
	"portail.example/portal/web"
)

const contentType = "application/vnd.api+json; charset=utf-8"

// tokenError is a token that was refused offline.
type tokenError struct{ error }

func (e *tokenError) Unwrap() []error { return []error{consent.InvalidToken, e.error} }

// problem is one answer in API Particulier's error format. Its codes are used
// where they mean the same; ours start with 90.
type problem struct {
	status    int
	code      string
	title     string
	challenge string // error of RFC 6750 section 3.1, when a token is at fault
}

// answers lists every Code this room can meet. What is not listed says nothing
// but its incident number.
var answers = map[consent.Code]problem{
	consent.InvalidRequest:     {http.StatusBadRequest, "00401", "Requête invalide", ""},
	consent.NotFound:           {http.StatusNotFound, "00404", "Aucun jeu de données de ce nom", ""},
	consent.TooLarge:           {http.StatusBadRequest, "00401", "Requête trop longue", ""},
	consent.InvalidPeriod:      {http.StatusUnprocessableEntity, "00355", "Période trop ancienne", ""},
	consent.GrantWithdrawn:     {http.StatusUnauthorized, "90001", "L’usager a retiré son autorisation", "invalid_token"},
	consent.GrantReplaced:      {http.StatusUnauthorized, "90009", "Une autorisation plus récente a remplacé celle-ci", "invalid_token"},
	consent.GrantRelinquished:  {http.StatusUnauthorized, "90007", "L’administration a renoncé à cette autorisation", "invalid_token"},
	consent.GrantExpired:       {http.StatusUnauthorized, "90002", "L’autorisation de l’usager a pris fin", "invalid_token"},
	consent.GrantSuspended:     {http.StatusUnauthorized, "90003", "L’autorisation est suspendue", "invalid_token"},
	consent.UnauthorizedClient: {http.StatusUnauthorized, "90008", "L’habilitation de l’administration est suspendue, ou ne couvre plus cette autorisation", "invalid_token"},
	consent.GrantConsumed:      {http.StatusUnauthorized, "90004", "L’autorisation valait pour une seule consultation, déjà faite", "invalid_token"},
	consent.TokenRevoked:       {http.StatusUnauthorized, "90005", "Le jeton de consentement est révoqué", "invalid_token"},
	consent.InvalidClient:      {http.StatusUnauthorized, "00101", "Jeton invalide", "invalid_token"},
	consent.RecipientMismatch:  {http.StatusForbidden, "90006", "Le destinataire n’est pas celui que l’usager a autorisé", "insufficient_scope"},
	consent.InsufficientScope:  {http.StatusForbidden, "00100", "L’autorisation ne couvre pas ces données", "insufficient_scope"},
	consent.TooMany:            {http.StatusTooManyRequests, "90429", "Trop d’appels à la fois", ""},
	consent.Unavailable:        {http.StatusServiceUnavailable, "90503", "Service momentanément indisponible", ""},
}

// undelegated is API Particulier's own answer to an editor whom an authority did not name.
var undelegated = problem{http.StatusForbidden, "00213", "Délégation absente", ""}

// fields refine an answer by the parameter at fault.
var fields = map[string]problem{
	"recipient": {http.StatusUnprocessableEntity, "00210", "Le paramètre recipient n’est pas un SIRET", ""},
	"annee":     {http.StatusUnprocessableEntity, "00356", "L’année n’est pas acceptée", ""},
	"mois":      {http.StatusUnprocessableEntity, "00354", "Le mois n’est pas accepté", ""},
}

// writeError is the error writer for callers of the data API.
func (room *Room) writeError(c *gin.Context, err error) {
	var refused *tokenError
	if errors.As(err, &refused) {
		room.writeTokenError(c, refused)
		return
	}
	room.explain(c, err).send(c, err)
}

// explained is an error as an answer, or a line of a batch, tells it.
type explained struct {
	problem
	document
	wait time.Duration
}

// explain finds the answer to an error that is not the token's.
func (room *Room) explain(c *gin.Context, err error) explained {
	var soon *notPublished
	var fault *consent.ProviderFault
	var stranger *notDelegated
	switch {
	case errors.As(err, &stranger):
		return explained{problem: undelegated, document: document{Detail: consent.DetailOf(err), Parameter: consent.FieldOf(err), Reason: string(consent.CodeOf(err))}}
	case errors.As(err, &soon):
		return explained{early, soon.document(), soon.Wait}
	case errors.As(err, &fault):
		return room.faulted(c, fault)
	}
	return refused(c, err)
}

// writeTokenError answers a token that was refused offline (RFC 6750 section 3).
func (room *Room) writeTokenError(c *gin.Context, err *tokenError) {
	status, header := token.Challenge(err)
	p, detail := problem{status: status, code: "00101", title: "Jeton invalide"}, err.Error()
	switch {
	case errors.Is(err, token.ErrExpired):
		p.code, p.title = "00103", "Jeton expiré"
	case status == http.StatusBadRequest:
		p.code, p.title = "00401", "Requête invalide"
	case status == http.StatusServiceUnavailable:
		p, detail = answers[consent.Unavailable], ""
	}
	setHeader(c, "WWW-Authenticate", header)
	send(c, p, document{Detail: detail})
}

func writeRefusal(c *gin.Context, err error) { refused(c, err).send(c, err) }

func (e explained) send(c *gin.Context, err error) {
	if e.challenge != "" {
		c.Header("WWW-Authenticate", fmt.Sprintf(`Bearer error=%q, error_description=%q`, e.challenge, consent.DetailOf(err)))
	}
	retryAfter(c, e.wait)
	send(c, e.problem, e.document)
}

// refused is a refusal of ours, or an incident.
func refused(c *gin.Context, err error) explained {
	code, field := consent.CodeOf(err), consent.FieldOf(err)
	p, listed := answers[code]
	if !listed {
		return explained{problem: problem{status: http.StatusInternalServerError, code: "90500", title: "Erreur interne"}, document: document{Detail: "incident " + web.RequestID(c)}}
	}
	if refined, ok := fields[field]; ok && p.challenge == "" {
		p = refined
	}
	out := explained{problem: p, document: document{Detail: consent.DetailOf(err), Parameter: field, Reason: string(code)}}
	if p.status == http.StatusServiceUnavailable {
		out.wait = 5 * time.Second
	}
	return out
}

func setHeader(c *gin.Context, name, value string) {
	if value != "" {
		c.Header(name, value)
	}
}
