package web

import (
	"net/http"
	"path"

	"github.com/gin-gonic/gin"
)

// fileTypes are the kinds of files that people take away, by the end of their names.
var fileTypes = map[string]string{
	".csv": "text/csv; charset=utf-8; header=present", ".html": "text/html; charset=utf-8", ".json": "application/json", ".jsonl": "application/jsonl",
	".jwt": "application/jwt", ".pdf": "application/pdf", ".txt": "text/plain; charset=utf-8", ".zip": "application/zip",
}

// Attach makes the answer a file to keep. The end of its name tells its kind; the name
// says nothing of its owner.
func Attach(c *gin.Context, name string) {
	c.Header("Content-Disposition", `attachment; filename="`+name+`"`)
	c.Header("Content-Type", fileTypes[path.Ext(name)])
}

// SendFile sends a whole file to keep.
func SendFile(c *gin.Context, name string, body []byte) {
	Attach(c, name)
	c.Data(http.StatusOK, fileTypes[path.Ext(name)], body)
}

// forgetFile takes back what a handler said of the file it could not make: its error
// is a page to read, not a table to keep.
func forgetFile(c *gin.Context) {
	c.Writer.Header().Del("Content-Type")
	c.Writer.Header().Del("Content-Disposition")
}
