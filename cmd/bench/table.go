package main

import (
	"fmt"
	"slices"
	"strings"
)

// goal is one line of the table: a figure of ours, what it is held against, and
// what their quotient, or the figure itself, should be.
type goal struct {
	what            string
	ours, yardstick string // names of figures
	against         string // what the yardstick is, in words
	aim             float64
	atMost          bool
	alone           bool // the aim is for our figure; the yardstick is for orientation
	unit            string
}

var goals = []goal{
	{what: "introspections/s, 8 callers", ours: with("introspection", 8), yardstick: with("peer introspection", 8), against: "peer", aim: 4},
	{what: "introspections/s, 32 callers", ours: with("introspection", 32), yardstick: with("peer introspection", 32), against: "peer", aim: 4},
	{what: "introspections/s, 32 callers", ours: with("introspection", 32), yardstick: with("select", 32), against: "SELECT by primary key"},
	{what: "introspections/s, 32 callers", ours: with("introspection", 32), yardstick: with("hello", 32), against: "bare gin"},
	{what: "tokens/s, 8 callers", ours: "tokens", yardstick: with("commit", 8), against: "durable commits", aim: 0.25},
	{what: "journeys/s, PAR → token, 8 callers", ours: "journeys", yardstick: "peer journeys", against: "peer", aim: 4},
	{what: "verify, first time", ours: "verify", yardstick: "raw verify", against: "ECDSA P-256 verify", aim: 1.2, atMost: true, unit: " ns"},
	{what: "verify, again", ours: "verify again", yardstick: "raw verify", against: "ECDSA P-256 verify", aim: 1000, atMost: true, alone: true, unit: " ns"},
	{what: "withdrawal until refused, p99", ours: "withdrawal p99", yardstick: "commit p99", against: "one commit, p99", aim: 5, atMost: true, unit: " µs"},
	{what: "checks until refused, two processes", ours: "checks", aim: 1, atMost: true, alone: true},
	{what: "SQL statements, introspection", ours: "statements of an introspection", yardstick: "peer statements of an introspection", against: "peer", aim: 1, atMost: true, alone: true},
	{what: "SQL statements, journey", ours: "statements of a journey", yardstick: "peer statements of a journey", against: "peer", aim: 12, atMost: true, alone: true},
	{what: "renewals/s, pool of 4, 64 callers", ours: "pool of 4", yardstick: "pool of 32", against: "pool of 32", aim: 0.7},
	{what: "slowest renewal, pool of 4", ours: "pool of 4, slowest", yardstick: "pool of 32, slowest", against: "pool of 32", aim: 5, atMost: true, alone: true, unit: " s"},
	{what: "uses written/s, 32 writers", ours: with("uses", writers), yardstick: with("uses without a ledger", writers), against: "the same without a ledger", aim: 0.9},
	{what: "a release by the gateway, one caller", ours: "release", yardstick: "proxied", against: "bare reverse proxy", unit: " µs"},
	{what: "gateway’s share of it", ours: "release overhead", yardstick: "proxied overhead", against: "proxy’s share", unit: " µs"},
	{what: "releases/s, 32 callers", ours: with("releases", writers), yardstick: with("proxied", writers), against: "bare reverse proxy"},
	{what: "releases/s, 32 callers", ours: with("releases", writers), yardstick: with("uses", writers), against: "uses written, without HTTP"},
	{what: "release, fund of 50 ms, 16 callers, p99", ours: "slow release p99, few", yardstick: "slow promise", against: "50 ms and the gateway’s share", aim: 1.1, atMost: true, unit: " µs"},
	{what: "release, fund of 50 ms, 500 callers, p99", ours: "slow release p99, many", yardstick: "slow promise", against: "50 ms and the gateway’s share", aim: 1.1, atMost: true, unit: " µs"},
	{what: "report, 10,000 consultations", ours: "report, small", unit: " s"},
	{what: "report, 100,000 consultations", ours: "report, large", yardstick: "report, small", against: "10,000", aim: 12, atMost: true, unit: " s"},
	{what: "its archive, 100,000 consultations", ours: "archive, large", yardstick: "archive, small", against: "10,000", unit: " MiB"},
	{what: "the portal’s peak memory, 100,000 consultations", ours: "peak, large", yardstick: "peak, small", against: "10,000", aim: 1.3, atMost: true, unit: " MiB"},
	{what: "a batch of 20,000 families, unpaced", ours: "batch, large", yardstick: "batch, small", against: "2,000", aim: 12, atMost: true, unit: " s"},
	{what: "the portal’s peak memory, 20,000 families", ours: "batch peak, large", yardstick: "batch peak, small", against: "2,000", aim: 1.3, atMost: true, unit: " MiB"},
	{what: "signature, raw (for orientation)", ours: "raw sign", unit: " ns"},
}

// table is Markdown. What was not measured has no line.
func (b *bench) table() string {
	var out strings.Builder
	fmt.Fprintln(&out, "| metric | portal | yardstick | ratio | aim | met |\n| --- | ---: | --- | ---: | ---: | --- |")
	for _, g := range slices.Concat(goals, pageGoals(), registerGoals(b.plan)) {
		if b.median(g.ours) == 0 {
			continue
		}
		fmt.Fprintln(&out, g.line(b.median(g.ours), b.median(g.yardstick)))
	}
	return out.String()
}

func (g goal) line(ours, yardstick float64) string {
	against, ratio := "", ""
	if g.yardstick != "" && yardstick > 0 {
		against, ratio = figure(yardstick)+g.unit+", "+g.against, figure(ours/yardstick)
	}
	return fmt.Sprintf("| %s | %s%s | %s | %s | %s | %s |", g.what, figure(ours), g.unit, against, ratio, g.limit(), g.verdict(ours, yardstick))
}

func (g goal) limit() string {
	switch {
	case g.aim == 0:
		return ""
	case g.alone:
		return "≤ " + figure(g.aim) + g.unit
	case g.atMost:
		return "ratio ≤ " + figure(g.aim)
	}
	return "ratio ≥ " + figure(g.aim)
}

func (g goal) verdict(ours, yardstick float64) string {
	value := ours
	if !g.alone {
		value = ours / yardstick
	}
	switch {
	case g.aim == 0, !g.alone && yardstick == 0:
		return ""
	case g.atMost && value <= g.aim, !g.atMost && value >= g.aim:
		return "yes"
	}
	return "**no**"
}

// figure has three significant digits, or all that stand before the point.
func figure(v float64) string {
	switch {
	case v >= 100:
		return fmt.Sprintf("%.0f", v)
	case v >= 10:
		return fmt.Sprintf("%.1f", v)
	case v == float64(int(v)):
		return fmt.Sprintf("%.0f", v)
	}
	return fmt.Sprintf("%.2f", v)
}
