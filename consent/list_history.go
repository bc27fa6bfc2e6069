package consent

import (
	"context"
	"slices"
)

// historyOnPage is how many facts a page of a history tells.
const historyOnPage = 30

// History is one page of what happened to a citizen.
type History struct {
	Facts   []HistoryFact    // newest first
	Clients map[Party]Client // of Facts and of Askers
	Askers  []Party          // everybody who ever asked, some hundreds at most
	// Months count the consultations of all pages, the oldest month first, one for each
	// month of the span. Only the first page has them.
	Months []MonthCount
	// Previous and Next are the places that the neighbouring pages go on from; empty at
	// the ends.
	Previous, Next string
}

// MonthCount is how many consultations a month had.
type MonthCount struct {
	Month Period // civil, in Paris
	Count int
}

// History reads one page of what happened to a citizen in the last 36 months. It
// fails with InvalidEndDate and the day's name when the days are out of order.
func (s *Service) History(ctx context.Context, q HistoryQuery) (History, error) {
	h := History{Clients: map[Party]Client{}}
	if err := q.span(s.Now()); err != nil {
		return h, err
	}
	q.Limit = historyOnPage + 1
	var err error
	if h.Facts, err = s.store.History(ctx, q); err != nil {
		return h, err
	}
	h.Facts, h.Previous, h.Next = cut(h.Facts, q.Limit, q.Back, q.From.Key == "", HistoryFact.String)
	if h.Askers, err = s.store.Askers(ctx, q.Subject); err != nil {
		return h, err
	}
	if q.From.Key == "" {
		counts, err := s.store.AccessMonths(ctx, q)
		if err != nil {
			return h, err
		}
		h.Months = everyMonth(q, counts)
	}
	return h, s.name(ctx, h.Clients, append(historyParties(h.Facts), h.Askers...))
}

func historyParties(facts []HistoryFact) (out []Party) {
	for _, f := range facts {
		out = append(out, f.Party)
		if f.ProviderID != "" {
			out = append(out, f.Asker())
		}
	}
	return out
}

// everyMonth adds the months without a consultation.
func everyMonth(q HistoryQuery, counts []MonthCount) (out []MonthCount) {
	for month := PeriodOf(q.Since); q.Since.Before(q.Until) && month.Start().Before(q.Until); month = month.AddMonths(1) {
		m := MonthCount{Month: month}
		if i := slices.IndexFunc(counts, func(c MonthCount) bool { return c.Month == month }); i >= 0 {
			m.Count = counts[i].Count
		}
		out = append(out, m)
	}
	return out
}

// EachInHistory hands over what History tells on all its pages, newest first, with
// who it is about and, for a consent that a data provider checked, that provider. It
// needs the memory of one page. An error of each ends it.
func (s *Service) EachInHistory(ctx context.Context, q HistoryQuery, each func(f HistoryFact, who, provider Client) error) error {
	if err := q.span(s.Now()); err != nil {
		return err
	}
	q.Limit = readAtOnce
	clients := map[Party]Client{}
	return pages(func(after HistoryFact) ([]HistoryFact, error) {
		q.From = after.HistoryPlace
		facts, err := s.store.History(ctx, q)
		if err == nil {
			err = s.name(ctx, clients, historyParties(facts))
		}
		return facts, err
	}, func(f HistoryFact) error { return each(f, clients[f.Party], clients[f.Asker()]) })
}
