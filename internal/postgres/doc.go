// Package postgres keeps everything the portal remembers in PostgreSQL: the
// consent domain's store, sessions, sign-ins under way, client assertions. It
// owns all SQL, the encryption of identities at rest and the migrations; it
// knows no rule of the domain beyond the constraints that back them up.
package postgres
