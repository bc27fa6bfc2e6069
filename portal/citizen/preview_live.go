package citizen

import (
	"context"
	"slices"

	"github.com/gin-gonic/gin"

	"portail.example/consent"
)

// LiveSource is the source asked with the access token of the citizen's sign-in, while
// they are there. Its failures are *consent.ProviderFault.
type LiveSource interface {
	AskLive(ctx context.Context, q consent.Question, token consent.LiveToken) (consent.ProviderAnswer, error)
}

// dataScopes are those of what a request asks, and none when there is nothing to look
// at, or the operator is not entitled to each of them: no more is asked of FranceConnect
// than the page could show, and nothing that it would refuse. Of a request that is not
// open to this browser nothing is told, not even by the address of the sign-in.
func (room *Room) dataScopes(c *gin.Context, requestID string) []string {
	if room.Live == nil || requestID == "" {
		return nil
	}
	r, err := room.Service.Request(c.Request.Context(), requestID, room.Site.Viewer(c))
	if err != nil || r.Answerable(room.Now()) != nil {
		return nil
	}
	who, err := room.asker(c.Request.Context(), r)
	if err != nil || !room.showsPreview(r, who) {
		return nil
	}
	set, _ := consent.DataSetOf(r.Details.Type)
	scopes := set.LiveScopes(r.Details.Groups)
	if slices.ContainsFunc(scopes, func(scope string) bool { return !slices.Contains(room.LiveScopes, scope) }) {
		return nil
	}
	return scopes
}

// ask prefers the sign-in's token: with it API Particulier is told by FranceConnect whose
// data it gives, and no identity leaves here. Without one that opens all that is asked,
// and when only that way is blocked, the source is asked by identity: the citizen is who
// FranceConnect said, a minute or an hour ago.
func (room *Room) ask(c *gin.Context, q consent.Question, groups []consent.DataGroup) (consent.ProviderAnswer, error) {
	token, found, err := room.liveToken(c)
	if err != nil {
		return consent.ProviderAnswer{}, err
	}
	if found && token.Opens(q.DataSet.LiveScopes(groups)) {
		answer, err := room.Live.AskLive(c.Request.Context(), q, token)
		if !consent.ByIdentity(err) {
			return answer, err
		}
		_ = c.Error(err)
	}
	return room.Source.Ask(c.Request.Context(), q)
}

// liveToken uses the sign-in's token up, whether or not it will do.
func (room *Room) liveToken(c *gin.Context) (consent.LiveToken, bool, error) {
	if room.Live == nil {
		return consent.LiveToken{}, false, nil
	}
	return room.Site.TakeLive(c)
}
