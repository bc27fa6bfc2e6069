package openid

import (
	"context"
	"errors"
	"net/url"

	"github.com/coreos/go-oidc/v3/oidc"
)

// keySet tells a token nobody signed from keys that could not be fetched: go-oidc
// reports both with the same error, and people deserve different pages.
type keySet struct{ oidc.KeySet }

type outageKey struct{}

// noteOutage asks keySet to leave a failure to fetch keys in err.
func noteOutage(ctx context.Context, err *error) context.Context {
	return context.WithValue(ctx, outageKey{}, err)
}

// VerifySignature passes on, and notes.
func (k keySet) VerifySignature(ctx context.Context, raw string) ([]byte, error) {
	payload, err := k.KeySet.VerifySignature(ctx, raw)
	var unreachable *url.Error
	if note, ok := ctx.Value(outageKey{}).(*error); ok && errors.As(err, &unreachable) {
		*note = unreachable
	}
	return payload, err
}
