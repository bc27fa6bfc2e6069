package dpo

import (
	"github.com/gin-gonic/gin"

	"portail.example/consent"
	"portail.example/consent/export"
	"portail.example/portal/web"
)

// consultations sends an administration's officer who consulted, in the administration's
// own references.
func (room *Room) consultations(c *gin.Context, by consent.Agent) error {
	page := room.page(c, "dpo.home.consultations")
	return room.file(c, "consultations.csv", func() error {
		file := export.NewCSV(c.Writer, consultationColumns(page)...)
		err := room.Service.EachConsultation(c.Request.Context(), by, func(a consent.Access) error {
			return file.Row(page.DateTime(a.OpenedAt), a.By.Agent, a.By.Service, a.GrantID, dataOf(page, a.Groups), a.Period.String(), string(a.Outcome))
		})
		if err != nil {
			return err
		}
		return file.End()
	})
}

func consultationColumns(p web.Page) (out []string) {
	for _, key := range []string{
		"dpo.consultations.at", "dpo.consultations.agent", "dpo.consultations.service", "dpo.consultations.consent",
		"dpo.consultations.data", "dpo.consultations.month", "dpo.consultations.outcome",
	} {
		out = append(out, p.T(key))
	}
	return out
}
