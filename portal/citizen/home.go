package citizen

import (
	"net/http"
	"strings"

	"github.com/gin-gonic/gin"

	"portail.example/consent"
	"portail.example/portal/web"
)

// HomePage is templates/citizen/home.html.
type HomePage struct {
	web.Page
	Name     string
	Waiting  []WaitingItem
	Active   []ConsentItem
	Ended    []ConsentItem
	Accesses []AccessRow
}

// WaitingItem is a request that waits for an answer.
type WaitingItem struct{ ID, Client, Sentence string }

// ConsentItem is one consent in a list.
type ConsentItem struct {
	ID, Client, Purpose, Data, Period string
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
	page := HomePage{Page: room.Site.Page(c, "citizen.home.title"), Name: fullName(identity)}
	page.fill(room, home)
	return room.Site.Render(c, http.StatusOK, "citizen/home", page)
}

// fill puts the domain's answer in words.
func (p *HomePage) fill(room *Room, home consent.Home) {
	client := func(p consent.Party) consent.Client { return home.Clients[p] }
	for _, r := range home.Waiting {
		p.Waiting = append(p.Waiting, WaitingItem{ID: r.ID, Client: client(r.Party()).LegalName, Sentence: sentence(p.Page, r.Details, client(r.Party()))})
	}
	for _, g := range home.Grants {
		status := g.StatusAt(room.Now())
		item := ConsentItem{
			ID: g.ID, Client: client(g.Party()).LegalName, Purpose: p.T("purpose." + g.Details.Purpose + ".name"),
			Data: strings.Join(groupNames(p.Page, g.Details.Groups), p.Page.T("common.comma")), Period: period(p.Page, g), State: badge(p.Page, status),
			Halted: halted(p.Page, status, client(g.Party())),
		}
		if status == consent.GrantActive || status == consent.GrantPaused {
			p.Active = append(p.Active, item)
		} else {
			p.Ended = append(p.Ended, item)
		}
	}
	p.Accesses = accessRows(p.Page, home.Accesses, client)
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
