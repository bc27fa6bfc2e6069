package token_test

import (
	"context"
	"errors"
	"fmt"

	"portail.example/consent/token"
)

func ExampleDiscover() {
	verifier, err := token.Discover("https://consentement.example", "https://your-api.example", token.Discovery{})
	if err != nil {
		panic(err)
	}
	_, err = verifier.Verify(context.Background(), "forged")
	fmt.Println(errors.Is(err, token.ErrMalformed))
	// Output: true
}

func ExampleVerifier() {
	verifier, err := token.NewVerifier(token.Config{
		Issuer:   "https://consentement.example",
		Audience: "https://your-api.example",
		Keys:     token.NewRemoteKeys("https://consentement.example/oauth/jwks", nil, nil),
	})
	if err != nil {
		panic(err)
	}
	_, err = verifier.Verify(context.Background(), "forged")
	fmt.Println(errors.Is(err, token.ErrMalformed))
	status, header := token.Challenge(err)
	fmt.Println(status, header)
	// Output:
	// true
	// 401 Bearer error="invalid_token", error_description="not a JWT of ours"
}
