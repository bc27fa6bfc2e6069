package main

import (
	"context"
	"strings"
	"time"

	"portail.example/consent"
)

// longName is as long as names of administrations get, with a word that no phone
// has room for.
var longName = "Syndicat intercommunal " + strings.Repeat("à vocation multiple ", 4) + "de Saint-" + strings.Repeat("Barthélemylès", 6) + "-sur-Ource"

// crowded is a citizen who was asked by an administration with a long name more
// often than any list shows.
func crowded(s *stage) {
	asker := s.Client
	asker.ID, asker.LegalName, asker.ServiceName = "long", longName, longName
	if err := s.Memory.PutClient(context.Background(), asker); err != nil {
		s.Fatal(err)
	}
	push := s.Push()
	push.Client, push.RedirectURI = asker, asker.RedirectURIs[0]
	given, _ := s.Granted(s, push)
	push.ForcePrompt = true
	asked := s.Identified(s, push)
	if err := s.Memory.Transact(context.Background(), func(tx consent.Tx) error { return multiply(tx, given, asked) }); err != nil {
		s.Fatal(err)
	}
	s.signedIn()
}

// multiply writes one consent more than pages count, and hundreds of requests.
func multiply(tx consent.Tx, given consent.Grant, asked consent.Request) error {
	for i := range consent.MaxCounted {
		given.ID, given.CreatedAt = consent.NewID(), given.CreatedAt.Add(-time.Second)
		if err := tx.InsertGrant(context.Background(), given); err != nil {
			return err
		}
		if i%8 > 0 {
			continue
		}
		asked.ID, asked.CreatedAt = consent.NewID(), asked.CreatedAt.Add(-time.Second)
		if err := tx.InsertRequest(context.Background(), asked); err != nil {
			return err
		}
	}
	return nil
}
