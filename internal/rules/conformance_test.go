package rules

import (
	"regexp"
	"strings"
	"testing"
)

var (
	named   = regexp.MustCompile("`(Test\\w+|Fuzz\\w+)`")
	defined = regexp.MustCompile(`(?m)^func (Test\w+|Fuzz\w+)\(`)
)

// The documents name tests as proof: each must exist.
func TestTestsThatAreNamedExist(t *testing.T) {
	exist := map[string]bool{}
	var documents []string
	for _, name := range files(t) {
		switch {
		case strings.HasSuffix(name, "_test.go"):
			for _, match := range defined.FindAllStringSubmatch(read(t, name), -1) {
				exist[match[1]] = true
			}
		case strings.HasSuffix(name, ".md"):
			documents = append(documents, name)
		}
	}
	found := 0
	for _, name := range documents {
		for _, match := range named.FindAllStringSubmatch(read(t, name), -1) {
			found++
			if !exist[match[1]] {
				t.Errorf("%s names %s, which does not exist", name, match[1])
			}
		}
	}
	if found < 20 {
		t.Errorf("only %d tests are named: the rule looks at nothing", found)
	}
}
