package citizen

import (
	"net/http"
	"slices"

	"github.com/gin-gonic/gin"

	"portail.example/consent"
	"portail.example/portal/web"
)

// NoticesPage is templates/citizen/notices.html: where a citizen wants e-mails.
type NoticesPage struct {
	web.Page
	Off               bool   // the service sends none
	Left, Verified    bool   // an address was left; its link was followed
	Address           string // the one that was left, or typed
	Problem           string
	ProblemField      string // what the problem is about
	AddressProblem    string
	KindProblem       string
	Kinds             []NoticeChoice
	NoticeLanguages   []NoticeLanguage
	Sent, Saved, Gone bool // what was just done
}

// NoticeChoice is a kind of notice.
type NoticeChoice struct {
	Kind, Label string
	Checked     bool
}

// NoticeLanguage is a language notices can be written in.
type NoticeLanguage struct {
	Code, Name string
	Checked    bool
}

func (room *Room) notices(c *gin.Context) error {
	params, err := web.Query(c)
	if err != nil {
		return err
	}
	page, err := room.noticesPage(c)
	if err != nil {
		return err
	}
	if form, left := room.Site.Kept(c); left {
		page.refill(room.wished(c, page, form))
	}
	done := params.Get("done")
	page.Sent, page.Saved, page.Gone = done == "sent" && page.Left && !page.Verified, done == "saved" && page.Left, done == "gone" && !page.Left
	return room.Site.Render(c, http.StatusOK, "citizen/notices", page)
}

// noticesPage is the page as the citizen's choices stand.
func (room *Room) noticesPage(c *gin.Context) (NoticesPage, error) {
	session := room.Site.Session(c)
	page := NoticesPage{Page: room.Site.Page(c, "citizen.notices.title"), Off: !room.Notices}
	contact, err := room.Service.Contact(c.Request.Context(), session.Subject)
	if err != nil && consent.CodeOf(err) != consent.NotFound {
		return NoticesPage{}, err
	}
	if err != nil {
		contact = consent.Contact{Language: page.Lang, Kinds: consent.NoticeKinds()}
	}
	page.Left, page.Verified, page.Address = err == nil, contact.Verified(), contact.Address
	page.choose(contact)
	return page, nil
}

// choose ticks what a contact says.
func (p *NoticesPage) choose(contact consent.Contact) {
	p.Kinds, p.NoticeLanguages = nil, nil
	for _, kind := range consent.NoticeKinds() {
		p.Kinds = append(p.Kinds, NoticeChoice{Kind: string(kind), Label: p.T("citizen.notices.kind." + string(kind)), Checked: slices.Contains(contact.Kinds, kind)})
	}
	for _, l := range p.Languages {
		p.NoticeLanguages = append(p.NoticeLanguages, NoticeLanguage{Code: l.Code, Name: l.Name, Checked: l.Code == contact.Language})
	}
}

// refill shows a form as it was typed.
func (p *NoticesPage) refill(wish consent.Contact) {
	p.choose(wish)
	if !p.Left {
		p.Address = wish.Address
	}
}

// wish is what a form says of notices; it is this citizen's. A language we have no
// words in is the page's.
func (room *Room) wish(c *gin.Context, page NoticesPage) (consent.Contact, error) {
	form, err := web.Form(c, "kind")
	return room.wished(c, page, form), err
}

func (room *Room) wished(c *gin.Context, page NoticesPage, form web.Params) consent.Contact {
	wish := consent.Contact{Subject: room.Site.Session(c).Subject, Address: form.Get("address"), Language: page.Lang}
	for _, kind := range form.All("kind") {
		wish.Kinds = append(wish.Kinds, consent.NoticeKind(kind))
	}
	for _, l := range page.Languages {
		if l.Code == form.Get("language") {
			wish.Language = l.Code
		}
	}
	return wish
}

func (room *Room) leaveAddress(c *gin.Context) error {
	return room.saveNotices(c, "sent", func(page NoticesPage, wish consent.Contact) error {
		if page.Off {
			return consent.Refuse(consent.NotFound, "", "no mail server is configured")
		}
		return room.Service.LeaveAddress(c.Request.Context(), wish)
	})
}

func (room *Room) changeNotices(c *gin.Context) error {
	return room.saveNotices(c, "saved", func(_ NoticesPage, wish consent.Contact) error {
		return room.Service.ChangeNotices(c.Request.Context(), wish.Subject, wish.Language, wish.Kinds)
	})
}

// saveNotices applies a form, or shows it again with what is wrong and what was typed.
func (room *Room) saveNotices(c *gin.Context, done string, apply func(NoticesPage, consent.Contact) error) error {
	page, err := room.noticesPage(c)
	if err != nil {
		return err
	}
	wish, err := room.wish(c, page)
	if err != nil {
		return err
	}
	err = apply(page, wish)
	if err == nil {
		c.Redirect(http.StatusSeeOther, "/notices?done="+done)
		return nil
	}
	if !page.explain(err) {
		return err
	}
	page.refill(wish)
	return room.Site.Render(c, http.StatusUnprocessableEntity, "citizen/notices", page)
}

// explain puts a refusal beside its field; false when it is about none.
func (p *NoticesPage) explain(err error) bool {
	switch code := consent.CodeOf(err); {
	case code == consent.TooMany:
		p.ProblemField, p.AddressProblem = "address", p.T("citizen.notices.too_many")
	case code == consent.InvalidRequest && consent.FieldOf(err) == "address":
		p.ProblemField, p.AddressProblem = "address", p.T("citizen.notices.bad_address")
	case code == consent.NothingChosen:
		p.ProblemField, p.KindProblem = "kind", p.T("citizen.notices.no_kind")
	default:
		return false
	}
	p.Problem = p.AddressProblem + p.KindProblem
	return true
}

func (room *Room) removeAddress(c *gin.Context) error {
	if _, err := web.Form(c); err != nil {
		return err
	}
	session := room.Site.Session(c)
	if err := room.Service.RemoveAddress(c.Request.Context(), session.Subject); err != nil {
		return err
	}
	c.Redirect(http.StatusSeeOther, "/notices?done=gone")
	return nil
}
