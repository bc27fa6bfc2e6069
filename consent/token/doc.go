// Package token is what a data provider needs to trust consent tokens: their
// claims (RFC 9068, RFC 9396), a Verifier that refuses everything else, key sets,
// and a net/http middleware that answers with RFC 6750 challenges. It needs
// golang-jwt and the standard library only.
//
// It checks tokens offline, with their DPoP proof when they are bound to a key, and
// sees a withdrawal within a minute when it is given the issuer's status lists.
package token
