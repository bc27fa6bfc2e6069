package main

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"math"
	"time"

	"portail.example/cmd/portal/serve"
	"portail.example/consent"
)

// watch looks for changes now, as the portal does at night, with the portal's own
// configuration: the same budget, keys and evidence.
func watch(ctx context.Context, environ map[string]string, out io.Writer) error {
	cfg, err := serve.Load(environ)
	if err != nil {
		return err
	}
	server, err := serve.New(ctx, cfg, slog.New(slog.DiscardHandler), time.Now)
	if err != nil {
		return err
	}
	defer server.Close()
	report, err := server.LookForChanges(ctx, time.Unix(math.MaxInt32, 0))
	printWatch(out, report)
	return err
}

// printWatch tells what looks came to; none of it says whose.
func printWatch(out io.Writer, r consent.WatchReport) {
	fmt.Fprintf(out, "%s: %d values looked at, %d of them changed and told\n", r.Month, r.Looked, r.Changed)
	for _, line := range []struct {
		count int
		text  string
	}{
		{r.Early, "not published yet: looked at again when they are"},
		{r.NoValue, "without a file, or not identified: not this month"},
		{r.Troubled, "busy, failed or late: looked at again another night"},
		{r.Skipped, "paused, over, or another instance's"},
	} {
		if line.count > 0 {
			fmt.Fprintf(out, "%7d %s\n", line.count, line.text)
		}
	}
}
