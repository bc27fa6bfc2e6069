package oauth

import (
	"context"
	"net/http"
	"slices"

	"github.com/gin-gonic/gin"

	"portail.example/consent"
	"portail.example/consent/token"
	"portail.example/portal/web"
)

// Events are the news of one client.
type Events interface {
	OpenEvents(ctx context.Context, clientID string, limit int) ([]consent.EventDelivery, error)
	Acknowledge(ctx context.Context, clientID string, jtis []string) error
	RejectEvent(ctx context.Context, clientID, jti, reason string) error
	Token(consent.EventDelivery) (string, error)
}

const (
	maxPoll   = 64 << 10 // bytes of a poll
	maxEvents = 100      // events in one answer
)

// poll is RFC 8936 section 2.4. The answer never waits for events to come, which
// the section allows whatever returnImmediately says.
type poll struct {
	MaxEvents         *int                 `json:"maxEvents"`
	ReturnImmediately bool                 `json:"returnImmediately"`
	Acknowledged      []string             `json:"ack"`
	Errors            map[string]pollError `json:"setErrs"`
}

type pollError struct {
	Code        string `json:"err"`
	Description string `json:"description"`
}

// polled is RFC 8936 section 2.5.
type polled struct {
	Sets map[string]string `json:"sets"`
	More bool              `json:"moreAvailable,omitempty"`
}

// events gives a client the events it has not acknowledged, in order, and takes
// its acknowledgements.
func (room *Room) events(c *gin.Context) error {
	client, err := room.manager(c, eventsScope)
	if err != nil {
		return err
	}
	var in poll
	if err := readJSON(c, maxPoll, &in); err != nil {
		return err
	}
	if err := room.settle(c.Request.Context(), client.ID, in); err != nil {
		return err
	}
	limit := maxEvents
	if in.MaxEvents != nil {
		limit = min(max(0, *in.MaxEvents), maxEvents)
	}
	out, err := room.pending(c.Request.Context(), client.ID, limit)
	if err != nil {
		return err
	}
	web.JSON(c, http.StatusOK, out)
	return nil
}

// settle notes what the client took, and what it cannot use.
func (room *Room) settle(ctx context.Context, client string, in poll) error {
	if len(in.Acknowledged) > 0 {
		if err := room.Events.Acknowledge(ctx, client, slices.DeleteFunc(in.Acknowledged, foreign)); err != nil {
			return err
		}
	}
	for jti, complaint := range in.Errors {
		if foreign(jti) {
			continue
		}
		if err := room.Events.RejectEvent(ctx, client, jti, "refused by the client: "+known(complaint.Code)); err != nil {
			return err
		}
	}
	return nil
}

// foreign tells a jti that none of our events has: PostgreSQL takes no text with a
// zero byte, and what is unknown is ignored.
func foreign(jti string) bool { return !web.IsID(jti) }

// known keeps a client's free text out of what operators read.
func known(code string) string {
	if slices.Contains([]string{"invalid_request", "invalid_key", "invalid_issuer", "invalid_audience", "authentication_failed", "access_denied"}, code) {
		return code
	}
	return "other"
}

// pending reads one more than it gives, to know whether there are more.
func (room *Room) pending(ctx context.Context, client string, limit int) (polled, error) {
	out := polled{Sets: map[string]string{}}
	list, err := room.Events.OpenEvents(ctx, client, limit+1)
	if err != nil {
		return out, err
	}
	out.More = len(list) > limit
	for _, event := range list[:min(limit, len(list))] {
		if out.Sets[event.JTI], err = room.Events.Token(event); err != nil {
			return out, err
		}
	}
	return out, nil
}

func eventTypes() (out []string) {
	for _, t := range []consent.EventType{consent.EventGranted, consent.EventRefused, consent.EventReduced, consent.EventWithdrawn, consent.EventExpiring, consent.EventExpired, consent.EventChanged} {
		out = append(out, token.EventURI(string(t)))
	}
	return out
}
