package citizen

import (
	"context"

	"portail.example/consent"
)

// asker is who asks, and from whom.
type asker struct {
	consent.Client
	source string // the data provider's name; empty for CAF and MSA through us
}

func (room *Room) asker(ctx context.Context, clientID string, d consent.Details) (out asker, err error) {
	if out.Client, err = room.Service.ClientFor(ctx, clientID, d.Recipient); err != nil {
		return asker{}, err
	}
	out.source, err = room.Service.SourceName(ctx, d)
	return out, err
}
