package openid

import (
	"context"
	"io"
	"mime"
	"net/http"
	"strings"

	"github.com/coreos/go-oidc/v3/oidc"

	"portail.example/consent"
)

// maxAnswer bounds what is read from the provider.
const maxAnswer = 1 << 20

// fetchUserinfo fetches who the person is. go-oidc's own UserInfo would accept one
// signed for another client or about somebody else: the token is verified like an ID
// token, and must name the same subject.
func (p *Party) fetchUserinfo(ctx context.Context, known *endpoints, accessToken, subject string) (*oidc.IDToken, error) {
	raw, err := p.signedUserinfo(ctx, known.userinfo, accessToken)
	if err != nil {
		return nil, err
	}
	verified, err := p.verify(ctx, known, "userinfo", raw)
	if err != nil {
		return nil, err
	}
	if verified.Subject != subject {
		return nil, Failed("userinfo", "about somebody else than the ID token")
	}
	return verified, nil
}

func (p *Party) signedUserinfo(ctx context.Context, endpoint, accessToken string) (string, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, endpoint, nil)
	if err != nil {
		return "", err
	}
	request.Header.Set("Authorization", "Bearer "+accessToken)
	request.Header.Set("Accept", "application/jwt")
	response, err := p.client.Do(request)
	if err != nil {
		return "", &consent.Error{Code: consent.SignInUnavailable, Detail: "userinfo gave no answer", Err: err}
	}
	defer response.Body.Close()
	body, err := io.ReadAll(io.LimitReader(response.Body, maxAnswer))
	switch {
	case err != nil || response.StatusCode >= 500:
		return "", consent.Refuse(consent.SignInUnavailable, "", "userinfo answered %d", response.StatusCode)
	case response.StatusCode != http.StatusOK:
		return "", consent.Refuse(consent.SignInFailed, "userinfo", "answered %d", response.StatusCode)
	}
	if kind, _, err := mime.ParseMediaType(response.Header.Get("Content-Type")); err != nil || kind != "application/jwt" {
		return "", Failed("userinfo", "not a signed answer")
	}
	return strings.TrimSpace(string(body)), nil
}
