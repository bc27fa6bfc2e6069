package gateway

import (
	"log/slog"
	"math"
	"net/http"
	"strconv"
	"time"

	"github.com/gin-gonic/gin"

	"portail.example/consent"
	"portail.example/portal/web"
)

// outcomes is what an outcome without data becomes. Upstream's refusal of our
// habilitation is a 502: the caller's own credentials are good.
var outcomes = map[consent.Outcome]problem{
	consent.NoFile:        {http.StatusNotFound, "35003", "Aucun dossier pour cette personne", ""},
	consent.NotIdentified: {http.StatusUnprocessableEntity, "35560", "Le fournisseur ne reconnaît pas cette personne", ""},
	consent.Busy:          {http.StatusServiceUnavailable, "90503", "Le service qui a ces données est momentanément saturé", ""},
	consent.TimedOut:      {http.StatusGatewayTimeout, "90504", "Le service qui a ces données n’a pas répondu à temps", ""},
	consent.Failed:        {http.StatusBadGateway, "90502", "Le service qui a ces données a échoué", ""},
}

// refusals is why API Particulier was not even called.
var refusals = map[consent.ProviderRefusal]problem{
	consent.ProviderBusy: {http.StatusTooManyRequests, "90429", "Trop d’appels à la fois", ""},
	consent.ProviderDown: {http.StatusServiceUnavailable, "90505", "Le service qui a ces données ne répond plus : les appels reprennent dès qu’il répond", ""},
}

// early is a month that the CAF has not published: API Particulier calls it no file.
var early = problem{http.StatusNotFound, "90404", "La CAF n’a pas encore publié ce mois", ""}

// notPublished is an absent file that may be there later in the month.
type notPublished struct {
	*consent.ProviderFault
	From    consent.Date
	Wait    time.Duration
	Instead consent.Period
}

// Unwrap gives what the provider said.
func (e *notPublished) Unwrap() error { return e.ProviderFault }

// dated tells a file that is absent from one that is early, where data have a month.
func dated(err error, set consent.DataSet, period consent.Period, now time.Time) error {
	fault := consent.FaultOf(err)
	from, early := fault.Early(period, now)
	if set.Month == "" || !early {
		return err
	}
	return &notPublished{ProviderFault: fault, From: from, Wait: from.Start().Sub(now), Instead: period.Before()}
}

func (e *notPublished) document() document {
	return document{
		Detail: "Pour un foyer de la CAF, ce mois est disponible à partir du " + e.From.String() + ". D’ici là, demandez le mois précédent et montrez de quel mois il s’agit.",
		Reason: "not_yet_published", Provider: "API Particulier", UpstreamCode: e.Code, UpstreamStatus: e.Status,
		RetryIn: seconds(e.Wait), RetryAt: e.From, Instead: &month{e.Instead.Year, int(e.Instead.Month)},
	}
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

// toMend is what the operator must mend; empty when it is nothing.
func toMend(fault *consent.ProviderFault) string {
	switch {
	case fault.Code == "00212" || fault.Code == "00213":
		return "API Particulier finds no delegation, or several, for a recipient: name it in API_PARTICULIER_HABILITATIONS"
	case fault.Status == http.StatusUnauthorized, fault.Status == http.StatusForbidden:
		return "API Particulier refuses our habilitation: nobody gets data until it is mended"
	}
	return ""
}

// faulted passes the provider's own code on, and how long it wants us to wait.
func (room *Room) faulted(c *gin.Context, fault *consent.ProviderFault) explained {
	if text := toMend(fault); text != "" {
		room.Logger.LogAttrs(c.Request.Context(), slog.LevelError, text,
			slog.String("request_id", web.RequestID(c)), slog.Int("status", fault.Status), slog.String("code", fault.Code))
	}
	wait := fault.RetryAfter
	if fault.Outcome == consent.Busy {
		wait = max(wait, time.Second)
	}
	if p, ours := refusals[fault.Refusal]; ours {
		return explained{p, document{Reason: string(fault.Refusal), RetryIn: seconds(wait)}, wait}
	}
	return explained{faultProblem(fault), document{Provider: "API Particulier", UpstreamCode: fault.Code, UpstreamStatus: fault.Status, RetryIn: seconds(fault.RetryAfter)}, wait}
}

// retryAfter adds the header of RFC 9110 section 10.2.3 when there is a wait to tell.
func retryAfter(c *gin.Context, wait time.Duration) {
	if wait > 0 {
		c.Header("Retry-After", strconv.Itoa(seconds(wait)))
	}
}

// seconds rounds up: who comes back a moment early is refused again.
func seconds(d time.Duration) int { return int(math.Ceil(d.Seconds())) }
