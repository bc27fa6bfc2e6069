package consenttest

import (
	"context"
	"errors"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"portail.example/consent"
)

// Suite is the contract of consent.Store in code: open gives a fresh, empty
// store at each call.
func Suite(t *testing.T, open func(t *testing.T) StoreWithClients) {
	for _, c := range slices.Concat(citizenContract, agentContract, measureContract, crowdContract, registerContract) {
		t.Run(c.name, func(t *testing.T) { c.run(t, open(t)) })
	}
}

// clause is one thing every store must do.
type clause struct {
	name string
	run  func(t *testing.T, s StoreWithClients)
}

// citizenContract is about citizens and administrations.
var citizenContract = []clause{
	{"what is absent is NotFound", absent},
	{"a client comes back as it was registered", clientRoundTrip},
	{"a delegation comes back, revoked or not", delegationRoundTrip},
	{"a data provider is found by its location", providerByLocation},
	{"a revoked habilitation shows wherever it is used, and news come in order", habilitation},
	{"consents about to end are told once", ending},
	{"a request comes back as it was pushed", requestRoundTrip},
	{"a request changes state only from the states named", requestTransitions},
	{"a citizen is found again and the identity renewed", subjects},
	{"the pairwise sub is stable for a client and differs between clients", pairwise},
	{"a grant comes back as it was given and only to its citizen", grantRoundTrip},
	{"lists are the citizen's own, newest first", lists},
	{"consents are read page by page, forth and back, each once", grantPages},
	{"a client's consents are gone through in one order, each once", batches},
	{"a month is looked at once, and a change is told once", watches},
	{"a value is compared with the last there was", watchesOn},
	{"a month is given up after a few tries", watchTries},
	{"what is compared is forgotten with its consent", watchEnds},
	{"what is given with a request is bound to the consent", parameters},
	{"a refusal forgets what was given with the request", parametersRefused},
	{"consents about two things are two", parametersTellApart},
	{"what a consent is bound to goes with its citizen", parametersForgotten},
	{"a batch knows the administration's file numbers", batchReference},
	{"whom a citizen agreed with", citizensParties},
	{"one-time things happen once", oneTime},
	{"an access closes once", accessOnce},
	{"an authority lists who consulted", consultations},
	{"an attestation is found by its code and goes with its access", attestation},
	{"a decision comes back with its text and only to its citizen", decisions},
	{"rights requests come back with the citizen's words, newest first", rights},
	{"sessions are listed to their citizen, and end elsewhere at once", sessions},
	{"a sign-in knows the one before", lastSignIn},
	{"a filed request is found by its identity until it is claimed", filedRequest},
	{"questions are counted by person, party and purpose", asked},
	{"a token stands as its family, consent and client do", standing},
	{"a consent is made smaller, never larger", reduced},
	{"the evidence tells what became of a consent", grantHistory},
	{"what was issued under a consent is counted by family", tokenUse},
	{"a history tells all that happened, page by page, in one order", timeline},
	{"consultations are counted by month", accessMonths},
	{"the last release is the last that served", lastRelease},
	{"tokens end without their family", tokensEnd},
	{"an administration gives a consent up once", relinquishOnce},
	{"an address comes back, changes, and is forgotten by its link", contactRoundTrip},
	{"a link verifies once, within a day, and mails are counted", verificationLinks},
	{"notices that fall together are one mail, the same at each attempt", digest},
	{"each fact that is told queues a notice, once", noticesByFact},
	{"what was not wanted, or not verified, is not sent", unwantedNotices},
	{"what is due is purged, and nothing a second before", purged},
	{"a citizen of whom nothing is left is forgotten", idleCitizen},
	{"a consent waits for the last of its consultations", triedLate},
	{"a legal hold keeps what it covers until it is lifted", held},
	{"an erasure takes two agents, ends what is live and forgets the citizen", erasure},
	{"an erasure is refused while something keeps the citizen", erasureRefused},
	{"an erasure waits no longer than the request it answers", erasureVoid},
	{"what is kept is counted, with its dates", kept},
	{"why somebody was looked up, and a text that names their file, go with them", wordsForgotten},
	{"a revoked agent leaves after the last of their searches", revokedAgentLeaves},
}

// agentContract is about agents, and what they do for citizens.
var agentContract = []clause{
	{"an agent comes back, bound to one account, and ends once", agents},
	{"an address is registered once for an authority until it is revoked", agentOnce},
	{"searches come back with the agent's words, newest first, page by page", lookups},
	{"an officer finds a person by name and birth date, or by a number", search},
	{"a report is made of one instant, in pieces, and read back", reports},
	{"open rights requests come by their last day, closed ones with what was written", rightsQueue},
	{"texts that were shown are found by their hash, those of a file by its citizen only", shownTexts},
	{"a hold that an officer lifts keeps who and why", liftedHold},
	{"rights requests are counted, registered without names, and read once", rightsDue},
}

// crowdContract is about many at once.
var crowdContract = []clause{
	{"a failed transaction leaves nothing", rollback},
	{"concurrent redemptions of one code give one token", concurrentRedemption},
	{"concurrent uses of a once grant release once", concurrentOnce},
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
	for _, want := range []consent.Client{TownHall(), Transports(), SoftwareEditor(), Provider()} {
		must(t, s.PutClient(background, want))
		got, err := s.Client(background, want.ID)
		must(t, err)
		same(t, got, want)
	}
	changed := TownHall()
	changed.RequireDPoP = true
	changed.Suspended, changed.RedirectURIs = true, []string{"https://new.example/callback"}
	must(t, s.PutClient(background, changed))
	got, err := s.Client(background, changed.ID)
	must(t, err)
	same(t, got, changed)
}

func delegationRoundTrip(t *testing.T, s StoreWithClients) {
	must(t, s.PutClient(background, SoftwareEditor()))
	for _, want := range Delegated() {
		must(t, s.PutDelegation(background, want))
		want.RevokedAt = Start
		must(t, s.PutDelegation(background, want))
		got, err := s.Delegation(background, want.ClientID, want.SIRET)
		must(t, err)
		same(t, got, want)
	}
	_, err := s.Delegation(background, SoftwareEditor().ID, TownHall().SIRET)
	isNotFound(t, "no delegation", err)
}

func providerByLocation(t *testing.T, s StoreWithClients) {
	must(t, s.PutClient(background, Provider()))
	got, err := s.ProviderAt(background, Provider().Provider.Location)
	must(t, err)
	same(t, got, Provider())
	for _, location := range []string{"", Location} {
		_, err = s.ProviderAt(background, location)
		isNotFound(t, "no provider", err)
	}
}

func requestRoundTrip(t *testing.T, s StoreWithClients) {
	w := NewWorldOn(t, s)
	p := w.Push()
	p.Language, p.ForcePrompt, p.JKT = "en", true, Challenge
	secret, _, err := w.Service.PushRequest(background, p)
	must(t, err)
	byURI, err := s.RequestByURI(background, consent.HashOf(secret))
	must(t, err)
	byID, err := s.Request(background, byURI.ID)
	must(t, err)
	same(t, byID, byURI)
	want := consent.Request{
		ID: byURI.ID, URIHash: consent.HashOf(secret), URIExpiresAt: Start.Add(w.Service.Limits().RequestURI), ExpiresAt: Start.Add(w.Service.Limits().Journey),
		CreatedAt: Start, ClientID: w.Client.ID, RedirectURI: p.RedirectURI, State: p.State, CodeChallenge: Challenge, JKT: Challenge, Language: "en", ForcePrompt: true,
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
