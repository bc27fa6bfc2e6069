package token

import (
	"context"
	"net/http"
)

type contextKey struct{}

// FromContext returns the claims that Middleware put there.
func FromContext(ctx context.Context) (Claims, bool) {
	claims, ok := ctx.Value(contextKey{}).(Claims)
	return claims, ok
}

// Middleware lets a request through when it carries a good token that grants a
// datatype of a type, and answers with an RFC 6750 challenge otherwise.
func (v *Verifier) Middleware(typ, datatype string, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		claims, err := v.check(r, typ, datatype)
		if err != nil {
			refuse(w, err)
			return
		}
		next.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), contextKey{}, claims)))
	})
}

func (v *Verifier) check(r *http.Request, typ, datatype string) (Claims, error) {
	claims, err := v.VerifyRequest(r)
	if err != nil {
		return Claims{}, err
	}
	if detail, ok := claims.Detail(typ); !ok || !detail.Allows(datatype) {
		return Claims{}, ErrScope
	}
	return claims, nil
}

func refuse(w http.ResponseWriter, err error) {
	status, header := Challenge(err)
	if header != "" {
		w.Header().Set("WWW-Authenticate", header)
	}
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
}
