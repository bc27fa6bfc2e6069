package citizen

import (
	"time"

	"github.com/gin-gonic/gin"

	"portail.example/consent"
	"portail.example/consent/export"
	"portail.example/portal/web"
	"portail.example/portal/web/held"
)

// historyFile sends what the page tells, on all its pages, as a table.
func (room *Room) historyFile(c *gin.Context) error {
	q, params, err := room.historyQuery(c)
	if err == nil {
		err = historyDays(&q, params)
	}
	if err != nil {
		return err
	}
	page := room.Site.Page(c, "citizen.history.title")
	web.Attach(c, "historique.csv")
	file := export.NewCSV(c.Writer, historyColumns(page)...)
	err = room.Service.EachInHistory(c.Request.Context(), q, func(f consent.HistoryFact, who, provider consent.Client) error {
		return file.Row(historyCells(page, f, who, provider)...)
	})
	if err != nil {
		return err
	}
	return file.End()
}

func historyColumns(p web.Page) []string {
	return []string{
		p.T("citizen.history.column.when"), p.T("citizen.history.column.what"), p.T("citizen.history.column.who"), p.T("citizen.history.column.why"),
		p.T("citizen.history.column.data"), p.T("citizen.history.column.month"), p.T("citizen.history.column.outcome"),
	}
}

// historyCells are the columns of a thing that happened; instants and months are
// written so that they sort.
func historyCells(p web.Page, f consent.HistoryFact, who, provider consent.Client) []string {
	item, month := historyItem(p, f, who, provider), ""
	if f.Kind == consent.HistoryAccess || f.Kind == consent.HistoryComparison {
		month = f.Period.String()
	}
	data := held.Data(p.Localizer, f.Groups)
	return []string{f.At.In(consent.Paris).Format(time.DateTime), item.What, item.Who, item.Why, data, month, item.Outcome}
}
