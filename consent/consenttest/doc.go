// Package consenttest helps to test what is built on package consent: an
// in-memory store, fixtures, a world in which a grant is one call away, and the
// suite that every store must pass.
package consenttest
