package consenttest

import (
	"context"
	"fmt"
	"testing"
	"time"

	"portail.example/consent"
)

// Month is one in which some citizens gave TownHall a consent that served once, and the
// last of them withdrew it and was tried again; it is over when Month returns.
func (w *World) Month(t testing.TB, citizens int) {
	t.Helper()
	for n := range citizens {
		in := Pierre()
		in.Subject, in.Identity.GivenNames = fmt.Sprintf("citizen-%d", n), []string{fmt.Sprintf("Pierre-%d", n)}
		w.Viewer = consent.Viewer{Browser: consent.BrowserID(in.Subject), Subject: w.SignIn(t, in)}
		issued := w.Issued(t, w.Push())
		w.used(t, issued)
		if n == citizens-1 {
			w.tried(t, issued)
		}
	}
	w.Clock.Advance(8 * 24 * time.Hour)
}

// Attested is a release with a paper of some lines, and the paper's code.
func (w *World) Attested(t testing.TB, lines ...string) consent.AttestationCode {
	t.Helper()
	call := w.Call(w.Issued(t, w.Push()))
	call.Attest = true
	open, err := w.Service.AuthorizeAccess(context.Background(), call)
	must(t, err)
	code := consent.NewAttestationCode()
	open.Access.Attestation = code.Attest(Paper(lines...))
	must(t, w.Service.CompleteAccess(context.Background(), open.Access, consent.Released, ""))
	return code
}

// paperNames are what the lines of a paper about the quotient familial are called.
var paperNames = []string{"Mois", "Organisme", "Quotient familial", "Calculé en", "Allocataire 1"}

// PaperNames are the names of the lines of a Paper.
func PaperNames(consent.DataSet) []string { return paperNames }

// Paper is lines about the quotient familial as they are printed.
func Paper(values ...string) (out []consent.PrintedLine) {
	for i, value := range values {
		out = append(out, consent.PrintedLine{Name: paperNames[i%len(paperNames)], Value: value})
	}
	return out
}

func (w *World) used(t testing.TB, issued consent.Issuance) {
	t.Helper()
	access, err := w.Service.AuthorizeAccess(context.Background(), w.Call(issued))
	must(t, err)
	must(t, w.Service.CompleteAccess(context.Background(), access.Access, consent.Released, ""))
}

// tried withdraws a consent, and calls under it.
func (w *World) tried(t testing.TB, issued consent.Issuance) {
	t.Helper()
	_, err := w.Service.Withdraw(context.Background(), issued.Grant.Subject, issued.Grant.ID, "")
	must(t, err)
	if _, err := w.Service.AuthorizeAccess(context.Background(), w.Call(issued)); consent.CodeOf(err) != consent.GrantWithdrawn {
		t.Fatalf("a withdrawn consent: %v", err)
	}
}
