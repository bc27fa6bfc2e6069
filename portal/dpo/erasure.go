package dpo

import (
	"net/http"

	"github.com/gin-gonic/gin"

	"portail.example/consent"
	"portail.example/portal/web"
)

// ErasurePage is templates/dpo/erasure.html: what an erasure would remove, what the law
// keeps and until when, before it is approved. It names nobody.
type ErasurePage struct {
	web.Page
	Item  ErasureItem
	Gone  []string
	Stays []Fact
}

// ErasureRecords are the kinds that the page has words for, for the catalogues' test.
func ErasureRecords() []consent.Record {
	return []consent.Record{
		consent.RecordIdentity, consent.RecordAddress, consent.RecordSession, consent.RecordSecret, consent.RecordConsent, consent.RecordRefusal, consent.RecordRequest,
		consent.RecordConsultation, consent.RecordToken, consent.RecordRightsRequest, consent.RecordMeasure, consent.RecordReport, consent.RecordLookup,
	}
}

func (room *Room) erasure(c *gin.Context, by consent.Agent) error {
	id, err := web.PathID(c, "id")
	if err != nil {
		return err
	}
	e, kept, err := room.Service.WaitingErasure(c.Request.Context(), by, id)
	if err != nil {
		return err
	}
	page := ErasurePage{Page: room.page(c, "dpo.erasure.title")}
	page.Item = erasureItem(page.Page, e, by)
	for _, k := range kept {
		name := page.T("dpo.erasure.record."+string(k.Record), "Count", k.Count)
		if k.Erased() {
			page.Gone = append(page.Gone, name)
			continue
		}
		page.Stays = append(page.Stays, Fact{name, page.T("dpo.erasure.until", "Date", page.Date(consent.DateOf(k.Until())))})
	}
	return room.Site.Render(c, http.StatusOK, "dpo/erasure", page)
}

func (room *Room) approve(c *gin.Context, by consent.Agent) error {
	id, err := web.PathID(c, "id")
	if err != nil {
		return err
	}
	if _, err := room.Service.ApproveErasure(c.Request.Context(), by, id); err != nil {
		return err
	}
	c.Redirect(http.StatusSeeOther, "/dpo/erasures?done=erased")
	return nil
}
