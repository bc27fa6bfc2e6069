// Package registry follows DataPass, where administrations obtain the
// habilitation to ask for data: its signed webhook tells when one is approved or
// revoked. Rules are package consent's.
package registry

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"portail.example/consent"
	"portail.example/portal/web"
)

// maxMessage bounds a message, in bytes. It holds the whole habilitation, of which
// only number and state are read.
const maxMessage = 1 << 20

// Config of the room.
type Config struct {
	Service *consent.Service
	Secret  string // of the webhook, shared with DataPass
	Logger  *slog.Logger
}

// Room is the webhook.
type Room struct{ Config }

// New builds the room.
func New(cfg Config) *Room { return &Room{cfg} }

// Mount adds the webhook, when there is a secret to check its messages with.
func (room *Room) Mount(r gin.IRouter) {
	if room.Secret != "" {
		r.POST("/webhooks/datapass", web.Handle(room.datapass, writeError))
	}
}

// message is the part of DataPass's that is read. The rest names applicants and
// contacts, and stays where it is.
type message struct {
	Test    bool   `json:"test"`
	Event   string `json:"event"`
	FiredAt int64  `json:"fired_at"` // seconds since 1970
	Data    struct {
		ID int64 `json:"id"` // the habilitation's number
	} `json:"data"`
}

// datapass follows approvals and revocations; other events are none of our
// business and are accepted, so that DataPass does not switch the webhook off.
func (room *Room) datapass(c *gin.Context) error {
	raw, err := io.ReadAll(http.MaxBytesReader(c.Writer, c.Request.Body, maxMessage))
	var tooLarge *http.MaxBytesError
	if errors.As(err, &tooLarge) {
		return consent.Refuse(consent.TooLarge, "", "the body has more than %d bytes", maxMessage)
	}
	if err != nil || !room.signed(c.GetHeader("X-Hub-Signature-256"), raw) {
		return consent.Refuse(consent.InvalidClient, "X-Hub-Signature-256", "not the HMAC-SHA256 of the body")
	}
	var m message
	if json.Unmarshal(raw, &m) != nil {
		return consent.Refuse(consent.InvalidRequest, "", "not the JSON of a DataPass webhook")
	}
	if err := room.follow(c, m); err != nil {
		return err
	}
	web.JSON(c, http.StatusOK, gin.H{"status": "ok"})
	return nil
}

// signed compares in constant time.
func (room *Room) signed(header string, raw []byte) bool {
	sent, ok := strings.CutPrefix(header, "sha256=")
	given, err := hex.DecodeString(sent)
	mac := hmac.New(sha256.New, []byte(room.Secret))
	mac.Write(raw)
	return ok && err == nil && hmac.Equal(given, mac.Sum(nil))
}

func (room *Room) follow(c *gin.Context, m message) error {
	event := strings.TrimSuffix(m.Event, "_by_api")
	if m.Test || event != "approve" && event != "revoke" {
		return nil
	}
	if m.Data.ID <= 0 || m.FiredAt <= 0 {
		return consent.Refuse(consent.InvalidRequest, "data.id", "id and fired_at are needed")
	}
	h := consent.Habilitation{Number: strconv.FormatInt(m.Data.ID, 10), Revoked: event == "revoke", FiredAt: time.Unix(m.FiredAt, 0).UTC()}
	if err := room.Service.FollowHabilitation(c.Request.Context(), h); err != nil {
		return err
	}
	room.Logger.Info("habilitation", "number", h.Number, "event", event)
	return nil
}

// writeError answers DataPass, which shows the answer to its operators.
func writeError(c *gin.Context, err error) {
	status := map[consent.Code]int{
		consent.InvalidRequest: http.StatusBadRequest, consent.InvalidClient: http.StatusUnauthorized,
		consent.TooLarge: http.StatusRequestEntityTooLarge, consent.Unavailable: http.StatusServiceUnavailable,
	}[consent.CodeOf(err)]
	if status == 0 {
		web.JSON(c, http.StatusInternalServerError, gin.H{"error": "server_error", "error_description": "incident " + web.RequestID(c)})
		return
	}
	web.JSON(c, status, gin.H{"error": string(consent.CodeOf(err)), "error_description": consent.DetailOf(err)})
}
