package citizen

import (
	"net/http"

	"github.com/gin-gonic/gin"

	"portail.example/consent"
	"portail.example/portal/web"
)

// signIn sends the browser to FranceConnect. What must come back unchanged is
// stored first, bound to this browser.
func (room *Room) signIn(c *gin.Context) error {
	requestID, err := requestParam(c)
	if err != nil {
		return err
	}
	if _, err := room.Site.EnsureSession(c); err != nil {
		return err
	}
	return room.begin(c, requestID, room.dataScopes(c, requestID))
}

// begin sends the browser to FranceConnect, which is asked for data besides the identity
// when there are scopes.
func (room *Room) begin(c *gin.Context, requestID string, data []string) error {
	attempt, address, err := room.FranceConnect.Begin(c.Request.Context(), data...)
	if err != nil {
		room.retry(c, err, requestID)
		return nil
	}
	attempt.Browser, attempt.RequestID, attempt.ExpiresAt = room.Site.Session(c).Browser, requestID, room.Now().Add(consent.SignInLifetime)
	if err := room.Attempts.SaveSignInAttempt(c.Request.Context(), attempt); err != nil {
		return err
	}
	c.Redirect(http.StatusSeeOther, address)
	return nil
}

// requestParam is the request to come back to; empty for the home page.
func requestParam(c *gin.Context) (string, error) {
	params, err := web.Query(c)
	if err != nil {
		return "", err
	}
	id := params.Get("request")
	if id != "" && !web.IsID(id) {
		return "", consent.Refuse(consent.InvalidRequest, "request", "not a request's identifier")
	}
	return id, nil
}

// callback is where FranceConnect sends the browser back. The attempt is used up
// before anything else is believed, errors included.
func (room *Room) callback(c *gin.Context) error {
	attempt, err := room.takeAttempt(c)
	if err != nil {
		return err
	}
	in, err := room.FranceConnect.Complete(c.Request.Context(), attempt, c.Request.URL.Query())
	if attempt.Data && consent.CodeOf(err) == consent.SignInFailed && consent.FieldOf(err) == "scope" {
		_ = c.Error(err) // the operator's to mend; the citizen signs in without
		return room.begin(c, attempt.RequestID, nil)
	}
	if err != nil {
		room.retry(c, err, attempt.RequestID)
		return nil
	}
	citizen, err := room.Service.SignIn(c.Request.Context(), in)
	if err != nil {
		return err
	}
	if err := room.Site.SignIn(c, citizen, in); err != nil {
		return err
	}
	c.Redirect(http.StatusSeeOther, room.afterSignIn(c, attempt))
	return nil
}

// afterSignIn is the request the sign-in was for, or the page that waits, or home.
func (room *Room) afterSignIn(c *gin.Context, attempt consent.SignInAttempt) string {
	if attempt.RequestID != "" {
		return "/requests/" + attempt.RequestID
	}
	if page := room.Site.Session(c).Draft.Page; page != "" {
		return page
	}
	return "/home"
}

// takeAttempt refuses a state that is unknown, used, late, or another browser's:
// somebody else's answer brought here would sign this citizen in as them.
func (room *Room) takeAttempt(c *gin.Context) (consent.SignInAttempt, error) {
	params, err := web.Query(c)
	if err != nil {
		return consent.SignInAttempt{}, err
	}
	attempt, err := room.Attempts.TakeSignInAttempt(c.Request.Context(), params.Get("state"), room.Now())
	if consent.CodeOf(err) == consent.NotFound {
		return consent.SignInAttempt{}, consent.Refuse(consent.SignInFailed, "state", "unknown, used or late")
	}
	if err != nil {
		return consent.SignInAttempt{}, err
	}
	if attempt.Browser != room.Site.Session(c).Browser {
		return consent.SignInAttempt{}, consent.Refuse(consent.SignInFailed, "state", "of another browser")
	}
	return attempt, nil
}

// retry tells what happened and leads to another try at the same journey.
func (room *Room) retry(c *gin.Context, err error, requestID string) {
	_ = c.Error(err)
	room.Site.WriteErrorWith(c, err, signInURL(requestID))
}
