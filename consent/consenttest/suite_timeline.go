package consenttest

import (
	"context"
	"testing"
	"time"

	"portail.example/consent"
)

// lived gives the world's citizen one of everything that a history tells, some of it
// at one instant, and is the query of all of it.
func lived(t *testing.T, w *World) consent.HistoryQuery {
	issued := w.Issued(t, w.Push())
	g := issued.Grant
	for _, outcome := range []consent.Outcome{consent.Released, consent.NoFile} {
		access, err := w.Service.AuthorizeAccess(background, w.Call(issued))
		must(t, err)
		must(t, w.Service.CompleteAccess(background, access.Access, outcome, ""))
	}
	refused := w.Allow(w.Identified(t, w.PushFor(Delegated()[0])))
	refused.Allow = false
	_, err := w.Service.Decide(background, refused)
	must(t, err)
	w.Identified(t, w.PushFor(Delegated()[0])) // lapses
	w.Granted(t, w.PushOnce())                 // expires
	w.Clock.Advance(10 * 24 * time.Hour)       // another month
	for _, act := range []func(context.Context, consent.SubjectID, string) error{w.Service.Pause, w.Service.Resume} {
		w.Clock.Advance(time.Minute)
		must(t, act(background, g.Subject, g.ID))
	}
	_, err = w.Service.Reduce(background, consent.Reduction{GrantID: g.ID, Subject: g.Subject, Groups: g.Details.Groups[:1], Statement: Statement(), AuthTime: Start})
	must(t, err)
	larger := w.Issued(t, w.Push()).Grant // it replaces the reduced one
	_, err = w.Service.Withdraw(background, g.Subject, larger.ID, "")
	must(t, err)
	filed, err := w.Service.FileRequest(background, w.Filing(Angela().Identity))
	must(t, err)
	w.SignIn(t, Angela())
	looked, err := w.Service.Request(background, filed.ID, w.Viewer)
	must(t, err)
	must(t, w.Service.RecordPreview(background, looked))
	must(t, w.Service.RecordPreview(background, looked))
	must(t, w.Service.CancelRequest(background, w.Client, filed.ID))
	now := w.Clock.Now()
	return consent.HistoryQuery{Subject: g.Subject, At: now, Since: Start.Add(-time.Hour), Until: now.Add(time.Second)}
}

func timeline(t *testing.T, s StoreWithClients) {
	w := NewWorldOn(t, s)
	all := lived(t, w)
	all.Limit = 100
	facts, err := s.History(background, all)
	must(t, err)
	told := map[consent.HistoryKind]int{}
	for i, f := range facts {
		told[f.Kind]++
		if i > 0 && facts[i-1].Compare(f.HistoryPlace) >= 0 {
			t.Errorf("%v does not come before %v", facts[i-1], f)
		}
	}
	same(t, told, map[consent.HistoryKind]int{
		consent.HistoryRequest: 4, consent.HistoryLapsed: 1, consent.HistoryClosed: 1, consent.HistoryRefusal: 1, consent.HistoryAccess: 2, consent.HistoryPreview: 2, consent.HistoryExpiry: 1,
		consent.HistoryGrant: 3, consent.HistoryPause: 1, consent.HistoryResumption: 1, consent.HistoryReduction: 1, consent.HistoryReplaced: 1, consent.HistoryWithdrawal: 1,
	})
	timelinePages(t, s, all, facts)
	timelineFilters(t, s, all, facts)
	all.Subject = w.SignIn(t, Pierre())
	others, err := s.History(background, all)
	must(t, err)
	if len(others) != 0 {
		t.Errorf("another citizen reads %v", others)
	}
}

// timelinePages: each page goes on where the one before ended, forth and back.
func timelinePages(t *testing.T, s StoreWithClients, q consent.HistoryQuery, want []consent.HistoryFact) {
	q.Limit = 2
	var forth, back []consent.HistoryFact
	for {
		page, err := s.History(background, q)
		must(t, err)
		if len(page) == 0 {
			break
		}
		forth, q.From = append(forth, page...), page[len(page)-1].HistoryPlace
	}
	same(t, forth, want)
	for q.Back = true; ; {
		page, err := s.History(background, q)
		must(t, err)
		if len(page) == 0 {
			break
		}
		back, q.From = append(page, back...), page[0].HistoryPlace
	}
	same(t, back, want[:len(want)-1])
}

func timelineFilters(t *testing.T, s StoreWithClients, all consent.HistoryQuery, facts []consent.HistoryFact) {
	asked, err := s.Askers(background, all.Subject)
	must(t, err)
	authority := consent.Party{ClientID: SoftwareEditor().ID, Recipient: Delegated()[0].SIRET}
	same(t, asked, []consent.Party{authority, {ClientID: TownHall().ID, Recipient: TownHall().SIRET}})
	late := Start.Add(24 * time.Hour)
	for name, narrow := range map[string]func(*consent.HistoryQuery){
		"of one administration": func(q *consent.HistoryQuery) { q.Party = consent.Party{ClientID: TownHall().ID} },
		"for one authority":     func(q *consent.HistoryQuery) { q.Party = authority },
		"for another": func(q *consent.HistoryQuery) {
			q.Party = consent.Party{ClientID: TownHall().ID, Recipient: authority.Recipient}
		},
		"early": func(q *consent.HistoryQuery) { q.Until = late },
		"late":  func(q *consent.HistoryQuery) { q.Since = late },
		"never": func(q *consent.HistoryQuery) { q.Since = q.Until },
	} {
		q := all
		narrow(&q)
		var want []consent.HistoryFact
		for _, f := range facts {
			if q.Holds(f) {
				want = append(want, f)
			}
		}
		got, err := s.History(background, q)
		must(t, err)
		if len(got) != len(want) || len(want) > 0 && name != "never" && got[0].Ref != want[0].Ref {
			t.Errorf("%s: got %v, want %v", name, got, want)
		}
	}
}

// accessMonths: midnight is that of Paris.
func accessMonths(t *testing.T, s StoreWithClients) {
	w := NewWorldOn(t, s)
	issued := w.Issued(t, w.Push())
	inTx(t, s, func(tx consent.Tx) error {
		for id, at := range map[string]time.Time{
			"november": time.Date(2026, 11, 30, 22, 59, 59, 0, time.UTC), "december": time.Date(2026, 11, 30, 23, 0, 0, 0, time.UTC),
			"later": time.Date(2026, 12, 31, 22, 0, 0, 0, time.UTC),
		} {
			a := consent.Access{
				ID: id, GrantID: issued.Grant.ID, Subject: issued.Grant.Subject, ClientID: issued.Grant.ClientID, Recipient: issued.Grant.Details.Recipient,
				TokenID: issued.Token.ID, DataSet: consent.QuotientFamilial.Type, Groups: issued.Grant.Details.Groups,
				Period: consent.Period{Year: 2026, Month: 11}, OpenedAt: at, ClosedAt: at, Outcome: consent.Released,
			}
			if err := tx.InsertAccess(background, a); err != nil {
				return err
			}
		}
		return nil
	})
	q := consent.HistoryQuery{Subject: issued.Grant.Subject, Since: Start, Until: Start.AddDate(0, 3, 0)}
	count := func(year int, month time.Month, n int) consent.MonthCount {
		return consent.MonthCount{Month: consent.Period{Year: year, Month: month}, Count: n}
	}
	got, err := s.AccessMonths(background, q)
	must(t, err)
	same(t, got, []consent.MonthCount{count(2026, 11, 1), count(2026, 12, 2)})
	q.Until = time.Date(2026, 11, 30, 23, 0, 0, 0, time.UTC)
	got, err = s.AccessMonths(background, q)
	must(t, err)
	same(t, got, []consent.MonthCount{count(2026, 11, 1)})
	q.Party.ClientID = Transports().ID
	got, err = s.AccessMonths(background, q)
	must(t, err)
	if len(got) != 0 {
		t.Errorf("another administration looked %v", got)
	}
}
