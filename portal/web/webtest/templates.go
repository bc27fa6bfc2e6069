package webtest

import (
	"net/http/httptest"
	"reflect"
	"strings"
	"testing"

	"github.com/gin-gonic/gin"

	"portail.example/portal/web"
)

// Base is a page to embed in the structs of CheckTemplates.
func Base(t testing.TB, site *web.Site, titleKey string) web.Page {
	t.Helper()
	c, _ := gin.CreateTestContext(httptest.NewRecorder())
	c.Request = httptest.NewRequestWithContext(t.Context(), "GET", "/", nil)
	return site.Page(c, titleKey)
}

// CheckTemplates fails unless each template of a room has its struct, names no field
// that the struct lacks, and shows every text that the struct has.
func CheckTemplates(t *testing.T, site *web.Site, room string, known map[string]any) {
	t.Helper()
	for _, name := range site.Templates() {
		if strings.HasPrefix(name, room+"/") && known[name] == nil {
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
