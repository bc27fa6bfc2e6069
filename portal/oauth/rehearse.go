package oauth

import (
	"context"
	"net/http"

	"github.com/gin-gonic/gin"

	"portail.example/consent"
	"portail.example/consent/token"
	"portail.example/portal/web"
)

// Screens renders what a citizen would see, by language.
type Screens interface {
	Rehearse(ctx context.Context, r consent.Request, given consent.Parameters) (map[string]string, error)
}

// rehearsal answers dry_run=true at PAR: what is wrong or could be better, and the
// screen. Nothing is recorded.
type rehearsal struct {
	Findings []finding         `json:"findings"`
	Details  []token.Detail    `json:"authorization_details,omitempty"`
	Screens  map[string]string `json:"screens,omitempty"` // HTML by language
}

type finding struct {
	Severity    consent.Severity `json:"severity"`
	Field       string           `json:"field,omitempty"`
	Error       string           `json:"error,omitempty"` // what PAR would answer
	Description string           `json:"description"`
}

func (room *Room) rehearse(c *gin.Context, form web.Params, client consent.Client) error {
	out := rehearsal{Findings: []finding{}}
	for _, fault := range pushFaults(form) {
		out.refuse(fault)
	}
	details, parameters, err := readDetails(form, client)
	if err != nil {
		out.refuse(err)
		web.JSON(c, http.StatusOK, out)
		return nil
	}
	push := consent.Push{Client: client, RedirectURI: form.Get("redirect_uri"), State: form.Get("state"), Details: details, Parameters: parameters}
	rehearsed, err := room.Service.Rehearse(c.Request.Context(), push)
	if err != nil {
		return err
	}
	if err := room.judge(c.Request.Context(), &out, rehearsed); err != nil {
		return err
	}
	web.JSON(c, http.StatusOK, out)
	return nil
}

// judge adds what the domain finds and, when nothing refuses the request, its
// screen.
func (room *Room) judge(ctx context.Context, out *rehearsal, r consent.Rehearsal) (err error) {
	good := r.Good && len(out.Findings) == 0
	for _, f := range r.Findings {
		out.Findings = append(out.Findings, finding{Severity: f.Severity, Field: f.Field, Error: answers[f.Code].code, Description: f.Detail})
	}
	if !good {
		return nil
	}
	out.Details = []token.Detail{detail(r.Request.Details)}
	out.Screens, err = room.Screens.Rehearse(ctx, r.Request, r.Parameters)
	return err
}

func (r *rehearsal) refuse(err error) {
	r.Findings = append(r.Findings, finding{
		Severity: consent.FindingError, Field: consent.FieldOf(err), Error: answers[consent.CodeOf(err)].code, Description: consent.DetailOf(err),
	})
}
