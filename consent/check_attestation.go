package consent

import (
	"context"
	"maps"
	"slices"
)

// Typed is what somebody read on a paper: its code, and lines by their numbers.
type Typed struct {
	Code  string
	Lines map[int]string
	// Names are all that the lines of a paper about a data set can be called.
	Names func(DataSet) []string
}

// AttestationVerdict is what is said of a paper.
type AttestationVerdict string

// The verdicts. All are ordinary answers.
const (
	Mistyped AttestationVerdict = "mistyped" // the code is not one: a character is wrong
	Unknown  AttestationVerdict = "unknown"  // no attestation has this code, or none any more
	Differs  AttestationVerdict = "differs"  // a line is not what the attestation says
	Agrees   AttestationVerdict = "agrees"   // each line that was typed is
)

// AttestationAnswer is what is told about a paper: nothing that is not printed on it.
type AttestationAnswer struct {
	Verdict AttestationVerdict
	Right   []ReadLine // of the lines that were typed
	Wrong   []int
	// Access and Client are when, for whom and what it was made; only when it agrees.
	Access Access
	Client Client
}

// ReadLine is a line that the paper has as it was typed, and the name it was made under,
// for its reader to compare: what is printed beside the value may have been changed.
type ReadLine struct {
	Number int
	Name   string
}

// CheckAttestation says whether a paper says what was released. Whether the consent
// still stands is not told: the paper speaks of the day it was made.
func (s *Service) CheckAttestation(ctx context.Context, in Typed) (AttestationAnswer, error) {
	code, ok := ParseAttestationCode(in.Code)
	if !ok {
		return AttestationAnswer{Verdict: Mistyped}, nil
	}
	a, err := s.store.AttestedAccess(ctx, code.Hash())
	if CodeOf(err) == NotFound {
		return AttestationAnswer{Verdict: Unknown}, nil
	}
	if err != nil {
		return AttestationAnswer{}, err
	}
	out := AttestationAnswer{Verdict: Differs}
	set, _ := DataSetOf(a.DataSet)
	names := in.Names(set)
	for _, number := range slices.Sorted(maps.Keys(in.Lines)) {
		if name, ok := a.Attestation.says(code, number, names, in.Lines[number]); ok {
			out.Right = append(out.Right, ReadLine{number, name})
		} else {
			out.Wrong = append(out.Wrong, number)
		}
	}
	if len(out.Wrong) > 0 || len(out.Right) == 0 {
		return out, nil
	}
	out.Verdict, out.Access = Agrees, a
	out.Client, err = clientFor(ctx, s.store, a.ClientID, a.Recipient)
	return out, err
}
