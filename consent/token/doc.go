// Package token is what a data provider needs to trust consent tokens: their
// claims (RFC 9068, RFC 9396), a Verifier that refuses everything else, key sets,
// and a net/http middleware that answers with RFC 6750 challenges. It needs
// golang-jwt and the standard library only.
//
// It checks a token offline. Whether the consent behind it still stands is the
// portal's to say: call the portal's gateway, or refresh often.
package token
