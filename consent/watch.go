package consent

import (
	"bytes"
	"encoding/json"
	"slices"
	"time"
)

// watchable drops the wish to be told of changes where nothing is left to compare:
// after one release, or without the group that is compared.
func (d Details) watchable() Details {
	set, _ := DataSetOf(d.Type)
	group, any := set.watched()
	d.Watch = d.Watch && any && d.Access == Continuous && slices.Contains(d.Groups, group)
	return d
}

// watched is the group with the value that is compared. The rest of the group changes
// each month by itself, as its month does.
func (s DataSet) watched() (DataGroup, bool) {
	i := slices.IndexFunc(s.Groups, func(g DataGroup) bool { return s.shapes[g].member(s.Month).member(s.Watch).Kind != "" })
	if i < 0 || s.Watch == "" {
		return "", false
	}
	return s.Groups[i], true
}

func (d Details) checkWatch(c Client, _ string, _ time.Time) error {
	switch {
	case !d.Watch:
		return nil
	case !c.Watch:
		return badDetails("watch", "not registered for this client")
	case !d.watchable().Watch:
		return badDetails("watch", "for a continuous consent to the value that is compared")
	}
	return nil
}

// watchedValue is what is compared of an answer about a month, as the provider wrote
// it: an amount, or that there is none.
func (a ProviderAnswer) watchedValue(typ string, month Period) (string, bool) {
	set, _ := DataSetOf(typ)
	var members map[string]json.RawMessage
	if a.Period != month || json.Unmarshal(a.Data[set.Month], &members) != nil {
		return "", false
	}
	value, told := members[set.Watch]
	return string(bytes.TrimSpace(value)), told
}

// The times of looks. A look that met trouble is tried again the next nights, and no
// more than watchTries times in a month.
const (
	watchLease = 10 * time.Minute // above what abandoned accesses wait
	watchAgain = 20 * time.Hour
	// WatchTries bounds the looks of a month under one consent.
	WatchTries = 5
)

// WatchClaim is a look that is about to be made, and nobody else makes.
type WatchClaim struct {
	Grant Grant
	Month Period
	At    time.Time
	Until time.Time // from when on it counts as lost
}

// WatchSettled is what came of a look. The value is hashed before it is kept.
type WatchSettled struct {
	Grant Grant
	Month Period
	// Again is when to look again this month; zero when the month is done.
	Again time.Time
	// Value is what was found; nil when nothing was.
	Value *string
}

// WatchQuery is one page of consents that may be due a look, by identifier.
type WatchQuery struct {
	Month Period
	At    time.Time
	After string
	Limit int
}
