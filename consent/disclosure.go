package consent

// MinPersons is how many persons a number must speak of to be told.
const MinPersons = 5

// Shown is a count as it may be told.
type Shown struct {
	Count  int
	Hidden bool // too few persons, or another hidden count could be computed from it; Count is zero
}

// Sum adds what is shown. It is Hidden when something was left out: then it is a least,
// and holds nothing that its parts do not. So nothing can be learnt by asking for one
// month more or less.
func Sum(counts []Shown) (out Shown) {
	for _, c := range counts {
		out.Count += c.Count
		out.Hidden = out.Hidden || c.Hidden
	}
	return out
}

// Disclose says what of the tallies may be told, cell by cell. A reader knows these
// rules, all cells that are shown, and that a hidden count is at least one; and must
// not be able to say more of a hidden one than that it is small.
func Disclose(tallies []Tally) map[Place]Shown {
	d := disclosure{tallies: map[Place]Tally{}, shown: map[Place]Shown{}}
	for _, t := range tallies {
		d.tallies[t.Place] = t
		d.tell(t.Place, t.Persons >= MinPersons || t.Count == 0)
	}
	for _, t := range tallies {
		if t.Group != "" {
			d.tell(t.Place, d.groupSafe(t))
		}
	}
	for _, t := range tallies {
		switch {
		case t.Figure == FigureAccesses && t.Purpose == "":
			d.tell(t.Place, t.Persons >= MinPersons && d.totalSafe(t))
		case t.Figure == FigureRequests:
			d.tell(t.Place, t.Persons >= MinPersons && d.requestsSafe(t))
		}
	}
	return d.shown
}

type disclosure struct {
	tallies map[Place]Tally
	shown   map[Place]Shown
}

func (d disclosure) tell(p Place, safe bool) {
	d.shown[p] = Shown{Hidden: true}
	if safe {
		d.shown[p] = Shown{Count: d.tallies[p].Count}
	}
}

// groupSafe: an access without the group is one of the purpose's less one of the
// group's. Both sides must be of many, or of nobody. Where a purpose has several data
// sets, what groups leave of the purpose is of whole sets, and of sets without a group:
// each of these must be of many too.
func (d disclosure) groupSafe(t Tally) bool {
	whole := t.Place
	whole.Group = ""
	return !d.shown[whole].Hidden && enough(t.Persons) && enough(t.Others) && d.setsSafe(t.Place)
}

func (d disclosure) setsSafe(of Place) bool {
	for place, t := range d.tallies {
		if place.Group != "" && place.Month == of.Month && place.Purpose == of.Purpose && !enough(t.InSet) {
			return false
		}
	}
	return true
}

func enough(persons int) bool { return persons == 0 || persons >= MinPersons }

// totalSafe: what the shown purposes leave of a total is the sum of the hidden ones.
// Each of these could still be anything from 1 to MinPersons-1, or the total is hidden.
func (d disclosure) totalSafe(t Tally) bool {
	rest, hidden := t.Count, 0
	for place, cell := range d.shown {
		if place.Month == t.Month && place.Figure == FigureAccesses && place.Purpose != "" && place.Group == "" {
			rest -= cell.Count
			if cell.Hidden {
				hidden++
			}
		}
	}
	const most = MinPersons - 1
	return hidden == 0 || hidden > 1 && rest >= hidden-1+most && rest <= (hidden-1)*most+1
}

// requestsSafe: what the answers leave of the requests is those without an answer and
// the answers that are hidden. Requests are told when nothing is left, or enough that
// none of these is fixed.
func (d disclosure) requestsSafe(t Tally) bool {
	rest, hidden := t.Count, false
	for _, f := range []Figure{FigureGrants, FigureRefusals} {
		cell := d.shown[Place{Month: t.Month, Figure: f}]
		rest, hidden = rest-cell.Count, hidden || cell.Hidden
	}
	return rest >= MinPersons || rest <= 0 && !hidden
}
