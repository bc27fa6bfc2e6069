package citizen

import (
	"context"
	"net/http"

	"github.com/gin-gonic/gin"

	"portail.example/consent"
	"portail.example/portal/web"
)

// Pause and resumption answer at once: both can be taken back, so neither asks twice.
func (room *Room) pause(c *gin.Context) error         { return room.change(c, room.Service.Pause) }
func (room *Room) resumeConsent(c *gin.Context) error { return room.change(c, room.Service.Resume) }

func (room *Room) change(c *gin.Context, apply func(ctx context.Context, subject consent.SubjectID, grantID string) error) error {
	if _, err := web.Form(c); err != nil {
		return err
	}
	view, err := room.view(c)
	if err != nil {
		return err
	}
	err = apply(c.Request.Context(), view.Grant.Subject, view.Grant.ID)
	if err != nil && !consent.Ended(err) { // the page says what ended it
		return err
	}
	c.Redirect(http.StatusSeeOther, "/consents/"+view.Grant.ID)
	return nil
}
