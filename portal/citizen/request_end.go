package citizen

import (
	"slices"

	"portail.example/consent"
	"portail.example/portal/web"
)

// EndOption is one answer to "until when".
type EndOption struct {
	Kind    consent.EndKind
	Label   string
	Checked bool
}

// endOptions are the ends a request leaves to choose from; none when there is no
// choice.
func endOptions(p web.Page, d consent.Details, who asker) []EndOption {
	var out []EndOption
	for _, end := range d.Ends(who.today, len(who.held) > 0) {
		key := end.Kind
		if key == consent.EndAsked && end.On == consent.EndOfSchoolYear(who.today) {
			key = consent.EndSchoolYear
		}
		out = append(out, EndOption{Kind: end.Kind, Label: endLabel(p, key, end.On)})
	}
	return out
}

func endLabel(p web.Page, key consent.EndKind, on consent.Date) string {
	if on.IsZero() {
		return p.T("citizen.request.end." + string(key))
	}
	return p.T("citizen.request.end."+string(key), "Date", p.Date(on))
}

// tick chooses what was typed, or what was asked.
func tick(options []EndOption, d draft) {
	chosen := d.end()
	for i := range options {
		options[i].Checked = options[i].Kind == chosen
	}
}

// end is the chosen end; a day typed without a choice is one.
func (d draft) end() consent.EndKind {
	switch {
	case d.until != "":
		return consent.EndKind(d.until)
	case d.endsOn != "":
		return consent.EndDate
	}
	return consent.EndAsked
}

// setEnd puts the chosen end in the answer. A day typed beside another choice is a
// contradiction: guessing could share longer than was meant.
func (d draft) setEnd(answer *consent.Answer, r consent.Request, who asker) (err error) {
	kind := d.end()
	if kind == consent.EndDate {
		answer.EndsOn, err = d.day()
		return err
	}
	if d.endsOn != "" {
		return consent.Refuse(consent.InvalidEndDate, "until", "a day was typed beside another choice")
	}
	if r.Details.Access == consent.Once {
		return nil
	}
	ends := r.Details.Ends(who.today, len(who.held) > 0)
	at := slices.IndexFunc(ends, func(end consent.End) bool { return end.Kind == kind })
	if at < 0 {
		return consent.Refuse(consent.InvalidEndDate, "until", "not one of the ends offered")
	}
	answer.EndsOn, answer.Once = ends[at].On, kind == consent.EndOnce
	return nil
}

// day is the day that was typed. It fails with InvalidEndDate.
func (d draft) day() (consent.Date, error) {
	day, err := consent.ParseDate(d.endsOn)
	if err != nil {
		return consent.Date{}, consent.Refuse(consent.InvalidEndDate, "ends_on", "not a date")
	}
	return day, nil
}
