package main

import (
	"context"
	"fmt"
	"time"

	"portail.example/consent"
	"portail.example/consent/consenttest"
	"portail.example/internal/postgres"
)

// writers is how many write at once.
const writers = 32

// evidence writes uses of the data, each opened and closed in a transaction of its
// own, without a ledger and with one, whose entries the portal's sequencer places
// meanwhile. Nothing else differs: HTTP and signatures are left out.
func (b *bench) evidence(ctx context.Context) error {
	db, err := b.openStore(ctx)
	if err != nil {
		return err
	}
	defer db.Close()
	issued := make([]consent.Issuance, writers)
	for i := range issued {
		if issued[i], err = issueTo(ctx, newService(db), fmt.Sprint(i)); err != nil {
			return err
		}
	}
	for _, c := range []struct {
		name  string
		store consent.Store
	}{{"uses without a ledger", unwitnessed{db}}, {"uses", db}} {
		service := newService(c.store)
		callers, err := several(writers, func(i int) (operation, error) { return use(ctx, service, issued[i]), nil })
		if err != nil {
			return err
		}
		if _, err := b.load(ctx, with(c.name, writers), callers); err != nil {
			return err
		}
	}
	return nil
}

// openStore is the portal's database, with a connection for each writer.
func (w *world) openStore(ctx context.Context) (*postgres.DB, error) {
	keys, err := postgres.NewKeys(make([]byte, 32))
	if err != nil {
		return nil, err
	}
	return postgres.Open(ctx, postgres.Config{URL: w.cluster.URL("postgres"), MaxConns: writers, Keys: keys})
}

func newService(store consent.Store) *consent.Service {
	return consent.NewService(store, consent.Limits{}, func(set consent.DataSet) string { return "http://localhost/data/v1/" + set.Path }, time.Now)
}

// issueTo is a consent token of a citizen that nobody else uses.
func issueTo(ctx context.Context, s *consent.Service, name string) (out consent.Issuance, err error) {
	client, err := s.Client(ctx, clientID)
	if err != nil {
		return out, err
	}
	signIn := consenttest.Angela()
	signIn.Subject = "writer-" + name + "-" + consent.NewID()
	citizen, err := s.SignIn(ctx, signIn)
	if err != nil {
		return out, err
	}
	viewer := consent.Viewer{Browser: consent.BrowserID(consent.NewID()), Subject: citizen.Subject}
	details := consenttest.Canteen()
	details.Recipient = clientSIRET
	secret, _, err := s.PushRequest(ctx, consent.Push{Client: client, RedirectURI: callback, CodeChallenge: consenttest.Challenge, Details: details})
	if err != nil {
		return out, err
	}
	r, err := s.OpenRequest(ctx, clientID, secret, viewer.Browser)
	if err == nil {
		r, err = s.Identify(ctx, r.ID, viewer)
	}
	if err == nil {
		_, err = s.Decide(ctx, consent.Answer{RequestID: r.ID, Viewer: viewer, Allow: true, Groups: r.Details.Groups, Statement: consenttest.Statement(), ACR: "eidas1", AuthTime: time.Now()})
	}
	if err != nil {
		return out, err
	}
	response, err := s.Respond(ctx, r.ID, viewer)
	if err != nil {
		return out, err
	}
	return s.RedeemCode(ctx, consent.Redemption{Client: client, Code: response.Code, RedirectURI: callback, CodeVerifier: consenttest.Verifier})
}

// use opens an access and closes it, as the data API does around its upstream call.
func use(ctx context.Context, s *consent.Service, i consent.Issuance) operation {
	call := consent.AccessRequest{
		TokenID: i.Token.ID, GrantID: i.Grant.ID, ClientID: i.Grant.ClientID, DataSet: consent.QuotientFamilial, Period: consent.Period{Year: 2026, Month: time.November},
	}
	return func() error {
		opened, err := s.AuthorizeAccess(ctx, call)
		if err != nil {
			return err
		}
		return s.CompleteAccess(ctx, opened.Access, consent.Released, "upstream")
	}
}

// unwitnessed is a store that keeps no evidence.
type unwitnessed struct{ consent.Store }

// Transact writes everything but ledger entries.
func (u unwitnessed) Transact(ctx context.Context, fn func(consent.Tx) error) error {
	return u.Store.Transact(ctx, func(tx consent.Tx) error { return fn(untold{tx}) })
}

type untold struct{ consent.Tx }

// AppendLedger writes nothing.
func (untold) AppendLedger(context.Context, consent.LedgerEntry) error { return nil }
