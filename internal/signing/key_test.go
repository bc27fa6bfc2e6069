package signing_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"strings"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"
	"github.com/google/go-cmp/cmp"

	"portail.example/consent/token"
	"portail.example/internal/signing"
)

func encode(t *testing.T, curve elliptic.Curve, sec1 bool) []byte {
	t.Helper()
	private, err := ecdsa.GenerateKey(curve, rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	block := &pem.Block{Type: "PRIVATE KEY"}
	if sec1 {
		block.Type = "EC PRIVATE KEY"
		block.Bytes, err = x509.MarshalECPrivateKey(private)
	} else {
		block.Bytes, err = x509.MarshalPKCS8PrivateKey(private)
	}
	if err != nil {
		t.Fatal(err)
	}
	return pem.EncodeToMemory(block)
}

func TestKeysAreReadAsOpensslWritesThem(t *testing.T) {
	parameters := "-----BEGIN EC PARAMETERS-----\nBggqhkjOPQMBBw==\n-----END EC PARAMETERS-----\n"
	for name, text := range map[string]string{
		"PKCS #8": string(encode(t, elliptic.P256(), false)), "SEC 1": string(encode(t, elliptic.P256(), true)),
		"SEC 1 after parameters": parameters + string(encode(t, elliptic.P256(), true)),
	} {
		if _, err := signing.NewRing([]byte(text), nil, time.Now); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	for name, text := range map[string]string{
		"nothing": "", "another curve": string(encode(t, elliptic.P384(), false)), "parameters only": parameters,
		"damaged": strings.Replace(string(encode(t, elliptic.P256(), false)), "M", "N", 3),
	} {
		if _, err := signing.NewRing([]byte(text), nil, time.Now); err == nil {
			t.Errorf("%s: accepted", name)
		}
	}
}

func TestWhatIsMintedIsWhatTheVerifierReads(t *testing.T) {
	key, text, err := signing.Generate()
	if err != nil {
		t.Fatal(err)
	}
	again, err := signing.NewRing(text, nil, time.Now)
	if err != nil {
		t.Fatal(err)
	}
	published, err := token.ParseKeys(again.JWKS())
	if err != nil {
		t.Fatal(err)
	}
	now := time.Now().Truncate(time.Second)
	want := token.Claims{
		Issuer: "https://p.example", Subject: "s", Audience: "https://p.example/data", ClientID: "c", GrantID: "g", ID: "j",
		IssuedAt: jwt.NewNumericDate(now), ExpiresAt: jwt.NewNumericDate(now.Add(time.Minute)),
		AuthorizationDetails: []token.Detail{{Type: "quotient_familial", Datatypes: []string{"enfants"}}},
	}
	raw, err := key.Mint(want)
	if err != nil {
		t.Fatal(err)
	}
	for name, keys := range map[string]token.KeySet{"itself": key, "the key loaded again": again, "the published set": published} {
		verifier, err := token.NewVerifier(token.Config{Issuer: want.Issuer, Audience: want.Audience, Keys: keys})
		if err != nil {
			t.Fatal(err)
		}
		got, err := verifier.Verify(t.Context(), raw)
		if diff := cmp.Diff(want, got); err != nil || diff != "" {
			t.Errorf("%s: %v %s", name, err, diff)
		}
	}
}

func TestAStatusListIsNotAToken(t *testing.T) {
	key, _, err := signing.Generate()
	if err != nil {
		t.Fatal(err)
	}
	raw, err := key.MintStatusList(token.StatusListClaims{Subject: "https://p.example/oauth/status-lists/1"})
	if err != nil {
		t.Fatal(err)
	}
	verifier, err := token.NewVerifier(token.Config{Issuer: "i", Audience: "a", Keys: key})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := verifier.Verify(t.Context(), raw); err != token.ErrType {
		t.Errorf("got %v", err)
	}
}

func TestAManifestIsSignedApart(t *testing.T) {
	key, _, err := signing.Generate()
	if err != nil {
		t.Fatal(err)
	}
	other, _, err := signing.Generate()
	if err != nil {
		t.Fatal(err)
	}
	manifest := []byte(`{"files":["<Été>"]}`)
	if manifest, err = json.Marshal(json.RawMessage(manifest)); err != nil {
		t.Fatal(err)
	}
	signature, err := key.SignManifest(manifest)
	if err != nil {
		t.Fatal(err)
	}
	if err := token.VerifyDetached(t.Context(), key, token.ManifestType, signature, manifest); err != nil {
		t.Errorf("our own: %v", err)
	}
	for name, err := range map[string]error{
		"another manifest": token.VerifyDetached(t.Context(), key, token.ManifestType, signature, []byte(`{"files":[]}`)),
		"another type":     token.VerifyDetached(t.Context(), key, token.ReceiptType, signature, manifest),
		"another key":      token.VerifyDetached(t.Context(), other, token.ManifestType, signature, manifest),
		"not detached":     token.VerifyDetached(t.Context(), key, token.ManifestType, strings.Replace(signature, "..", ".e30.", 1), manifest),
		"cut short":        token.VerifyDetached(t.Context(), key, token.ManifestType, signature[:len(signature)-4], manifest),
	} {
		if err == nil {
			t.Errorf("%s was accepted", name)
		}
	}
}
