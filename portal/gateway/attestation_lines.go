package gateway

import (
	"encoding/json"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"portail.example/consent"
	"portail.example/consent/token"
	"portail.example/portal/web/held"
)

// lines are what a paper prints of the data, each a name and a value. The first is the
// month they speak of, or the day; the others follow the shape that the catalogue gives
// the granted groups, so that a new data set needs nothing here.
func (room *Room) lines(p paper) []token.AttestationLine {
	a := p.open.Access
	w := writer{room: room}
	if p.month {
		w.line(held.PaperMonth, room.Words.Month(a.Period))
	} else {
		w.line(held.PaperDay, room.Words.Date(consent.DateOf(a.OpenedAt)))
	}
	if p.set.OfAnother { // a paper about nobody would do for anybody
		for _, fact := range held.Given(room.Words, p.set.Type, p.open.Parameters) {
			w.line(fact.Name, fact.Value)
		}
	}
	for _, m := range p.set.Shape(a.Groups...).Members {
		if raw, ok := p.data[m.Name]; ok {
			w.dated = m.Name == p.set.Month
			w.write(m.Name, m.Shape, raw)
		}
	}
	return w.out
}

// writer turns values into lines.
type writer struct {
	room  *Room
	dated bool // the month is said: `annee` and `mois` repeat it
	out   []token.AttestationLine
}

func (w *writer) line(name, value string) {
	if value != "" {
		w.out = append(w.out, token.AttestationLine{Name: name, Value: value})
	}
}

func (w *writer) write(name string, s consent.Shape, raw json.RawMessage) {
	switch {
	case s.Kind != "":
		w.line(held.PaperWord(name), w.value(s.Kind, raw))
	case s.List:
		w.list(name, consent.Shape{Members: s.Members}, raw)
	default:
		w.object(s, raw)
	}
}

// object is a line for each member. A year and a month that belong together are one.
func (w *writer) object(s consent.Shape, raw json.RawMessage) {
	members := membersOf(raw)
	for _, m := range s.Members {
		value, present := members[m.Name]
		if !present || w.dated && (m.Name == "annee" || m.Name == "mois") {
			continue
		}
		if kind, ok := strings.CutPrefix(m.Name, "annee"); ok {
			if month, found := monthOf(value, members["mois"+kind]); found {
				w.line(held.PaperWord(m.Name), w.room.Words.Month(month))
				delete(members, "mois"+kind)
				continue
			}
		}
		w.write(m.Name, m.Shape, value)
	}
}

// list is a line for each item.
func (w *writer) list(name string, s consent.Shape, raw json.RawMessage) {
	var items []json.RawMessage
	if json.Unmarshal(raw, &items) != nil {
		return
	}
	if len(items) == 0 {
		w.line(held.PaperWord(name), "aucun")
	}
	for i, item := range items {
		w.line(held.PaperItem(name, i+1), w.flat(s, item))
	}
}

// flat is an object in one line.
func (w *writer) flat(s consent.Shape, raw json.RawMessage) string {
	inner := writer{room: w.room}
	inner.object(s, raw)
	var parts []string
	for _, l := range inner.out {
		if l.Name == held.PaperWord("nom_naissance") || l.Name == held.PaperWord("prenoms") {
			parts = append(parts, l.Value)
			continue
		}
		first, size := utf8.DecodeRuneInString(l.Name)
		parts = append(parts, string(unicode.ToLower(first))+l.Name[size:]+" "+l.Value)
	}
	return strings.Join(parts, ", ")
}

// value is a single value in words; nothing for null, and for what is not of its kind.
func (w *writer) value(kind consent.ValueKind, raw json.RawMessage) string {
	var v any
	if json.Unmarshal(raw, &v) != nil {
		return ""
	}
	switch v := v.(type) {
	case string:
		if date, err := consent.ParseDate(v); kind == consent.KindDay && err == nil {
			return w.room.Words.Date(date)
		}
		return v
	case float64:
		return w.room.Words.Amount(v)
	case bool:
		return map[bool]string{true: "oui", false: "non"}[v]
	}
	return ""
}

func membersOf(raw json.RawMessage) (out map[string]json.RawMessage) {
	if json.Unmarshal(raw, &out) != nil {
		return nil
	}
	return out
}

// monthOf is a year and a month that are both there.
func monthOf(year, month json.RawMessage) (p consent.Period, found bool) {
	var y, m int
	if json.Unmarshal(year, &y) != nil || month == nil || json.Unmarshal(month, &m) != nil || m < 1 || m > 12 {
		return p, false
	}
	return consent.Period{Year: y, Month: time.Month(m)}, true
}
