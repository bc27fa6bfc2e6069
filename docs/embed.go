// Package docs holds the documentation; programs need one page of it.
package docs

import _ "embed"

// OpenAPI describes every JSON endpoint (OpenAPI 3.1). It is served as
// /openapi.json.
//
//go:embed openapi.json
var OpenAPI []byte
