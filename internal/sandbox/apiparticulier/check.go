package apiparticulier

import (
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

var (
	names     = regexp.MustCompile(`^[\p{Latin}\p{Mn}' -]+$`)
	countries = regexp.MustCompile(`^(99[0-9]{3}|92352)$`)
	communes  = regexp.MustCompile(`^([0-9]{2}|2[AB])[0-9]{3}$`)
)

// rule is one refusal, with its code.
type rule struct {
	code string
	ok   func(url.Values) bool
}

// addressed is whom the data is for.
func addressed() []rule {
	return []rule{
		{"00203", func(q url.Values) bool { return q.Get("recipient") != "" }},
		{"00210", func(q url.Values) bool { return siret(q.Get("recipient")) }},
	}
}

// dated is the month asked for.
func (s *Server) dated() []rule {
	return []rule{{"00356", s.year}, {"00354", s.month}, {"00355", s.recent}}
}

// identified is the person, by identity.
func (s *Server) identified() []rule {
	return []rule{
		{"00420", func(q url.Values) bool { return names.MatchString(q.Get("nomNaissance")) }},
		{"00367", givenNames},
		{"00422", func(q url.Values) bool { return q.Get("anneeDateNaissance") != "" }},
		{"00363", s.birthdate},
		{"00427", func(q url.Values) bool { return q.Get("sexeEtatCivil") == "M" || q.Get("sexeEtatCivil") == "F" }},
		{"00400", func(q url.Values) bool { return countries.MatchString(q.Get("codeCogInseePaysNaissance")) }},
		{"00365", commune},
	}
}

// check refuses what the real one refuses, with its codes, first fault first.
func (s *Server) check(query url.Values) (problem, bool) {
	return first(query, slices.Concat(addressed(), s.identified(), s.dated()))
}

func first(query url.Values, rules []rule) (problem, bool) {
	for _, rule := range rules {
		if !rule.ok(query) {
			return problems[rule.code], false
		}
	}
	return problem{}, true
}

func givenNames(q url.Values) bool {
	list := q["prenoms[]"]
	for _, name := range list {
		if !names.MatchString(name) {
			return false
		}
	}
	return len(list) >= 1 && len(list) <= 3
}

// birthdate: a part is ignored when the larger one is absent.
func (s *Server) birthdate(q url.Values) bool {
	year, month, day := q.Get("anneeDateNaissance"), q.Get("moisDateNaissance"), q.Get("jourDateNaissance")
	if month == "" {
		month, day = "1", "1"
	}
	if day == "" {
		day = "1"
	}
	date, err := time.Parse("2006-1-2", year+"-"+month+"-"+day)
	return err == nil && date.Year() >= 1900 && date.Before(s.cfg.Now())
}

func commune(q url.Values) bool {
	return q.Get("codeCogInseePaysNaissance") != "99100" || communes.MatchString(q.Get("codeCogInseeCommuneNaissance"))
}

// asked is the month asked for, with the real one's defaults.
func (s *Server) asked(q url.Values) (year, month int, ok bool) {
	now := s.cfg.Now()
	year, month = now.Year(), int(now.Month())
	var yearErr, monthErr error
	if q.Has("annee") {
		year, yearErr = strconv.Atoi(q.Get("annee"))
	}
	if q.Has("mois") {
		month, monthErr = strconv.Atoi(q.Get("mois"))
	}
	return year, month, yearErr == nil && monthErr == nil
}

func (s *Server) year(q url.Values) bool {
	year, _, ok := s.asked(q)
	now := s.cfg.Now().Year()
	return ok && year <= now && year >= now-2
}

func (s *Server) month(q url.Values) bool {
	year, month, ok := s.asked(q)
	return ok && month >= 1 && month <= 12 && s.age(year, month) >= 0
}

func (s *Server) recent(q url.Values) bool {
	year, month, ok := s.asked(q)
	return ok && s.age(year, month) <= 23
}

// age is how many months ago a month was.
func (s *Server) age(year, month int) int {
	now := s.cfg.Now()
	return (now.Year()-year)*12 + int(now.Month()) - month
}

// siret checks length, digits and the Luhn sum; La Poste is exempt from the sum.
func siret(s string) bool {
	if len(s) != 14 || strings.Trim(s, "0123456789") != "" {
		return false
	}
	if strings.HasPrefix(s, "356000000") {
		return true
	}
	sum := 0
	for i := range s {
		digit := int(s[i] - '0')
		if i%2 == 0 {
			digit *= 2
		}
		sum += digit/10 + digit%10
	}
	return sum%10 == 0
}
