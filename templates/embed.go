// Package templates holds the pages. Each file defines "main", which layout.html
// surrounds; the page structs they read are in portal/citizen, portal/dpo and
// portal/web.
package templates

import "embed"

// FS holds the templates.
//
//go:embed *.html */*.html mail/*.tmpl report/*.tmpl
var FS embed.FS
