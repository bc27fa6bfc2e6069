package web

import "slices"

// The drawing of counts, in units of its own: the page scales it.
const (
	barsWidth  = 370
	barsHeight = 90
	widestBar  = 30
	unknownBar = 8 // the same for all, so that it tells nothing
)

// Unknown is a count that is not told.
const Unknown = -1

// Bar is a count of a picture, from the left as the language is written.
type Bar struct {
	X, Y, Width, Height int
	Unknown             bool
}

// Bars draw counts side by side, the first of them first as one reads; a count of
// nothing has no bar. Mirrored is for languages that are read from the right.
func Bars(counts []int, mirrored bool) (out []Bar) {
	most := max(1, slices.Max(append([]int{0}, counts...)))
	for i, count := range counts {
		if count == 0 {
			continue
		}
		bar := Bar{Width: min(barsWidth*4/(5*len(counts)), widestBar), Height: unknownBar, Unknown: count == Unknown}
		if !bar.Unknown {
			bar.Height = max(count*barsHeight/most, 2) // one among thousands is seen too
		}
		bar.Y = barsHeight - bar.Height
		bar.X = barsWidth*(2*i+1)/(2*len(counts)) - bar.Width/2
		if mirrored {
			bar.X = barsWidth - bar.X - bar.Width
		}
		out = append(out, bar)
	}
	return out
}
