package gateway_test

import (
	"encoding/json"
	"reflect"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"portail.example/consent"
	"portail.example/consent/consenttest"
	stub "portail.example/internal/sandbox/apiparticulier"
	"portail.example/portal/web/webtest"
)

// secret is in every value that must not leave.
const secret = "jamais"

// members are the documented ones, as the facts list them: what a consent screen speaks
// of, and nothing else.
var members = map[consent.DataGroup][]string{
	consent.GroupQuotientFamilial: {"fournisseur", "valeur", "annee_calcul", "mois_calcul"},
	consent.GroupAllocataires:     {"nom_naissance", "nom_usage", "prenoms", "date_naissance", "sexe"},
	consent.GroupEnfants:          {"nom_naissance", "nom_usage", "prenoms", "date_naissance", "sexe"},
	consent.GroupAdresse:          {"destinataire", "complement_information", "lieu_dit", "code_postal_ville", "pays"},
}

// drawn is an upstream answer made up at random, and what of it may leave.
type drawn struct {
	t       *rapid.T
	granted []consent.DataGroup
	body    map[string]any
	want    map[string]any
	refused bool // it is no answer at all
}

func draw(t *rapid.T) *drawn {
	all := consent.QuotientFamilial.Groups
	d := &drawn{t: t, body: map[string]any{}, want: map[string]any{}}
	for _, group := range all {
		if rapid.Bool().Draw(t, "granted "+string(group)) {
			d.granted = append(d.granted, group)
		}
	}
	if len(d.granted) == 0 {
		d.granted = all[:1]
	}
	for _, group := range all {
		if rapid.IntRange(0, 4).Draw(t, "sent "+string(group)) > 0 {
			d.group(group)
		}
	}
	for range rapid.IntRange(0, 3).Draw(t, "more") {
		d.body[d.undocumented()] = d.hidden()
	}
	return d
}

// group puts one group in, and in what may leave when it was granted.
func (d *drawn) group(group consent.DataGroup) {
	may := slices.Contains(d.granted, group)
	if group == consent.GroupQuotientFamilial || group == consent.GroupAdresse {
		sent, left := d.object(group, may)
		d.body[string(group)] = sent
		if may {
			d.want[string(group)] = left
		}
		return
	}
	sent, left := []any{}, []any{}
	for range rapid.IntRange(0, 3).Draw(d.t, "people") {
		s, l := d.object(group, may)
		sent, left = append(sent, s), append(left, l)
	}
	d.body[string(group)] = sent
	if may {
		d.want[string(group)] = left
	}
}

func (d *drawn) object(group consent.DataGroup, may bool) (sent, left map[string]any) {
	sent, left = map[string]any{}, map[string]any{}
	if group == consent.GroupQuotientFamilial {
		sent["annee"], sent["mois"], left["annee"], left["mois"] = 2026.0, 11.0, 2026.0, 11.0
	}
	for _, name := range members[group] {
		switch value := d.scalar(may); rapid.IntRange(0, 20).Draw(d.t, name) {
		case 0:
		case 1: // something is in the place of a word
			sent[name], d.refused = d.hidden(), true
		default:
			sent[name], left[name] = value, value
		}
	}
	for range rapid.IntRange(0, 2).Draw(d.t, "undocumented") {
		sent[d.undocumented()] = d.hidden()
	}
	return sent, left
}

// scalar is a value: of a granted group an ordinary one, of another a secret.
func (d *drawn) scalar(may bool) any {
	if !may {
		return secret
	}
	return rapid.OneOf(rapid.Just[any](nil), rapid.Map(rapid.IntRange(0, 9999), func(n int) any { return float64(n) }),
		rapid.Map(rapid.StringOf(rapid.RuneFrom([]rune(`aé"\<>&/ ’`+"\u2028"))), func(s string) any { return s })).Draw(d.t, "value")
}

func (d *drawn) undocumented() string {
	return rapid.SampledFrom([]string{"nir", "numero_allocataire", "conjoint", "enfants ", "enfant", "quotient_familial_brut", "", "__proto__", "données"}).Draw(d.t, "name")
}

// hidden is a secret, bare or deep in something.
func (d *drawn) hidden() any {
	return rapid.SampledFrom([]any{
		map[string]any{"enfants": []any{map[string]any{"prenoms": secret}}}, []any{secret}, map[string]any{"valeur": secret, "quotient_familial": secret},
	}).Draw(d.t, "hidden")
}

// Whatever upstream sends, what leaves is exactly the granted groups with their
// documented members; and nothing that must not leave is anywhere in the answer or in
// the log.
func TestNoUngrantedValueEverLeaves(t *testing.T) {
	site := webtest.Site(t, consenttest.NewMemory(), consenttest.NewClock().Now)
	rapid.Check(t, func(rt *rapid.T) {
		d := draw(rt)
		w := worldWith(t, site)
		body, err := json.Marshal(map[string]any{"data": d.body, "links": map[string]any{"self": secret}, "meta": map[string]any{"note": secret}})
		if err != nil {
			rt.Fatal(err)
		}
		w.upstream.Misbehave(stub.Mischief{Body: string(body)})
		_, bearer := w.issued(consent.Continuous, d.granted...)
		r := w.get(path+"?annee=2026&mois=11", bearer)
		if strings.Contains(r.raw, secret) || strings.Contains(w.log.String(), secret) {
			rt.Errorf("a secret left: %s\n%s", r.raw, w.log)
		}
		if d.refused || len(d.want) == 0 {
			if r.status != 502 || w.last().Outcome != consent.Failed {
				rt.Errorf("no answer, and yet %d %s", r.status, r.raw)
			}
			return
		}
		var got struct{ Data map[string]any }
		if err := json.Unmarshal([]byte(r.raw), &got); err != nil || r.status != 200 || !reflect.DeepEqual(got.Data, d.want) {
			rt.Errorf("%d %v: left %v, want %v", r.status, err, got.Data, d.want)
		}
	})
}
