package consenttest

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"portail.example/consent"
)

func (v *view) History(_ context.Context, q consent.HistoryQuery) ([]consent.HistoryFact, error) {
	v.mu.Lock()
	defer v.mu.Unlock()
	order := func(a, b consent.HistoryPlace) int {
		if q.Back {
			return b.Compare(a)
		}
		return a.Compare(b)
	}
	out := slices.DeleteFunc(v.t.history(q), func(f consent.HistoryFact) bool {
		return !q.Holds(f) || q.From.Key != "" && order(q.From, f.HistoryPlace) >= 0
	})
	slices.SortFunc(out, func(a, b consent.HistoryFact) int { return order(a.HistoryPlace, b.HistoryPlace) })
	out = out[:min(q.Limit, len(out))]
	if q.Back {
		slices.Reverse(out)
	}
	return out, nil
}

// history is all that ever happened to a citizen, in no order.
func (t *tables) history(q consent.HistoryQuery) []consent.HistoryFact {
	return slices.Concat(t.toldRequests(q), t.toldRefusals(q), t.toldEvidence(q), t.toldPreviews(q), t.toldAccesses(q), t.toldExpiries(q))
}

func (t *tables) toldRequests(q consent.HistoryQuery) (out []consent.HistoryFact) {
	for _, r := range t.requests {
		if r.Subject == q.Subject {
			f := consent.HistoryFact{
				HistoryPlace: consent.HistoryPlace{At: r.CreatedAt, Source: consent.FromRequests, Key: r.ID},
				Kind:         consent.HistoryOfRequest(r, q.At), Party: r.Party(), Purpose: r.Details.Purpose, Ref: r.ID, Groups: r.Details.Groups,
			}
			if f.Kind == consent.HistoryLapsed {
				f.Until = r.ExpiresAt
			}
			out = append(out, f)
		}
	}
	return out
}

func (t *tables) toldRefusals(q consent.HistoryQuery) (out []consent.HistoryFact) {
	for _, d := range t.decisions {
		if r := t.requests[d.RequestID]; d.Subject == q.Subject && !d.Allowed {
			out = append(out, consent.HistoryFact{
				HistoryPlace: consent.HistoryPlace{At: d.At, Source: consent.FromRefusals, Key: d.ID},
				Kind:         consent.HistoryRefusal, Party: r.Party(), Purpose: r.Details.Purpose, Ref: d.ID,
			})
		}
	}
	return out
}

func (t *tables) toldEvidence(q consent.HistoryQuery) (out []consent.HistoryFact) {
	for i, e := range t.ledger {
		kind := consent.HistoryKind(e.Kind)
		if g := t.grants[e.GrantID]; e.Subject == q.Subject && slices.Contains(consent.HistoryOfConsents(), kind) {
			place := consent.HistoryPlace{At: e.At, Source: consent.FromEvidence, Key: consent.EvidenceKey(int64(i) + 1)}
			out = append(out, consent.HistoryFact{HistoryPlace: place, Kind: kind, Party: g.Party(), Purpose: g.Details.Purpose, Ref: g.ID})
		}
	}
	return out
}

func (t *tables) toldPreviews(q consent.HistoryQuery) (out []consent.HistoryFact) {
	for i, e := range t.ledger {
		r, kept := t.requests[e.RequestID]
		if e.Kind != consent.EntryPreview || e.Subject != q.Subject || !kept {
			continue
		}
		place := consent.HistoryPlace{At: e.At, Source: consent.FromPreviews, Key: consent.EvidenceKey(int64(i) + 1)}
		out = append(out, consent.HistoryFact{
			HistoryPlace: place, Kind: consent.HistoryPreview, Party: r.Party(), Purpose: r.Details.Purpose, Ref: r.ID, Groups: r.Details.Groups,
		})
	}
	return out
}

func (t *tables) toldAccesses(q consent.HistoryQuery) (out []consent.HistoryFact) {
	for _, a := range t.accesses {
		if a.Subject == q.Subject {
			kind := consent.HistoryAccess
			if a.Way == consent.ToCompare {
				kind = consent.HistoryComparison
			}
			out = append(out, consent.HistoryFact{
				HistoryPlace: consent.HistoryPlace{At: a.OpenedAt, Source: consent.FromAccesses, Key: a.ID},
				Kind:         kind, Party: a.Party(), Purpose: t.grants[a.GrantID].Details.Purpose, Ref: a.GrantID, Groups: a.Groups,
				Period: a.Period, Outcome: a.Outcome, ProviderID: a.ProviderID, Attested: a.Attested(),
			})
		}
	}
	return out
}

func (t *tables) toldExpiries(q consent.HistoryQuery) (out []consent.HistoryFact) {
	for _, g := range t.grants {
		if g.Subject == q.Subject && g.StatusAt(q.At) == consent.GrantEnded {
			place := consent.HistoryPlace{At: g.ExpiresAt, Source: consent.FromExpiries, Key: g.ID}
			out = append(out, consent.HistoryFact{HistoryPlace: place, Kind: consent.HistoryExpiry, Party: g.Party(), Purpose: g.Details.Purpose, Ref: g.ID})
		}
	}
	return out
}

func (v *view) AccessMonths(_ context.Context, q consent.HistoryQuery) (out []consent.MonthCount, err error) {
	v.mu.Lock()
	defer v.mu.Unlock()
	counts := map[consent.Period]int{}
	for _, f := range v.t.toldAccesses(q) {
		if day := consent.DateOf(f.At); q.Holds(f) {
			counts[consent.Period{Year: day.Year, Month: day.Month}]++
		}
	}
	for month, n := range counts {
		out = append(out, consent.MonthCount{Month: month, Count: n})
	}
	slices.SortFunc(out, func(a, b consent.MonthCount) int {
		return cmp.Or(cmp.Compare(a.Month.Year, b.Month.Year), cmp.Compare(a.Month.Month, b.Month.Month))
	})
	return out, nil
}

func (v *view) Askers(_ context.Context, subject consent.SubjectID) (out []consent.Party, err error) {
	v.mu.Lock()
	defer v.mu.Unlock()
	for _, r := range v.t.requests {
		if r.Subject == subject && !slices.Contains(out, r.Party()) {
			out = append(out, r.Party())
		}
	}
	slices.SortFunc(out, func(a, b consent.Party) int {
		return cmp.Or(strings.Compare(a.ClientID, b.ClientID), strings.Compare(string(a.Recipient), string(b.Recipient)))
	})
	return out, nil
}
