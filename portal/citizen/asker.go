package citizen

import (
	"context"

	"portail.example/consent"
)

// asker is who asks, and from whom.
type asker struct {
	consent.Client
	source string              // the data provider's name; empty for CAF and MSA through us
	held   []consent.DataGroup // what they receive already for this purpose
	agreed consent.Date        // when the citizen agreed to other texts than today's; zero when they did not
	today  consent.Date        // when the question is put: its ends are counted from there
	given  consent.Parameters  // what the question is about beside the person; nil when nothing is
}

func (room *Room) asker(ctx context.Context, r consent.Request) (out asker, err error) {
	out.today = consent.DateOf(room.Now())
	if out.Client, err = room.Service.ClientFor(ctx, r.ClientID, r.Details.Recipient); err != nil {
		return asker{}, err
	}
	if out.source, err = room.Service.SourceName(ctx, r.Details); err != nil {
		return asker{}, err
	}
	if out.given, err = room.Service.RequestParameters(ctx, r); err != nil {
		return asker{}, err
	}
	known, err := room.Service.Held(ctx, r)
	if out.held = known.Groups; !known.Outdated.IsZero() {
		out.agreed = consent.DateOf(known.Outdated)
	}
	return out, err
}
