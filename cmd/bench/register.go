package main

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"time"

	"portail.example/consent"
	"portail.example/internal/postgres"
)

// registerFiles are the officers' files and pages whose work must not grow the portal's memory.
var registerFiles = []string{"/dpo/register.csv", "/dpo/statistics.csv", "/dpo/statistics.json", statisticsPage, "/dpo/alerts", "/dpo"}

// statisticsPage is the crowd's authority on the page, twelve months of it.
const statisticsPage = "/dpo/statistics?authority=" + clientSIRET

// fewConsents are those the crowd's files are compared with.
const fewConsents = 10_000

// register times the officers' files over ten thousand consents and over the crowd's,
// each from a portal that did nothing before, and notes how much memory that portal
// ever had. Each database is one of its own.
func (b *bench) register(ctx context.Context) error {
	for _, consents := range []int{min(fewConsents, b.plan.Crowd), b.plan.Crowd} {
		if err := b.registerOver(ctx, consents); err != nil {
			return err
		}
	}
	return nil
}

func (b *bench) registerOver(ctx context.Context, consents int) error {
	w, _, held, err := freshWorld(ctx, "")
	if err != nil {
		return err
	}
	defer w.Close()
	fmt.Fprintf(b.progress, "register: %d consents…\n", consents)
	if err := w.fill(ctx, held.GrantID, consents, min(ofCitizen, consents)); err != nil {
		return err
	}
	session, err := w.auditor(ctx)
	if err != nil {
		return err
	}
	for _, file := range registerFiles {
		for range b.plan.Runs {
			if err := b.registerFile(w, file, session, registerFigure(file, consents)); err != nil {
				return fmt.Errorf("%s: %w", file, err)
			}
		}
	}
	return nil
}

// registerFile reads one file from a fresh portal: how long it took, in ms, and the most
// memory that portal had, in MiB.
func (b *bench) registerFile(w *world, file, session, figure string) error {
	portal, err := w.Portal(4, "")
	if err != nil {
		return err
	}
	defer portal.Stop()
	if _, err := download(portal.URL+"/healthz", session); err != nil {
		return err
	}
	begin := time.Now()
	size, err := download(portal.URL+file, session)
	if err != nil {
		return err
	}
	b.note(figure+", ms", float64(time.Since(begin).Microseconds())/1000)
	peak, err := portal.peak()
	b.note(figure+", MiB", peak)
	fmt.Fprintf(b.progress, "%s: %d bytes in %v, %.1f MiB\n", figure, size, time.Since(begin).Round(time.Millisecond), peak)
	return err
}

func registerFigure(file string, consents int) string {
	return fmt.Sprintf("%s over %d", file, consents)
}

// download reads an answer and keeps nothing of it.
func download(address, session string) (size int64, err error) {
	request, err := http.NewRequest(http.MethodGet, address, nil)
	if err != nil {
		return 0, err
	}
	request.AddCookie(&http.Cookie{Name: "__Host-agent", Value: session})
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		return 0, err
	}
	defer answer.Body.Close()
	if size, err = io.Copy(io.Discard, answer.Body); err == nil && answer.StatusCode != http.StatusOK {
		err = fmt.Errorf("status %d", answer.StatusCode)
	}
	return size, err
}

// auditor is the session of an agent who may see every authority's figures.
func (w *world) auditor(ctx context.Context) (session string, err error) {
	keys, err := postgres.NewKeys(make([]byte, 32))
	if err != nil {
		return "", err
	}
	db, err := postgres.Open(ctx, postgres.Config{URL: w.cluster.URL("postgres"), MaxConns: 2, Keys: keys})
	if err != nil {
		return "", err
	}
	defer db.Close()
	service := consent.NewService(db, consent.Limits{}, func(consent.DataSet) string { return "" }, time.Now)
	in := consent.AgentSignIn{Issuer: w.URL, Subject: "auditor", Email: "audit@portail.example", SIRET: clientSIRET, ACR: "eidas1-mfa"}
	if _, err = service.InviteAgent(ctx, consent.Console(), consent.AgentInvitation{Email: in.Email, SIRET: clientSIRET, Role: consent.RoleAuditor}); err != nil {
		return "", err
	}
	auditor, err := service.SignInAgent(ctx, in)
	if err != nil {
		return "", err
	}
	now := service.Now()
	return db.OpenAgentSession(ctx, consent.AgentSession{Agent: auditor, CreatedAt: now, SeenAt: now})
}

// registerGoals are the memory, which must not grow, and the time, which may.
func registerGoals(p plan) (out []goal) {
	for _, file := range registerFiles {
		many, few := registerFigure(file, p.Crowd), registerFigure(file, min(fewConsents, p.Crowd))
		out = append(out,
			goal{what: "`" + file + "`, peak memory", ours: many + ", MiB", yardstick: few + ", MiB", against: "10,000 consents", aim: 1.2, atMost: true, unit: " MiB"},
			goal{what: "`" + file + "`, time", ours: many + ", ms", yardstick: few + ", ms", against: "10,000 consents", atMost: true, unit: " ms"})
	}
	return out
}
