package consenttest

import (
	"cmp"
	"slices"
	"strings"
	"testing"
	"time"

	"portail.example/consent"
)

// used puts an access into a store, as it was closed.
func used(t *testing.T, s StoreWithClients, g consent.Grant, at time.Time, outcome consent.Outcome, groups ...consent.DataGroup) {
	set, _ := consent.DataSetOfGroup(groups[0])
	inTx(t, s, func(tx consent.Tx) error {
		return tx.InsertAccess(background, consent.Access{
			ID: consent.NewID(), GrantID: g.ID, Subject: g.Subject, ClientID: g.ClientID, Recipient: g.Details.Recipient, TokenID: "token",
			DataSet: set.Type, Groups: groups, Period: consent.Period{Year: 2026, Month: 11}, OpenedAt: at, ClosedAt: at, Outcome: outcome,
		})
	})
}

// counted: each fact is in its authority's cell of its month, and midnight is that of Paris.
func counted(t *testing.T, s StoreWithClients) {
	w := NewWorldOn(t, s)
	first, _ := w.Granted(t, w.PushOnce())
	decline(t, w, w.Push())
	decline(t, w, w.PushFor(Delegated()[0]))
	w.Pushed(t, w.Push()) // nobody is known to have seen it
	w.Viewer.Subject = w.SignIn(t, Pierre())
	second, _ := w.Granted(t, w.PushOnce())
	must(t, errOf(w.Service.Withdraw(background, second.Subject, second.ID, "")))
	amount, children := consent.GroupQuotientFamilial, consent.GroupEnfants
	midnight := time.Date(2026, 11, 30, 23, 0, 0, 0, time.UTC)
	used(t, s, first, Start, consent.Released, amount, children)
	used(t, s, first, Start, consent.NoFile, amount)
	used(t, s, first, midnight.Add(-time.Second), consent.Verified, amount)
	used(t, s, second, Start, consent.Released, amount)
	used(t, s, second, midnight, consent.Released, amount)
	used(t, s, second, midnight, consent.Released, "prime_activite") // groups of two data sets are not each other’s rest

	november := consent.Place{Month: consent.Period{Year: 2026, Month: 11}}
	inSet := 2
	cell := func(f consent.Figure, purpose string, g consent.DataGroup, count, persons, others int) consent.Tally {
		p := november
		p.Figure, p.Purpose, p.Group = f, purpose, g
		if g == "" {
			return consent.Tally{Place: p, Count: count, Persons: persons}
		}
		return consent.Tally{Place: p, Count: count, Persons: persons, Others: others, InSet: inSet}
	}
	const canteen = "tarification-cantine"
	q := consent.StatisticsQuery{Recipient: TownHall().SIRET, Since: november.Month.Start(), Until: midnight}
	sameTallies(t, s, q, []consent.Tally{
		cell(consent.FigureRequests, "", "", 4, 2, 0), cell(consent.FigureGrants, "", "", 2, 2, 0), cell(consent.FigureRefusals, "", "", 1, 1, 0),
		cell(consent.FigureWithdrawals, "", "", 1, 1, 0), cell(consent.FigureAccesses, "", "", 3, 2, 0), cell(consent.FigureAccesses, canteen, "", 3, 2, 0),
		cell(consent.FigureAccesses, canteen, amount, 3, 2, 0), cell(consent.FigureAccesses, canteen, children, 1, 1, 2),
		cell(consent.FigureAccesses, canteen, consent.GroupAllocataires, 0, 0, 2), cell(consent.FigureAccesses, canteen, consent.GroupAdresse, 0, 0, 2),
	})
	q.Recipient = Delegated()[0].SIRET
	sameTallies(t, s, q, []consent.Tally{cell(consent.FigureRequests, "", "", 1, 1, 0), cell(consent.FigureRefusals, "", "", 1, 1, 0)})
	q.Recipient = Transports().SIRET
	sameTallies(t, s, q, nil)
	november.Month.Month, inSet = 12, 1
	q = consent.StatisticsQuery{Recipient: TownHall().SIRET, Since: midnight, Until: midnight.Add(time.Hour)}
	sameTallies(t, s, q, []consent.Tally{
		cell(consent.FigureAccesses, "", "", 2, 1, 0), cell(consent.FigureAccesses, canteen, "", 2, 1, 0), cell(consent.FigureAccesses, canteen, amount, 1, 1, 0),
		cell(consent.FigureAccesses, canteen, children, 0, 0, 1), cell(consent.FigureAccesses, canteen, consent.GroupAllocataires, 0, 0, 1),
		cell(consent.FigureAccesses, canteen, consent.GroupAdresse, 0, 0, 1), cell(consent.FigureAccesses, canteen, "prime_activite", 1, 1, 0),
		cell(consent.FigureAccesses, canteen, "prime_activite_majoration", 0, 0, 1),
	})
}

func errOf[T any](_ T, err error) error { return err }

func decline(t *testing.T, w *World, p consent.Push) {
	answer := w.Allow(w.Identified(t, p))
	answer.Allow = false
	must(t, errOf(w.Service.Decide(background, answer)))
}

func sameTallies(t *testing.T, s StoreWithClients, q consent.StatisticsQuery, want []consent.Tally) {
	got, err := s.Statistics(background, q)
	must(t, err)
	order := func(a, b consent.Tally) int {
		return cmp.Or(cmp.Compare(a.Figure, b.Figure), strings.Compare(a.Purpose, b.Purpose), cmp.Compare(a.Group, b.Group))
	}
	slices.SortFunc(got, order)
	slices.SortFunc(want, order)
	same(t, append([]consent.Tally{}, got...), append([]consent.Tally{}, want...))
}

// calledDays: days and nights are those of Paris, and a call after a withdrawal is told
// from one that was refused otherwise.
func calledDays(t *testing.T, s StoreWithClients) {
	w := NewWorldOn(t, s)
	g, _ := w.Granted(t, w.PushOnce())
	other, _ := w.Granted(t, w.PushOnce())
	must(t, errOf(w.Service.Withdraw(background, g.Subject, g.ID, "")))
	for _, clock := range []string{"00:00", "05:59", "06:00", "21:59", "22:00", "23:59"} {
		at, err := time.ParseInLocation("2006-01-02 15:04", "2026-11-25 "+clock, consent.Paris)
		must(t, err)
		used(t, s, other, at.UTC(), consent.Released, consent.GroupQuotientFamilial)
	}
	used(t, s, g, Start, consent.Refused, consent.GroupQuotientFamilial)
	used(t, s, g, Start.Add(-time.Second), consent.Refused, consent.GroupQuotientFamilial)
	used(t, s, other, Start, consent.Refused, consent.GroupQuotientFamilial)
	used(t, s, g, Start.AddDate(0, 0, 2), consent.Refused, consent.GroupQuotientFamilial)
	day := consent.DateOf(Start)
	tomorrow := consent.DateOf(day.End())
	all := []consent.SIRET{Transports().SIRET, TownHall().SIRET}
	got, err := s.AccessDays(background, all, day.Start(), tomorrow.End())
	must(t, err)
	slices.SortFunc(got, func(a, b consent.AccessDay) int { return a.Day.Time().Compare(b.Day.Time()) })
	same(t, got, []consent.AccessDay{
		{Recipient: TownHall().SIRET, Day: day, Calls: 3, Withdrawn: 1}, {Recipient: TownHall().SIRET, Day: tomorrow, Calls: 6, Night: 4},
	})
	for _, of := range [][]consent.SIRET{nil, all[:1]} {
		if none, err := s.AccessDays(background, of, day.Start(), tomorrow.End()); err != nil || len(none) != 0 {
			t.Errorf("of %v: %v %v", of, none, err)
		}
	}
}
