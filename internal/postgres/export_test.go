package postgres

import "portail.example/consent"

// Statements behind Grants, ClientGrants, History, Askers, Statistics and AccessDays, for tests that
// ask for their plans.
var (
	GrantPage       = grantPage
	ClientGrantPage = clientGrantPage
	HistoryPage     = historyPage
	Tallies         = statistics
)

// Askers and AccessDaysOf are two of them.
const (
	Askers       = askers
	AccessDaysOf = accessDays
)

// Traces are what whoever has the master key could look a citizen up by.
func (k Keys) Traces(s consent.SignIn, address string) [][]byte {
	return [][]byte{k.lookupOf(s.Issuer, s.Subject), k.matchOf(s.Identity.MatchKey()), k.addressOf(address)}
}

// Unwraps tells whether a value is the citizen's key.
func (k Keys) Unwraps(subject consent.SubjectID, value []byte) bool {
	_, err := k.openSubjectKey(string(subject), value)
	return err == nil
}
