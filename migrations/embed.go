// Package migrations holds the database schema as numbered SQL files. They only
// go forward; each suits the version of the portal before it and the one after.
package migrations

import "embed"

// FS holds the migrations in goose's format.
//
//go:embed *.sql
var FS embed.FS
