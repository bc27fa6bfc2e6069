package citizen

import (
	"net/http"
	"slices"

	"github.com/gin-gonic/gin"

	"portail.example/consent"
	"portail.example/portal/web"
	"portail.example/portal/web/held"
)

// homeWaiting is how many waiting requests the home page shows.
const homeWaiting = 3

// HomePage is templates/citizen/home.html.
type HomePage struct {
	web.Page
	Name     string
	LastTime string // the sign-in before this one
	News     []NewsItem
	Stopped  []string // that something is frozen, or somebody kept from asking
	Waiting  []WaitingItem
	Ending   []ConsentItem
	Active   []ConsentItem
	Accesses []AccessRow
	// Links to the full lists; empty when all is shown.
	AllWaiting, AllEnding, AllActive string
	Held                             bool // there is something to withdraw
}

// NewsItem is a request about which the data protection officer wrote something that
// was not read.
type NewsItem struct{ ID, Text string }

// WaitingItem is a request that waits for an answer.
type WaitingItem struct {
	ID, Client, Sentence, Until, Answer string
	Given                               string // what it is about beside the person; may be empty
}

// ConsentItem is one consent in a list.
type ConsentItem struct {
	ID, Client, Purpose, Data, Period string
	Given                             string // what it is about beside the person; may be empty
	State                             Badge
	Halted                            string // why nothing is sent although it stands
}

func (room *Room) home(c *gin.Context) error {
	session := room.Site.Session(c)
	if !session.SignedIn() {
		c.Redirect(http.StatusSeeOther, "/")
		return nil
	}
	home, err := room.Service.Home(c.Request.Context(), session.Subject)
	if err != nil {
		return err
	}
	identity, err := room.Service.Identity(c.Request.Context(), session.Subject)
	if err != nil {
		return err
	}
	unread, err := room.Service.UnreadRights(c.Request.Context(), session.Subject)
	if err != nil {
		return err
	}
	page := HomePage{Page: room.Site.Page(c, "citizen.home.title"), Name: fullName(identity)}
	for _, r := range unread {
		page.News = append(page.News, NewsItem{r.ID, page.T("citizen.home.news_read", "Right", page.T("citizen.rights."+r.Asks()))})
	}
	held, err := room.Service.InForce(c.Request.Context(), session.Subject)
	if err != nil {
		return err
	}
	page.Stopped = stoppedNews(page.Page, held)
	page.LastTime = lastTime(page.Page, session)
	page.fill(room, home)
	return room.Site.Render(c, http.StatusOK, "citizen/home", page)
}

// stoppedNews says once each that something is frozen, and that somebody is kept from
// asking.
func stoppedNews(p web.Page, held []consent.Measure) (out []string) {
	for _, kind := range []struct {
		right consent.Right
		key   string
	}{{consent.RightRestriction, "citizen.home.frozen"}, {consent.RightObjection, "citizen.home.stopped"}} {
		if slices.ContainsFunc(held, func(m consent.Measure) bool { return m.Right == kind.right }) {
			out = append(out, p.T(kind.key))
		}
	}
	return out
}

// fill puts the domain's answer in words.
func (p *HomePage) fill(room *Room, home consent.Home) {
	client := func(p consent.Party) consent.Client { return home.Clients[p] }
	p.Waiting = waitingItems(p.Page, home)
	if len(p.Waiting) > homeWaiting {
		p.Waiting, p.AllWaiting = p.Waiting[:homeWaiting], p.T("citizen.home.waiting_all")
	}
	p.Held = home.ActiveCount > 0
	p.Ending, p.Active = room.consentItems(p.Page, home.Ending, home.Clients, home.About), room.consentItems(p.Page, home.Active, home.Clients, home.About)
	if home.EndingCount > len(p.Ending) {
		p.AllEnding = p.T("citizen.home.ending_all")
	}
	if home.ActiveCount > len(p.Active) {
		p.AllActive = p.T("citizen.home.active_all", "Total", counted(p.Page, home.ActiveCount))
	}
	p.Accesses = accessRows(p.Page, home.Accesses, client)
}

// waitingItems are requests in words, with the day to answer by.
func waitingItems(p web.Page, home consent.Home) (out []WaitingItem) {
	for _, r := range home.Waiting {
		client := home.Clients[r.Party()]
		out = append(out, WaitingItem{
			ID: r.ID, Client: client.LegalName, Sentence: sentence(p, r.Details, client), Until: p.T("citizen.waiting.until", "Instant", p.DateTime(r.ExpiresAt)),
			Answer: p.T("citizen.home.answer"), Given: held.GivenLine(p.Localizer, r.Details.Type, home.About[r.ID]),
		})
	}
	return out
}

// consentItems are consents in words.
func (room *Room) consentItems(p web.Page, grants []consent.Grant, clients map[consent.Party]consent.Client, about consent.About) (out []ConsentItem) {
	for _, g := range grants {
		client, status := clients[g.Party()], g.StatusAt(room.Now())
		out = append(out, ConsentItem{
			ID: g.ID, Client: client.LegalName, Purpose: p.T("purpose." + g.Details.Purpose + ".name"),
			Given: held.GivenLine(p.Localizer, g.Details.Type, about[g.ID]),
			Data:  held.Data(p.Localizer, g.Details.Groups), Period: held.Period(p.Localizer, g), State: badge(p, status), Halted: halted(p, status, client),
		})
	}
	return out
}

// counted is a number that was not counted further than consent.MaxCounted.
func counted(p web.Page, n int) string {
	if n > consent.MaxCounted {
		return p.T("citizen.consents.more_than", "Count", consent.MaxCounted)
	}
	return p.T("citizen.consents.exactly", "Count", n)
}

// fullName is the first given name and the name in use.
func fullName(identity consent.PivotIdentity) string {
	family := identity.FamilyName
	if identity.PreferredName != "" {
		family = identity.PreferredName
	}
	if len(identity.GivenNames) == 0 {
		return family
	}
	return identity.GivenNames[0] + " " + family
}
