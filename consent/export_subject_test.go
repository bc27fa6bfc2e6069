package consent_test

import (
	"errors"
	"slices"
	"testing"
	"time"

	"portail.example/consent"
	"portail.example/consent/consenttest"
)

// counter collects how many things of each part came, and fails when told to.
type counter struct {
	who   consent.PivotIdentity
	parts []consent.Part
	state consent.GrantStatus // of the last consent
	count map[consent.Part]int
	fail  error
}

func (c *counter) Begin(h consent.Holdings) error {
	c.who, c.count = h.Identity, map[consent.Part]int{}
	return c.fail
}
func (c *counter) Part(p consent.Part) error { c.parts = append(c.parts, p); return nil }
func (c *counter) add() error                { c.count[c.parts[len(c.parts)-1]]++; return nil }
func (c *counter) End() error                { return nil }

func (c *counter) SignedIn(consent.Session) error                              { return c.add() }
func (c *counter) Message(consent.RightsMessage, consent.RightsRequest) error  { return c.add() }
func (c *counter) Measure(consent.Measure, consent.Client) error               { return c.add() }
func (c *counter) LookedUp(consent.LookupTold) error                           { return c.add() }
func (c *counter) Right(consent.RightsRequest) error                           { return c.add() }
func (c *counter) Request(consent.Request, consent.Client) error               { return c.add() }
func (c *counter) Answer(consent.Receipt) error                                { return c.add() }
func (c *counter) Grant(g consent.Grant, _ consent.Client) error               { c.state = g.Status; return c.add() }
func (c *counter) Access(consent.Access, consent.Client, consent.Client) error { return c.add() }

func TestAnExportHoldsEverythingOfItsCitizenAndNothingOfOthers(t *testing.T) {
	w := consenttest.NewWorld(t)
	issued := w.Issued(t, w.Push())
	const uses = 250 // more than two pages
	for range uses {
		w.Clock.Advance(1e9)
		if _, err := w.Service.AuthorizeAccess(t.Context(), w.Call(issued)); err != nil {
			t.Fatal(err)
		}
	}
	const asked = 101 // more than one page
	agent, _ := officer(t, w, consent.RolePlatformDPO)
	for range asked {
		r, err := w.Service.AskRight(t.Context(), w.Viewer.Subject, consent.RightAccess, "")
		if err != nil {
			t.Fatal(err)
		}
		if err := w.Service.WriteRight(t.Context(), agent, r.ID, consent.RightsAnswer, "voici votre réponse"); err != nil {
			t.Fatal(err)
		}
	}
	for _, handle := range []string{"phone", "desk"} {
		open := consent.Session{Browser: "b", Subject: w.Viewer.Subject, Handle: handle, CreatedAt: w.Clock.Now(), SeenAt: w.Clock.Now()}
		if _, err := w.Memory.OpenSession(t.Context(), open); err != nil {
			t.Fatal(err)
		}
	}
	all := &counter{}
	session := consent.Session{Subject: w.Viewer.Subject}
	if err := w.Service.ExportSubject(t.Context(), session, all); err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(all.parts, consent.Parts()) || all.count[consent.PartRequests] != 1 || all.count[consent.PartAnswers] != 1 || all.count[consent.PartConsents] != 1 || all.count[consent.PartAccesses] != uses || all.count[consent.PartRights] != asked || all.count[consent.PartMessages] != asked || all.count[consent.PartLookups] != 1 || all.count[consent.PartSessions] != 2 {
		t.Errorf("%v: %v", all.parts, all.count)
	}
	if all.who.FamilyName != consenttest.Angela().Identity.FamilyName {
		t.Error("of another citizen")
	}
	ledger := w.Memory.Ledger()
	if last := ledger[len(ledger)-1]; last.Kind != consent.EntryExport || last.Subject != w.Viewer.Subject || last.Ref == "" {
		t.Errorf("evidence: %+v", last)
	}
	w.Clock.Advance(400 * 24 * time.Hour)
	later := &counter{}
	if err := w.Service.ExportSubject(t.Context(), session, later); err != nil || later.state != consent.GrantEnded {
		t.Errorf("a consent that ended is %q: %v", later.state, err)
	}
	other := &counter{}
	if err := w.Service.ExportSubject(t.Context(), consent.Session{Subject: w.SignIn(t, consenttest.Pierre())}, other); err != nil {
		t.Fatal(err)
	}
	if len(other.count) != 0 {
		t.Errorf("another citizen's export holds %v", other.count)
	}
}

func TestAnExportThatCannotBeRecordedDoesNotBegin(t *testing.T) {
	w := consenttest.NewWorld(t)
	w.Memory.Fail(errors.New("down"))
	all := &counter{}
	if err := w.Service.ExportSubject(t.Context(), consent.Session{Subject: w.Viewer.Subject}, all); err == nil || all.count != nil {
		t.Errorf("%v, %v", err, all)
	}
	w.Memory.Fail(nil)
	if err := w.Service.ExportSubject(t.Context(), consent.Session{}, all); !errors.Is(err, consent.SignInRequired) {
		t.Errorf("nobody signed in: %v", err)
	}
	if err := w.Service.ExportSubject(t.Context(), consent.Session{Subject: w.Viewer.Subject}, &counter{fail: errors.New("gone")}); err == nil {
		t.Error("the reader's error is lost")
	}
}
