// Package rules holds no code but tests: the sentences of the house that a
// machine can check. Each rule is shown to fail on an example before it is
// believed about the repository.
package rules
