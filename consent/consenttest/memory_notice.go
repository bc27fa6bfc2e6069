package consenttest

import (
	"context"
	"slices"
	"time"

	"portail.example/consent"
)

// addressCheck is a link that was mailed.
type addressCheck struct {
	consent.AddressCheck
	usable bool
}

// letter is a mail that waits; it collects notices until its first attempt.
type letter struct {
	consent.Mail
	due  time.Time
	dead bool
}

func (v *view) Contact(_ context.Context, subject consent.SubjectID) (consent.Contact, error) {
	v.mu.Lock()
	defer v.mu.Unlock()
	return find(v.t.contacts, subject)
}

func (x *memoryTx) PutContact(ctx context.Context, c consent.Contact) error {
	err := x.DeleteContact(ctx, c.Subject)
	x.t.contacts[c.Subject] = c
	return err
}

func (x *memoryTx) ChangeContact(_ context.Context, subject consent.SubjectID, language string, kinds []consent.NoticeKind) error {
	c, err := find(x.t.contacts, subject)
	if err == nil {
		c.Language, c.Kinds = language, kinds
		x.t.contacts[subject] = c
	}
	return err
}

func (x *memoryTx) DeleteContact(_ context.Context, subject consent.SubjectID) error {
	delete(x.t.contacts, subject)
	x.t.letters = slices.DeleteFunc(slices.Clone(x.t.letters), func(l letter) bool { return l.To.Subject == subject })
	for i, check := range x.t.checks {
		x.t.checks[i].usable = check.usable && check.Subject != subject
	}
	return nil
}

func (x *memoryTx) ContactByUnsubscribe(_ context.Context, hash consent.Hash) (consent.SubjectID, error) {
	for subject, c := range x.t.contacts {
		if consent.HashOf(c.Unsubscribe) == hash {
			return subject, nil
		}
	}
	return "", notFound()
}

func (x *memoryTx) CountVerifications(_ context.Context, subject consent.SubjectID, address string, since time.Time) (int, error) {
	caused, got := 0, 0
	for _, check := range x.t.checks {
		if !check.CreatedAt.After(since) {
			continue
		}
		if check.Subject == subject {
			caused++
		}
		if check.Address == address {
			got++
		}
	}
	return max(caused, got), nil
}

func (x *memoryTx) InsertVerification(_ context.Context, v consent.AddressCheck) error {
	x.t.checks = append(x.t.checks, addressCheck{v, true})
	mail := consent.Mail{ID: consent.NewID(), To: x.t.contacts[v.Subject], Token: v.Token, QueuedAt: v.CreatedAt}
	x.t.letters = append(x.t.letters, letter{Mail: mail, due: v.CreatedAt})
	return nil
}

func (x *memoryTx) VerifyContact(_ context.Context, hash consent.Hash, now time.Time) error {
	for i, check := range x.t.checks {
		c, known := x.t.contacts[check.Subject]
		if consent.HashOf(check.Token) == hash && check.usable && known && now.Sub(check.CreatedAt) < consent.VerificationLifetime {
			c.VerifiedAt = now
			x.t.checks[i].usable, x.t.contacts[check.Subject] = false, c
			return nil
		}
	}
	return notFound()
}

func (x *memoryTx) AppendNotice(_ context.Context, n consent.Notice) error {
	c, known := x.t.contacts[n.Subject]
	if !known || !c.Verified() || !slices.Contains(c.Kinds, n.Kind) {
		return nil
	}
	line := consent.MailNotice{Kind: n.Kind, At: n.At, Administration: x.t.nameOf(consent.Party{ClientID: n.ClientID, Recipient: n.Recipient})}
	for i, l := range x.t.letters {
		if l.To.Subject == n.Subject && l.Token == "" && l.Attempts == 0 {
			x.t.letters[i].Notices = append(slices.Clone(l.Notices), line)
			return nil
		}
	}
	mail := consent.Mail{ID: consent.NewID(), To: c, Notices: []consent.MailNotice{line}, QueuedAt: n.At}
	x.t.letters = append(x.t.letters, letter{Mail: mail, due: n.At.Add(consent.DigestWindow)})
	return nil
}

func (t *tables) nameOf(p consent.Party) string {
	if d, ok := t.delegations[p]; ok {
		return d.LegalName
	}
	return t.clients[p.ClientID].LegalName
}

func (x *memoryTx) AppendUseNotice(ctx context.Context, a consent.Access, since time.Time) error {
	for _, other := range x.t.accesses {
		used := other.Outcome == consent.Released || other.Outcome == consent.Verified
		if used && other.GrantID == a.GrantID && other.ID != a.ID && !other.ClosedAt.Before(since) {
			return nil
		}
	}
	return x.AppendNotice(ctx, consent.Notice{At: a.ClosedAt, Kind: consent.NoticeUse, Subject: a.Subject, ClientID: a.ClientID, Recipient: a.Recipient})
}

func (x *memoryTx) AppendMatchNotice(ctx context.Context, n consent.Notice, matchKey string) error {
	for subject, identity := range x.t.identities {
		if identity.MatchKey() == matchKey {
			n.Subject = subject
			if err := x.AppendNotice(ctx, n); err != nil {
				return err
			}
		}
	}
	return nil
}

func (x *memoryTx) AppendSuspension(ctx context.Context, number string, at time.Time) error {
	told := map[consent.Notice]bool{}
	for _, g := range x.t.grants {
		open := (g.Status == consent.GrantActive || g.Status == consent.GrantPaused) && g.ConsumedBy == "" && at.Before(g.ExpiresAt)
		n := consent.Notice{At: at, Kind: consent.NoticeSuspended, Subject: g.Subject, ClientID: g.ClientID, Recipient: g.Details.Recipient}
		c := x.t.clients[g.ClientID]
		stands := c.Kind != consent.Editor && c.Habilitation == number || x.t.delegations[g.Party()].Habilitation == number
		if !open || !stands || told[n] {
			continue
		}
		told[n] = true
		if err := x.AppendNotice(ctx, n); err != nil {
			return err
		}
	}
	return nil
}

// ClaimMails lends mails out that are due.
func (m *Memory) ClaimMails(_ context.Context, now, lease time.Time, limit int) (out []consent.Mail, err error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for i, l := range m.t.letters {
		if l.dead || l.due.After(now) || len(out) == limit {
			continue
		}
		l.To, l.due = m.t.contacts[l.To.Subject], lease
		l.Attempts++
		m.t.letters[i] = l
		out = append(out, l.Mail)
	}
	return out, nil
}

// MailSent forgets a mail.
func (m *Memory) MailSent(_ context.Context, id string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.t.letters = slices.DeleteFunc(m.t.letters, func(l letter) bool { return l.ID == id })
	return nil
}

// MailFailed puts a mail off, or gives it up.
func (m *Memory) MailFailed(_ context.Context, id, _ string, due time.Time) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	for i, l := range m.t.letters {
		if l.ID == id {
			m.t.letters[i].due, m.t.letters[i].dead = due, due.IsZero()
		}
	}
	return nil
}
