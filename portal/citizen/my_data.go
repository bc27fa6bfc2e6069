package citizen

import (
	"net/http"

	"github.com/gin-gonic/gin"

	"portail.example/consent"
	"portail.example/consent/export"
	"portail.example/portal/web"
	"portail.example/portal/web/held"
)

// MyDataPage is templates/citizen/my_data.html: what the portal holds, why and how
// long, and the download of all of it.
type MyDataPage struct {
	web.Page
	Kept    []held.Fact
	Erasure ErasurePart
}

// MyCopyPage is templates/citizen/my_copy.html: all that is held, to read and print.
type MyCopyPage struct {
	web.Page
	Made     string
	Sections []held.Section
}

func (room *Room) myData(c *gin.Context) error {
	page := room.Site.Page(c, "citizen.my_data.title")
	erasure, err := room.erasurePart(c, page)
	if err != nil {
		return err
	}
	return room.Site.Render(c, http.StatusOK, "citizen/my_data", MyDataPage{Page: page, Erasure: erasure, Kept: []held.Fact{
		{Name: page.T("citizen.my_data.identity"), Value: page.T("citizen.my_data.identity_kept")},
		{Name: page.T("citizen.my_data.requests"), Value: page.T("citizen.my_data.requests_kept")},
		{Name: page.T("citizen.my_data.consultations"), Value: page.T("citizen.my_data.consultations_kept")},
		{Name: page.T("citizen.my_data.session"), Value: page.T("citizen.my_data.session_kept")},
	}})
}

// exportMyData sends all that is held in the form asked for. It is a POST: an export
// is recorded, and no link from elsewhere may ask for one.
func (room *Room) exportMyData(c *gin.Context) error {
	form, err := web.Form(c)
	if err != nil {
		return err
	}
	session := room.Site.Session(c)
	switch form.Get("format") {
	case "json":
		web.Attach(c, "mes-donnees.json")
		return room.Service.ExportSubject(c.Request.Context(), session, export.NewJSON(c.Writer))
	case "pdf":
		return room.myDataPDF(c, session)
	case "html":
		return room.myCopy(c, session)
	}
	return consent.Refuse(consent.InvalidRequest, "format", "json, pdf or html is expected")
}

func (room *Room) myCopy(c *gin.Context, session consent.Session) error {
	page := room.Site.Page(c, "citizen.my_copy.title")
	all := &copied{page: page}
	if err := room.Service.ExportSubject(c.Request.Context(), session, all); err != nil {
		return err
	}
	return room.Site.Render(c, http.StatusOK, "citizen/my_copy", MyCopyPage{Page: page, Made: all.made, Sections: all.sections})
}

func (room *Room) myDataPDF(c *gin.Context, session consent.Session) error {
	page := room.printed(c, "citizen.my_copy.title")
	all := &copied{page: page}
	if err := room.Service.ExportSubject(c.Request.Context(), session, all); err != nil {
		return err
	}
	document := room.document(c, page)
	document.Paragraph(all.made)
	for _, section := range all.sections {
		section.Write(document)
	}
	return sendPDF(c, document, "mes-donnees.pdf")
}
