package gateway_test

import (
	"encoding/json"
	"fmt"
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

// allowed gives the client the right to a whole data set, and a consent to groups of it.
func (w *world) allowed(set consent.DataSet, groups ...consent.DataGroup) (consent.Issuance, string) {
	w.t.Helper()
	i := w.Issued(w.t, w.PushOf(w.t, set, groups...))
	return i, w.mint(w.claims(i))
}

// every runs a test for each data set that is asked for by identity.
func every(t *testing.T, test func(*testing.T, consent.DataSet)) {
	for _, set := range consent.DataSets() {
		if set.Upstream.Identity != "" {
			t.Run(set.Type, func(t *testing.T) { test(t, set) })
		}
	}
}

func TestEachDataSetIsReleasedWithinItsGroups(t *testing.T) {
	site := webtest.Site(t, consenttest.NewMemory(), consenttest.NewClock().Now)
	every(t, func(t *testing.T, set consent.DataSet) {
		within := set.InOrder(consenttest.PurposeFor(set).Groups)
		for mask := 1; mask < 1<<len(within); mask++ {
			var groups []consent.DataGroup
			for i, g := range within {
				if mask&(1<<i) != 0 {
					groups = append(groups, g)
				}
			}
			w := worldWith(t, site)
			w.upstream.Misbehave(stub.Mischief{ExtraGroups: true})
			_, bearer := w.allowed(set, groups...)
			r := w.get("/data/v1/"+set.Path, bearer)
			if r.status != 200 || len(r.Data) == 0 || strings.Contains(r.raw, "nir") {
				t.Fatalf("%v: %d %s", groups, r.status, r.raw)
			}
			if kept, ok := set.Cut(r.Data, groups); !ok || !reflect.DeepEqual(sorted(t, kept), sorted(t, r.Data)) {
				t.Errorf("%v: %s", groups, r.raw)
			}
			if a := w.last(); a.Outcome != consent.Released || a.DataSet != set.Type || !slices.Equal(a.Groups, groups) {
				t.Errorf("recorded %+v", a)
			}
		}
	})
}

// sorted is data as any reader understands them.
func sorted(t *testing.T, data map[string]json.RawMessage) (out map[string]any) {
	t.Helper()
	raw, err := json.Marshal(data)
	if err == nil {
		err = json.Unmarshal(raw, &out)
	}
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// shaped is an upstream answer of a data set made up at random, and what of it may leave.
type shaped struct {
	*drawn
	allowed consent.Shape
}

// find is the part of the allowed shape that a member has; false when it has none.
func find(s consent.Shape, name string) (consent.Shape, bool) {
	i := slices.IndexFunc(s.Members, func(m consent.Member) bool { return m.Name == name })
	if i < 0 {
		return consent.Shape{}, false
	}
	return s.Members[i].Shape, true
}

func (d *shaped) object(s, allowed consent.Shape) (sent, left map[string]any) {
	sent, left = map[string]any{}, map[string]any{}
	for _, m := range s.Members {
		part, may := find(allowed, m.Name)
		if rapid.IntRange(0, 5).Draw(d.t, "sent "+m.Name) == 0 {
			continue
		}
		value, rest := d.value(m, part, may)
		sent[m.Name] = value
		if may {
			left[m.Name] = rest
		}
	}
	for range rapid.IntRange(0, 1).Draw(d.t, "undocumented") {
		sent[d.undocumented()] = d.hidden()
	}
	return sent, left
}

func (d *shaped) value(m consent.Member, part consent.Shape, may bool) (sent, left any) {
	one := func() (any, any) {
		switch {
		case m.Shape.Kind == "":
			return d.object(m.Shape, part)
		case m.Name == "annee":
			return 2026.0, 2026.0
		case m.Name == "mois":
			return 11.0, 11.0
		case rapid.IntRange(0, 30).Draw(d.t, m.Name) == 0:
			d.refused = true
			return d.hidden(), nil
		}
		value := d.scalar(may)
		return value, value
	}
	if !m.Shape.List {
		return one()
	}
	all, rest := []any{}, []any{}
	for range rapid.IntRange(0, 2).Draw(d.t, "items") {
		s, l := one()
		all, rest = append(all, s), append(rest, l)
	}
	return all, rest
}

// Whatever upstream sends of any data set, what leaves is the documented part of the
// granted groups, and nothing else is anywhere in the answer or in the log.
func TestNoUngrantedValueOfAnyDataSetEverLeaves(t *testing.T) {
	site := webtest.Site(t, consenttest.NewMemory(), consenttest.NewClock().Now)
	var sets []consent.DataSet
	every(t, func(_ *testing.T, set consent.DataSet) { sets = append(sets, set) })
	rapid.Check(t, func(rt *rapid.T) {
		set := rapid.SampledFrom(sets).Draw(rt, "data set")
		d := &shaped{drawn: &drawn{t: rt}}
		within := set.InOrder(consenttest.PurposeFor(set).Groups)
		d.granted = rapid.SliceOfNDistinct(rapid.SampledFrom(within), 1, len(within), rapid.ID).Draw(rt, "granted")
		d.allowed = set.Shape(d.granted...)
		d.body, d.want = d.object(set.Shape(set.Groups...), d.allowed)
		if month, ok := d.body[set.Month].(map[string]any); ok {
			month["annee"], month["mois"] = 2026.0, 11.0
			if left, ok := d.want[set.Month].(map[string]any); ok {
				left["annee"], left["mois"] = 2026.0, 11.0
			}
		}
		consenttest.TellWhose(d.body, set, secret)
		w := worldWith(t, site)
		body, err := json.Marshal(map[string]any{"data": d.body, "links": map[string]any{"self": secret}, "meta": map[string]any{"note": secret}})
		if err != nil {
			rt.Fatal(err)
		}
		w.upstream.Misbehave(stub.Mischief{Body: string(body)})
		_, bearer := w.allowed(set, d.granted...)
		r := w.get("/data/v1/"+set.Path, bearer)
		if strings.Contains(r.raw, secret) || strings.Contains(w.log.String(), secret) {
			rt.Errorf("a secret left: %s\n%s", r.raw, w.log)
		}
		if d.refused || len(d.want) == 0 {
			if r.status != 502 || w.last().Outcome != consent.Failed {
				rt.Errorf("no answer, and yet %d %s", r.status, r.raw)
			}
			return
		}
		if r.status != 200 || !reflect.DeepEqual(sorted(t, r.Data), d.want) {
			rt.Errorf("%d: left %v, want %v", r.status, r.raw, d.want)
		}
	})
}

func TestEachDataSetAsksWithItsParametersAndFindsNobody(t *testing.T) {
	site := webtest.Site(t, consenttest.NewMemory(), consenttest.NewClock().Now)
	every(t, func(t *testing.T, set consent.DataSet) {
		for code, want := range map[string]struct {
			status  int
			outcome consent.Outcome
		}{"35560": {422, consent.NotIdentified}, "23003": {404, consent.NoFile}, "00429": {429, consent.Busy}, "35002": {504, consent.TimedOut}} {
			if set.Upstream.Whose != nil && want.outcome == consent.NoFile { // nobody's account is refused like somebody else's
				want.status, want.outcome = 422, consent.NotIdentified
			}
			w := worldWith(t, site)
			w.upstream.Misbehave(stub.Mischief{Code: code})
			_, bearer := w.allowed(set, set.InOrder(consenttest.PurposeFor(set).Groups)[0])
			r := w.get("/data/v1/"+set.Path+query(set), bearer)
			if r.status != want.status || w.last().Outcome != want.outcome {
				t.Errorf("%s: %d %s, recorded %s", code, r.status, r.raw, w.last().Outcome)
			}
			sent := w.upstream.Calls()[0]
			if sent.Path != consenttest.Paths(set)[0] || sent.Query.Has("annee") != (set.Month != "") || sent.Query.Get("recipient") == "" {
				t.Errorf("asked %s %v", sent.Path, sent.Query)
			}
			for name := range sent.Query {
				if dated := name == "annee" || name == "mois"; name != "recipient" && !dated && !set.Knows(name) {
					t.Errorf("%s was sent", name)
				}
			}
		}
	})
}

// query is a month long ago, of data that have one.
func query(set consent.DataSet) string {
	if set.Month == "" {
		return ""
	}
	return "?annee=2026&mois=9"
}

func TestATokenOpensItsOwnDataSetOnly(t *testing.T) {
	w := newWorld(t)
	_, bearer := w.issued(consent.Continuous, consent.GroupQuotientFamilial)
	every(t, func(t *testing.T, set consent.DataSet) {
		r := w.get("/data/v1/"+set.Path, bearer)
		if own := set.Type == "quotient_familial"; own != (r.status == 200) || !own && r.code() != "00100" {
			t.Errorf("%d %s", r.status, r.raw)
		}
	})
	if r := w.get("/data/v1/nothing", bearer); r.status != 404 || r.code() != "00404" {
		t.Errorf("no data set: %d %s", r.status, r.raw)
	}
	if len(w.upstream.Calls()) != 1 {
		t.Errorf("%d calls upstream", len(w.upstream.Calls()))
	}
}

func TestDataWithoutAMonthTakeNone(t *testing.T) {
	every(t, func(t *testing.T, set consent.DataSet) {
		w := newWorld(t)
		_, bearer := w.allowed(set, set.InOrder(consenttest.PurposeFor(set).Groups)[0])
		r := w.get("/data/v1/"+set.Path+"?annee=2026", bearer)
		if dated := set.Month != ""; dated != (r.status == 200) || !dated && r.status != 422 {
			t.Errorf("%d %s", r.status, fmt.Sprint(r.Errors))
		}
	})
}
