package consent_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"portail.example/consent"
	"portail.example/consent/consenttest"
)

// officer looks the world's citizen up.
func officer(t *testing.T, w *consenttest.World, role consent.Role) (consent.Agent, consent.Lookup) {
	t.Helper()
	agent := w.Agent(t, role)
	who := consenttest.Angela().Identity
	l, err := w.Service.FindPerson(t.Context(), agent, consent.PersonSearch{FamilyName: who.FamilyName, Birthdate: who.Birthdate}, "demande du 3 mars")
	if err != nil {
		t.Fatal(err)
	}
	return agent, l
}

func order(t *testing.T, w *consenttest.World, agent consent.Agent, l consent.Lookup) consent.Report {
	t.Helper()
	r, err := w.Service.OrderReport(t.Context(), agent, l.ID, consent.Date{}, consent.Date{})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestAReportIsMadeOnceAndReadFromAnyPlace(t *testing.T) {
	w := consenttest.NewWorld(t)
	agent, l := officer(t, w, consent.RolePlatformDPO)
	ordered := order(t, w, agent, l)
	want := strings.Repeat("une ligne du rapport\n", consent.ReportPiece/10)
	write := func(_ context.Context, to io.Writer, _ consent.ReportSource) error {
		_, err := io.WriteString(to, want)
		return err
	}
	if made, err := w.Service.MakeReport(t.Context(), write); !made || err != nil {
		t.Fatal(made, err)
	}
	if made, err := w.Service.MakeReport(t.Context(), write); made || err != nil {
		t.Fatal("made twice", err)
	}
	r, content, err := w.Service.ReportContent(t.Context(), agent, ordered.ID)
	if err != nil || r.Size != int64(len(want)) || r.State != consent.ReportDone {
		t.Fatal(r.Size, r.State, err)
	}
	if err := iotest.TestReader(content, []byte(want)); err != nil {
		t.Error(err)
	}
	w.Clock.Advance(consent.ReportKept)
	if _, _, err := w.Service.ReportContent(t.Context(), agent, ordered.ID); consent.CodeOf(err) != consent.NotFound {
		t.Errorf("a week later: %v", err)
	}
}

func TestAReportIsItsAgentsOnly(t *testing.T) {
	w := consenttest.NewWorld(t)
	agent, l := officer(t, w, consent.RolePlatformDPO)
	r := order(t, w, agent, l)
	w.Granted(t, w.Push())
	other, _ := officer(t, w, consent.RoleDPO)
	if _, err := w.Service.Report(t.Context(), other, r.ID); consent.CodeOf(err) != consent.NotFound {
		t.Errorf("another officer: %v", err)
	}
	if _, err := w.Service.OrderReport(t.Context(), other, l.ID, consent.Date{}, consent.Date{}); consent.CodeOf(err) != consent.NotFound {
		t.Errorf("by another's look-up: %v", err)
	}
	auditor := w.Agent(t, consent.RoleAuditor)
	if _, err := w.Service.Reports(t.Context(), auditor, 10); consent.CodeOf(err) != consent.RoleNotAllowed {
		t.Errorf("an auditor: %v", err)
	}
}

func TestAReportThatFailsSaysSoAndOneLeftIsBegunAgain(t *testing.T) {
	w := consenttest.NewWorld(t)
	agent, l := officer(t, w, consent.RolePlatformDPO)
	failing, left := order(t, w, agent, l), order(t, w, agent, l)
	broken := errors.New("no words")
	if _, err := w.Service.MakeReport(t.Context(), func(context.Context, io.Writer, consent.ReportSource) error { return broken }); !errors.Is(err, broken) {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	_, err := w.Service.MakeReport(ctx, func(context.Context, io.Writer, consent.ReportSource) error { cancel(); return ctx.Err() })
	if !errors.Is(err, context.Canceled) {
		t.Fatal(err)
	}
	states := map[string]consent.ReportState{}
	for range 2 {
		list, err := w.Service.Reports(t.Context(), agent, 10)
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range list {
			states[r.ID] = r.State
		}
	}
	if len(states) != 2 || states[failing.ID] == states[left.ID] {
		t.Fatalf("states %v", states)
	}
	w.Clock.Advance(3 * time.Minute)
	if made, err := w.Service.MakeReport(t.Context(), func(context.Context, io.Writer, consent.ReportSource) error { return nil }); !made || err != nil {
		t.Errorf("the one that was left: %v %v", made, err)
	}
}

// A report that two processes make is the last one's: the first one stops.
func TestAReportOvertakenIsNotMixed(t *testing.T) {
	w := consenttest.NewWorld(t)
	agent, l := officer(t, w, consent.RolePlatformDPO)
	r := order(t, w, agent, l)
	_, err := w.Service.MakeReport(t.Context(), func(_ context.Context, to io.Writer, _ consent.ReportSource) error {
		w.Clock.Advance(3 * time.Minute)
		if _, err := w.Service.MakeReport(t.Context(), func(_ context.Context, to io.Writer, _ consent.ReportSource) error {
			_, err := io.WriteString(to, "second")
			return err
		}); err != nil {
			t.Fatal(err)
		}
		_, err := to.Write(bytes.Repeat([]byte("first "), consent.ReportPiece))
		return err
	})
	if err == nil {
		t.Error("the first one did not stop")
	}
	_, content, err := w.Service.ReportContent(t.Context(), agent, r.ID)
	if err != nil {
		t.Fatal(err)
	}
	if text, err := io.ReadAll(content); string(text) != "second" || err != nil {
		t.Errorf("%.20q, %v", text, err)
	}
}

// slow is a collector that takes a minute for each line.
type slow struct {
	tallied
	pass func()
}

func (c slow) Request(consent.Request, consent.Client) error { c.pass(); return nil }
func (c slow) Answer(consent.Receipt) error                  { c.pass(); return nil }
func (c slow) Grant(consent.Grant, consent.Client) error     { c.pass(); return nil }

// A document is read for minutes before its first byte is written.
func TestAReportThatIsReadForLongIsNotBegunAgain(t *testing.T) {
	w := consenttest.NewWorld(t)
	w.Granted(t, w.Push())
	agent, l := officer(t, w, consent.RolePlatformDPO)
	order(t, w, agent, l)
	again := func(context.Context, io.Writer, consent.ReportSource) error { return nil }
	lines := 0
	made, err := w.Service.MakeReport(t.Context(), func(ctx context.Context, to io.Writer, from consent.ReportSource) error {
		return from.Collect(ctx, slow{tallied{}, func() {
			lines++
			w.Clock.Advance(time.Minute)
			if made, err := w.Service.MakeReport(t.Context(), again); made || err != nil {
				t.Errorf("begun again at line %d: %v", lines, err)
			}
		}})
	})
	if !made || err != nil || lines != 3 {
		t.Errorf("%v after %d lines: %v", made, lines, err)
	}
}

func TestTooManyReportsAndWrongDays(t *testing.T) {
	w := consenttest.NewWorld(t)
	agent, l := officer(t, w, consent.RolePlatformDPO)
	day := func(s string) consent.Date { d, _ := consent.ParseDate(s); return d }
	if _, err := w.Service.OrderReport(t.Context(), agent, l.ID, day("2026-02-01"), day("2026-01-31")); consent.FieldOf(err) != "until" {
		t.Errorf("the end before the beginning: %v", err)
	}
	for range consent.MaxOpenReports {
		order(t, w, agent, l)
	}
	if _, err := w.Service.OrderReport(t.Context(), agent, l.ID, consent.Date{}, consent.Date{}); consent.CodeOf(err) != consent.TooMany {
		t.Errorf("one too many: %v", err)
	}
}

// tallied counts what it is handed, by kind.
type tallied map[string]int

func (c tallied) Begin(h consent.Holdings) error { c["address"] += len(h.Address); return nil }
func (c tallied) Part(consent.Part) error        { return nil }
func (c tallied) Request(r consent.Request, _ consent.Client) error {
	c["requests of "+string(r.Details.Recipient)]++
	return nil
}
func (c tallied) Answer(r consent.Receipt) error {
	c["answers to "+string(r.Details.Recipient)]++
	return nil
}
func (c tallied) Grant(g consent.Grant, _ consent.Client) error {
	c["consents of "+string(g.Details.Recipient)]++
	return nil
}
func (c tallied) Access(a consent.Access, _, _ consent.Client) error {
	c["uses by "+string(a.Recipient)]++
	return nil
}
func (c tallied) Right(consent.RightsRequest) error { c["rights"]++; return nil }
func (c tallied) Message(consent.RightsMessage, consent.RightsRequest) error {
	c["messages"]++
	return nil
}
func (c tallied) Measure(m consent.Measure, _ consent.Client) error { c[string(m.Right)]++; return nil }
func (c tallied) LookedUp(l consent.LookupTold) error {
	c["look-ups by "+string(l.Role)+" "+l.Name]++
	return nil
}
func (c tallied) SignedIn(consent.Session) error { return nil }
func (c tallied) End() error                     { return nil }

func collected(t *testing.T, w *consenttest.World) (out tallied) {
	t.Helper()
	if _, err := w.Service.MakeReport(t.Context(), func(ctx context.Context, _ io.Writer, from consent.ReportSource) error {
		for range 2 {
			out = tallied{}
			if err := from.Collect(ctx, out); err != nil {
				return err
			}
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	return out
}

func TestAnAuthoritysReportSpeaksOfThatAuthority(t *testing.T) {
	w := consenttest.NewWorld(t)
	w.Granted(t, w.Push())
	other := w.Push()
	other.Client, other.RedirectURI = consenttest.Transports(), consenttest.Transports().RedirectURIs[0]
	other.Details = *consenttest.Transports().Default
	other.Details.EndsOn = w.Push().Details.EndsOn
	w.Granted(t, other)
	asked, err := w.Service.AskRight(t.Context(), w.Viewer.Subject, consent.RightAccess, "tout")
	if err != nil {
		t.Fatal(err)
	}
	here, there := string(consenttest.TownHall().SIRET), string(consenttest.Transports().SIRET)
	town := consenttest.TownHall().LegalName
	for _, c := range []struct {
		role consent.Role
		want tallied
	}{
		{consent.RoleDPO, tallied{"requests of " + here: 1, "answers to " + here: 1, "consents of " + here: 1, "look-ups by dpo " + town: 1}},
		{consent.RolePlatformDPO, tallied{"requests of " + here: 1, "answers to " + here: 1, "consents of " + here: 1,
			"requests of " + there: 1, "answers to " + there: 1, "consents of " + there: 1, "rights": 1,
			"messages": 1, "look-ups by dpo " + town: 1, "look-ups by platform_dpo " + town: 1}},
	} {
		agent, l := officer(t, w, c.role)
		if c.role == consent.RolePlatformDPO {
			if err := w.Service.WriteRight(t.Context(), agent, asked.ID, consent.RightsNews, "nous cherchons"); err != nil {
				t.Fatal(err)
			}
		}
		order(t, w, agent, l)
		got := collected(t, w)
		delete(got, "address")
		if fmt.Sprint(got) != fmt.Sprint(c.want) {
			t.Errorf("%s: %v, want %v", c.role, got, c.want)
		}
	}
}

// frozen keeps the consents that it is handed.
type frozen struct {
	tallied
	grants *[]consent.Grant
}

func (f frozen) Grant(g consent.Grant, _ consent.Client) error {
	*f.grants = append(*f.grants, g)
	return nil
}

// An authority's officer cannot tell a consent that is restricted from one that is paused.
func TestAnAuthoritysReportTellsARestrictionAsAPause(t *testing.T) {
	stops := map[string]func(*consenttest.World, consent.Grant) error{
		"paused": func(w *consenttest.World, g consent.Grant) error {
			return w.Service.Pause(t.Context(), g.Subject, g.ID)
		},
		"restricted": func(w *consenttest.World, _ consent.Grant) error {
			w.Restricted(t, consent.Party{})
			return nil
		},
	}
	for name, stop := range stops {
		w := consenttest.NewWorld(t)
		g, _ := w.Granted(t, w.Push())
		w.Clock.Advance(time.Hour)
		at := w.Clock.Now()
		if err := stop(w, g); err != nil {
			t.Fatal(err)
		}
		agent, l := officer(t, w, consent.RoleDPO)
		order(t, w, agent, l)
		var got []consent.Grant
		if _, err := w.Service.MakeReport(t.Context(), func(ctx context.Context, _ io.Writer, from consent.ReportSource) error {
			return from.Collect(ctx, frozen{tallied{}, &got}, consent.PartConsents)
		}); err != nil {
			t.Fatal(err)
		}
		if len(got) != 1 || got[0].Status != consent.GrantPaused || !got[0].PausedAt.Equal(at) || !got[0].RestrictedAt.IsZero() {
			t.Errorf("%s: %+v", name, got)
		}
	}
}
