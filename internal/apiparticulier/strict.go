package apiparticulier

import (
	"mime"
	"strings"
)

// isJSON tells a proxy's page from an answer.
func isJSON(contentType string) bool {
	kind, _, err := mime.ParseMediaType(contentType)
	return err == nil && (kind == "application/json" || strings.HasSuffix(kind, "+json"))
}
