// Command bench measures the portal beside its yardsticks (a bare gin answer, a
// primary-key SELECT, one durable commit, raw ECDSA) and beside a peer, in one run
// on one machine, so that the figures may be divided by each other. It prints the
// table of docs/performance.md. It starts copies of itself as servers.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"syscall"
	"time"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string) error {
	if len(args) > 0 && args[0] == childArgument {
		return child(ctx, args[1:])
	}
	flags := flag.NewFlagSet("bench", flag.ContinueOnError)
	short := flags.Bool("short", false, "one short run: whether it works, not how fast")
	profile := flags.String("profile", "", "folder for the portal's CPU profiles")
	only := flags.String("only", "", "one scenario: signatures, yardsticks, introspection, tokens, journeys, withdrawal, pool, pages, register, evidence, gateway, batch or report")
	if err := flags.Parse(args); err != nil {
		return err
	}
	chosen := thorough
	if *short {
		chosen = brief
	}
	chosen.Profile, chosen.Only = *profile, *only
	b, err := measure(ctx, chosen, os.Stderr)
	if err != nil {
		return err
	}
	fmt.Print(b.table())
	return nil
}

// plan says how much is measured.
type plan struct {
	Runs        int
	Warm        time.Duration // before each measurement
	Measure     time.Duration
	Codes       int // authorization codes a caller redeems in one measurement
	Withdrawals int
	Crowd       int    // consents in the database behind the citizen's pages
	Uses        []int  // consultations of the citizens that reports are made on
	Families    []int  // consents that are refreshed in one batch: few, many
	Callers     int    // of the gateway at once
	Slow        []int  // callers of a slow fund: few, many
	Tokens      int    // live tokens that are introspected in turn
	Profile     string // folder; empty for no profile
	Only        string // one scenario; empty for all
}

var (
	thorough = plan{Runs: 3, Warm: 500 * time.Millisecond, Measure: 3 * time.Second, Codes: 800, Withdrawals: 200, Crowd: 1_000_000, Uses: []int{10_000, 100_000}, Families: []int{2_000, 20_000}, Callers: writers, Slow: []int{16, 500}, Tokens: 300}
	brief    = plan{Runs: 1, Warm: 300 * time.Millisecond, Measure: time.Second, Codes: 200, Withdrawals: 50, Crowd: 20_000, Uses: []int{200, 2_000}, Families: []int{100, 1_000}, Callers: writers, Slow: []int{16, 500}, Tokens: 64}
)
