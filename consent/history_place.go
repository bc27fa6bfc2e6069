package consent

import (
	"cmp"
	"encoding/base64"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// HistorySource is where a fact is read from. At one instant, sources are told in
// this order: what came of something before what led to it.
type HistorySource int

// The sources of a history.
const (
	FromExpiries HistorySource = iota
	FromAccesses
	FromEvidence
	FromRefusals
	FromPreviews
	FromRequests
	historySources
)

// InEvidence reports whether facts are entries of the ledger, whose keys are numbers.
func (s HistorySource) InEvidence() bool { return s == FromEvidence || s == FromPreviews }

// HistoryPlace is where a fact stands in a history.
type HistoryPlace struct {
	At     time.Time
	Source HistorySource
	Key    string // unique within the source; of the evidence, its number in twenty digits
}

// Compare orders places, the newest first.
func (p HistoryPlace) Compare(other HistoryPlace) int {
	return cmp.Or(other.At.Compare(p.At), cmp.Compare(p.Source, other.Source), strings.Compare(other.Key, p.Key))
}

// EvidenceKey is the Key of an entry by its number.
func EvidenceKey(number int64) string { return fmt.Sprintf("%020d", number) }

// String is the place as a page's address holds it; empty for none. It says nothing
// that its reader may not know: the history it points into is read by its citizen.
func (p HistoryPlace) String() string {
	if p.Key == "" {
		return ""
	}
	return base64.RawURLEncoding.EncodeToString(fmt.Appendf(nil, "%d.%d.%s", p.At.UnixMicro(), p.Source, p.Key))
}

var historyPlace = regexp.MustCompile(`^([1-9][0-9]{1,15})\.([0-9])\.([A-Za-z0-9_-]{1,64})$`)

// ParseHistoryPlace reads what String wrote. It fails with InvalidRequest for
// anything else.
func ParseHistoryPlace(s string) (HistoryPlace, error) {
	raw, err := base64.RawURLEncoding.DecodeString(s)
	parts := historyPlace.FindStringSubmatch(string(raw))
	if err != nil || parts == nil {
		return HistoryPlace{}, notAPlace()
	}
	micros, err := strconv.ParseInt(parts[1], 10, 64)
	source, _ := strconv.Atoi(parts[2]) // one digit
	p := HistoryPlace{At: time.UnixMicro(micros).UTC(), Source: HistorySource(source), Key: parts[3]}
	if err != nil || p.Source >= historySources {
		return HistoryPlace{}, notAPlace()
	}
	if p.Source.InEvidence() {
		number, err := strconv.ParseInt(p.Key, 10, 64)
		if err != nil || p.Key != EvidenceKey(number) {
			return HistoryPlace{}, notAPlace()
		}
	}
	return p, nil
}

func notAPlace() error { return Refuse(InvalidRequest, "", "not a place in this history") }
