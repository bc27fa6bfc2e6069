package dpo

import (
	"context"
	"net/http"
	"time"

	"github.com/gin-gonic/gin"

	"portail.example/consent"
	"portail.example/portal/web"
)

// downloadTime is how long one request may take to carry an archive away; one that is
// cut short goes on where it was (RFC 9110 section 14).
const downloadTime = 15 * time.Minute

// reportFile sends the archive, or the part of it that is asked for.
func (room *Room) reportFile(c *gin.Context, by consent.Agent) error {
	id, err := web.PathID(c, "id")
	if err != nil {
		return err
	}
	done, err := unhurried(c)
	if err != nil {
		return err
	}
	defer done()
	report, content, err := room.Service.ReportContent(c.Request.Context(), by, id)
	if err != nil {
		return err
	}
	web.Attach(c, "rapport-"+report.ID+".zip")
	c.Header("ETag", `"`+report.ID+`"`) // a report is made once: If-Range holds as long as it is kept
	http.ServeContent(c.Writer, c.Request, "", report.DoneAt, content)
	return nil
}

// unhurried lets this request take downloadTime, until done.
func unhurried(c *gin.Context) (done context.CancelFunc, err error) {
	ctx, done := context.WithTimeout(context.WithoutCancel(c.Request.Context()), downloadTime)
	c.Request = c.Request.WithContext(ctx)
	// The connection's deadline is the machine's clock, not the portal's.
	if err := http.NewResponseController(c.Writer).SetWriteDeadline(time.Now().Add(downloadTime)); err != nil {
		done()
		return nil, err
	}
	return done, nil
}
