package citizen

import (
	"net/http"

	"github.com/gin-gonic/gin"

	"portail.example/portal/web"
)

// Operator is who runs the portal, as its legal notices name them.
type Operator struct {
	Name, Address string
	Publisher     string // directeur de la publication (loi n° 2004-575, article 1-1)
	Host          string // name and address of who hosts the servers
	Contact, DPO  string // e-mail addresses
}

// AboutPage is templates/citizen/about.html: what the portal says of itself.
type AboutPage struct {
	web.Page
	Sections []AboutSection
	Links    []AboutLink
}

// AboutSection is a heading and its text.
type AboutSection struct{ Heading, Text string }

// AboutLink is a line of the site map.
type AboutLink struct{ Text, URL string }

// about is one such page; its texts are citizen.about.<Name>.*.
type about struct {
	Path, Name string
	Sections   []string
}

// abouts are the pages that every footer leads to.
func abouts() []about {
	return []about{
		{"/about", "service", []string{"what", "limits"}},
		{"/site-map", "map", nil},
		{"/accessibility", "accessibility", []string{"state", "tested", "report"}},
		{"/legal-notices", "legal", []string{"publisher", "host"}},
		{"/personal-data", "privacy", []string{"controller", "purposes", "retention", "rights"}},
		{"/cookies", "cookies", []string{"session", "language"}},
		{"/contact", "contact", []string{"service", "data", "security"}},
	}
}

func (a about) key(part string) string { return "citizen.about." + a.Name + "." + part }

// AboutKeys are the texts these pages use, for the catalogue's test.
func AboutKeys() (out []string) {
	for _, a := range abouts() {
		out = append(out, a.key("title"))
		for _, section := range a.Sections {
			out = append(out, a.key(section), a.key(section+"_text"))
		}
	}
	return out
}

func (room *Room) mountAbout(r gin.IRouter) {
	for _, a := range abouts() {
		room.Site.Get(r, a.Path, room.about(a))
	}
	room.Site.Get(r, "/.well-known/security.txt", room.securityTxt)
}

func (room *Room) about(a about) web.Handler {
	return func(c *gin.Context) error {
		page := AboutPage{Page: room.Site.Page(c, a.key("title"))}
		for _, section := range a.Sections {
			page.Sections = append(page.Sections, AboutSection{page.T(a.key(section)), room.told(page.Page, a.key(section+"_text"))})
		}
		if a.Sections == nil {
			page.Links = siteMap(page.Page)
		}
		return room.Site.Render(c, http.StatusOK, "citizen/about", page)
	}
}

// told is a text that may name the operator.
func (room *Room) told(p web.Page, key string) string {
	o := room.Operator
	return p.T(key, "Name", o.Name, "Address", o.Address, "Publisher", o.Publisher, "Host", o.Host, "Contact", o.Contact, "DPO", o.DPO)
}

// siteMap leads to each page that has an address of its own; those behind a sign-in
// ask for it.
func siteMap(p web.Page) []AboutLink {
	out := []AboutLink{
		{p.T("citizen.start.title"), "/"}, {p.T("citizen.home.title"), "/home"}, {p.T("citizen.waiting.title"), "/requests"},
		{p.T("citizen.consents.title"), "/consents"}, {p.T("citizen.withdraw_all.title"), "/withdraw-all"}, {p.T("citizen.history.title"), "/history"}, {p.T("citizen.my_data.title"), "/my-data"},
		{p.T("citizen.rights.title"), "/my-data/ask"}, {p.T("citizen.attestation.title"), AttestationPath}, {p.T("citizen.notices.title"), "/notices"}, {p.T("citizen.sessions.title"), "/sessions"},
	}
	for _, a := range abouts() {
		out = append(out, AboutLink{p.T(a.key("title")), a.Path})
	}
	return out
}
