package citizen

import (
	"net/http"
	"time"

	"github.com/gin-gonic/gin"

	"portail.example/consent"
	"portail.example/portal/web"
	"portail.example/portal/web/held"
)

// ConsentPage is templates/citizen/consent.html.
type ConsentPage struct {
	web.Page
	ID, Sentence, Period, Retention, Without string
	Use                                      string // what the administration does with the data
	Undo                                     string // how to share again, once it was withdrawn
	State                                    Badge
	Older                                    string // where the list goes on; empty at its end
	Groups                                   []string
	Given                                    []held.Fact // what it is about beside the person
	Accesses                                 []AccessRow
	Happened                                 []Happening
	Live, Paused, Restricted, Reducible      bool
	Measured                                 string // the last release, once it is paused or ended
	Everywhere                               string // from when on nobody takes it, then too
	Receipt                                  string // address of the proof of its withdrawal; may be empty
	Watch                                    string // that we look each month whether the value changed; may be empty
	Halted                                   string // why nothing is sent although it stands; may be empty
}

func (room *Room) showConsent(c *gin.Context) error {
	view, err := room.view(c)
	if err != nil {
		return err
	}
	g, status := view.Grant, view.Grant.StatusAt(room.Now())
	given, err := room.Service.GrantParameters(c.Request.Context(), g)
	if err != nil {
		return err
	}
	purpose := room.Site.Localizer(c).T("purpose." + g.Details.Purpose + ".name")
	page := room.Site.Page(c, "citizen.consent.title", "Purpose", purpose)
	return room.Site.Render(c, http.StatusOK, "citizen/consent", ConsentPage{
		Page: page, ID: g.ID, State: badge(page, status), Live: status.Stands(), Restricted: status == consent.GrantRestricted,
		Sentence:   page.T("citizen.consent."+string(status), "Client", view.Client.LegalName, "Instant", page.Instant(view.QuietSince())),
		Paused:     status == consent.GrantPaused,
		Reducible:  room.reducible(g),
		Happened:   happenings(page, view),
		Measured:   measured(page, view),
		Everywhere: room.everywhere(page, view),
		Undo:       undo(page, status),
		Receipt:    withdrawalOf(g),
		Halted:     halted(page, status, view.Client),
		Groups:     held.GroupNames(page.Localizer, g.Details.Groups), Period: held.Period(page.Localizer, g),
		Given:     held.Given(page.Localizer, g.Details.Type, given),
		Older:     view.Older,
		Watch:     watch(page, view, status),
		Retention: page.T("citizen.request.retention", "Count", view.Client.Retention[g.Details.Purpose]),
		Without:   page.T("purpose." + g.Details.Purpose + ".without"),
		Use:       page.T("purpose."+g.Details.Purpose+".use", "Client", view.Client.LegalName),
		Accesses:  accessRows(page, view.Accesses, func(p consent.Party) consent.Client { return view.Clients[p] }),
	})
}

// watch tells of the looks to come, while there are any.
func watch(p web.Page, view consent.GrantView, status consent.GrantStatus) string {
	if !view.Grant.Details.Watch || !status.Stands() {
		return ""
	}
	return p.T("citizen.consent.watch", "Client", view.Client.LegalName)
}

// halted tells that the administration lost the right to ask: the consent stands,
// and nothing is sent.
func halted(p web.Page, status consent.GrantStatus, client consent.Client) string {
	if client.Usable() == nil || !status.Stands() {
		return ""
	}
	return p.T("citizen.consent.halted", "Client", client.LegalName)
}

// stopped tells that somebody paused, restricted or ended the consent before its time.
func stopped(g consent.Grant) bool {
	return !g.WithdrawnAt.IsZero() || !g.PausedAt.IsZero() || !g.RestrictedAt.IsZero()
}

// measured is what the store holds of the last release, beside the instant at which
// the consent was paused or ended.
func measured(p web.Page, view consent.GrantView) string {
	switch {
	case !stopped(view.Grant):
		return ""
	case view.LastRelease.IsZero():
		return p.T("citizen.consent.measured_none")
	}
	return p.T("citizen.consent.measured", "Instant", p.Instant(view.LastRelease))
}

// everywhere is when the pause or the end holds for those too who check without
// asking us; empty while nothing stopped.
func (room *Room) everywhere(p web.Page, view consent.GrantView) string {
	if !stopped(view.Grant) {
		return ""
	}
	return room.holdsFrom(p, view.QuietEverywhere())
}

// holdsFrom tells an instant that has come from one that is still to come.
func (room *Room) holdsFrom(p web.Page, at time.Time) string {
	key := "citizen.consent.everywhere"
	if room.Now().Before(at) {
		key = "citizen.consent.everywhere_soon"
	}
	return p.T(key, "Instant", p.Instant(at))
}

// undo says that taking a consent back cannot be taken back.
func undo(p web.Page, status consent.GrantStatus) string {
	if status != consent.GrantTakenBack {
		return ""
	}
	return p.T("citizen.withdraw.undo")
}

// view is the consent of the path, if it is this citizen's.
func (room *Room) view(c *gin.Context) (consent.GrantView, error) {
	id, err := web.PathID(c, "id")
	if err != nil {
		return consent.GrantView{}, err
	}
	session := room.Site.Session(c)
	params, err := web.Query(c)
	if err != nil {
		return consent.GrantView{}, err
	}
	return room.Service.Grant(c.Request.Context(), session.Subject, id, params.Get("after"))
}
