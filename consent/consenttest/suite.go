package consenttest

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/google/go-cmp/cmp"

	"portail.example/consent"
)

// Suite is the contract of consent.Store in code: open gives a fresh, empty
// store at each call.
func Suite(t *testing.T, open func(t *testing.T) StoreWithClients) {
	cases := []struct {
		name string
		run  func(t *testing.T, s StoreWithClients)
	}{
		{"what is absent is NotFound", absent},
		{"a client comes back as it was registered", clientRoundTrip},
		{"a request comes back as it was pushed", requestRoundTrip},
		{"a request changes state only from the states named", requestTransitions},
		{"a citizen is found again and the identity renewed", subjects},
		{"the pairwise sub is stable for a client and differs between clients", pairwise},
		{"a grant comes back as it was given and only to its citizen", grantRoundTrip},
		{"lists are the citizen's own, newest first", lists},
		{"one-time things happen once", oneTime},
		{"an access closes once", accessOnce},
		{"a failed transaction leaves nothing", rollback},
		{"concurrent redemptions of one code give one token", concurrentRedemption},
		{"concurrent uses of a once grant release once", concurrentOnce},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) { c.run(t, open(t)) })
	}
}

var background = context.Background()

func inTx(t *testing.T, s consent.Store, fn func(consent.Tx) error) {
	t.Helper()
	must(t, s.Transact(background, fn))
}

func isNotFound(t *testing.T, what string, err error) {
	t.Helper()
	if !errors.Is(err, consent.NotFound) {
		t.Errorf("%s: got %v, want NotFound", what, err)
	}
}

func same(t *testing.T, got, want any) {
	t.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("want (-), got (+):\n%s", diff)
	}
}

func absent(t *testing.T, s StoreWithClients) {
	_, err := s.Client(background, "nobody")
	isNotFound(t, "client", err)
	_, err = s.Request(background, "none")
	isNotFound(t, "request", err)
	_, err = s.RequestByURI(background, consent.HashOf("none"))
	isNotFound(t, "request by URI", err)
	_, err = s.Identity(background, "nobody")
	isNotFound(t, "identity", err)
	_, err = s.Grant(background, "nobody", "none")
	isNotFound(t, "grant", err)
	inTx(t, s, func(tx consent.Tx) error {
		_, err := tx.LockGrant(background, "none")
		isNotFound(t, "locked grant", err)
		_, err = tx.LockCode(background, consent.HashOf("none"))
		isNotFound(t, "code", err)
		_, err = tx.LockRefreshToken(background, consent.HashOf("none"))
		isNotFound(t, "refresh token", err)
		_, err = tx.AccessToken(background, "nobody", "none")
		isNotFound(t, "access token", err)
		_, err = tx.Access(background, "nobody", "none")
		isNotFound(t, "access", err)
		return nil
	})
}

func clientRoundTrip(t *testing.T, s StoreWithClients) {
	for _, want := range []consent.Client{TownHall(), Transports()} {
		must(t, s.PutClient(background, want))
		got, err := s.Client(background, want.ID)
		must(t, err)
		same(t, got, want)
	}
	changed := TownHall()
	changed.Suspended, changed.RedirectURIs = true, []string{"https://new.example/callback"}
	must(t, s.PutClient(background, changed))
	got, err := s.Client(background, changed.ID)
	must(t, err)
	same(t, got, changed)
}

func requestRoundTrip(t *testing.T, s StoreWithClients) {
	w := NewWorldOn(t, s)
	p := w.Push()
	p.Language, p.ForcePrompt = "en", true
	secret, _, err := w.Service.PushRequest(background, p)
	must(t, err)
	byURI, err := s.RequestByURI(background, consent.HashOf(secret))
	must(t, err)
	byID, err := s.Request(background, byURI.ID)
	must(t, err)
	same(t, byID, byURI)
	want := consent.Request{
		ID: byURI.ID, URIHash: consent.HashOf(secret), URIExpiresAt: Start.Add(w.Service.Limits().RequestURI), ExpiresAt: Start.Add(w.Service.Limits().Journey),
		CreatedAt: Start, ClientID: w.Client.ID, RedirectURI: p.RedirectURI, State: p.State, CodeChallenge: Challenge, Language: "en", ForcePrompt: true,
		Status: consent.RequestPending, Details: Canteen(),
	}
	want.Details.Locations, want.Details.EndsOn = []string{Location}, consent.Date{Year: 2027, Month: 8, Day: 31}
	same(t, byURI, want)
}

func requestTransitions(t *testing.T, s StoreWithClients) {
	w := NewWorldOn(t, s)
	r := w.Pushed(t, w.Push())
	steps := []struct {
		name string
		do   func(consent.Tx) (bool, error)
		want bool
	}{
		{"the same browser again", func(tx consent.Tx) (bool, error) { return tx.BindRequest(background, r.ID, w.Viewer.Browser) }, true},
		{"another browser", func(tx consent.Tx) (bool, error) { return tx.BindRequest(background, r.ID, "other") }, false},
		{"identified", func(tx consent.Tx) (bool, error) { return tx.IdentifyRequest(background, r.ID, w.Viewer.Subject) }, true},
		{"identified again", func(tx consent.Tx) (bool, error) { return tx.IdentifyRequest(background, r.ID, w.Viewer.Subject) }, true},
		{"by another citizen", func(tx consent.Tx) (bool, error) { return tx.IdentifyRequest(background, r.ID, "other") }, false},
		{"refused", func(tx consent.Tx) (bool, error) {
			return tx.CloseRequest(background, r.ID, consent.RequestRefused, "")
		}, true},
		{"closed again", func(tx consent.Tx) (bool, error) {
			return tx.CloseRequest(background, r.ID, consent.RequestCancelled, "")
		}, false},
		{"identified once closed", func(tx consent.Tx) (bool, error) { return tx.IdentifyRequest(background, r.ID, w.Viewer.Subject) }, false},
	}
	for _, step := range steps {
		inTx(t, s, func(tx consent.Tx) error {
			got, err := step.do(tx)
			if got != step.want {
				t.Errorf("%s: %v, want %v", step.name, got, step.want)
			}
			return err
		})
	}
}

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
	var first, again, elsewhere string
	inTx(t, s, func(tx consent.Tx) (err error) {
		if first, err = tx.PairwiseSub(background, w.Viewer.Subject, TownHall().ID); err != nil {
			return err
		}
		if again, err = tx.PairwiseSub(background, w.Viewer.Subject, TownHall().ID); err != nil {
			return err
		}
		elsewhere, err = tx.PairwiseSub(background, w.Viewer.Subject, Transports().ID)
		return err
	})
	if first == "" || first != again || first == elsewhere || first == string(w.Viewer.Subject) {
		t.Errorf("subs: %q, again %q, elsewhere %q", first, again, elsewhere)
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
	withdrawn, err := w.Service.Withdraw(background, w.Viewer.Subject, g.ID)
	must(t, err)
	stored, err := s.Grant(background, w.Viewer.Subject, g.ID)
	must(t, err)
	same(t, stored, withdrawn)
}

func lists(t *testing.T, s StoreWithClients) {
	w := NewWorldOn(t, s)
	first := w.Issued(t, w.Push())
	w.Clock.Advance(1e9)
	second := w.Issued(t, w.Push())
	for _, issued := range []consent.Issuance{first, second} {
		w.Clock.Advance(1e9)
		_, err := w.Service.AuthorizeAccess(background, w.Call(issued))
		must(t, err)
	}
	open := w.Identified(t, func() consent.Push { p := w.Push(); p.ForcePrompt = true; return p }())
	grants, err := s.Grants(background, w.Viewer.Subject)
	must(t, err)
	same(t, []string{grants[0].ID, grants[1].ID}, []string{second.Grant.ID, first.Grant.ID})
	requests, err := s.OpenRequests(background, w.Viewer.Subject)
	must(t, err)
	if len(requests) != 1 || requests[0].ID != open.ID {
		t.Errorf("open requests: %v", requests)
	}
	for limit, want := range map[int]int{1: 1, 10: 2} {
		got, err := s.Accesses(background, w.Viewer.Subject, "", limit)
		must(t, err)
		if len(got) != want || got[0].GrantID != second.Grant.ID {
			t.Errorf("limit %d: %d accesses, the first of %s", limit, len(got), got[0].GrantID)
		}
	}
	ofFirst, err := s.Accesses(background, w.Viewer.Subject, first.Grant.ID, 10)
	must(t, err)
	if len(ofFirst) != 1 {
		t.Errorf("%d accesses of the first grant", len(ofFirst))
	}
	others, err := s.Grants(background, w.SignIn(t, Pierre()))
	must(t, err)
	if len(others) != 0 {
		t.Error("another citizen sees these grants")
	}
}

func oneTime(t *testing.T, s StoreWithClients) {
	w := NewWorldOn(t, s)
	p := w.Push()
	p.Details.Access = consent.Once
	g, r := w.Granted(t, p)
	code := w.Code(t, r)
	once := func(name string, do func(consent.Tx) (bool, error)) {
		for i, want := range []bool{true, false} {
			inTx(t, s, func(tx consent.Tx) error {
				got, err := do(tx)
				if got != want {
					t.Errorf("%s, time %d: %v", name, i+1, got)
				}
				return err
			})
		}
	}
	inTx(t, s, func(tx consent.Tx) error { return tx.InsertFamily(background, "family", g, Start) })
	refresh := consent.RefreshToken{Hash: consent.HashOf("r"), Family: "family", GrantID: g.ID, Subject: g.Subject, ClientID: g.ClientID, ExpiresAt: g.ExpiresAt}
	inTx(t, s, func(tx consent.Tx) error { return tx.InsertRefreshToken(background, refresh) })
	once("code", func(tx consent.Tx) (bool, error) {
		return tx.UseCode(background, consent.AuthorizationCode{Hash: consent.HashOf(code)}, "family")
	})
	once("refresh token", func(tx consent.Tx) (bool, error) { return tx.UseRefreshToken(background, refresh) })
	once("family revoked", func(tx consent.Tx) (bool, error) { return tx.RevokeFamily(background, g.Subject, "family", Start) })
	once("once grant", func(tx consent.Tx) (bool, error) { return tx.ConsumeGrant(background, g.Subject, g.ID, "access") })
	inTx(t, s, func(tx consent.Tx) error { return tx.UnconsumeGrant(background, g.Subject, g.ID, "another access") })
	inTx(t, s, func(tx consent.Tx) error {
		if ok, _ := tx.ConsumeGrant(background, g.Subject, g.ID, "third"); ok {
			t.Error("an access gave back a use that was not its own")
		}
		return tx.UnconsumeGrant(background, g.Subject, g.ID, "access")
	})
	once("once grant given back", func(tx consent.Tx) (bool, error) { return tx.ConsumeGrant(background, g.Subject, g.ID, "fourth") })
	once("withdrawal", func(tx consent.Tx) (bool, error) { return tx.WithdrawGrant(background, g.Subject, g.ID, Start) })
	inTx(t, s, func(tx consent.Tx) error {
		stored, err := tx.LockRefreshToken(background, refresh.Hash)
		if !stored.Used || !stored.FamilyRevoked {
			t.Errorf("refresh token: used %v, family revoked %v", stored.Used, stored.FamilyRevoked)
		}
		return err
	})
}

func accessOnce(t *testing.T, s StoreWithClients) {
	w := NewWorldOn(t, s)
	open, err := w.Service.AuthorizeAccess(background, w.Call(w.Issued(t, w.Push())))
	must(t, err)
	same(t, open.Identity, Angela().Identity)
	must(t, w.Service.CompleteAccess(background, open.Access, consent.Released, "provider-1"))
	want := open.Access
	want.Outcome, want.ClosedAt, want.ProviderRequestID = consent.Released, Start, "provider-1"
	stored, err := s.Accesses(background, w.Viewer.Subject, "", 10)
	must(t, err)
	same(t, stored, []consent.Access{want})
	if err := w.Service.CompleteAccess(background, open.Access, consent.Failed, ""); err == nil {
		t.Error("an access closed twice")
	}
}

func rollback(t *testing.T, s StoreWithClients) {
	w := NewWorldOn(t, s)
	g, r := w.Granted(t, w.Push())
	giveUp := errors.New("give up")
	err := s.Transact(background, func(tx consent.Tx) error {
		if _, err := tx.WithdrawGrant(background, g.Subject, g.ID, Start); err != nil {
			return err
		}
		copied := r
		copied.ID, copied.URIHash = "copied", consent.HashOf("copied")
		if err := tx.InsertRequest(background, copied); err != nil {
			return err
		}
		return giveUp
	})
	if !errors.Is(err, giveUp) {
		t.Errorf("the transaction's own error became %v", err)
	}
	stored, err := s.Grant(background, g.Subject, g.ID)
	must(t, err)
	same(t, stored, g)
	_, err = s.Request(background, "copied")
	isNotFound(t, "request of a failed transaction", err)
}

// crowd is how many callers race.
const crowd = 50

func race(do func() error) (won int64) {
	var wins atomic.Int64
	var all sync.WaitGroup
	for range crowd {
		all.Go(func() {
			if do() == nil {
				wins.Add(1)
			}
		})
	}
	all.Wait()
	return wins.Load()
}

func concurrentRedemption(t *testing.T, s StoreWithClients) {
	w := NewWorldOn(t, s)
	_, r := w.Granted(t, w.Push())
	code := w.Code(t, r)
	won := race(func() error {
		_, err := w.Service.RedeemCode(background, w.Redemption(code))
		if err != nil && !errors.Is(err, consent.InvalidGrant) {
			t.Errorf("a loser got %v", err)
		}
		return err
	})
	if won != 1 {
		t.Errorf("%d of %d redemptions of one code succeeded", won, crowd)
	}
}

func concurrentOnce(t *testing.T, s StoreWithClients) {
	w := NewWorldOn(t, s)
	p := w.Push()
	p.Details.Access = consent.Once
	call := w.Call(w.Issued(t, p))
	won := race(func() error {
		_, err := w.Service.AuthorizeAccess(background, call)
		if err != nil && !errors.Is(err, consent.GrantConsumed) {
			t.Errorf("a loser got %v", err)
		}
		return err
	})
	if won != 1 {
		t.Errorf("a once grant allowed %d accesses", won)
	}
}
