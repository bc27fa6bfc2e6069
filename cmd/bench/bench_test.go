package main

import (
	"io"
	"os"
	"slices"
	"strings"
	"testing"
	"time"
)

// The servers are this very program, started again.
func TestMain(m *testing.M) {
	if len(os.Args) > 1 && os.Args[1] == childArgument {
		main()
		return
	}
	os.Exit(m.Run())
}

// Every scenario works and fills its line. How fast is not a test's business.
func TestEveryScenarioRuns(t *testing.T) {
	b, err := measure(t.Context(), plan{Runs: 1, Measure: 20 * time.Millisecond, Codes: 3, Withdrawals: 2, Crowd: 30, Uses: []int{3, 5}, Families: []int{3, 5}, Callers: 2, Slow: []int{1, 2}, Tokens: 3}, io.Discard)
	if err != nil {
		t.Fatal(err)
	}
	for _, g := range slices.Concat(goals, pageGoals(), registerGoals(b.plan)) {
		for _, name := range []string{g.ours, g.yardstick} {
			if name != "" && b.median(name) <= 0 {
				t.Errorf("%s: no figure for %q", g.what, name)
			}
		}
	}
	if checks := b.median("checks"); checks != 1 {
		t.Errorf("a withdrawn token was refused at check %v", checks)
	}
}

func TestVerdicts(t *testing.T) {
	for _, c := range []struct {
		goal            goal
		ours, yardstick float64
		want            string
	}{
		{goal{aim: 4, yardstick: "peer"}, 8, 2, "| 4 | ratio ≥ 4 | yes |"},
		{goal{aim: 4, yardstick: "peer"}, 7, 2, "| 3.50 | ratio ≥ 4 | **no** |"},
		{goal{aim: 1.2, yardstick: "raw", atMost: true}, 13, 10, "| 1.30 | ratio ≤ 1.20 | **no** |"},
		{goal{aim: 1000, yardstick: "raw", atMost: true, alone: true, unit: " ns"}, 900, 10, "| 90.0 | ≤ 1000 ns | yes |"},
		{goal{}, 5, 0, "|  |  |  |"},
	} {
		if line := c.goal.line(c.ours, c.yardstick); !strings.HasSuffix(line, c.want) {
			t.Errorf("%s does not end with %s", line, c.want)
		}
	}
}
