// Package portal mounts the rooms that speak HTTP on one engine: citizen pages,
// OAuth endpoints, the data API, the assets, and the two health endpoints. It
// holds no rule and no page of its own.
package portal

import (
	"context"
	"net/http"
	"time"

	"github.com/gin-gonic/gin"
)

// Room is a set of routes.
type Room interface{ Mount(r gin.IRouter) }

// Mount puts the rooms and the health endpoints on the engine. ready tells
// whether the portal can do its work; it is asked at each /readyz. missing answers
// what no room does. openapi describes the JSON endpoints of all of them.
func Mount(engine *gin.Engine, ready func(context.Context) error, missing func(status int) gin.HandlerFunc, openapi []byte, rooms ...Room) {
	engine.NoRoute(missing(http.StatusNotFound))
	engine.NoMethod(missing(http.StatusMethodNotAllowed))
	engine.GET("/healthz", func(c *gin.Context) { c.String(http.StatusOK, "ok\n") })
	engine.GET("/readyz", readyz(ready))
	engine.GET("/openapi.json", func(c *gin.Context) {
		c.Header("Cache-Control", "public, max-age=300")
		c.Data(http.StatusOK, "application/json", openapi)
	})
	for _, room := range rooms {
		room.Mount(engine)
	}
}

// readyz answers 200 when a request would be served, 503 otherwise; the cause is
// in the log, not in the answer, which anybody may read.
func readyz(ready func(context.Context) error) gin.HandlerFunc {
	return func(c *gin.Context) {
		ctx, cancel := context.WithTimeout(c.Request.Context(), 2*time.Second)
		defer cancel()
		if err := ready(ctx); err != nil {
			_ = c.Error(err)
			c.String(http.StatusServiceUnavailable, "not ready\n")
			return
		}
		c.String(http.StatusOK, "ready\n")
	}
}
