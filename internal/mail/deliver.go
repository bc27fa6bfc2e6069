package mail

import (
	"context"
	"log/slog"
	"math/rand/v2"
	"sync"
	"time"

	"portail.example/consent"
)

// How mails are delivered.
const (
	// Patience is how long a mail is tried before it is given up.
	Patience = 72 * time.Hour
	// lease is how long an attempt may take before another instance may try.
	lease     = 2 * time.Minute
	atOnce    = 8
	firstWait = 10 * time.Second
	maxWait   = time.Hour
)

// Outbox lends mails out and notes what became of them.
type Outbox interface {
	ClaimMails(ctx context.Context, now, lease time.Time, limit int) ([]consent.Mail, error)
	MailSent(ctx context.Context, id string) error
	MailFailed(ctx context.Context, id, reason string, due time.Time) error
}

// Config of a Deliverer. All fields are required.
type Config struct {
	Outbox  Outbox
	Server  Server
	Letters *Letters
	Logger  *slog.Logger
	Now     func() time.Time
}

// Deliverer sends mails that are due.
type Deliverer struct{ Config }

// New builds a Deliverer; it calls nobody.
func New(cfg Config) *Deliverer { return &Deliverer{cfg} }

// Run sends what is due, every interval, until ctx ends; it finishes the attempts
// under way.
func (d *Deliverer) Run(ctx context.Context, interval time.Duration) {
	ticker := time.NewTicker(interval)
	defer ticker.Stop()
	for {
		sent, err := d.Round(ctx)
		if err != nil && ctx.Err() == nil {
			d.Logger.Warn("mail", "error", err)
		}
		if sent == atOnce && ctx.Err() == nil {
			continue // there may be more
		}
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
	}
}

// Round makes an attempt for each mail that is due, some at a time, waits for
// them, and returns how many they were.
func (d *Deliverer) Round(ctx context.Context) (int, error) {
	mails, err := d.Outbox.ClaimMails(ctx, d.Now(), d.Now().Add(lease), atOnce)
	if err != nil {
		return 0, err
	}
	var running sync.WaitGroup
	for _, mail := range mails {
		running.Go(func() { d.attempt(context.WithoutCancel(ctx), mail) })
	}
	running.Wait()
	return len(mails), nil
}

// attempt sends one mail and notes what became of it. When the note itself fails
// the lease ends and the mail is sent again, under the same identifier.
func (d *Deliverer) attempt(ctx context.Context, mail consent.Mail) {
	ctx, cancel := context.WithTimeout(ctx, lease/2)
	defer cancel()
	letter, err := d.Letters.write(mail)
	if err != nil {
		d.Logger.Error("mail", "id", mail.ID, "error", err)
		return
	}
	if refusal := d.Server.send(ctx, letter); refusal != nil {
		err = d.Outbox.MailFailed(ctx, mail.ID, refusal.reason, d.next(mail, *refusal))
	} else {
		err = d.Outbox.MailSent(ctx, mail.ID)
	}
	if err != nil {
		d.Logger.Warn("mail", "id", mail.ID, "error", err)
	}
}

// next is when to try again; zero when the mail is given up, for the operator to see.
func (d *Deliverer) next(mail consent.Mail, why refusal) time.Time {
	now := d.Now()
	if why.final || now.Sub(mail.QueuedAt) >= Patience {
		d.Logger.Error("mail given up", "id", mail.ID, "attempts", mail.Attempts, "reason", why.reason)
		return time.Time{}
	}
	return now.Add(backOff(mail.Attempts))
}

// backOff doubles from firstWait to maxWait, with up to a quarter more so that
// many mails do not come back together.
func backOff(attempts int) time.Duration {
	wait := maxWait
	if shift := max(0, attempts-1); shift < 9 {
		wait = min(maxWait, firstWait<<shift)
	}
	return wait + rand.N(wait/4)
}
