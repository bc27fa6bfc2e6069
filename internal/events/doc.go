// Package events tells administrations what became of consents: Security Event
// Tokens (RFC 8417), pushed (RFC 8935) or read by poll (RFC 8936). Events are
// written to the outbox with their fact; this package delivers them at least
// once, and in order for each consent.
package events
