package citizen

import (
	"fmt"
	"net/http"
	"time"

	"github.com/gin-gonic/gin"
)

// securityValid is how long the contact is good for: RFC 9116 section 2.5.5
// advises less than a year.
const securityValid = 180 * 24 * time.Hour

// securityTxt tells who found a weakness where to report it (RFC 9116).
func (room *Room) securityTxt(c *gin.Context) error {
	expires := room.Now().UTC().Add(securityValid).Format(time.RFC3339)
	text := fmt.Sprintf("Contact: mailto:%s\nExpires: %s\nPreferred-Languages: fr, en\nCanonical: %s/.well-known/security.txt\n", room.Operator.Contact, expires, room.Issuer)
	c.Data(http.StatusOK, "text/plain; charset=utf-8", []byte(text))
	return nil
}
