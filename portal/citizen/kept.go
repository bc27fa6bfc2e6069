package citizen

import (
	"slices"

	"github.com/gin-gonic/gin"

	"portail.example/consent"
	"portail.example/portal/web"
	"portail.example/portal/web/held"
)

// ErasurePart is what an erasure would remove at once, and what the law keeps, until
// when and why.
type ErasurePart struct {
	Gone  []string
	Stays []held.Fact
}

// ShownRecords are the kinds an erasure is explained by. Hashes and numbers of tokens
// go with the consents they belong to, or before; archives of reports within days.
func ShownRecords() []consent.Record {
	return []consent.Record{
		consent.RecordIdentity, consent.RecordAddress, consent.RecordSession,
		consent.RecordConsent, consent.RecordRefusal, consent.RecordRequest, consent.RecordConsultation, consent.RecordRightsRequest, consent.RecordMeasure, consent.RecordLookup,
	}
}

func (room *Room) erasurePart(c *gin.Context, p web.Page) (part ErasurePart, err error) {
	kept, err := room.Service.Kept(c.Request.Context(), room.Site.Session(c).Subject)
	for _, k := range kept {
		key := "citizen.kept." + string(k.Record)
		switch {
		case !slices.Contains(ShownRecords(), k.Record):
		case k.Erased():
			part.Gone = append(part.Gone, p.T(key))
		default:
			until := p.T("citizen.kept.until", "Date", p.Date(consent.DateOf(k.Until())))
			part.Stays = append(part.Stays, held.Fact{Name: p.T(key), Value: until + " " + p.T(key+"_why")})
		}
		if k.Record == consent.RecordRightsRequest {
			part.Gone = append(part.Gone, p.T("citizen.kept.words"))
		}
	}
	return part, err
}
