package token

import (
	"strconv"
	"testing"
)

// Two generations at most are kept, and the newest token is among them.
func TestWhatIsRememberedIsBounded(t *testing.T) {
	var v verified
	for i := range 5 * remembered {
		hash := hashOf(strconv.Itoa(i))
		v.keep(hash, &memory{})
		if v.find(hash) == nil {
			t.Fatal("forgotten at once")
		}
	}
	if kept := len(v.young) + len(v.old); kept > 2*remembered || kept < remembered {
		t.Errorf("%d tokens are kept", kept)
	}
}
