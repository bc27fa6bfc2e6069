package dpo

import (
	"net/http"
	"strconv"

	"github.com/gin-gonic/gin"

	"portail.example/consent"
	"portail.example/portal/web"
)

// What the list of reports shows.
const (
	reportsAtOnce = 50
	followEvery   = 5 // seconds between two looks, for whoever asked to follow
)

// ReportsPage is templates/dpo/reports.html: the agent's reports and how far they are.
// It names nobody: who a person is opens by a search only.
type ReportsPage struct {
	web.Page
	Done      string // what was just done; may be empty
	Reports   []ReportItem
	Running   bool // something is still being made
	Following bool // and the page looks again by itself, as the agent asked
	Every     int  // seconds between two looks
}

// ReportItem is one report in the list.
type ReportItem struct {
	Title, Number string
	State         Badge
	Facts         []string
	File          string // address of the archive; empty while there is none
	Size          string
}

var reportTones = map[consent.ReportState]string{
	consent.ReportQueued: "info", consent.ReportRunning: "info", consent.ReportDone: "success", consent.ReportFailed: "error",
}

// ReportKeys are the keys of the states of reports, for the catalogues' test.
func ReportKeys() (out []string) {
	for _, state := range consent.ReportStates() {
		out = append(out, "dpo.reports.state."+string(state))
	}
	return out
}

func (room *Room) reports(c *gin.Context, by consent.Agent) error {
	params, err := web.Query(c)
	if err != nil {
		return err
	}
	list, err := room.Service.Reports(c.Request.Context(), by, reportsAtOnce)
	if err != nil {
		return err
	}
	page := ReportsPage{Page: room.page(c, "dpo.reports.title"), Every: followEvery}
	if params.Get("done") == "ordered" {
		page.Done = page.T("dpo.reports.ordered")
	}
	for _, r := range list {
		page.Reports = append(page.Reports, room.reportItem(page.Page, r))
		page.Running = page.Running || r.State == consent.ReportQueued || r.State == consent.ReportRunning
	}
	if page.Following = page.Running && params.Get("follow") == "1"; page.Following {
		c.Header("Refresh", strconv.Itoa(followEvery)) // WCAG 2.2.1: asked for, and a link stops it
	}
	return room.Site.Render(c, http.StatusOK, "dpo/reports", page)
}

func (room *Room) reportItem(p web.Page, r consent.Report) ReportItem {
	out := ReportItem{
		Title: p.T("dpo.reports.asked", "Instant", p.DateTime(r.AskedAt)), Number: p.T("dpo.reports.number", "Number", r.ID),
		State: Badge{reportTones[r.State], p.T("dpo.reports.state." + string(r.State))}, Facts: []string{reportPeriod(p, r)},
	}
	if r.State == consent.ReportRunning {
		out.Facts = append(out.Facts, p.T("dpo.reports.lines", "Number", p.Number(int(r.Lines))))
	}
	if r.State != consent.ReportDone {
		return out
	}
	if room.Now().Before(r.ExpiresAt()) {
		out.File, out.Size = "/dpo/reports/"+r.ID+"/file", p.T("dpo.reports.size", "Number", p.Number(int((r.Size+1023)/1024)))
		out.Facts = append(out.Facts, p.T("dpo.reports.until", "Instant", p.DateTime(r.ExpiresAt())))
	} else {
		out.Facts = append(out.Facts, p.T("dpo.reports.gone"))
	}
	return out
}

// reportPeriod are the days a report speaks of.
func reportPeriod(p web.Page, r consent.Report) string {
	switch {
	case r.Since.IsZero() && r.Until.IsZero():
		return p.T("dpo.reports.period_all")
	case r.Until.IsZero():
		return p.T("dpo.reports.period_since", "Date", p.Date(r.Since))
	case r.Since.IsZero():
		return p.T("dpo.reports.period_until", "Date", p.Date(r.Until))
	}
	return p.T("dpo.reports.period", "From", p.Date(r.Since), "To", p.Date(r.Until))
}
