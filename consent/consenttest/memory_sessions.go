package consenttest

import (
	"context"
	"slices"
	"strings"
	"time"

	"portail.example/consent"
)

func (v *view) Sessions(_ context.Context, subject consent.SubjectID, now time.Time) (out []consent.Session, err error) {
	v.mu.Lock()
	defer v.mu.Unlock()
	for _, s := range v.t.sessions {
		if s, live := s.At(now); live && s.SignedIn() && s.Subject == subject {
			s.IDToken, s.Was, s.Draft, s.Live = "", "", consent.Draft{}, consent.LiveToken{}
			out = append(out, s)
		}
	}
	slices.SortFunc(out, func(a, b consent.Session) int {
		if order := b.SeenAt.Compare(a.SeenAt); order != 0 {
			return order
		}
		return strings.Compare(a.Handle, b.Handle)
	})
	return out, nil
}

func (x *memoryTx) EndSession(_ context.Context, subject consent.SubjectID, handle string) (bool, error) {
	return x.signOut(subject, func(s consent.Session) bool { return s.Handle == handle }) > 0, nil
}

func (x *memoryTx) EndOtherSessions(_ context.Context, subject consent.SubjectID, keep string) error {
	x.signOut(subject, func(s consent.Session) bool { return s.Handle != keep })
	return nil
}

// signOut forgets the citizen in the sessions that are chosen, and counts them.
func (x *memoryTx) signOut(subject consent.SubjectID, chosen func(consent.Session) bool) (n int) {
	for hash, s := range x.t.sessions {
		if s.Subject == subject && chosen(s) {
			x.t.sessions[hash] = s.Anonymous()
			n++
		}
	}
	return n
}
