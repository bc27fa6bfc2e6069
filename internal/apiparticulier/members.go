package apiparticulier

import (
	"bytes"
	"encoding/json"

	"portail.example/consent"
)

// shape is what API Particulier documents of a data group: an object, or a list of
// objects, of these members, each a word, a number or nothing.
type shape struct {
	list    bool
	members []string
}

var person = []string{"nom_naissance", "nom_usage", "prenoms", "date_naissance", "sexe"}

// documented are the groups of the quotient familial (OpenAPI v3). A member that is not
// here was on no consent screen: it does not pass, whatever group it comes in.
var documented = map[consent.DataGroup]shape{
	consent.GroupQuotientFamilial: {members: []string{"fournisseur", "valeur", "annee", "mois", "annee_calcul", "mois_calcul"}},
	consent.GroupAllocataires:     {list: true, members: person},
	consent.GroupEnfants:          {list: true, members: person},
	consent.GroupAdresse: {members: []string{
		"destinataire", "complement_information", "complement_information_geographique", "numero_libelle_voie", "lieu_dit", "code_postal_ville", "pays",
	}},
}

// cut leaves the documented members of the documented groups; false when one of them is
// not of the documented kind.
func cut(data map[consent.DataGroup]json.RawMessage) (map[consent.DataGroup]json.RawMessage, bool) {
	out := map[consent.DataGroup]json.RawMessage{}
	for group, s := range documented {
		raw, present := data[group]
		if !present {
			continue
		}
		kept, ok := s.cut(raw)
		if !ok {
			return nil, false
		}
		out[group] = kept
	}
	return out, true
}

func (s shape) cut(raw json.RawMessage) (json.RawMessage, bool) {
	if !s.list {
		return s.cutObject(raw)
	}
	var items []json.RawMessage
	if json.Unmarshal(raw, &items) != nil || items == nil {
		return nil, false
	}
	for i := range items {
		var ok bool
		if items[i], ok = s.cutObject(items[i]); !ok {
			return nil, false
		}
	}
	out, err := json.Marshal(items)
	return out, err == nil
}

func (s shape) cutObject(raw json.RawMessage) (json.RawMessage, bool) {
	var members map[string]json.RawMessage
	if json.Unmarshal(raw, &members) != nil || members == nil {
		return nil, false
	}
	kept := map[string]json.RawMessage{}
	for _, name := range s.members {
		value, present := members[name]
		if !present {
			continue
		}
		if first := bytes.TrimSpace(value)[0]; first == '{' || first == '[' {
			return nil, false
		}
		kept[name] = value
	}
	out, err := json.Marshal(kept)
	return out, err == nil
}
