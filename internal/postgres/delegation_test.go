package postgres_test

import (
	"testing"

	"portail.example/consent/consenttest"
	"portail.example/internal/postgres/pgtest"
)

func TestARevokedDelegationReachesTheStatusListAndStaysAlone(t *testing.T) {
	db := pgtest.New(t)
	w := consenttest.NewWorldOn(t, db)
	valbois, montclair := consenttest.Delegated()[0], consenttest.Delegated()[1]
	dead, _ := w.IssuedFor(t, w.PushFor(valbois)), w.IssuedFor(t, w.PushFor(montclair))
	for _, want := range []bool{true, false} { // the second time there is nothing left
		if done, err := db.RevokeDelegation(t.Context(), valbois.ClientID, valbois.SIRET, w.Clock.Now()); err != nil || done != want {
			t.Errorf("revoked: %v, %v", done, err)
		}
	}
	places, err := db.RevokedPlaces(t.Context(), dead.Token.Status.List)
	if err != nil || len(places) != 1 || places[0] != dead.Token.Status.Index {
		t.Errorf("the status list tells %v, %v", places, err)
	}
	list, err := db.Delegations(t.Context(), valbois.ClientID)
	if err != nil || len(list) != 2 || list[0].RevokedAt.IsZero() == list[1].RevokedAt.IsZero() {
		t.Errorf("delegations: %+v, %v", list, err)
	}
}
