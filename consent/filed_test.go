package consent_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"portail.example/consent"
	"portail.example/consent/consenttest"
)

func file(t *testing.T, w *consenttest.World, who consent.PivotIdentity) consent.Request {
	t.Helper()
	r, err := w.Service.FileRequest(t.Context(), w.Filing(who))
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func poll(w *consenttest.World, t *testing.T, id string) (consent.Issuance, error) {
	t.Helper()
	w.Clock.Advance(consent.PollInterval)
	return w.Service.PollRequest(t.Context(), consent.Poll{Client: w.Client, RequestID: id})
}

func TestAFiledRequestWaitsForItsCitizen(t *testing.T) {
	w := consenttest.NewWorld(t)
	r := file(t, w, consenttest.Pierre().Identity)
	_, err := poll(w, t, r.ID)
	refused(t, "nobody came", err, consent.AuthorizationPending)
	for range 2 { // asking too early counts as asking
		_, err = w.Service.PollRequest(t.Context(), consent.Poll{Client: w.Client, RequestID: r.ID})
		refused(t, "at once", err, consent.SlowDown)
		w.Clock.Advance(consent.PollInterval - time.Second)
	}
	_, err = w.Service.Request(t.Context(), r.ID, w.Viewer)
	refused(t, "another citizen", err, consent.RequestAddressed)
	_, err = w.Service.Request(t.Context(), r.ID, consent.Viewer{Browser: "any"})
	refused(t, "nobody signed in", err, consent.SignInRequired)

	pierre := consent.Viewer{Browser: "phone", Subject: w.SignIn(t, consenttest.Pierre())}
	home, err := w.Service.Home(t.Context(), pierre.Subject)
	if err != nil || len(home.Waiting) != 1 || home.Waiting[0].ID != r.ID {
		t.Fatalf("%v, waiting %v", err, home.Waiting)
	}
	if angela, _ := w.Service.Home(t.Context(), w.Viewer.Subject); len(angela.Waiting) != 0 {
		t.Error("another citizen sees it")
	}
	if r, err = w.Service.Identify(t.Context(), r.ID, pierre); err != nil {
		t.Fatal(err)
	}
	answer := w.Allow(r)
	answer.Viewer = pierre
	if _, err := w.Service.Decide(t.Context(), answer); err != nil {
		t.Fatal(err)
	}
	_, err = w.Service.Respond(t.Context(), r.ID, pierre)
	refused(t, "no way back by the browser", err, consent.NotFound)
	issued, err := poll(w, t, r.ID)
	if err != nil || issued.RefreshToken == "" || issued.Grant.Subject != pierre.Subject {
		t.Fatalf("%v for %s", err, issued.Grant.Subject)
	}
	_, err = poll(w, t, r.ID)
	refused(t, "its token again", err, consent.InvalidGrant)
	_, err = w.Service.PollRequest(t.Context(), consent.Poll{Client: consenttest.Transports(), RequestID: r.ID})
	refused(t, "by another client", err, consent.InvalidGrant)
}

// Somebody who is signed in already finds what is filed meanwhile: on their pages, and
// behind an address they scan.
func TestAFiledRequestFindsACitizenWhoIsSignedIn(t *testing.T) {
	ways := map[string]func(w *consenttest.World, r consent.Request) error{
		"the request itself": func(w *consenttest.World, r consent.Request) error {
			_, err := w.Service.Request(t.Context(), r.ID, w.Viewer)
			return err
		},
		"home": func(w *consenttest.World, r consent.Request) error {
			home, err := w.Service.Home(t.Context(), w.Viewer.Subject)
			if err == nil && (len(home.Waiting) != 1 || home.Waiting[0].ID != r.ID) {
				t.Errorf("home has %v", home.Waiting)
			}
			return err
		},
		"the list": func(w *consenttest.World, r consent.Request) error {
			list, _, err := w.Service.Waiting(t.Context(), w.Viewer.Subject, "")
			if err == nil && len(list.Waiting) != 1 {
				t.Errorf("the list has %v", list.Waiting)
			}
			return err
		},
	}
	for name, look := range ways {
		w := consenttest.NewWorld(t)
		if err := look(w, file(t, w, consenttest.Angela().Identity)); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		_, err := w.Service.Request(t.Context(), file(t, w, consenttest.Pierre().Identity).ID, w.Viewer)
		refused(t, name+": another's", err, consent.RequestAddressed)
	}
}

// The address of a filed request tells who asks and what for, whatever happened since.
func TestAnInvitationSaysTheSameInEveryState(t *testing.T) {
	w := consenttest.NewWorld(t)
	r := file(t, w, consenttest.Angela().Identity)
	want := consent.Invitation{RequestID: r.ID, Purpose: r.Details.Purpose, From: consenttest.TownHall()}
	for _, step := range []func(){
		func() {},
		func() { w.SignIn(t, consenttest.Angela()) },
		func() {
			if err := w.Service.CancelRequest(t.Context(), w.Client, r.ID); err != nil {
				t.Fatal(err)
			}
		},
		func() { w.Clock.Advance(consent.MaxFiling) },
	} {
		step()
		got, err := w.Service.Invitation(t.Context(), r.ID)
		if diff := cmp.Diff(want, got); err != nil || diff != "" {
			t.Error(err, diff)
		}
	}
	_, err := w.Service.Invitation(t.Context(), w.Pushed(t, w.Push()).ID)
	refused(t, "a request of the browser", err, consent.NotFound)
	_, err = w.Service.Invitation(t.Context(), "none")
	refused(t, "unknown", err, consent.NotFound)
}

func TestHowAFiledRequestEnds(t *testing.T) {
	cases := map[string]struct {
		end  func(w *consenttest.World, r consent.Request) error
		code consent.Code
	}{
		"refused": {func(w *consenttest.World, r consent.Request) error {
			w.Viewer.Subject = w.SignIn(t, consenttest.Pierre())
			_, err := w.Service.Decide(t.Context(), consent.Answer{RequestID: r.ID, Viewer: w.Viewer, Statement: consenttest.Statement()})
			return err
		}, consent.AccessDenied},
		"cancelled": {func(w *consenttest.World, r consent.Request) error {
			return w.Service.CancelRequest(t.Context(), w.Client, r.ID)
		}, consent.AccessDenied},
		"late": {func(w *consenttest.World, _ consent.Request) error {
			w.Clock.Advance(consent.DefaultFiling)
			return nil
		}, consent.ExpiredToken},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			w := consenttest.NewWorld(t)
			r := file(t, w, consenttest.Pierre().Identity)
			if err := c.end(w, r); err != nil {
				t.Fatal(err)
			}
			_, err := poll(w, t, r.ID)
			refused(t, name, err, c.code)
			w.SignIn(t, consenttest.Pierre())
			if name != "refused" {
				if home, _ := w.Service.Home(t.Context(), w.SignIn(t, consenttest.Pierre())); len(home.Waiting) != 0 {
					t.Error("still waits on the home page")
				}
			}
		})
	}
	w := consenttest.NewWorld(t)
	r := file(t, w, consenttest.Pierre().Identity)
	refused(t, "cancelled by another client", w.Service.CancelRequest(t.Context(), consenttest.Transports(), r.ID), consent.NotFound)
	pushed := w.Pushed(t, w.Push())
	refused(t, "a pushed request is not a filed one", w.Service.CancelRequest(t.Context(), w.Client, pushed.ID), consent.NotFound)
	_, err := poll(w, t, pushed.ID)
	refused(t, "nor polled", err, consent.InvalidGrant)
}

// Files and civil registers do not spell alike.
func TestIdentitiesMatchAcrossSpellings(t *testing.T) {
	register := consent.PivotIdentity{
		FamilyName: "LE GŒFF-D’ÉPÉE", GivenNames: []string{"Zoé-Anaïs", "Marie"}, Birthdate: "1987-06-01", Gender: "female", Birthplace: "2A004", Birthcountry: "99100",
	}
	same := []consent.PivotIdentity{
		{FamilyName: "le goeff d'epee", GivenNames: []string{"ZOE ANAIS"}, Gender: "female", Birthdate: "1987-06-00", Birthplace: "2A004", Birthcountry: "99100"},
		{FamilyName: "Le Gœff-D'E\u0301pe\u0301e", GivenNames: []string{"Zoé Anaïs"}, Birthdate: "1987-06-01", Gender: "female", Birthplace: "2A004", Birthcountry: "99100"},
	}
	for _, p := range same {
		if p.MatchKey() != register.MatchKey() {
			t.Errorf("%q is not %q", p.MatchKey(), register.MatchKey())
		}
	}
	for what, change := range map[string]func(*consent.PivotIdentity){
		"name": func(p *consent.PivotIdentity) { p.FamilyName = "LE GOFF" }, "given name": func(p *consent.PivotIdentity) { p.GivenNames = []string{"Marie"} },
		"gender": func(p *consent.PivotIdentity) { p.Gender = "male" }, "country": func(p *consent.PivotIdentity) { p.Birthcountry = "99352" },
		"date": func(p *consent.PivotIdentity) { p.Birthdate = "1987-06-02" }, "place": func(p *consent.PivotIdentity) { p.Birthplace = "2B004" },
	} {
		other := register
		other.GivenNames = slices.Clone(register.GivenNames)
		change(&other)
		if other.MatchKey() == register.MatchKey() {
			t.Errorf("another %s makes no difference", what)
		}
	}
}

// Abroad there is no commune and dates are often completed: every given name counts.
func TestHomonymsBornAbroadAreKeptApart(t *testing.T) {
	born := func(names ...string) string {
		return consent.PivotIdentity{FamilyName: "ALI", GivenNames: names, Birthdate: "1990-01-01", Gender: "male", Birthcountry: "99352"}.MatchKey()
	}
	if born("Mohamed", "Karim") == born("Mohamed", "Salah") || born("Mohamed Karim") != born("Mohamed", "Karim") {
		t.Error("two men share a request, or one has two names")
	}
}

// An address that was mailed does not answer for its reader: a filed request always
// asks, whatever was allowed before.
func TestAFiledRequestAlwaysAsks(t *testing.T) {
	w := consenttest.NewWorld(t)
	w.Issued(t, w.Push())
	r := file(t, w, consenttest.Angela().Identity)
	w.SignIn(t, consenttest.Angela())
	shown, err := w.Service.Identify(t.Context(), r.ID, w.Viewer)
	if err != nil || shown.Status != consent.RequestIdentified {
		t.Errorf("%v, %s", err, shown.Status)
	}
	_, err = poll(w, t, r.ID)
	refused(t, "not asked yet", err, consent.AuthorizationPending)
}

func TestBadFilingsAreRefusedByName(t *testing.T) {
	cases := map[string]func(f *consent.Filing){
		"expires_in":            func(f *consent.Filing) { f.Lifetime = 91 * 24 * time.Hour },
		"subject.family_name":   func(f *consent.Filing) { f.Subject.FamilyName = " -' " },
		"reference":             func(f *consent.Filing) { f.Reference = strings.Repeat("r", 65) },
		"reference ":            func(f *consent.Filing) { f.Reference = "1 87 06 27 082 048 11" },
		" reference":            func(f *consent.Filing) { f.Reference = "URGENT : appelez" },
		"subject.gender":        func(f *consent.Filing) { f.Subject.Gender = "" },
		"subject.given_name":    func(f *consent.Filing) { f.Subject.GivenNames = nil },
		"subject.birthdate":     func(f *consent.Filing) { f.Subject.Birthdate = "1987-13-01" },
		"subject.birthcountry":  func(f *consent.Filing) { f.Subject.Birthcountry = "FR" },
		"subject.birthplace":    func(f *consent.Filing) { f.Subject.Birthplace = "" },
		"subject.birthplace ":   func(f *consent.Filing) { f.Subject.Birthcountry = "99404" },
		"authorization_details": func(f *consent.Filing) { f.Details.Purpose = "other" },
	}
	for field, spoil := range cases {
		t.Run(field, func(t *testing.T) {
			w := consenttest.NewWorld(t)
			f := w.Filing(consenttest.Pierre().Identity)
			spoil(&f)
			_, err := w.Service.FileRequest(t.Context(), f)
			if code := consent.CodeOf(err); code != consent.InvalidRequest && code != consent.InvalidAuthorizationDetails || field != "authorization_details" && !strings.Contains(consent.FieldOf(err), strings.TrimSpace(field)) {
				t.Errorf("%v", err)
			}
		})
	}
}
