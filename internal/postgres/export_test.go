package postgres

import "portail.example/consent"

// GrantPage is the statement behind Grants, for tests that ask for its plan.
var GrantPage = grantPage

// Traces are what whoever has the master key could look a citizen up by.
func (k Keys) Traces(s consent.SignIn, address string) [][]byte {
	return [][]byte{k.lookupOf(s.Issuer, s.Subject), k.matchOf(s.Identity.MatchKey()), k.addressOf(address)}
}

// Unwraps tells whether a value is the citizen's key.
func (k Keys) Unwraps(subject consent.SubjectID, value []byte) bool {
	_, err := k.openSubjectKey(string(subject), value)
	return err == nil
}
