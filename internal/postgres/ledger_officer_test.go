package postgres_test

import (
	"context"
	"errors"
	"io"

	"pgregory.net/rapid"

	"portail.example/consent"
	"portail.example/consent/consenttest"
	"portail.example/consent/export"
)

// lookUp searches for the citizen, or for somebody who is not there: both are recorded.
func (l *life) lookUp(t *rapid.T) {
	who := consenttest.Angela().Identity
	search := consent.PersonSearch{FamilyName: who.FamilyName, Birthdate: who.Birthdate}
	if rapid.Bool().Draw(t, "nobody") {
		search = consent.PersonSearch{Number: "AAAAAAAAAAAAAAAAAAAAAA"}
	}
	var found consent.Lookup
	if l.try(t, func(ctx context.Context) (err error) {
		found, err = l.service.FindPerson(ctx, l.officer, search, "demande du 3 mars")
		if search.Number != "" && errors.Is(err, consent.NotFound) {
			return nil
		}
		return err
	}, consent.EntryLookup) && search.Number == "" {
		l.lookups = append(l.lookups, found)
	}
}

// orderReport orders one on whoever was looked up, who may be gone.
func (l *life) orderReport(t *rapid.T) {
	found, ok := pick(t, &l.lookups, false)
	if !ok {
		return
	}
	l.try(t, func(ctx context.Context) error {
		_, err := l.service.OrderReport(ctx, l.officer, found.ID, consent.Date{}, consent.Date{})
		return err
	}, consent.EntryReport)
}

// makeReport makes the next one, which may break half-way and be begun again.
func (l *life) makeReport(t *rapid.T) {
	l.try(t, func(ctx context.Context) error {
		_, err := l.service.MakeReport(ctx, func(ctx context.Context, to io.Writer, from consent.ReportSource) error {
			return from.Collect(ctx, export.NewReportJSON(to, from.Report))
		})
		return err
	})
}

// write answers what the citizen asked.
func (l *life) write(t *rapid.T) {
	asked, err := l.db.RightsRequests(l.ctx, l.Viewer.Subject, consent.RightsRequest{}, 100)
	if err != nil {
		t.Fatal(err)
	}
	r, ok := pick(t, &asked, false)
	if !ok {
		return
	}
	kind := rapid.SampledFrom([]consent.RightsMessageKind{consent.RightsNews, consent.RightsExtension, consent.RightsAnswer, consent.RightsRefusal}).Draw(t, "message")
	kinds := []consent.EntryKind{consent.EntryRightsMessage}
	if kind != consent.RightsNews {
		kinds = append(kinds, consent.EntryRights)
	}
	if kind == consent.RightsRefusal && r.Lifts != "" {
		kinds = append(kinds, consent.EntryLiftRefused)
	}
	l.try(t, func(ctx context.Context) error {
		return l.service.WriteRight(ctx, l.officer, r.ID, kind, "Nous cherchons. Vous pouvez saisir la CNIL.")
	}, kinds...)
}
