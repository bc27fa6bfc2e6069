// Package ledger publishes how far the evidence is: the newest signed checkpoint, for
// whoever wants to keep it and hold the portal to it later, the key it is checked
// with, and a file that checks a receipt without us.
package ledger

import (
	"context"
	"net/http"

	"github.com/gin-gonic/gin"

	"portail.example/consent"
	"portail.example/portal/web"
)

// Log is where checkpoints are kept.
type Log interface {
	// Checkpoint is the newest; it fails with consent.NotFound before the first.
	Checkpoint(ctx context.Context) (string, error)
}

// Room is the three addresses.
type Room struct {
	Log Log
	Key string // in the signed-note format
}

// Mount adds them.
func (room *Room) Mount(r gin.IRouter) {
	r.GET("/ledger/checkpoint", web.Handle(room.checkpoint, writeError))
	r.GET("/ledger/key", web.Handle(room.key, writeError))
	r.GET("/verify.html", web.Handle(room.verifyFile, writeError))
}

// checkpoint is the newest signed size and hash of the tree (C2SP tlog-checkpoint).
func (room *Room) checkpoint(c *gin.Context) error {
	note, err := room.Log.Checkpoint(c.Request.Context())
	if err == nil {
		c.String(http.StatusOK, "%s", note)
	}
	return err
}

func (room *Room) key(c *gin.Context) error {
	c.String(http.StatusOK, "%s\n", room.Key)
	return nil
}

func writeError(c *gin.Context, err error) {
	switch consent.CodeOf(err) {
	case consent.NotFound:
		c.String(http.StatusNotFound, "nothing was recorded yet\n")
	case consent.Unavailable:
		c.String(http.StatusServiceUnavailable, "the database does not answer\n")
	default:
		c.String(http.StatusInternalServerError, "incident %s\n", web.RequestID(c))
	}
}
