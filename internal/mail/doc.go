// Package mail sends notices to citizens who left an address, over SMTP. Mails
// are written to the outbox with their fact; this package delivers them at least
// once, under an identifier that mailboxes drop repeats by. It logs identifiers and
// codes, never an address or a text.
package mail
