package consenttest

import (
	"testing"

	"portail.example/consent"
)

func subjects(t *testing.T, s StoreWithClients) {
	w := NewWorldOn(t, s)
	renamed := Angela()
	renamed.Identity.PreferredName = "MERCIER"
	if again := w.SignIn(t, renamed); again != w.Viewer.Subject {
		t.Errorf("found again as %q instead of %q", again, w.Viewer.Subject)
	}
	got, err := s.Identity(background, w.Viewer.Subject)
	must(t, err)
	same(t, got, renamed.Identity)
	other := Angela()
	other.Issuer = "https://other.example"
	for _, in := range []consent.SignIn{Pierre(), other} {
		if w.SignIn(t, in) == w.Viewer.Subject {
			t.Error("two people share one subject")
		}
	}
}

func pairwise(t *testing.T, s StoreWithClients) {
	w := NewWorldOn(t, s)
	var first, again, elsewhere, sector string
	inTx(t, s, func(tx consent.Tx) (err error) {
		if first, err = tx.PairwiseSub(background, w.Viewer.Subject, TownHall().ID, ""); err != nil {
			return err
		}
		if again, err = tx.PairwiseSub(background, w.Viewer.Subject, TownHall().ID, ""); err != nil {
			return err
		}
		if sector, err = tx.PairwiseSub(background, w.Viewer.Subject, TownHall().ID, Transports().SIRET); err != nil {
			return err
		}
		elsewhere, err = tx.PairwiseSub(background, w.Viewer.Subject, Transports().ID, "")
		return err
	})
	if first == "" || first != again || first == elsewhere || first == sector || first == string(w.Viewer.Subject) {
		t.Errorf("subs: %q, again %q, elsewhere %q, in a sector %q", first, again, elsewhere, sector)
	}
}

func grantRoundTrip(t *testing.T, s StoreWithClients) {
	w := NewWorldOn(t, s)
	g, r := w.Granted(t, w.Push())
	want := consent.Grant{
		ID: g.ID, Subject: w.Viewer.Subject, ClientID: w.Client.ID, Sub: g.Sub, RequestID: r.ID, Details: r.Details, Status: consent.GrantActive,
		ACR: "eidas1", AuthTime: Start, CreatedAt: Start, ExpiresAt: r.Details.EndsOn.End(),
	}
	same(t, g, want)
	_, err := s.Grant(background, "somebody-else", g.ID)
	isNotFound(t, "another's grant", err)
	withdrawn, err := w.Service.Withdraw(background, w.Viewer.Subject, g.ID, consent.TooMuch)
	must(t, err)
	same(t, withdrawn.Reason, consent.TooMuch)
	stored, err := s.Grant(background, w.Viewer.Subject, g.ID)
	must(t, err)
	same(t, stored, withdrawn)
}

func lists(t *testing.T, s StoreWithClients) {
	w := NewWorldOn(t, s)
	first := w.Issued(t, w.Push())
	w.Clock.Advance(1e9)
	second := w.Issued(t, w.PushOnce())
	for _, issued := range []consent.Issuance{first, second} {
		w.Clock.Advance(1e9)
		_, err := w.Service.AuthorizeAccess(background, w.Call(issued))
		must(t, err)
	}
	open := w.Identified(t, func() consent.Push { p := w.Push(); p.ForcePrompt = true; return p }())
	for over, want := range map[bool]string{false: first.Grant.ID, true: second.Grant.ID} {
		grants, err := s.Grants(background, consent.GrantQuery{Subject: w.Viewer.Subject, At: w.Clock.Now(), Over: over, Limit: 10})
		must(t, err)
		if len(grants) != 1 || grants[0].ID != want {
			t.Errorf("over %v: %v", over, grants)
		}
	}
	requests, err := s.OpenRequests(background, w.Viewer.Subject, w.Clock.Now(), consent.Request{}, 10)
	must(t, err)
	if len(requests) != 1 || requests[0].ID != open.ID {
		t.Errorf("open requests: %v", requests)
	}
	w.Identified(t, func() consent.Push { p := w.Push(); p.ForcePrompt = true; return p }()) // at the same instant
	both, err := s.OpenRequests(background, w.Viewer.Subject, w.Clock.Now(), consent.Request{}, 10)
	must(t, err)
	rest, err := s.OpenRequests(background, w.Viewer.Subject, w.Clock.Now(), both[0], 10)
	must(t, err)
	none, err := s.OpenRequests(background, w.Viewer.Subject, w.Clock.Now(), both[len(both)-1], 10)
	must(t, err)
	if len(both) != 2 || len(rest) != 1 || rest[0].ID != both[1].ID || len(none) != 0 {
		t.Errorf("page by page: %d, then %d, then %d", len(both), len(rest), len(none))
	}
	for limit, want := range map[int]int{1: 1, 10: 2} {
		got, err := s.Accesses(background, w.Viewer.Subject, "", consent.Access{}, limit)
		must(t, err)
		if len(got) != want || got[0].GrantID != second.Grant.ID {
			t.Errorf("limit %d: %d accesses, the first of %s", limit, len(got), got[0].GrantID)
		}
	}
	newest, err := s.Accesses(background, w.Viewer.Subject, "", consent.Access{}, 1)
	must(t, err)
	older, err := s.Accesses(background, w.Viewer.Subject, "", newest[0], 10)
	must(t, err)
	if len(older) != 1 || older[0].GrantID != first.Grant.ID {
		t.Errorf("after the newest: %d accesses", len(older))
	}
	ofFirst, err := s.Accesses(background, w.Viewer.Subject, first.Grant.ID, consent.Access{}, 10)
	must(t, err)
	if len(ofFirst) != 1 {
		t.Errorf("%d accesses of the first grant", len(ofFirst))
	}
	others, err := s.Grants(background, consent.GrantQuery{Subject: w.SignIn(t, Pierre()), At: w.Clock.Now(), Limit: 10})
	must(t, err)
	if len(others) != 0 {
		t.Error("another citizen sees these grants")
	}
}

func standing(t *testing.T, s StoreWithClients) {
	w := NewWorldOn(t, s)
	issued := w.Issued(t, w.Push())
	look := func() consent.Standing {
		got, err := s.Standing(background, issued.Grant.ClientID, issued.Grant.ID, issued.Token.ID)
		must(t, err)
		return got
	}
	same(t, look(), consent.Standing{Client: TownHall(), Token: issued.Token, Grant: issued.Grant})
	inTx(t, s, func(tx consent.Tx) error {
		_, err := tx.RevokeFamily(background, issued.Token.Subject, issued.Token.Family, Start)
		return err
	})
	suspended := TownHall()
	suspended.Suspended = true
	must(t, s.PutClient(background, suspended))
	if got := look(); !got.Token.Revoked || !got.Suspended {
		t.Errorf("revoked %v, suspended %v", got.Token.Revoked, got.Suspended)
	}
	valbois := Delegated()[0]
	issued = w.IssuedFor(t, w.PushFor(valbois))
	if look().Suspended {
		t.Error("a delegation that stands counts as stopped")
	}
	valbois.RevokedAt = Start
	must(t, s.PutDelegation(background, valbois))
	if !look().Suspended {
		t.Error("a delegation that was revoked still counts")
	}
	_, err := s.Standing(background, issued.Grant.ClientID, issued.Grant.ID, "unknown")
	isNotFound(t, "token", err)
	_, err = s.Standing(background, issued.Grant.ClientID, "unknown", issued.Token.ID)
	isNotFound(t, "consent", err)
	_, err = s.Standing(background, TownHall().ID, issued.Grant.ID, issued.Token.ID)
	isNotFound(t, "another client's consent", err)
}

func filedRequest(t *testing.T, s StoreWithClients) {
	w := NewWorldOn(t, s)
	mine, err := w.Service.FileRequest(background, w.Filing(Pierre().Identity))
	must(t, err)
	look := func(key string) int {
		found, err := s.FiledRequests(background, key)
		must(t, err)
		return len(found)
	}
	if n, other := look(Pierre().Identity.MatchKey()), look(Angela().Identity.MatchKey()); n != 1 || other != 0 {
		t.Errorf("found %d, and %d for somebody else", n, other)
	}
	stored, err := s.Request(background, mine.ID)
	must(t, err)
	same(t, stored, mine)
	inTx(t, s, func(tx consent.Tx) error {
		first, err := tx.NotePoll(background, mine.ID, Start)
		must(t, err)
		second, err := tx.NotePoll(background, mine.ID, Start)
		if !first.IsZero() || !second.Equal(Start) {
			t.Errorf("polled before at %s, then at %s", first, second)
		}
		return err
	})
	w.SignIn(t, Pierre())
	if n := look(Pierre().Identity.MatchKey()); n != 0 {
		t.Errorf("still waits for %d after it was claimed", n)
	}
}
