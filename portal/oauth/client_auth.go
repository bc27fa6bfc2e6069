package oauth

import (
	"crypto/subtle"
	"encoding/base64"
	"net/url"
	"strings"

	"github.com/gin-gonic/gin"

	"portail.example/consent"
	"portail.example/portal/web"
)

// authenticate proves the client by its one registered method. An unknown
// client and a wrong proof get the same answer, so that nobody can list clients.
func (room *Room) authenticate(c *gin.Context, form web.Params) (consent.Client, error) {
	client, err := room.proven(c, form)
	if err != nil {
		return consent.Client{}, err
	}
	if id := form.Get("client_id"); form.Has("client_id") && id != client.ID {
		return consent.Client{}, badClient("client_id is not the authenticated client's")
	}
	web.Known(c)
	if !room.Rates.Allow(c, client.ID) {
		return consent.Client{}, consent.Refuse(consent.TooMany, "", "too many requests of this client; see Retry-After")
	}
	return client, client.Usable()
}

// asking is authenticate for those to whom consents are given.
func (room *Room) asking(c *gin.Context, form web.Params) (consent.Client, error) {
	client, err := room.authenticate(c, form)
	if err == nil {
		err = client.MayAsk()
	}
	return client, err
}

func (room *Room) proven(c *gin.Context, form web.Params) (consent.Client, error) {
	basic := c.GetHeader("Authorization") != ""
	assertion := form.Has("client_assertion") || form.Has("client_assertion_type")
	switch {
	case form.Has("client_secret"):
		return consent.Client{}, badClient("client_secret_post is not accepted")
	case basic && assertion:
		return consent.Client{}, consent.Refuse(consent.InvalidRequest, "client_assertion", "two authentication methods at once")
	case basic:
		return room.bySecret(c)
	case assertion:
		return room.byAssertion(c, form)
	}
	return consent.Client{}, badClient("no client authentication")
}

func badClient(detail string) error {
	return consent.Refuse(consent.InvalidClient, "", "%s", detail)
}

// failed is the one answer to an unknown client and to a wrong proof.
func failed() error { return badClient("client authentication failed") }

// bySecret is client_secret_basic.
func (room *Room) bySecret(c *gin.Context) (consent.Client, error) {
	id, secret, ok := basicCredentials(c.Request.Header.Values("Authorization"))
	if !ok {
		return consent.Client{}, badClient("the Authorization header is not Basic")
	}
	client, err := room.registered(c, id, consent.ClientSecretBasic)
	if err != nil {
		return consent.Client{}, err
	}
	given := consent.HashOf(secret)
	if subtle.ConstantTimeCompare(given[:], client.SecretHash) != 1 {
		return consent.Client{}, failed()
	}
	return client, nil
}

// registered finds a client that uses a method. A suspended one is found: it is
// told so once it has proved itself.
func (room *Room) registered(c *gin.Context, id string, method consent.AuthMethod) (consent.Client, error) {
	if !web.IsID(id) {
		return consent.Client{}, failed()
	}
	client, err := room.find(c, id)
	switch consent.CodeOf(err) {
	case "", consent.UnauthorizedClient:
	case consent.InvalidClient:
		return consent.Client{}, failed()
	default:
		return consent.Client{}, err
	}
	if client.AuthMethod != method {
		return consent.Client{}, failed()
	}
	return client, nil
}

// find looks a client up, in one look-up with the token it asks about when it asks
// about one.
func (room *Room) find(c *gin.Context, id string) (consent.Client, error) {
	about, asks := c.Value(presentedKey).(*presented)
	if !asks {
		return room.Service.Client(c.Request.Context(), id)
	}
	client, standing, err := room.Service.ClientAsking(c.Request.Context(), id, about.claims.GrantID, about.claims.ID)
	about.standing = standing
	return client, err
}

// basicCredentials undoes RFC 6749 section 2.3.1: both parts are form-encoded
// inside the Basic scheme.
func basicCredentials(headers []string) (id, secret string, ok bool) {
	if len(headers) != 1 {
		return "", "", false
	}
	scheme, encoded, found := strings.Cut(headers[0], " ")
	if !found || !strings.EqualFold(scheme, "Basic") {
		return "", "", false
	}
	raw, err := base64.StdEncoding.DecodeString(strings.TrimSpace(encoded))
	if err != nil {
		return "", "", false
	}
	left, right, found := strings.Cut(string(raw), ":")
	if !found {
		return "", "", false
	}
	id, errID := url.QueryUnescape(left)
	secret, errSecret := url.QueryUnescape(right)
	return id, secret, errID == nil && errSecret == nil
}
