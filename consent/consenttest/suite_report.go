package consenttest

import (
	"bytes"
	"context"
	"io"
	"testing"

	"portail.example/consent"
)

// reports: an order is made once, in pieces, from one instant's data, and read back.
func reports(t *testing.T, s StoreWithClients) {
	w := NewWorldOn(t, s)
	g, _ := w.Granted(t, w.Push())
	officer := w.Agent(t, consent.RolePlatformDPO)
	l, err := w.Service.FindPerson(background, officer, consent.PersonSearch{Number: g.ID}, "demande d’accès reçue ce jour")
	must(t, err)
	since, err := consent.ParseDate("2026-01-31")
	must(t, err)
	ordered, err := w.Service.OrderReport(background, officer, l.ID, since, consent.Date{})
	must(t, err)
	got, err := s.Report(background, officer.ID, ordered.ID)
	must(t, err)
	same(t, got, ordered)
	text := bytes.Repeat([]byte("abcdefg"), consent.ReportPiece/3)
	made, err := w.Service.MakeReport(background, func(ctx context.Context, to io.Writer, from consent.ReportSource) error {
		w.Granted(t, w.PushOnce()) // after the instant: not in the report
		seen := &grantsSeen{}
		if err := from.Collect(ctx, seen); err != nil {
			return err
		}
		if seen.n != 1 {
			t.Errorf("%d consents in the report, 1 at its instant", seen.n)
		}
		_, err := to.Write(text)
		return err
	})
	if must(t, err); !made {
		t.Fatal("not made")
	}
	done, content, err := w.Service.ReportContent(background, officer, ordered.ID)
	must(t, err)
	back, err := io.ReadAll(content)
	if must(t, err); !bytes.Equal(back, text) || done.Lines == 0 || done.Size != int64(len(text)) {
		t.Errorf("%d bytes of %d, %d lines", len(back), len(text), done.Lines)
	}
	list, err := s.Reports(background, officer.ID, 5)
	must(t, err)
	same(t, list, []consent.Report{done})
}

// grantsSeen counts consents.
type grantsSeen struct{ n int }

func (*grantsSeen) Begin(consent.Holdings) error                                { return nil }
func (*grantsSeen) Part(consent.Part) error                                     { return nil }
func (*grantsSeen) Request(consent.Request, consent.Client) error               { return nil }
func (*grantsSeen) Answer(consent.Receipt) error                                { return nil }
func (s *grantsSeen) Grant(consent.Grant, consent.Client) error                 { s.n++; return nil }
func (*grantsSeen) Access(consent.Access, consent.Client, consent.Client) error { return nil }
func (*grantsSeen) Right(consent.RightsRequest) error                           { return nil }
func (*grantsSeen) Message(consent.RightsMessage, consent.RightsRequest) error  { return nil }
func (*grantsSeen) Measure(consent.Measure, consent.Client) error               { return nil }
func (*grantsSeen) LookedUp(consent.LookupTold) error                           { return nil }
func (*grantsSeen) SignedIn(consent.Session) error                              { return nil }
func (*grantsSeen) End() error                                                  { return nil }
