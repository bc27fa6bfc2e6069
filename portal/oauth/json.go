package oauth

import (
	"encoding/json"
	"errors"
	"io"
	"mime"
	"net/http"

	"github.com/gin-gonic/gin"

	"portail.example/consent"
)

// readJSON reads one JSON object of at most limit bytes, strictly: a misspelt
// member would be an identity that finds nobody, or events acknowledged by nobody.
func readJSON(c *gin.Context, limit int64, into any) error {
	kind, _, err := mime.ParseMediaType(c.GetHeader("Content-Type"))
	if err != nil || kind != "application/json" {
		return consent.Refuse(consent.InvalidRequest, "", "the body must be application/json")
	}
	decoder := json.NewDecoder(http.MaxBytesReader(c.Writer, c.Request.Body, limit))
	decoder.DisallowUnknownFields()
	err = decoder.Decode(into)
	var tooLarge *http.MaxBytesError
	switch {
	case errors.As(err, &tooLarge):
		return consent.Refuse(consent.TooLarge, "", "the body has more than %d bytes", limit)
	case err != nil:
		return consent.Refuse(consent.InvalidRequest, "", "not the JSON object that is expected here, or with a member that is not known")
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return consent.Refuse(consent.InvalidRequest, "", "more than one JSON value")
	}
	return nil
}
