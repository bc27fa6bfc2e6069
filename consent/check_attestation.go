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
	Verdict      AttestationVerdict
	Right, Wrong []int // numbers of the lines that were typed
	// Access and Client are when, for whom and what it was made; only when it agrees.
	Access Access
	Client Client
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
	for _, number := range slices.Sorted(maps.Keys(in.Lines)) {
		if a.Attestation.says(code, number, in.Lines[number]) {
			out.Right = append(out.Right, number)
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
