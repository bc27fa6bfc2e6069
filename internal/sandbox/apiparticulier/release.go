package apiparticulier

import (
	"net/http"
	"net/url"
)

// opened are the keys of data that scopes open. Scopes mask; one is enough to
// be let in.
func opened(scopes []string) map[string]bool {
	keys := map[string]string{
		"cnaf_quotient_familial": "quotient_familial", "cnaf_allocataires": "allocataires",
		"cnaf_enfants": "enfants", "cnaf_adresse": "adresse",
	}
	out := map[string]bool{}
	for _, scope := range scopes {
		if key, ok := keys[scope]; ok {
			out[key] = true
		}
	}
	return out
}

// release sends a household, without the keys that are not opened.
func (s *Server) release(w http.ResponseWriter, p person, query url.Values, keys map[string]bool) {
	year, month, _ := s.asked(query)
	data := p.data(year, month, s)
	for key := range data {
		if !keys[key] {
			delete(data, key)
		}
	}
	send(w, http.StatusOK, map[string]any{"data": data, "links": map[string]any{}, "meta": map[string]any{}})
}

// data is the whole household. The month of computation is today's for MSA and
// the month itself for CAF, as the real one fills it in.
func (p person) data(year, month int, s *Server) map[string]any {
	computedYear, computedMonth := year, month
	if p.fund == "MSA" {
		computedYear, computedMonth = s.cfg.Now().Year(), int(s.cfg.Now().Month())
	}
	children := p.children
	if children == nil {
		children = []member{}
	}
	return map[string]any{
		"quotient_familial": map[string]any{
			"fournisseur": p.fund, "valeur": p.amount, "annee": year, "mois": month, "annee_calcul": computedYear, "mois_calcul": computedMonth,
		},
		"allocataires": p.adults, "enfants": children,
		"adresse": map[string]any{
			"destinataire": p.adults[0].FamilyName + " " + p.adults[0].GivenNames, "complement_information": nil,
			"complement_information_geographique": nil, "numero_libelle_voie": p.street, "lieu_dit": nil, "code_postal_ville": p.town, "pays": "FRANCE",
		},
	}
}
