package consenttest

import (
	"testing"
	"time"

	"portail.example/consent"
)

func asked(t *testing.T, s StoreWithClients) {
	w := NewWorldOn(t, s)
	w.Identified(t, w.Push())
	w.Granted(t, w.Push())
	_, err := w.Service.FileRequest(background, w.Filing(Pierre().Identity))
	must(t, err)
	pierre := w.SignIn(t, Pierre())
	mine := consent.Party{ClientID: TownHall().ID, Recipient: TownHall().SIRET}
	before, after := Start.Add(-time.Second), Start.Add(time.Second)
	for what, c := range map[string]struct {
		subject   consent.SubjectID
		by        consent.Party
		purpose   string
		since, at time.Time
		want      int
	}{
		"one that is open, one granted": {w.Viewer.Subject, mine, Canteen().Purpose, before, Start, 1},
		"made earlier, still open":      {w.Viewer.Subject, mine, Canteen().Purpose, after, Start, 1},
		"made earlier, over":            {w.Viewer.Subject, mine, Canteen().Purpose, after, Start.Add(24 * time.Hour), 0},
		"filed for another citizen":     {pierre, mine, Canteen().Purpose, before, Start, 1},
		"another purpose":               {w.Viewer.Subject, mine, "tarification-transports", before, Start, 0},
		"another recipient":             {w.Viewer.Subject, consent.Party{ClientID: mine.ClientID, Recipient: Transports().SIRET}, Canteen().Purpose, before, Start, 0},
		"another client":                {w.Viewer.Subject, consent.Party{ClientID: Transports().ID, Recipient: mine.Recipient}, Canteen().Purpose, before, Start, 0},
	} {
		n, err := s.Asked(background, c.subject, c.by, c.purpose, c.since, c.at)
		must(t, err)
		if n != c.want {
			t.Errorf("%s: %d, want %d", what, n, c.want)
		}
	}
}
