package i18n

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	goi18n "github.com/nicksnyder/go-i18n/v2/i18n"

	"portail.example/consent"
)

// Localizer writes in one language.
type Localizer struct {
	Lang      string
	localizer *goi18n.Localizer
	onMissing func(key string, err error)
}

// Localizer writes in a language; onMissing, which may be nil, hears of texts
// that do not exist.
func (b *Bundle) Localizer(lang string, onMissing func(key string, err error)) Localizer {
	return Localizer{Lang: lang, localizer: goi18n.NewLocalizer(b.bundle, lang), onMissing: onMissing}
}

// T translates a key. Pairs are the names and values the text uses; a Count
// also chooses the plural form, and whole numbers are written as the language
// does. A text that is missing shows as its key.
func (l Localizer) T(key string, pairs ...any) string {
	cfg := &goi18n.LocalizeConfig{MessageID: key}
	data := map[string]any{}
	for i := 0; i+1 < len(pairs); i += 2 {
		name := fmt.Sprint(pairs[i])
		data[name] = pairs[i+1]
		if name == "Count" {
			cfg.PluralCount = pairs[i+1]
		}
		if n, whole := pairs[i+1].(int); whole {
			data[name] = l.Number(n)
		}
	}
	cfg.TemplateData = data
	text, err := l.localizer.Localize(cfg)
	if err != nil && l.onMissing != nil {
		l.onMissing(key, err)
	}
	if text == "" {
		return key
	}
	return text
}

// Number is a whole number by thousands: "1 234". The separators are the
// catalogues': those of golang.org/x/text are from before French had its narrow
// space.
func (l Localizer) Number(n int) string {
	if n < 1000 {
		return strconv.Itoa(n)
	}
	return l.T("common.thousands", "High", l.Number(n/1000), "Low", fmt.Sprintf("%03d", n%1000))
}

// Amount is a number with the decimals it has: "1 234,5".
func (l Localizer) Amount(x float64) string {
	text := strconv.FormatFloat(x, 'f', -1, 64)
	whole, part, broken := strings.Cut(text, ".")
	n, err := strconv.Atoi(whole)
	switch {
	case err != nil: // beyond what is counted
		return text
	case !broken:
		return l.Number(n)
	}
	return l.T("common.decimal", "Whole", l.Number(n), "Part", part)
}

// Date is a civil day in full: "31 août 2027".
func (l Localizer) Date(d consent.Date) string {
	day := strconv.Itoa(d.Day)
	if d.Day == 1 {
		day = l.T("common.first_of_month")
	}
	return l.T("common.date", "Day", day, "Month", l.monthName(d.Month), "Year", strconv.Itoa(d.Year))
}

// DateTime is an instant in Paris to the minute: "24 novembre 2026 à 14 h 03".
func (l Localizer) DateTime(t time.Time) string {
	local := t.In(consent.Paris)
	return l.T("common.datetime", "Date", l.Date(consent.DateOf(t)), "Time", l.clock(local))
}

// Instant is an instant in Paris to the second, for effects that are measured:
// "24 novembre 2026 à 14:03:07".
func (l Localizer) Instant(t time.Time) string {
	return l.T("common.datetime", "Date", l.Date(consent.DateOf(t)), "Time", t.In(consent.Paris).Format(time.TimeOnly))
}

func (l Localizer) clock(t time.Time) string {
	return l.T("common.time", "Hour", t.Format("15"), "Minute", t.Format("04"))
}

// Month is a month of a year: "mars 2026".
func (l Localizer) Month(p consent.Period) string {
	return l.T("common.month_year", "Month", l.monthName(p.Month), "Year", strconv.Itoa(p.Year))
}

func (l Localizer) monthName(m time.Month) string { return l.T("common.month." + strconv.Itoa(int(m))) }

// Direction is the way the language is written, as the dir attribute says it.
func (l Localizer) Direction() string { return l.T("layout.direction") }

// List joins: "a, b et c".
func (l Localizer) List(items []string) string {
	if len(items) < 2 {
		return strings.Join(items, "")
	}
	last := len(items) - 1
	return strings.Join(items[:last], l.T("common.comma")) + l.T("common.and") + items[last]
}
