package oauth

import (
	"encoding/json"
	"net/http"
	"net/url"
	"time"

	"github.com/gin-gonic/gin"

	"portail.example/consent"
	"portail.example/portal/web"
)

// pollGrantType asks what became of a filed request. It has no registered name.
const pollGrantType = "urn:portail:params:oauth:grant-type:consent-request"

// maxFiling bounds a filing, in bytes.
const maxFiling = 16 << 10

// filing is a request for a citizen who is not there.
type filing struct {
	ClientID      string          `json:"client_id"`
	AssertionType string          `json:"client_assertion_type"`
	Assertion     string          `json:"client_assertion"`
	Details       json.RawMessage `json:"authorization_details"`
	Subject       filingSubject   `json:"subject"`
	Reference     string          `json:"reference"`
	ExpiresIn     int64           `json:"expires_in"` // seconds
}

// filingSubject is the identité pivot, in FranceConnect's names and codes.
type filingSubject struct {
	FamilyName   string `json:"family_name"`
	GivenName    string `json:"given_name"` // the first one; all of them for births abroad
	Birthdate    string `json:"birthdate"`  // 00 for unknown parts
	Gender       string `json:"gender"`
	Birthplace   string `json:"birthplace"`
	Birthcountry string `json:"birthcountry"`
}

// filed answers a filing: it never tells whether the citizen is known.
type filed struct {
	RequestID  string `json:"request_id"`
	ConsentURI string `json:"consent_uri"`
	QRCode     string `json:"qr_code"`    // consent_uri as a picture: an SVG in a data: URI
	ExpiresIn  int64  `json:"expires_in"` // seconds
	Interval   int64  `json:"interval"`   // seconds between two polls
}

func (room *Room) fileRequest(c *gin.Context) error {
	var in filing
	if err := readJSON(c, maxFiling, &in); err != nil {
		return err
	}
	client, err := room.asking(c, in.credentials())
	if err != nil {
		return err
	}
	details, parameters, err := consent.ParseDetails(in.Details)
	if err != nil {
		return err
	}
	r, err := room.Service.FileRequest(c.Request.Context(), consent.Filing{
		Client: client, Details: details, Parameters: parameters, Subject: in.Subject.identity(), Reference: in.Reference, Lifetime: in.lifetime(),
	})
	if err != nil {
		return err
	}
	address := room.Issuer + "/requests/" + r.ID
	picture, err := qrCode(address)
	if err != nil {
		return err
	}
	web.JSON(c, http.StatusCreated, filed{
		RequestID: r.ID, ConsentURI: address, QRCode: picture, ExpiresIn: int64(r.ExpiresAt.Sub(r.CreatedAt).Seconds()), Interval: int64(consent.PollInterval.Seconds()),
	})
	return nil
}

// lifetime is in range for the domain to judge: so many seconds as a Duration could
// overflow into one that is allowed.
func (in filing) lifetime() time.Duration {
	return time.Duration(max(-1, min(in.ExpiresIn, int64(consent.MaxFiling/time.Second)+1))) * time.Second
}

// credentials are the body's, in the shape of a form's.
func (in filing) credentials() web.Params {
	values := url.Values{}
	for name, value := range map[string]string{"client_id": in.ClientID, "client_assertion_type": in.AssertionType, "client_assertion": in.Assertion} {
		if value != "" {
			values.Set(name, value)
		}
	}
	return web.ParamsOf(values)
}

// identity takes given_name as it is: the first one for births in France (one first
// name may hold a space), all of them for births abroad.
func (s filingSubject) identity() consent.PivotIdentity {
	return consent.PivotIdentity{
		FamilyName: s.FamilyName, GivenNames: []string{s.GivenName}, Birthdate: s.Birthdate, Gender: s.Gender, Birthplace: s.Birthplace, Birthcountry: s.Birthcountry,
	}
}
