package portal_test

import (
	"context"
	"encoding/json"
	"fmt"
	"html"
	"log/slog"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"portail.example/consent"
	"portail.example/consent/consenttest"
	"portail.example/internal/apiparticulier"
	stub "portail.example/internal/sandbox/apiparticulier"
	fcstub "portail.example/internal/sandbox/franceconnect"
	"portail.example/portal/citizen"
	"portail.example/portal/web/webtest"
)

// looking is the citizen's pages before API Particulier, which asks FranceConnect whom a
// token is for; both are stand-ins on ports of their own.
type looking struct {
	*world
	fc   *fcstub.Server
	logs strings.Builder
}

// signsIn is FranceConnect's sign-in, with the token that its stand-in grants.
type signsIn struct {
	shortcut
	l *looking
}

func (s signsIn) Begin(ctx context.Context, data ...string) (consent.SignInAttempt, string, error) {
	attempt, address, err := s.shortcut.Begin(ctx, data...)
	attempt.Nonce, attempt.Data = strings.Join(data, " "), len(data) > 0
	return attempt, address, err
}

func (s signsIn) Complete(ctx context.Context, a consent.SignInAttempt, _ url.Values) (consent.SignIn, error) {
	in := consenttest.Angela()
	if a.Data {
		scopes := append([]string{"openid"}, strings.Fields(a.Nonce)...)
		in.Live = consent.NewLiveToken(s.l.fc.Grant("portail", "angela", scopes...), strings.Join(scopes, " "), time.Minute, s.l.Clock.Now())
	}
	return in, nil
}

func newLooking(t *testing.T) *looking {
	t.Helper()
	l := &looking{world: newWorld(t)}
	fc, api := httptest.NewUnstartedServer(nil), httptest.NewUnstartedServer(nil)
	at := "http://" + fc.Listener.Addr().String() + "/api/v2"
	base := "http://" + api.Listener.Addr().String()
	l.api = stub.New(stub.Config{Now: l.Clock.Now, Tokens: map[string]stub.Habilitation{"t": {Scopes: stub.EveryScope()}}, FranceConnect: &stub.FranceConnect{Issuer: at, ClientID: "api", Secret: "s"}})
	var err error
	if l.fc, err = fcstub.New(fcstub.Config{
		Issuer: at, Now: l.Clock.Now, Clients: []fcstub.Client{{ID: "portail", EntityID: "portail"}},
		Providers: []fcstub.DataProvider{{ID: "api", Secret: "s", JWKSURI: base + "/jwks", Scopes: consent.LiveScopes()}},
	}); err != nil {
		t.Fatal(err)
	}
	fc.Config.Handler, api.Config.Handler = l.fc, l.api
	for _, server := range []*httptest.Server{fc, api} {
		server.Start()
		t.Cleanup(server.Close)
	}
	source := apiparticulier.New(apiparticulier.Config{BaseURL: base, Token: "t", Gate: consenttest.NewGate(), Now: l.Clock.Now})
	site := webtest.Site(t, l.Memory, l.Clock.Now)
	pages := citizen.New(citizen.Config{
		Service: l.Service, Site: site, FranceConnect: signsIn{l: l}, Attempts: l.Memory, Issuer: issuer, Now: l.Clock.Now,
		Source: source, Live: source, LiveScopes: consent.LiveScopes(), OwnSIRET: "13990012000003",
	})
	l.base = webtest.Serve(t, slog.New(slog.NewTextHandler(&l.logs, &slog.HandlerOptions{Level: slog.LevelDebug})), site, l.Clock.Now, pages, site, l.asked(site)).URL
	return l
}

// leaf is a value made up for a group, in the provider's words and in the page's.
type leaf struct {
	group    consent.DataGroup
	name     string
	raw      any
	seen     string
	expected bool // the group's line has a place for it
}

// madeUp is an answer with every documented value of a data set, none of them twice.
func madeUp(set consent.DataSet, words map[string]string) (map[string]any, []leaf) {
	data, leaves := map[string]any{}, []leaf{}
	for _, g := range set.Groups {
		fill(data, set.Shape(g), func(name string, kind consent.ValueKind) any {
			l := value(kind, len(leaves)+1, name)
			l.group, l.name = g, name
			line := words["group."+string(g)+".line"]
			l.expected = strings.Contains(line, "{{."+name+"}}") || strings.Contains(line, "_"+name+"}}")
			leaves = append(leaves, l)
			return l.raw
		})
	}
	return data, leaves
}

func value(kind consent.ValueKind, n int, name string) leaf {
	switch {
	case name == "annee":
		return leaf{raw: 2026}
	case name == "mois":
		return leaf{raw: 11}
	case kind == consent.KindNumber:
		return leaf{raw: 918273000 + n, seen: fmt.Sprint(918273000 + n)}
	case kind == consent.KindBoolean:
		return leaf{raw: true, seen: "oui"}
	case kind == consent.KindDay:
		return leaf{raw: fmt.Sprintf("%d-03-04", 1900+n), seen: fmt.Sprintf("4 mars %d", 1900+n)}
	}
	return leaf{raw: fmt.Sprintf("VALEUR-%d-FICTIVE", n), seen: fmt.Sprintf("VALEUR-%d-FICTIVE", n)}
}

// fill adds a group's members to an object that other groups may share.
func fill(into map[string]any, s consent.Shape, make func(string, consent.ValueKind) any) {
	for _, m := range s.Members {
		switch {
		case m.Shape.Kind != "" && m.Shape.List:
			into[m.Name] = []any{make(m.Name, m.Shape.Kind)}
		case m.Shape.Kind != "":
			into[m.Name] = make(m.Name, m.Shape.Kind)
		default:
			inner := map[string]any{}
			switch before := into[m.Name].(type) {
			case map[string]any:
				inner = before
			case []any:
				inner = before[0].(map[string]any)
			}
			fill(inner, m.Shape, make)
			into[m.Name] = inner
			if m.Shape.List {
				into[m.Name] = []any{inner}
			}
		}
	}
}

// parts are all that may be asked of a data set, and its first and last group alone.
func parts(set consent.DataSet) [][]consent.DataGroup {
	within := set.InOrder(consenttest.PurposeFor(set).Groups)
	return [][]consent.DataGroup{within, within[:1], within[len(within)-1:]}
}

// ways are the two of looking: with FranceConnect's token while it lives, then by identity.
// Each is the calls it makes.
func ways(set consent.DataSet, asked []consent.DataGroup) (calls [][]string) {
	if len(set.LiveScopes(asked)) > 0 {
		calls = append(calls, []string{set.Upstream.FranceConnect})
	}
	return append(calls, consenttest.Paths(set))
}

// Of every data set, and of each part of it that can be asked, a citizen sees the asked
// groups' values in words and nothing else, whichever way the data is asked; none of it is
// in the log or in the store.
func TestACitizenSeesWhatIsAskedOfAnyDataSet(t *testing.T) {
	words := french(t)
	for _, set := range consent.DataSets() {
		for _, asked := range parts(set) {
			t.Run(fmt.Sprint(set.Type, asked), func(t *testing.T) {
				l := newLooking(t)
				data, leaves := madeUp(set, words)
				data["nir"] = "187060848000112"
				if consenttest.TellWhose(data, set, "SECRET-DE-TROP"); data["identite"] == nil {
					data["identite"] = map[string]any{"nom_naissance": "SECRET-DE-TROP"}
				}
				body, err := json.Marshal(map[string]any{"data": data, "links": map[string]any{}, "meta": map[string]any{"note": "SECRET-DE-TROP"}})
				if err != nil {
					t.Fatal(err)
				}
				l.api.Misbehave(stub.Mischief{Body: string(body)})
				page := l.asks(set, asked)
				if set.OfAnother {
					l.seesNothing(page)
					return
				}
				for range ways(set, asked) {
					l.sees(l.b.Post(l.base+page.URL.Path+"/preview", nil), asked, leaves, words)
				}
				l.kept(slices.Concat(ways(set, asked)...), leaves)
			})
		}
	}
}

// seesNothing: what is somebody else's is not shown on the word of whoever signs in.
func (l *looking) seesNothing(page webtest.Answer) {
	l.t.Helper()
	if strings.Contains(page.Body, "/preview") {
		l.t.Error("a look is offered")
	}
	if look := l.b.Post(l.base+page.URL.Path+"/preview", nil); look.Status != 404 || len(l.api.Calls()) != 0 {
		l.t.Errorf("%d, %d calls", look.Status, len(l.api.Calls()))
	}
}

// sees compares a preview with what was sent.
func (l *looking) sees(page webtest.Answer, asked []consent.DataGroup, leaves []leaf, words map[string]string) {
	l.t.Helper()
	if page.Status != 200 || strings.Contains(page.Body, "187060848000112") || strings.Contains(page.Body, "SECRET") {
		l.t.Fatalf("%d, or more than is documented", page.Status)
	}
	for _, g := range asked {
		if !strings.Contains(page.Body, html.EscapeString(words["group."+string(g)+".name"])) {
			l.t.Errorf("%s has no name", g)
		}
	}
	for _, v := range leaves {
		may := slices.Contains(asked, v.group)
		if shown := strings.Contains(unspaced(page.Body), unspaced(v.seen)); v.seen != "" && may && v.expected && !shown {
			l.t.Errorf("%s %s: no %q", v.group, v.name, v.seen)
		} else if _, sign := v.raw.(bool); !sign && v.seen != "" && !may && shown {
			l.t.Errorf("%s %s: %q is shown, and was not asked", v.group, v.name, v.seen)
		}
	}
}

// kept compares what was called, and what is left of it.
func (l *looking) kept(paths []string, leaves []leaf) {
	l.t.Helper()
	var called []string
	for _, call := range l.api.Calls() {
		called = append(called, call.Path)
	}
	if !slices.Equal(called, paths) {
		l.t.Errorf("called %v, want %v", called, paths)
	}
	left := l.logs.String() + fmt.Sprintf("%+v %+v", l.Memory.Ledger(), l.Memory.Events())
	for _, v := range leaves {
		if text, is := v.raw.(string); is && strings.Contains(left, text) {
			l.t.Errorf("%s is kept", text)
		}
	}
	if l.logs.Len() == 0 || strings.Contains(left, "DUBOIS") {
		l.t.Error("no log, or a name in it")
	}
}

// What the stand-in holds of its own people reads well in French: sensitive data sets too.
func TestThePreviewInWords(t *testing.T) {
	for typ, want := range map[string][]string{
		"allocation_adulte_handicape":    {"Bénéficiaire : oui – depuis le 1er mars 2019"},
		"complementaire_sante_solidaire": {"Bénéficiaire : oui – depuis le 1er juillet 2024", "Avec participation : non"},
		"prime_activite":                 {"Bénéficiaire : non"},
		"statut_etudiant":                {"formation initiale", "UNIVERSITE DE PARIS"},
		"etudiant_boursier":              {"Boursier : oui", "Échelon 6"},
	} {
		set, _ := consent.DataSetOf(typ)
		l := newLooking(t)
		page := l.asks(set, set.InOrder(consenttest.PurposeFor(set).Groups))
		for range 2 {
			seen := l.b.Post(l.base+page.URL.Path+"/preview", nil)
			text := strings.ReplaceAll(html.UnescapeString(seen.Body), "\u00a0", " ")
			for _, line := range want {
				if seen.Status != 200 || !strings.Contains(text, line) {
					t.Errorf("%s: %d, no %q", typ, seen.Status, line)
				}
			}
		}
	}
}

// unspaced is a text without the spaces that numbers are written with.
func unspaced(text string) string {
	return strings.NewReplacer(" ", "", "\u00a0", "", "\u202f", "").Replace(text)
}
