package postgres_test

import (
	"context"

	"pgregory.net/rapid"

	"portail.example/consent"
	"portail.example/consent/consenttest"
)

// erase goes as far as it comes; whoever is gone comes back as a newcomer.
func (l *life) erase(t *rapid.T) {
	gone := l.Viewer.Subject
	var r consent.RightsRequest
	var e consent.Erasure
	if !l.try(t, func(ctx context.Context) (err error) {
		r, err = l.service.AskRight(ctx, gone, consent.RightErasure, "mes mots")
		return err
	}, consent.EntryRights) {
		return
	}
	l.try(t, func(ctx context.Context) (err error) {
		e, err = l.service.AskErasure(ctx, gone, r.ID, "agent-1")
		return err
	})
	if e.ID != "" {
		l.try(t, func(ctx context.Context) error {
			_, err := l.service.EraseSubject(ctx, e.ID, "agent-2")
			return err
		}, append(l.ends(t, gone), consent.EntryErasure)...)
	}
	if _, err := l.db.Identity(l.ctx, gone); consent.CodeOf(err) == consent.NotFound {
		l.comeBack(t)
	}
}

// ends are the entries of an erasure that ends the measures in force.
func (l *life) ends(t *rapid.T, subject consent.SubjectID) (out []consent.EntryKind) {
	held, err := l.db.Measures(l.ctx, subject)
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range held {
		kind := consent.EntryObjectionLifted
		if m.Right == consent.RightRestriction {
			kind = consent.EntryRestrictionLifted
		}
		out = append(out, kind)
	}
	return out
}

func (l *life) comeBack(t *rapid.T) {
	citizen, err := l.Service.SignIn(l.ctx, consenttest.Angela())
	if err != nil {
		t.Fatal(err)
	}
	l.Viewer.Subject, l.requests, l.granted = citizen.Subject, nil, nil
}

// age lets years go by, and removes what is due.
func (l *life) age(t *rapid.T) {
	l.Clock.Set(l.Clock.Now().AddDate(rapid.IntRange(1, 4).Draw(t, "years"), 0, 1))
	l.try(t, func(ctx context.Context) error { _, err := l.service.Purge(ctx); return err })
	l.comeBack(t)
}

// hold keeps the citizen, or one of their consents; lift ends a hold.
func (l *life) hold(t *rapid.T) {
	h := consent.Hold{Subject: l.Viewer.Subject, SetBy: "agent-1", Reason: "dossier 12"}
	if g, ok := l.grant(t); ok && rapid.Bool().Draw(t, "one") {
		h.GrantID = g.ID
	}
	l.try(t, func(ctx context.Context) error { _, err := l.service.SetHold(ctx, h); return err }, consent.EntryHold)
}

func (l *life) lift(t *rapid.T) {
	holds, err := l.db.Holds(l.ctx, "")
	if err != nil {
		t.Fatal(err)
	}
	if h, ok := pick(t, &holds, false); ok {
		l.try(t, func(ctx context.Context) error { _, err := l.service.LiftHold(ctx, h.ID, "agent-2"); return err }, consent.EntryHoldLifted)
	}
}
