package postgres_test

import (
	"context"
	"io"
	"slices"
	"time"

	"pgregory.net/rapid"

	"portail.example/consent"
	"portail.example/consent/consenttest"
	"portail.example/consent/export"
)

// actions are what may happen next, and how often.
func (l *life) actions() map[string]func(*rapid.T) {
	return map[string]func(*rapid.T){
		"ask": l.ask, "answer": l.answer, "redeem": l.redeem, "replay": l.replay, "refresh": l.refresh,
		"journey": func(t *rapid.T) { l.ask(t); l.answer(t); l.redeem(t) }, "use": l.use, "use and close": func(t *rapid.T) { l.use(t); l.close(t) },
		"close": l.close, "close late": l.closeLate, "reduce": l.reduce, "pause": l.change(l.service.Pause), "resume": l.change(l.service.Resume),
		"withdraw": l.change(func(ctx context.Context, subject consent.SubjectID, id string) error {
			_, err := l.service.Withdraw(ctx, subject, id, "")
			return err
		}),
		"relinquish": l.change(func(ctx context.Context, _ consent.SubjectID, id string) error {
			return l.service.RelinquishGrant(ctx, l.Client, id)
		}),
		"copy": l.copy, "look": l.look, "ask the officer": l.askOfficer, "follow": l.follow, "wait": l.wait, "sequence": l.placeNext,
		"erase": l.erase, "age": l.age, "hold": l.hold, "lift": l.lift,
		"look up": l.lookUp, "order a report": l.orderReport, "make a report": l.makeReport, "write": l.write,
		"restrict": l.accept(consent.RightRestriction), "free": l.free, "object": l.accept(consent.RightObjection), "let ask again": l.letAsk,
	}
}

func (l *life) ask(t *rapid.T) {
	push := l.Push()
	if rapid.Bool().Draw(t, "once") {
		push = l.PushOnce()
	}
	push.ForcePrompt = true
	var id string
	if l.try(t, func(ctx context.Context) error {
		secret, _, err := l.service.PushRequest(ctx, push)
		if err != nil {
			return err
		}
		opened, err := l.service.OpenRequest(ctx, push.Client.ID, secret, l.Viewer.Browser)
		if err != nil {
			return err
		}
		id = opened.ID
		_, err = l.service.Identify(ctx, id, l.Viewer)
		return err
	}) {
		l.requests = append(l.requests, id)
	}
}

func (l *life) answer(t *rapid.T) {
	id, ok := pick(t, &l.requests, true)
	if !ok {
		return
	}
	r, err := l.db.Request(l.ctx, id)
	if err != nil {
		t.Fatal(err)
	}
	a := l.Allow(r)
	a.Allow = rapid.IntRange(0, 3).Draw(t, "allow") > 0
	a.Groups = a.Groups[:rapid.IntRange(1, len(a.Groups)).Draw(t, "groups")]
	kinds := []consent.EntryKind{consent.EntryDecision}
	if a.Allow {
		kinds = append(kinds, consent.EntryGrant)
	}
	if l.try(t, func(ctx context.Context) error { _, err := l.service.Decide(ctx, a); return err }, kinds...) && a.Allow {
		l.granted = append(l.granted, id)
	}
}

func (l *life) redeem(t *rapid.T) {
	id, ok := pick(t, &l.granted, false)
	if !ok {
		return
	}
	var with consent.Redemption
	var issued consent.Issuance
	if l.try(t, func(ctx context.Context) error {
		response, err := l.service.Respond(ctx, id, l.Viewer)
		if err != nil {
			return err
		}
		with = l.Redemption(response.Code)
		issued, err = l.service.RedeemCode(ctx, with)
		return err
	}, consent.EntryToken) {
		l.issued = append(l.issued, issued)
	}
	if with.Code != "" {
		l.codes = append(l.codes, with)
	}
}

// replay uses a code once more, perhaps one whose first answer was lost.
func (l *life) replay(t *rapid.T) {
	with, ok := pick(t, &l.codes, false)
	if !ok {
		return
	}
	var issued consent.Issuance
	if l.try(t, func(ctx context.Context) (err error) { issued, err = l.service.RedeemCode(ctx, with); return err }, consent.EntryToken) {
		l.issued = append(l.issued, issued)
	}
}

// refresh uses any refresh token there ever was.
func (l *life) refresh(t *rapid.T) {
	from, ok := pick(t, &l.issued, false)
	if !ok {
		return
	}
	var issued consent.Issuance
	if l.try(t, func(ctx context.Context) (err error) {
		issued, err = l.service.Refresh(ctx, consent.Renewal{Client: l.Client, RefreshToken: from.RefreshToken})
		return err
	}, consent.EntryToken) {
		l.issued = append(l.issued, issued)
	}
}

func (l *life) use(t *rapid.T) {
	with, ok := pick(t, &l.issued, false)
	if !ok {
		return
	}
	call := l.Call(with)
	var opened consent.OpenAccess
	if l.try(t, func(ctx context.Context) (err error) { opened, err = l.service.AuthorizeAccess(ctx, call); return err }, consent.EntryAccess) {
		l.open = append(l.open, opened.Access)
	}
}

func (l *life) close(t *rapid.T) {
	access, ok := pick(t, &l.open, true)
	if !ok {
		return
	}
	outcome := rapid.SampledFrom([]consent.Outcome{consent.Released, consent.Released, consent.NoFile, consent.Failed}).Draw(t, "outcome")
	if rapid.Bool().Draw(t, "attested") {
		access.Attestation = consent.NewAttestationCode().Attest(consenttest.Paper("4 270"))
	}
	l.try(t, func(ctx context.Context) error { return l.service.CompleteAccess(ctx, access, outcome, "upstream") })
}

// closeLate ends what nobody will.
func (l *life) closeLate(t *rapid.T) {
	l.Clock.Advance(3 * time.Minute)
	l.try(t, func(ctx context.Context) error { _, err := l.service.CloseAbandoned(ctx); return err })
}

func (l *life) reduce(t *rapid.T) {
	g, ok := l.grant(t)
	if !ok {
		return
	}
	in := consent.Reduction{GrantID: g.ID, Subject: g.Subject, Groups: g.Details.Groups[:1], Statement: consenttest.Statement(), AuthTime: l.Clock.Now()}
	l.try(t, func(ctx context.Context) error { _, err := l.service.Reduce(ctx, in); return err }, consent.EntryDecision, consent.EntryReduced)
}

// change does something to any consent.
func (l *life) change(what func(ctx context.Context, subject consent.SubjectID, id string) error) func(*rapid.T) {
	return func(t *rapid.T) {
		g, ok := l.grant(t)
		if !ok {
			return
		}
		l.try(t, func(ctx context.Context) error { return what(ctx, g.Subject, g.ID) })
	}
}

func (l *life) grant(t *rapid.T) (consent.Grant, bool) {
	all, err := l.db.Grants(l.ctx, consent.GrantQuery{Subject: l.Viewer.Subject, All: true, Limit: 100})
	if err != nil {
		t.Fatal(err)
	}
	return pick(t, &all, false)
}

func (l *life) copy(t *rapid.T) {
	l.try(t, func(ctx context.Context) error {
		return l.service.ExportSubject(ctx, consent.Session{Subject: l.Viewer.Subject}, export.NewJSON(io.Discard))
	}, consent.EntryExport)
}

func (l *life) look(t *rapid.T) {
	l.try(t, func(ctx context.Context) error {
		return l.service.RecordPreview(ctx, consent.Request{ID: "request", ClientID: l.Client.ID, Subject: l.Viewer.Subject})
	}, consent.EntryPreview)
}

func (l *life) askOfficer(t *rapid.T) {
	right := rapid.SampledFrom(consent.Rights()).Draw(t, "right")
	l.try(t, func(ctx context.Context) error {
		_, err := l.service.AskRight(ctx, l.Viewer.Subject, right, "mes mots")
		return err
	}, consent.EntryRights)
}

func (l *life) follow(t *rapid.T) {
	news := consent.Habilitation{Number: "404", Revoked: rapid.Bool().Draw(t, "revoked"), FiredAt: l.Clock.Now()}
	l.try(t, func(ctx context.Context) error { return l.service.FollowHabilitation(ctx, news) })
}

func (l *life) wait(t *rapid.T) {
	l.Clock.Advance(rapid.SampledFrom([]time.Duration{time.Second, time.Minute, 2 * time.Hour, 26 * time.Hour}).Draw(t, "time"))
}

// placeNext is a round of the sequencer, which may break too.
func (l *life) placeNext(t *rapid.T) {
	l.try(t, func(ctx context.Context) error { _, err := l.late.Sequence(ctx, l.sign, l.Clock.Now()); return err })
}

// pick draws one of a list, and takes it out when asked to; false when there is none.
func pick[T any](t *rapid.T, list *[]T, out bool) (picked T, ok bool) {
	if len(*list) == 0 {
		return picked, false
	}
	i := rapid.IntRange(0, len(*list)-1).Draw(t, "which")
	picked = (*list)[i]
	if out {
		*list = slices.Delete(*list, i, i+1)
	}
	return picked, true
}
