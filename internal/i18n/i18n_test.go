package i18n_test

import (
	"testing"
	"testing/fstest"
	"time"

	"portail.example/consent"
	"portail.example/internal/i18n"
	"portail.example/locales"
)

func load(t *testing.T) *i18n.Bundle {
	t.Helper()
	b, err := i18n.Load(locales.FS)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestTheLanguageIsTheOneWantedOrFrench(t *testing.T) {
	b := load(t)
	cases := map[string]struct {
		accept string
		wishes []string
		want   string
	}{
		"own choice first":      {"en", []string{"fr"}, "fr"},
		"unknown choice":        {"en", []string{"xx"}, "en"},
		"browser":               {"en-GB,en;q=0.9,fr;q=0.8", nil, "en"},
		"second of the browser": {"de,en;q=0.5", nil, "en"},
		"none of ours":          {"de", nil, "fr"},
		"Canadian French":       {"fr-CA", nil, "fr"},
		"nothing":               {"", nil, "fr"},
		"nonsense":              {";;;q=", nil, "fr"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			if got := b.Match(c.accept, c.wishes...); got != c.want {
				t.Errorf("got %s, want %s", got, c.want)
			}
		})
	}
}

func TestDatesAndListsInWords(t *testing.T) {
	at := time.Date(2026, 3, 31, 22, 3, 7, 0, time.UTC) // 1 April in Paris
	first := consent.Date{Year: 2027, Month: 9, Day: 1}
	for lang, want := range map[string][]string{
		"fr": {"1er septembre 2027", "1er avril 2026 à 00\u00a0h\u00a003", "1er avril 2026 à 00:03:07", "mars 2026", "a, b et c", "a", ""},
		"es": {"1 de septiembre de 2027", "1 de abril de 2026 a las 00:03", "1 de abril de 2026 a las 00:03:07", "marzo de 2026", "a, b y c", "a", ""},
		"ar": {"1 سبتمبر 2027", "1 أبريل 2026 في الساعة 00:03", "1 أبريل 2026 في الساعة 00:03:07", "مارس 2026", "a، b وc", "a", ""},
		"en": {"1 September 2027", "1 April 2026 at 00:03", "1 April 2026 at 00:03:07", "March 2026", "a, b and c", "a", ""},
	} {
		l := load(t).Localizer(lang, func(key string, err error) { t.Error(key, err) })
		got := []string{l.Date(first), l.DateTime(at), l.Instant(at), l.Month(consent.Period{Year: 2026, Month: 3}), l.List([]string{"a", "b", "c"}), l.List([]string{"a"}), l.List(nil)}
		for i := range want {
			if got[i] != want[i] {
				t.Errorf("%s: %q, want %q", lang, got[i], want[i])
			}
		}
	}
}

func TestPluralsFollowEachLanguage(t *testing.T) {
	for lang, want := range map[string]map[any]string{
		"fr": {0: "Elle garde les données reçues 0 mois.", 1: "Elle garde les données reçues 1 mois.", 12: "Elle garde les données reçues 12 mois.", 1_000_000: "Elle garde les données reçues 1\u202f000\u202f000 de mois."},
		"es": {1: "Guarda los datos recibidos 1 mes.", 12: "Guarda los datos recibidos 12 meses."},
		"ar": {0: "لا تحفظ البيانات التي تتلقاها.", 1: "تحفظ البيانات التي تتلقاها شهرا واحدا.", 2: "تحفظ البيانات التي تتلقاها شهرين.", 3: "تحفظ البيانات التي تتلقاها 3 أشهر.", 12: "تحفظ البيانات التي تتلقاها 12 شهرا."},
		"en": {1: "It keeps the data it received for 1 month.", 12: "It keeps the data it received for 12 months."},
	} {
		l := load(t).Localizer(lang, func(key string, err error) { t.Error(key, err) })
		for count, text := range want {
			if got := l.T("citizen.request.retention", "Count", count); got != text {
				t.Errorf("%s %v: %q", lang, count, got)
			}
		}
	}
}

func TestNumbersAreWrittenByThousands(t *testing.T) {
	for lang, want := range map[string][]string{
		"fr": {"0", "999", "1\u202f000", "12\u202f034", "1\u202f234\u202f567"},
		"en": {"0", "999", "1,000", "12,034", "1,234,567"},
		"es": {"0", "999", "1.000", "12.034", "1.234.567"},
		"ar": {"0", "999", "1,000", "12,034", "1,234,567"},
	} {
		l := load(t).Localizer(lang, func(key string, err error) { t.Error(key, err) })
		for i, n := range []int{0, 999, 1000, 12_034, 1_234_567} {
			if got := l.Number(n); got != want[i] {
				t.Errorf("%s: %q, want %q", lang, got, want[i])
			}
		}
	}
}

func TestAmountsKeepTheirDecimals(t *testing.T) {
	for lang, want := range map[string][]string{
		"fr": {"0", "4\u202f270", "1\u202f234,56", "0,5"}, "en": {"0", "4,270", "1,234.56", "0.5"},
		"es": {"0", "4.270", "1.234,56", "0,5"}, "ar": {"0", "4,270", "1,234.56", "0.5"},
	} {
		l := load(t).Localizer(lang, func(key string, err error) { t.Error(key, err) })
		for i, x := range []float64{0, 4270, 1234.56, 0.5} {
			if got := l.Amount(x); got != want[i] {
				t.Errorf("%s: %q, want %q", lang, got, want[i])
			}
		}
	}
	if got := load(t).Localizer("fr", nil).Amount(1e20); got != "100000000000000000000" {
		t.Errorf("beyond what is counted: %q", got)
	}
}

func TestAMissingTextShowsItsKeyAndIsReported(t *testing.T) {
	reported := ""
	l := load(t).Localizer("en", func(key string, _ error) { reported = key })
	if got := l.T("no.such.text"); got != "no.such.text" || reported != "no.such.text" {
		t.Errorf("shown %q, reported %q", got, reported)
	}
}

func TestAddingALanguageIsAddingAFile(t *testing.T) {
	french, err := locales.FS.ReadFile("fr.toml")
	if err != nil {
		t.Fatal(err)
	}
	b, err := i18n.Load(fstest.MapFS{"fr.toml": {Data: french}, "es.toml": {Data: []byte("[layout]\nhome = \"Mis autorizaciones\"\n")}})
	if err != nil {
		t.Fatal(err)
	}
	if got := b.Localizer(b.Match("es"), nil).T("layout.home"); got != "Mis autorizaciones" {
		t.Errorf("got %q", got)
	}
	if _, err := i18n.Load(fstest.MapFS{"es.toml": {Data: []byte("")}}); err == nil {
		t.Error("a bundle without French was accepted")
	}
}
