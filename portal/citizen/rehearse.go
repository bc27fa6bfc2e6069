package citizen

import (
	"context"

	"portail.example/consent"
)

// Rehearse renders the screen that a request would show, in each language, for
// the integrators who write it. Nobody can answer it.
func (room *Room) Rehearse(ctx context.Context, r consent.Request, given consent.Parameters) (map[string]string, error) {
	who, err := room.asker(ctx, r)
	if err != nil {
		return nil, err
	}
	who.given = given
	out := map[string]string{}
	for _, lang := range room.Site.Languages() {
		page := room.Site.PageIn(lang, "citizen.request.title")
		body, err := room.Site.Execute("citizen/request", room.requestPage(page, r, who, draft{}))
		if err != nil {
			return nil, err
		}
		out[lang] = string(body)
	}
	return out, nil
}
