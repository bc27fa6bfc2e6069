package consent

import (
	"bytes"
	"encoding/json"
	"io"
	"slices"
	"strings"
	"time"
)

// AccessMode says whether the data is released once or again and again.
type AccessMode string

// The two modes of the protocol.
const (
	Once       AccessMode = "once"       // one release, within OnceLifetime
	Continuous AccessMode = "continuous" // until the end date
)

// OnceLifetime is how long a once grant waits for its single release.
const OnceLifetime = 24 * time.Hour

// Details is one rich authorization request (RFC 9396 section 2) of our types.
type Details struct {
	Type      string      `json:"type"`
	Locations []string    `json:"locations,omitempty"`
	Groups    []DataGroup `json:"datatypes"`
	Purpose   string      `json:"purpose"`
	Recipient SIRET       `json:"recipient"`
	Access    AccessMode  `json:"access"`
	// EndsOn is the last civil day of the consent; for Once, the day OnceLifetime ends.
	EndsOn Date `json:"expires_at,omitzero"`
	// Watch lets us look at the value each month, to tell the recipient whether it
	// changed.
	Watch bool `json:"watch,omitempty"`
}

const maxDetails = 4096 // bytes of authorization_details

// ParseDetails reads the authorization_details parameter: a JSON array with
// exactly one object, no unknown member, nothing after it. It checks form only;
// Details.Resolve checks rights and ceilings, and the data set its parameters.
// Errors are InvalidAuthorizationDetails and name the member.
func ParseDetails(raw []byte) (Details, Parameters, error) {
	if len(raw) > maxDetails {
		return Details{}, nil, badDetails("authorization_details", "more than %d bytes", maxDetails)
	}
	decoder := json.NewDecoder(bytes.NewReader(raw))
	decoder.DisallowUnknownFields()
	var list []wanted
	if err := decoder.Decode(&list); err != nil {
		return Details{}, nil, &Error{Code: InvalidAuthorizationDetails, Field: "authorization_details", Detail: "not an array of objects with the members type, locations, datatypes, purpose, recipient, access, expires_at, watch, parameters"}
	}
	if _, err := decoder.Token(); err != io.EOF {
		return Details{}, nil, badDetails("authorization_details", "something follows the array")
	}
	if len(list) != 1 {
		return Details{}, nil, badDetails("authorization_details", "exactly one object is expected, not %d", len(list))
	}
	return list[0].Details, list[0].Parameters, list[0].checkText()
}

// wanted is an object of authorization_details. What must stay sealed goes its own way
// from here: Details are written, signed and told.
type wanted struct {
	Details
	Parameters Parameters `json:"parameters"`
}

// checkText refuses the zero byte, which no store keeps.
func (d Details) checkText() error {
	if strings.ContainsRune(string(d.Recipient), 0) {
		return badDetails("recipient", "not a SIRET")
	}
	if strings.ContainsRune(strings.Join(d.Locations, " "), 0) {
		return badDetails("locations", "not an address")
	}
	return nil
}

func badDetails(field, format string, args ...any) *Error {
	return Refuse(InvalidAuthorizationDetails, field, format, args...)
}

// Resolve checks the details against the client's registration and the
// purpose's ceilings at instant now, fills the defaults in, and puts the groups
// in the order they are shown. Errors are InvalidAuthorizationDetails and name
// the member.
func (d Details) Resolve(c Client, location string, now time.Time) (Details, error) {
	if faults := d.faults(c, location, now); len(faults) > 0 {
		return Details{}, faults[0]
	}
	set, _ := DataSetOf(d.Type)
	d.Groups = set.InOrder(d.Groups)
	d.Locations = []string{location}
	if d.Access == Once {
		d.EndsOn = DateOf(now.Add(OnceLifetime))
	} else if d.EndsOn.IsZero() {
		d.EndsOn = d.defaultEnd(now)
	}
	return d, nil
}

// faults are all the reasons the details are refused.
func (d Details) faults(c Client, location string, now time.Time) (out []error) {
	for _, check := range []func(Client, string, time.Time) error{d.checkType, d.checkPurpose, d.checkGroups, d.checkRecipient, d.checkAccess, d.checkWatch} {
		if err := check(c, location, now); err != nil {
			out = append(out, err)
		}
	}
	return out
}

// defaultEnd is the end of the school year, within the purpose's ceiling.
func (d Details) defaultEnd(now time.Time) Date {
	end, ceiling := EndOfSchoolYear(DateOf(now)), d.latestEnd(now)
	if end.After(ceiling) {
		return ceiling
	}
	return end
}

func (d Details) latestEnd(now time.Time) Date {
	p, _ := PurposeOf(d.Purpose)
	return DateOf(now).AddMonths(p.MaxMonths)
}

func (d Details) checkType(_ Client, location string, _ time.Time) error {
	if _, ok := DataSetOf(d.Type); !ok {
		return badDetails("type", "unknown type")
	}
	if len(d.Locations) > 0 && !slices.Equal(d.Locations, []string{location}) {
		return badDetails("locations", "%s, or that of a registered data provider of this type, is expected", location)
	}
	return nil
}

func (d Details) checkPurpose(c Client, _ string, _ time.Time) error {
	p, ok := PurposeOf(d.Purpose)
	if !ok {
		return badDetails("purpose", "unknown purpose")
	}
	if !c.Registered(d.Purpose) {
		return badDetails("purpose", "not registered for this client")
	}
	if !slices.Contains(p.DataSets, d.Type) {
		return badDetails("type", "above the ceiling of this purpose")
	}
	return nil
}

func (d Details) checkGroups(c Client, _ string, _ time.Time) error {
	if len(d.Groups) == 0 {
		return badDetails("datatypes", "at least one data group is needed")
	}
	set, _ := DataSetOf(d.Type)
	p, _ := PurposeOf(d.Purpose)
	for _, g := range d.Groups {
		switch {
		case !set.Has(g):
			return badDetails("datatypes", "unknown data group")
		case !slices.Contains(c.Groups, g):
			return badDetails("datatypes", "%s is not registered for this client", g)
		case !p.Allows(g):
			return badDetails("datatypes", "%s is above the ceiling of this purpose", g)
		}
	}
	return nil
}

func (d Details) checkRecipient(c Client, _ string, _ time.Time) error {
	if _, err := ParseSIRET(string(d.Recipient)); err != nil {
		return badDetails("recipient", "not a SIRET")
	}
	if d.Recipient != c.SIRET {
		return badDetails("recipient", "not the SIRET of this client")
	}
	return nil
}

func (d Details) checkAccess(_ Client, _ string, now time.Time) error {
	p, _ := PurposeOf(d.Purpose)
	if !slices.Contains([]AccessMode{Once, Continuous}, d.Access) {
		return badDetails("access", `"once" or "continuous" is expected`)
	}
	if !slices.Contains(p.Modes, d.Access) {
		return badDetails("access", "above the ceiling of this purpose")
	}
	if d.Access == Once && !d.EndsOn.IsZero() && d.EndsOn.After(DateOf(now.Add(OnceLifetime))) {
		return badDetails("expires_at", "a once consent lasts 24 hours")
	}
	if d.EndsOn.IsZero() {
		return nil
	}
	if DateOf(now).After(d.EndsOn) {
		return badDetails("expires_at", "in the past")
	}
	if d.EndsOn.After(d.latestEnd(now)) {
		return badDetails("expires_at", "later than %d months from now", p.MaxMonths)
	}
	return nil
}

// Covers reports whether a consent with details d already answers wanted: same
// type, place, purpose, recipient, at least as many groups, at least as long.
func (d Details) Covers(wanted Details) bool {
	if !d.sameUse(wanted) {
		return false
	}
	for _, g := range wanted.Groups {
		if !slices.Contains(d.Groups, g) {
			return false
		}
	}
	return !wanted.EndsOn.After(d.EndsOn) && (d.Watch || !wanted.Watch)
}

// sameUse reports whether both are for the same type, place, purpose, recipient and
// mode.
func (d Details) sameUse(other Details) bool {
	return d.Type == other.Type && d.Purpose == other.Purpose && d.Recipient == other.Recipient && d.Access == other.Access && slices.Equal(d.Locations, other.Locations)
}
