package web_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"portail.example/portal/web"
)

func TestBars(t *testing.T) {
	for name, c := range map[string]struct {
		counts   []int
		mirrored bool
		want     []web.Bar
	}{
		"of nothing":   {[]int{0, 0}, false, nil},
		"of no month":  {nil, false, nil},
		"of two":       {[]int{1, 2}, false, []web.Bar{{X: 77, Y: 45, Width: 30, Height: 45}, {X: 262, Y: 0, Width: 30, Height: 90}}},
		"mirrored":     {[]int{1, 2}, true, []web.Bar{{X: 263, Y: 45, Width: 30, Height: 45}, {X: 78, Y: 0, Width: 30, Height: 90}}},
		"a small one":  {[]int{1, 0, 9000}, false, []web.Bar{{X: 46, Y: 88, Width: 30, Height: 2}, {X: 293, Y: 0, Width: 30, Height: 90}}},
		"not told":     {[]int{web.Unknown, 9000}, false, []web.Bar{{X: 77, Y: 82, Width: 30, Height: 8, Unknown: true}, {X: 262, Y: 0, Width: 30, Height: 90}}},
		"nothing told": {[]int{web.Unknown}, false, []web.Bar{{X: 170, Y: 82, Width: 30, Height: 8, Unknown: true}}},
	} {
		if got := web.Bars(c.counts, c.mirrored); !cmp.Equal(got, c.want) {
			t.Errorf("%s: %s", name, cmp.Diff(c.want, got))
		}
	}
}
