package apiparticulier

import (
	_ "embed"
	"encoding/json"

	"portail.example/consent"
)

//go:embed holdings.json
var holdingsJSON []byte

type answer map[string]json.RawMessage

// holdings are what people have, by data set and family name; "*" is everybody else.
var holdings = func() (out map[string]map[string]answer) {
	if err := json.Unmarshal(holdingsJSON, &out); err != nil {
		panic(err) // the stand-in's own file
	}
	return out
}()

// holding is all that is known of a person in a data set; made up from what is documented
// for those that nobody here has anything in.
func (s *Server) holding(p person, set consent.DataSet, year, month int) answer {
	if set.Type == consent.QuotientFamilial.Type {
		return asAnswer(p.data(year, month, s))
	}
	of, known := holdings[set.Type]
	if one, has := of[p.family]; has {
		return one
	}
	if known {
		return of["*"]
	}
	return asAnswer(madeUp(set.Shape(set.Groups...), year, month))
}

func asAnswer(data map[string]any) (out answer) {
	text, _ := json.Marshal(data)
	_ = json.Unmarshal(text, &out)
	return out
}

func madeUp(s consent.Shape, year, month int) map[string]any {
	out := map[string]any{}
	for _, m := range s.Members {
		var value any = map[consent.ValueKind]any{consent.KindText: "EXEMPLE", consent.KindNumber: 1, consent.KindBoolean: true, consent.KindDay: "2020-01-01"}[m.Shape.Kind]
		switch {
		case m.Shape.Kind == "":
			value = madeUp(m.Shape, year, month)
		case m.Name == "annee":
			value = year
		case m.Name == "mois":
			value = month
		}
		if m.Shape.List {
			value = []any{value}
		}
		out[m.Name] = value
	}
	return out
}
