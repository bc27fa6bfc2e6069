package postgres_test

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"portail.example/consent"
	"portail.example/consent/consenttest"
	"portail.example/internal/postgres/pgtest"
)

// Of a value that is compared, the database holds a keyed hash: the same amount of two
// families looks different, and nobody can try all amounts without the key.
func TestAWatchedValueIsKeptAsAKeyedHash(t *testing.T) {
	url := pgtest.URL(t)
	var hashes []string
	for key := range byte(2) {
		db := open(t, url, keys(t, key))
		w := consenttest.WatchingHall(t, db)
		for range 2 {
			who := consenttest.Angela()
			who.Subject = fmt.Sprint("citizen-", key, len(hashes))
			w.Viewer.Subject = w.SignIn(t, who)
			w.Granted(t, w.PushWatched())
			if _, err := w.Service.LookForChanges(t.Context(), worth("8675309"), w.Clock.Now().Add(time.Hour)); err != nil {
				t.Fatal(err)
			}
			hashes = column(t, plain(t, url), `SELECT encode(value_hash, 'hex') FROM watch`)
		}
	}
	told := dump(t, plain(t, url))
	plainly := sha256.Sum256([]byte("8675309"))
	if strings.Contains(told, "8675309") || strings.Contains(told, hex.EncodeToString(plainly[:])) || !strings.Contains(told, "compared") {
		t.Error("the value is in the database, or nothing was looked at")
	}
	seen := map[string]bool{}
	for _, hash := range hashes {
		seen[hash] = true
	}
	if len(hashes) != 4 || len(seen) != 4 || seen[""] {
		t.Errorf("%d hashes of one value under four consents: %v", len(seen), hashes)
	}
}

// worth is a provider that answers with one amount.
func worth(value string) consent.WatchTurn {
	return func(context.Context, consent.DataSet, consent.SIRET) (consent.WatchAsk, func(), error) {
		return func(_ context.Context, q consent.Question) (consent.ProviderAnswer, error) {
			return consent.ProviderAnswer{Data: map[string]json.RawMessage{"quotient_familial": []byte(`{"valeur":` + value + `}`)}, Period: q.Period}, nil
		}, func() {}, nil
	}
}
