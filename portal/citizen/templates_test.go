package citizen_test

import (
	"testing"

	"portail.example/consent/consenttest"
	"portail.example/portal/citizen"
	"portail.example/portal/web"
	"portail.example/portal/web/webtest"
)

// pages are the structs of this room's templates.
func pages(base web.Page) map[string]any {
	return map[string]any{
		"citizen/about": &citizen.AboutPage{Page: base},
		"citizen/start": &citizen.StartPage{Page: base}, "citizen/arrival": &citizen.ArrivalPage{Page: base}, "citizen/request": &citizen.RequestPage{Page: base},
		"citizen/done": &citizen.DonePage{Page: base}, "citizen/home": &citizen.HomePage{Page: base}, "citizen/consent": &citizen.ConsentPage{Page: base},
		"citizen/waiting": &citizen.WaitingPage{Page: base}, "citizen/consents": &citizen.ConsentsPage{Page: base},
		"citizen/withdraw_all": &citizen.WithdrawAllPage{Page: base}, "citizen/withdrawn": &citizen.WithdrawnPage{Page: base}, "citizen/withdrawal": &citizen.WithdrawalPage{Page: base},
		"citizen/history": &citizen.HistoryPage{Page: base},
		"citizen/reduce":  &citizen.ReducePage{Page: base},
		"citizen/my_data": &citizen.MyDataPage{Page: base}, "citizen/my_copy": &citizen.MyCopyPage{Page: base}, "citizen/receipt": &citizen.ReceiptPage{Page: base}, "citizen/withdraw": &citizen.WithdrawPage{Page: base}, "citizen/signed_out": &citizen.SignedOutPage{Page: base},
		"citizen/measures": &citizen.MeasuresPage{Page: base},
		"citizen/object":   &citizen.ObjectPage{Page: base},
		"citizen/rights":   &citizen.RightsPage{Page: base},
		"citizen/right":    &citizen.RightPage{Page: base},
		"citizen/text":     &citizen.TextPage{Page: base}, "citizen/attestation": &citizen.AttestationPage{Page: base},
		"citizen/invitation": &citizen.InvitationPage{Page: base},
		"citizen/sessions":   &citizen.SessionsPage{Page: base},
		"citizen/notices":    &citizen.NoticesPage{Page: base}, "citizen/notice_link": &citizen.NoticeLinkPage{Page: base},
	}
}

// Each template has its struct, names no field that the struct lacks, and shows
// every text that the struct has.
func TestTemplatesAndTheirStructs(t *testing.T) {
	site := webtest.Site(t, consenttest.NewMemory(), consenttest.NewClock().Now)
	webtest.CheckTemplates(t, site, "citizen", pages(webtest.Base(t, site, "citizen.start.title")))
}
