package apiparticulier

import (
	"context"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// introspection is what FranceConnect tells of a live token (RFC 7662, and the pivot
// identity).
type introspection struct {
	Active       bool     `json:"active"`
	Scope        string   `json:"scope"`
	FamilyName   string   `json:"family_name"`
	GivenNames   []string `json:"given_name_array"`
	Birthdate    string   `json:"birthdate"`
	Gender       string   `json:"gender"`
	Birthplace   string   `json:"birthplace"`
	Birthcountry string   `json:"birthcountry"`
}

// fault is the code that a token is refused with; none when all is well.
func (i introspection) fault() string {
	switch {
	case !i.Active:
		return "51502"
	case i.FamilyName == "" && i.Birthdate == "" && len(i.GivenNames) == 0:
		return "51503"
	case i.FamilyName == "" || len(i.GivenNames) == 0 || i.Birthdate == "" || i.Birthcountry == "":
		return "51564"
	}
	return ""
}

// query is the identity as the other operation takes it, with what was asked.
func (i introspection) query(asked url.Values) url.Values {
	out := url.Values{"nomNaissance": {i.FamilyName}, "codeCogInseePaysNaissance": {i.Birthcountry}, "codeCogInseeCommuneNaissance": {i.Birthplace}}
	out.Set("anneeDateNaissance", strings.Split(i.Birthdate, "-")[0])
	for name, values := range asked {
		out[name] = values
	}
	return out
}

// introspect asks FranceConnect; a code when it could not be asked.
func (s *Server) introspect(ctx context.Context, token string) (introspection, string) {
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	fc := s.cfg.FranceConnect
	form := url.Values{"token": {token}, "client_id": {fc.ClientID}, "client_secret": {fc.Secret}}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, fc.Issuer+"/checktoken", strings.NewReader(form.Encode()))
	if err != nil {
		return introspection{}, "51000"
	}
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return introspection{}, "51002"
	}
	defer response.Body.Close()
	body, err := io.ReadAll(io.LimitReader(response.Body, 1<<20))
	if err != nil || response.StatusCode != http.StatusOK || response.Header.Get("Content-Type") != "application/token-introspection+jwt" {
		return introspection{}, "51000"
	}
	known, err := s.unseal(ctx, string(body))
	if err != nil {
		return introspection{}, "51000"
	}
	return known, ""
}
