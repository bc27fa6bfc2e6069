package consenttest

import (
	"testing"
	"time"

	"portail.example/consent"
)

var measureContract = []clause{
	{"a measure comes back, and holds until it is lifted", measures},
	{"a restriction stops what it covers and nothing else, lifting frees what none covers", restriction},
	{"a measure goes 24 months after it was lifted, and a restriction keeps everything", measurePurged},
	{"an erasure lifts what holds", measureErased},
	{"a request to lift a restriction says which, and is refused with it", liftAsked},
}

const whyRestricted = "Nous gelons vos données, le temps de vérifier."

// Restricted is a restriction that an officer accepted, of one administration or of all.
func (w *World) Restricted(t testing.TB, of consent.Party) consent.Measure {
	t.Helper()
	return w.Accepted(t, consent.RightRestriction, of)
}

// Accepted is what came of a right that an officer accepted.
func (w *World) Accepted(t testing.TB, right consent.Right, of consent.Party) consent.Measure {
	t.Helper()
	r, err := w.Service.AskRight(background, w.Viewer.Subject, right, "")
	must(t, err)
	m, err := w.Service.AcceptRight(background, w.Officer(t), r.ID, of, whyRestricted)
	must(t, err)
	return m
}

// Officer is the portal's own data protection officer, the same at each call.
func (w *World) Officer(t testing.TB) consent.Agent {
	t.Helper()
	if w.officer.ID == "" {
		w.officer = w.Agent(t, consent.RolePlatformDPO)
	}
	return w.officer
}

// Lifted ends a restriction that its citizen wants lifted.
func (w *World) Lifted(t testing.TB, m consent.Measure) {
	t.Helper()
	officer := w.Officer(t)
	must(t, w.Service.AskLifting(background, m.Subject, m.ID))
	must(t, w.Service.LiftRestriction(background, officer, m.RightsID, m.ID, "Le désaccord est réglé."))
}

// TownHallParty is the administration of Push.
func TownHallParty() consent.Party {
	return consent.Party{ClientID: TownHall().ID, Recipient: TownHall().SIRET}
}

func measures(t *testing.T, s StoreWithClients) {
	w := NewWorldOn(t, s)
	w.Identified(t, w.Push())
	first := w.Restricted(t, consent.Party{})
	w.Clock.Advance(time.Second)
	second, err := w.Service.Object(background, w.Viewer.Subject, TownHallParty())
	must(t, err)
	again, err := w.Service.Object(background, w.Viewer.Subject, TownHallParty())
	must(t, err)
	same(t, again, second)
	held := func(want ...consent.Measure) {
		t.Helper()
		got, err := s.Measures(background, w.Viewer.Subject)
		must(t, err)
		same(t, append([]consent.Measure{}, got...), append([]consent.Measure{}, want...))
	}
	held(first, second)
	w.Clock.Advance(time.Second)
	w.Lifted(t, first)
	must(t, w.Service.LiftObjection(background, w.Viewer.Subject, second.ID))
	held()
	second.LiftedAt = w.Clock.Now()
	page, err := s.PastMeasures(background, w.Viewer.Subject, consent.Measure{}, 1)
	must(t, err)
	same(t, page, []consent.Measure{second})
	page, err = s.PastMeasures(background, w.Viewer.Subject, page[0], 10)
	must(t, err)
	first.LiftAskedAt, first.LiftedAt, first.LiftedBy = second.LiftedAt, second.LiftedAt, page[0].LiftedBy
	if same(t, page, []consent.Measure{first}); first.LiftedBy == "" {
		t.Error("nobody lifted the restriction")
	}
	isNotFound(t, "lifted twice", w.Service.LiftObjection(background, w.Viewer.Subject, second.ID))
	isNotFound(t, "another citizen's", w.Service.AskLifting(background, w.SignIn(t, Pierre()), first.ID))
}

// restriction: two administrations, one of them paused, and a consent that is over.
func restriction(t *testing.T, s StoreWithClients) {
	w := NewWorldOn(t, s)
	town, _ := w.Granted(t, w.PushOnce())
	over, _ := w.Granted(t, w.PushOnce())
	_, err := w.Service.Withdraw(background, over.Subject, over.ID, consent.Unsaid)
	must(t, err)
	w.Client = Transports()
	p := w.Push()
	p.Details = *w.Client.Default
	buses, _ := w.Granted(t, p)
	must(t, w.Service.Pause(background, buses.Subject, buses.ID))
	w.Client = TownHall()
	state := func(g consent.Grant) consent.GrantStatus {
		t.Helper()
		got, err := s.Grant(background, g.Subject, g.ID)
		must(t, err)
		return got.StatusAt(w.Clock.Now())
	}
	expect := func(inTown, inBuses consent.GrantStatus) {
		t.Helper()
		same(t, []consent.GrantStatus{state(town), state(buses), state(over)}, []consent.GrantStatus{inTown, inBuses, consent.GrantTakenBack})
	}
	one := w.Restricted(t, TownHallParty())
	expect(consent.GrantRestricted, consent.GrantPaused)
	all := w.Restricted(t, consent.Party{})
	expect(consent.GrantRestricted, consent.GrantRestricted)
	w.Lifted(t, all)
	expect(consent.GrantRestricted, consent.GrantPaused)
	w.Lifted(t, one)
	expect(consent.GrantActive, consent.GrantPaused)
}

func measurePurged(t *testing.T, s StoreWithClients) {
	w := NewWorldOn(t, s)
	g, _ := w.Granted(t, w.PushOnce())
	kept := w.Restricted(t, consent.Party{})
	w.Clock.Set(Start.AddDate(0, consent.EvidenceMonths, 3))
	_, err := w.Service.Purge(background)
	must(t, err)
	_, err = s.Grant(background, g.Subject, g.ID)
	must(t, err)
	w.Lifted(t, kept)
	lifted := w.Clock.Now()
	w.SignIn(t, Angela())
	_, err = w.Service.Purge(background)
	must(t, err)
	_, err = s.Grant(background, g.Subject, g.ID)
	isNotFound(t, "what the restriction kept", err)
	left := func() int {
		list, err := s.PastMeasures(background, w.Viewer.Subject, consent.Measure{}, 10)
		must(t, err)
		return len(list)
	}
	for seconds, want := range []int{1, 0} {
		w.Clock.Set(lifted.AddDate(0, consent.ObjectionMonths, 0).Add(time.Duration(seconds) * time.Second))
		_, err = w.Service.Purge(background)
		must(t, err)
		same(t, left(), want)
	}
}

func measureErased(t *testing.T, s StoreWithClients) {
	w := NewWorldOn(t, s)
	w.Granted(t, w.Push())
	w.Restricted(t, consent.Party{})
	w.Accepted(t, consent.RightObjection, consent.Party{})
	r, err := w.Service.AskRight(background, w.Viewer.Subject, consent.RightErasure, "")
	must(t, err)
	e, err := w.Service.AskErasure(background, w.Viewer.Subject, r.ID, "one")
	must(t, err)
	_, err = w.Service.EraseSubject(background, e.ID, "other")
	must(t, err)
	held, err := s.Measures(background, w.Viewer.Subject)
	must(t, err)
	same(t, len(held), 0)
	ended, err := s.PastMeasures(background, w.Viewer.Subject, consent.Measure{}, 10)
	must(t, err)
	same(t, len(ended), 2)
}

func liftAsked(t *testing.T, s StoreWithClients) {
	w := NewWorldOn(t, s)
	m := w.Restricted(t, consent.Party{})
	w.Clock.Advance(time.Second)
	must(t, w.Service.AskLifting(background, m.Subject, m.ID))
	measure := func(want consent.Measure) {
		t.Helper()
		got, err := s.Measure(background, m.Subject, m.ID)
		must(t, err)
		same(t, got, want)
	}
	m.LiftAskedAt = w.Clock.Now()
	measure(m)
	list, err := s.RightsRequests(background, m.Subject, consent.RightsRequest{}, 10)
	must(t, err)
	same(t, []string{list[0].Lifts, list[1].Lifts}, []string{m.ID, ""})
	var lifts []string
	must(t, w.Service.EachRight(background, w.Officer(t), func(r consent.RightsRequest) error {
		if r.ID == list[0].ID {
			lifts = append(lifts, r.Lifts)
		}
		return nil
	}))
	same(t, lifts, []string{m.ID})
	must(t, w.Service.WriteRight(background, w.Officer(t), list[0].ID, consent.RightsRefusal, whyRestricted+" Vous pouvez saisir la CNIL."))
	m.LiftAskedAt = time.Time{}
	measure(m)
	_, err = s.Measure(background, w.SignIn(t, Pierre()), m.ID)
	isNotFound(t, "another citizen's", err)
}
