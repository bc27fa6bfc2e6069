package citizen_test

import (
	"net/http/httptest"
	"reflect"
	"strings"
	"testing"

	"github.com/gin-gonic/gin"

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
		"citizen/reduce":  &citizen.ReducePage{Page: base},
		"citizen/my_data": &citizen.MyDataPage{Page: base}, "citizen/my_copy": &citizen.MyCopyPage{Page: base}, "citizen/receipt": &citizen.ReceiptPage{Page: base}, "citizen/withdraw": &citizen.WithdrawPage{Page: base}, "citizen/signed_out": &citizen.SignedOutPage{Page: base},
		"citizen/rights":     &citizen.RightsPage{Page: base},
		"citizen/invitation": &citizen.InvitationPage{Page: base},
		"citizen/sessions":   &citizen.SessionsPage{Page: base},
		"citizen/notices":    &citizen.NoticesPage{Page: base}, "citizen/notice_link": &citizen.NoticeLinkPage{Page: base},
	}
}

// fill gives every field something to show, so that every branch is rendered.
func fill(v reflect.Value, flags bool) {
	for i := range v.NumField() {
		field := v.Field(i)
		switch {
		case field.Type() == reflect.TypeFor[web.Page]():
		case field.Kind() == reflect.String:
			field.SetString("shown-" + v.Type().Field(i).Name)
		case field.Kind() == reflect.Bool:
			field.SetBool(flags)
		case field.Kind() == reflect.Struct:
			fill(field, flags)
		case field.Kind() == reflect.Slice:
			field.Set(reflect.MakeSlice(field.Type(), 1, 1))
			if item := field.Index(0); item.Kind() == reflect.Struct {
				fill(item, flags)
			} else {
				item.SetString("shown-" + v.Type().Field(i).Name)
			}
		}
	}
}

// Each template has its struct, names no field that the struct lacks, and shows
// every text that the struct has.
func TestTemplatesAndTheirStructs(t *testing.T) {
	site := webtest.Site(t, consenttest.NewMemory(), consenttest.NewClock().Now)
	c, _ := gin.CreateTestContext(httptest.NewRecorder())
	c.Request = httptest.NewRequestWithContext(t.Context(), "GET", "/", nil)
	known := pages(site.Page(c, "citizen.start.title"))
	for _, name := range site.Templates() {
		if strings.HasPrefix(name, "citizen/") && known[name] == nil {
			t.Errorf("%s has no struct", name)
		}
	}
	for name, page := range known {
		value := reflect.ValueOf(page).Elem()
		var html []byte
		for _, flags := range []bool{true, false} {
			fill(value, flags)
			shown, err := site.Execute(name, value.Interface())
			if err != nil {
				t.Errorf("%s: %v", name, err)
			}
			html = append(html, shown...)
		}
		for i := range value.NumField() {
			if field := value.Type().Field(i); field.Type.Kind() == reflect.String && !strings.Contains(string(html), "shown-"+field.Name) {
				t.Errorf("%s never shows %s", name, field.Name)
			}
		}
	}
}
