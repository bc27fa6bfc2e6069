// Package locales holds every text citizens read, one file per language.
package locales

import "embed"

// FS holds the catalogues.
//
//go:embed *.toml
var FS embed.FS
