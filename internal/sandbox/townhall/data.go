package townhall

import (
	"context"
	"encoding/json"
	"net/http"
	"strings"
)

// household is what the town hall reads of the data API's answer. Groups that the
// family left out are simply absent.
type household struct {
	Data struct {
		QF *struct {
			Fund   string `json:"fournisseur"`
			Amount int    `json:"valeur"`
			Year   int    `json:"annee"`
			Month  int    `json:"mois"`
		} `json:"quotient_familial"`
		Children []struct {
			GivenNames string `json:"prenoms"`
			Birthdate  string `json:"date_naissance"`
		} `json:"enfants"`
	} `json:"data"`
	Errors []struct {
		Code  string `json:"code"`
		Title string `json:"title"`
	} `json:"errors"`
}

func (h household) code() string {
	if len(h.Errors) == 0 {
		return ""
	}
	return h.Errors[0].Code
}

// household calls the data API with the consent token. A token that is no longer
// good is renewed once: that is all it takes to keep tariffs up to date.
func (s *Server) household(ctx context.Context, v *visit) (int, household, error) {
	status, answer, err := s.call(ctx, v)
	if status != http.StatusUnauthorized || v.tokens.Refresh == "" {
		return status, answer, err
	}
	if err := s.renew(ctx, v); err != nil {
		return status, answer, err
	}
	return s.call(ctx, v)
}

func (s *Server) call(ctx context.Context, v *visit) (int, household, error) {
	const path = "/data/v1/quotient-familial"
	var answer household
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, s.cfg.Issuer+path, nil)
	if err != nil {
		return 0, answer, err
	}
	request.Header.Set("Authorization", "Bearer "+v.tokens.Access)
	status, body, err := s.do(request)
	if err != nil {
		s.note(v, "GET "+path, 0, "no answer")
		return 0, answer, err
	}
	err = json.Unmarshal(body, &answer)
	note := "ok"
	if status != http.StatusOK {
		note = strings.TrimSpace(answer.code())
	}
	s.note(v, "GET "+path, status, note)
	return status, answer, err
}
