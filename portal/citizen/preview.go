package citizen

import (
	"context"
	"net/http"
	"strconv"
	"time"

	"github.com/gin-gonic/gin"

	"portail.example/consent"
	"portail.example/portal/web"
)

// Source is where the data is, asked in the portal's own name while the citizen is
// there. Its failures are *consent.ProviderFault.
type Source interface {
	Ask(ctx context.Context, q consent.Question) (consent.ProviderAnswer, error)
}

// previewRate is how often one citizen may look: each look is a call of the true
// source, which bans callers that insist.
var previewRate = web.Rate{PerSecond: 6.0 / 3600, Burst: 6}

// previewWait is when the next look is free, in seconds.
const previewWait = 600

// Preview is what would be sent, as its citizen sees it before they decide.
type Preview struct {
	Month string
	Items []PreviewItem
	// Mistake says where wrong data are mended.
	Mistake string
	// Problem says why nothing can be shown, and what to do.
	Problem string
	// Again leads to FranceConnect and back, where signing in again helps.
	Again string
	// Month before that can be shown instead, and the name of its button.
	Instead, InsteadName string
}

// PreviewItem is one data group with its values.
type PreviewItem struct {
	Name  string
	Lines []string
}

// showsPreview tells whether the data can be looked at: through us, in our name. A pupil's
// cannot: that whoever signed in may see them is their word only, and not yet given.
func (room *Room) showsPreview(r consent.Request, who asker) bool {
	set, _ := consent.DataSetOf(r.Details.Type)
	return set.Previewed() && room.Source != nil && room.OwnSIRET != "" && who.source == ""
}

// preview shows the question again, as it was filled in, with the data beside it.
// What is shown goes to this page and nowhere else.
func (room *Room) preview(c *gin.Context) error {
	form, err := web.Form(c, "datatypes")
	if err != nil {
		return err
	}
	r, who, err := room.request(c)
	if err != nil {
		return err
	}
	if !room.showsPreview(r, who) {
		return consent.Refuse(consent.NotFound, "", "no preview of this request")
	}
	question, err := room.Service.PreviewQuestion(c.Request.Context(), r, room.Site.Viewer(c), room.OwnSIRET)
	if err != nil {
		return err
	}
	if question.Period, err = room.previewMonth(form); err != nil {
		return err
	}
	room.Site.Prefer(c, r.Language)
	page := room.Site.Page(c, "citizen.request.title")
	page.Back = "/requests/" + r.ID
	status, seen, err := room.look(c, page, r, question)
	if err != nil {
		return err
	}
	out := room.requestPage(page, r, who, typed(form))
	out.Previews = []Preview{seen}
	return room.Site.Render(c, status, "citizen/request", out)
}

// previewMonth is this month, or the one before, which is offered while the CAF has not
// published this one.
func (room *Room) previewMonth(form web.Params) (consent.Period, error) {
	now := consent.PeriodOf(room.Now())
	switch form.Get("month") {
	case "", now.String():
		return now, nil
	case now.Before().String():
		return now.Before(), nil
	}
	return consent.Period{}, consent.Refuse(consent.InvalidRequest, "month", "this month or the one before")
}

// look asks the source, once it is written down that it does.
func (room *Room) look(c *gin.Context, p web.Page, r consent.Request, q consent.Question) (int, Preview, error) {
	if !room.previews.Allow(c, string(r.Subject)) {
		c.Header("Retry-After", strconv.Itoa(previewWait))
		return http.StatusTooManyRequests, Preview{Problem: p.T("citizen.preview.too_many")}, nil
	}
	if err := room.Service.RecordPreview(c.Request.Context(), r); err != nil {
		return 0, Preview{}, err
	}
	status, seen := room.seen(c, p, r, q)
	return status, seen, nil
}

// seen is what the source says, or why there is nothing.
func (room *Room) seen(c *gin.Context, p web.Page, r consent.Request, q consent.Question) (int, Preview) {
	set, month := q.DataSet, q.Period
	answer, err := room.ask(c, q, r.Details.Groups)
	if err == nil && answer.Period != (consent.Period{}) && answer.Period != month {
		err = &consent.ProviderFault{Outcome: consent.Failed}
	}
	if err == nil {
		return http.StatusOK, previewOf(p, set, r.Details.Groups, answer, month)
	}
	_ = c.Error(err)
	if from, early := consent.FaultOf(err).Early(month, room.Now()); early && set.Month != "" {
		return http.StatusOK, Preview{
			Problem: p.T("citizen.preview.not_yet", "Month", p.Month(month), "Date", p.Date(from)),
			Instead: month.Before().String(), InsteadName: p.T("citizen.preview.instead", "Month", p.Month(month.Before())),
		}
	}
	return previewFault(c, p, r, err)
}

func previewOf(p web.Page, set consent.DataSet, groups []consent.DataGroup, answer consent.ProviderAnswer, month consent.Period) Preview {
	out := Preview{Items: previewItems(p, set, groups, answer), Mistake: p.T("data_set." + set.Type + ".mistake")}
	if set.Month != "" {
		out.Month = p.T("citizen.preview.month", "Month", p.Month(month))
	}
	return out
}

// previewFault says in plain words why there is nothing to see.
func previewFault(c *gin.Context, p web.Page, r consent.Request, err error) (int, Preview) {
	outcome, wait := consent.Failed, time.Duration(0)
	if fault := consent.FaultOf(err); fault != nil {
		if fault.Proof != "" {
			return proofFault(p, r, fault.Proof)
		}
		outcome, wait = fault.Outcome, fault.RetryAfter
	}
	status := map[consent.Outcome]int{
		consent.NoFile: http.StatusOK, consent.NotIdentified: http.StatusOK,
		consent.Busy: http.StatusServiceUnavailable, consent.TimedOut: http.StatusGatewayTimeout,
	}[outcome]
	if status == 0 {
		outcome, status = consent.Failed, http.StatusBadGateway
	}
	if outcome == consent.Busy {
		c.Header("Retry-After", strconv.Itoa(max(30, int(wait.Seconds()))))
	}
	return status, Preview{Problem: p.T("citizen.preview." + string(outcome))}
}

// proofFault is about the way through FranceConnect, not about the data: the token is
// gone, so that the next look goes without it.
func proofFault(p web.Page, r consent.Request, proof consent.Proof) (int, Preview) {
	if proof == consent.ProofPartial {
		return http.StatusOK, Preview{Problem: p.T("citizen.preview.proof_partial")}
	}
	return http.StatusOK, Preview{Problem: p.T("citizen.preview.proof_stale"), Again: signInURL(r.ID)}
}
