package ledger

import (
	"crypto/sha256"
	_ "embed" // the parts of the page
	"encoding/base64"
	"strings"

	"github.com/gin-gonic/gin"

	"portail.example/portal/web"
)

//go:embed verify/page.html
var verifyPage string

//go:embed verify/style.css
var verifyStyle string

//go:embed verify/script.js
var verifyScript string

// VerifyPage is one file that verifies a receipt with its proof wherever it is
// opened, without network and without us. It is a tool to take away, not a page of
// the portal, and alone has a script: the policy it comes with, as a header and
// inside, lets that very script run and nothing be fetched or sent.
func VerifyPage() (page, policy string) {
	policy = strings.Join([]string{"default-src 'none'", "script-src " + hashed(verifyScript), "style-src " + hashed(verifyStyle), "form-action 'none'", "base-uri 'none'"}, "; ")
	return strings.NewReplacer("POLICY", policy, "STYLE", verifyStyle, "SCRIPT", verifyScript).Replace(verifyPage), policy
}

// hashed names a script or style by its hash (CSP level 3, section 2.3.1).
func hashed(text string) string {
	sum := sha256.Sum256([]byte(text))
	return "'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"
}

// verifyFile gives the page away as a file.
func (room *Room) verifyFile(c *gin.Context) error {
	page, policy := VerifyPage()
	c.Header("Content-Security-Policy", policy+"; frame-ancestors 'none'; sandbox allow-scripts allow-forms")
	c.Header("Cache-Control", "public, max-age=300")
	web.SendFile(c, "verifier.html", []byte(page))
	return nil
}
