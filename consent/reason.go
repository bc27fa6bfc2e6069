package consent

import "slices"

// Reason is why a citizen took a consent back. It is theirs: no administration is
// told, nor that there is one (GDPR article 7(3) asks for none).
type Reason string

// The reasons a citizen may give. Unsaid is the rule.
const (
	Unsaid    Reason = ""
	NotNeeded Reason = "not_needed"
	Moved     Reason = "moved"
	TooMuch   Reason = "too_much"
	ByMistake Reason = "by_mistake"
	Otherwise Reason = "otherwise"
)

// Reasons are those that say something.
func Reasons() []Reason { return []Reason{NotNeeded, Moved, TooMuch, ByMistake, Otherwise} }

// check refuses what is on no list, without repeating it.
func (r Reason) check() error {
	if r != Unsaid && !slices.Contains(Reasons(), r) {
		return Refuse(InvalidRequest, "reason", "not one of the reasons offered")
	}
	return nil
}
