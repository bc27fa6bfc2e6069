package citizen

import (
	"encoding/hex"
	"net/http"
	"strconv"

	"github.com/gin-gonic/gin"

	"portail.example/consent"
	"portail.example/portal/web"
	"portail.example/portal/web/held"
)

// TextPage is templates/citizen/text.html: a text that somebody decided on, word for
// word, however old.
type TextPage struct {
	web.Page
	Facts []held.Fact
	Text  held.Text
	Own   bool // shown to the citizen who read it alone
}

// showText needs nobody to be signed in, except for a text that names a citizen's file.
func (room *Room) showText(c *gin.Context) error {
	hash, err := pathHash(c)
	if err != nil {
		return err
	}
	shown, err := room.Service.ShownText(c.Request.Context(), hash, room.Site.Session(c).Subject)
	if err != nil {
		return err
	}
	page := room.Site.Page(c, "citizen.text.title", "Number", held.HashOf(shown.Statement)[:8])
	return room.Site.Render(c, http.StatusOK, "citizen/text", TextPage{Page: page, Facts: textFacts(page, shown), Text: held.TextOf(shown.Statement), Own: shown.Statement.Own})
}

// pathHash is a SHA-256 in the path, hexadecimal; anything else is NotFound.
func pathHash(c *gin.Context) (hash consent.Hash, err error) {
	raw, err := hex.DecodeString(c.Param("hash"))
	if err != nil || len(raw) != len(hash) {
		return hash, consent.Refuse(consent.NotFound, "", "no such text")
	}
	return consent.Hash(raw), nil
}

func textFacts(p web.Page, t consent.ShownText) (facts []held.Fact) {
	for _, l := range p.Languages {
		if l.Code == t.Statement.Language {
			facts = append(facts, held.Fact{Name: p.T("citizen.text.language"), Value: l.Name})
		}
	}
	if t.Statement.Version > 0 {
		facts = append(facts, held.Fact{Name: p.T("citizen.text.version"), Value: strconv.Itoa(t.Statement.Version)})
	}
	if !t.FirstAt.IsZero() {
		facts = append(facts, held.Fact{Name: p.T("citizen.text.first"), Value: p.Date(consent.DateOf(t.FirstAt))})
	}
	return append(facts, held.Fact{Name: p.T("citizen.text.fingerprint"), Value: held.HashOf(t.Statement)})
}

// textOf is the address of the text that was read; empty when nothing was decided.
func textOf(f consent.GrantFact) string {
	if f.DecisionID == "" {
		return ""
	}
	return "/texts/" + hex.EncodeToString(f.Text[:])
}
