package dpo

import (
	"net/http"

	"github.com/gin-gonic/gin"

	"portail.example/consent"
	"portail.example/portal/web"
)

// AlertsPage is templates/dpo/alerts.html: unusual days of authorities. It names nobody.
type AlertsPage struct {
	web.Page
	Bodies []AlertBody
}

// AlertBody is an authority with its unusual days, newest first.
type AlertBody struct {
	Name, Siret string
	Statistics  string // address of its statistics
	Days        []Fact
}

func (room *Room) alerts(c *gin.Context, by consent.Agent) error {
	page := AlertsPage{Page: room.page(c, "dpo.alerts.title")}
	err := room.Service.EachUnusual(c.Request.Context(), by, func(u consent.UnusualBody) error {
		body := AlertBody{
			Name: u.Client.LegalName, Siret: page.T("dpo.home.for", "Siret", siret(u.Client.SIRET)), Statistics: "/dpo/statistics?authority=" + string(u.Client.SIRET),
		}
		for _, day := range u.Days {
			body.Days = append(body.Days, Fact{page.Date(day.Day), alert(page.Page, day)})
		}
		page.Bodies = append(page.Bodies, body)
		return nil
	})
	if err != nil {
		return err
	}
	return room.Site.Render(c, http.StatusOK, "dpo/alerts", page)
}

// alert is an unusual day in words.
func alert(p web.Page, u consent.Unusual) string {
	calls := few(p, u.Calls)
	switch u.Kind {
	case consent.UnusualVolume:
		return p.T("dpo.alerts.volume", "Calls", calls, "Usual", few(p, u.Usual))
	case consent.UnusualNight:
		return p.T("dpo.alerts.night", "Calls", calls)
	}
	return p.T("dpo.alerts.withdrawn", "Calls", calls)
}

func few(p web.Page, c consent.Shown) string {
	if c.Hidden {
		return p.T("dpo.alerts.small")
	}
	return p.Number(c.Count)
}
