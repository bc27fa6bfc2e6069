package citizen

import (
	"encoding/json"
	"strings"

	"portail.example/consent"
	"portail.example/portal/web"
	"portail.example/portal/web/held"
)

// previewItems are the asked groups of the answer in words, whatever else it holds.
func previewItems(p web.Page, groups []consent.DataGroup, answer consent.ProviderAnswer) []PreviewItem {
	var out []PreviewItem
	for _, g := range groups {
		lines := previewLines(p, g, answer.Data[string(g)])
		if len(lines) == 0 {
			lines = []string{p.T("citizen.preview.empty")}
		}
		out = append(out, PreviewItem{Name: held.GroupName(p.Localizer, g), Lines: lines})
	}
	return out
}

// previewLines reads what the source may leave out; what cannot be read is not shown.
func previewLines(p web.Page, g consent.DataGroup, raw json.RawMessage) []string {
	switch g {
	case consent.GroupQuotientFamilial:
		return amountLines(p, raw)
	case consent.GroupAllocataires, consent.GroupEnfants:
		return personLines(p, raw)
	case consent.GroupAdresse:
		return addressLines(raw)
	}
	return nil
}

// amountLines never show a bare number: the fund goes with it.
func amountLines(p web.Page, raw json.RawMessage) []string {
	var v struct {
		Fund   string   `json:"fournisseur"`
		Amount *float64 `json:"valeur"`
	}
	if json.Unmarshal(raw, &v) != nil || v.Amount == nil {
		return nil
	}
	return []string{p.T("citizen.preview.amount", "Amount", p.Amount(*v.Amount), "Fund", v.Fund)}
}

func personLines(p web.Page, raw json.RawMessage) (out []string) {
	var people []struct {
		Birth  string `json:"nom_naissance"`
		Used   string `json:"nom_usage"`
		Given  string `json:"prenoms"`
		Born   string `json:"date_naissance"`
		Gender string `json:"sexe"`
	}
	if json.Unmarshal(raw, &people) != nil {
		return nil
	}
	for _, v := range people {
		day := v.Born
		if date, err := consent.ParseDate(v.Born); err == nil {
			day = p.Date(date)
		}
		out = append(out, joined(" – ", joined(" ", v.Given, v.Birth), v.Used, day, v.Gender))
	}
	return out
}

func addressLines(raw json.RawMessage) []string {
	var v struct {
		To         string `json:"destinataire"`
		Complement string `json:"complement_information"`
		Place      string `json:"complement_information_geographique"`
		Street     string `json:"numero_libelle_voie"`
		Hamlet     string `json:"lieu_dit"`
		Town       string `json:"code_postal_ville"`
		Country    string `json:"pays"`
	}
	if json.Unmarshal(raw, &v) != nil {
		return nil
	}
	line := joined(", ", v.To, v.Complement, v.Place, v.Street, v.Hamlet, v.Town, v.Country)
	if line == "" {
		return nil
	}
	return []string{line}
}

// joined joins what is there.
func joined(separator string, parts ...string) string {
	var kept []string
	for _, part := range parts {
		if part != "" {
			kept = append(kept, part)
		}
	}
	return strings.Join(kept, separator)
}
