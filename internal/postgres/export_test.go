package postgres

// GrantPage is the statement behind Grants, for tests that ask for its plan.
var GrantPage = grantPage
