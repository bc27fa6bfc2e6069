package main

import (
	"context"
	"net/url"
	"slices"
	"strings"
	"time"

	"portail.example/consent"
	"portail.example/consent/consenttest"
)

// storyOf is a page in a state.
type storyOf struct {
	name string
	play func(*stage) (path string)
}

// stories are all of them.
var stories = slices.Concat(citizenStories, givenStories, watchStories, previewStories, attestationStories, agentStories, rightsStories, measureStories, refusedStories, officerStories, evidenceStories)

// citizenStories are in the order of a citizen's life.
var citizenStories = []storyOf{
	{"start", func(*stage) string { return "/" }},
	{"arrival", func(s *stage) string { s.looking(); return "/requests/" + s.Pushed(s, s.Push()).ID }},
	{"invitation", func(s *stage) string {
		r, err := s.Service.FileRequest(context.Background(), s.Filing(consenttest.Pierre().Identity))
		if err != nil {
			s.Fatal(err)
		}
		return "/requests/" + r.ID
	}},
	{"error addressed to another", func(s *stage) string {
		r, err := s.Service.FileRequest(context.Background(), s.Filing(consenttest.Pierre().Identity))
		if err != nil {
			s.Fatal(err)
		}
		s.signedIn()
		return "/requests/" + r.ID
	}},
	{"request", func(s *stage) string { s.signedIn(); return "/requests/" + s.Pushed(s, s.Push()).ID }},
	{"request once", func(s *stage) string { s.signedIn(); return "/requests/" + s.Pushed(s, s.PushOnce()).ID }},
	{"request about health", func(s *stage) string { return s.asked("allocation_adulte_handicape") }},
	{"request of a student", func(s *stage) string { return s.asked("statut_etudiant") }},
	{"request expired", expiredRequest},
	{"done granted", func(s *stage) string {
		s.signedIn()
		_, r := s.Granted(s, s.Push())
		return "/requests/" + r.ID + "/done"
	}},
	{"done refused", refusedRequest},
	{"receipt granted", func(s *stage) string {
		s.signedIn()
		_, r := s.Granted(s, s.Push())
		return s.receiptOf(r.ID)
	}},
	{"receipt without a place", func(s *stage) string {
		s.signedIn()
		_, r := s.Granted(s, s.Push())
		return s.receiptOf(r.ID) + "/proof"
	}},
	{"receipt refused", func(s *stage) string {
		path := refusedRequest(s)
		return s.receiptOf(strings.Split(path, "/")[2])
	}},
	{"receipt reduced", func(s *stage) string { return s.reduced() }},
	{"receipt withdrawal", func(s *stage) string { return s.after(s.withdraw) + "/withdrawal" }},
	{"rights", func(s *stage) string {
		s.signedIn()
		if _, err := s.Service.AskRight(context.Background(), s.Viewer.Subject, consent.RightErasure, ""); err != nil {
			s.Fatal(err)
		}
		return "/my-data/ask"
	}},
	{"rights resumed", func(s *stage) string {
		s.signedIn()
		left := consent.Draft{Page: "/my-data/ask", Sent: true, Form: url.Values{"right": {"erasure"}, "message": {"Mes mots"}}, At: s.Clock.Now()}
		if err := s.Memory.KeepDraft(context.Background(), s.token, left); err != nil {
			s.Fatal(err)
		}
		return "/my-data/ask"
	}},
	{"my data", func(s *stage) string { s.signedIn(); s.used(); return "/my-data" }},
	{"my data of a newcomer", func(s *stage) string { s.signedIn(); return "/my-data" }},
	{"rights erasure chosen", func(s *stage) string { s.signedIn(); return "/my-data/ask?right=erasure" }},
	{"sessions", func(s *stage) string {
		s.signedIn()
		s.elsewhere("phone", consent.Device{Browser: "Firefox", System: "Android"})
		s.elsewhere("library", consent.Device{})
		return "/sessions"
	}},
	{"sessions alone", func(s *stage) string { s.signedIn(); return "/sessions?done=others" }},
	{"home empty", func(s *stage) string { s.signedIn(); return "/home" }},
	{"home", fullHome},
	{"home crowded", func(s *stage) string { crowded(s); return "/home" }},
	{"waiting crowded", func(s *stage) string { crowded(s); return "/requests" }},
	{"consents crowded", func(s *stage) string { crowded(s); return "/consents" }},
	{"waiting", func(s *stage) string { fullHome(s); return "/requests" }},
	{"consents", func(s *stage) string { fullHome(s); return "/consents" }},
	{"history", func(s *stage) string { fullHome(s); return "/history" }},
	{"history crowded", func(s *stage) string { crowded(s); return "/history" }},
	{"history empty", func(s *stage) string { s.signedIn(); return "/history" }},
	{"history problem", func(s *stage) string { s.signedIn(); return "/history?from=hier&to=2026-02-30" }},
	{"consents ended", func(s *stage) string { endedConsent(s); return "/consents?state=ended" }},
	{"consent active", func(s *stage) string { s.signedIn(); return "/consents/" + s.used().ID }},
	{"consent paused", func(s *stage) string { return s.after(s.Service.Pause) }},
	{"consent withdrawn", func(s *stage) string { return s.after(s.withdraw) }},
	{"consent withdrawn just now", func(s *stage) string {
		g := s.used()
		s.do(s.withdraw, g.ID)
		s.signedIn()
		return "/consents/" + g.ID
	}},
	{"consent ended", endedConsent},
	{"reduce", func(s *stage) string { s.signedIn(); return "/consents/" + s.used().ID + "/reduce" }},
	{"withdraw", func(s *stage) string { s.signedIn(); return "/consents/" + s.used().ID + "/withdraw" }},
	{"withdraw all", func(s *stage) string { s.used(); s.signedIn(); return "/withdraw-all" }},
	{"withdraw all crowded", func(s *stage) string { crowded(s); return "/withdraw-all" }},
	{"withdraw all empty", func(s *stage) string { s.signedIn(); return "/withdraw-all" }},
	{"notices", func(s *stage) string { s.signedIn(); return "/notices" }},
	{"notices left", func(s *stage) string { s.leaveAddress(); return "/notices" }},
	{"notice-link verify", func(*stage) string { return "/notices/verify?token=" + consent.NewID() }},
	{"notice-link unsubscribe", func(*stage) string { return "/notices/unsubscribe?token=" + consent.NewID() }},
	{"notices removed", func(s *stage) string { s.signedIn(); return "/notices?done=gone" }},
	{"about", func(*stage) string { return "/about" }},
	{"site-map", func(*stage) string { return "/site-map" }},
	{"accessibility", func(*stage) string { return "/accessibility" }},
	{"legal-notices", func(*stage) string { return "/legal-notices" }},
	{"personal-data", func(*stage) string { return "/personal-data" }},
	{"cookies", func(*stage) string { return "/cookies" }},
	{"contact", func(*stage) string { return "/contact" }},
	{"signed out", func(*stage) string { return "/signed-out" }},
	{"error missing page", func(*stage) string { return "/nowhere" }},
	{"error wrong method", func(*stage) string { return "/my-data/export" }},
	{"error signed out", func(*stage) string { return "/my-data" }},
	{"error session ended", failing(consent.SessionEnded)},
	{"error sign-in failed", failing(consent.SignInFailed)},
	{"error too many", failing(consent.TooMany)},
	{"error outage", failing(consent.Unavailable)},
	{"error incident", failing("fault")},
	{"error missing request", func(s *stage) string { s.looking(); return "/requests/" + consent.NewID() }},
}

// failing is a page that ends in a code.
func failing(code consent.Code) func(*stage) string {
	return func(s *stage) string { s.signedIn(); return "/errors/" + string(code) }
}

func expiredRequest(s *stage) string {
	s.signedIn()
	r := s.Identified(s, s.Push())
	s.Clock.Advance(31 * time.Minute)
	s.signedIn()
	return "/requests/" + r.ID
}

func refusedRequest(s *stage) string {
	s.signedIn()
	answer := s.Allow(s.Identified(s, s.Push()))
	answer.Allow = false
	if _, err := s.Service.Decide(context.Background(), answer); err != nil {
		s.Fatal(err)
	}
	return "/requests/" + answer.RequestID + "/done"
}

// receiptOf is the receipt of the answer to a request.
func (s *stage) receiptOf(requestID string) string {
	id, err := s.Service.ReceiptID(context.Background(), s.Viewer.Subject, requestID)
	if err != nil {
		s.Fatal(err)
	}
	return "/receipts/" + id
}

// reduced is the receipt of an answer that left less.
func (s *stage) reduced() string {
	g := s.used()
	_, err := s.Service.Reduce(context.Background(), consent.Reduction{
		GrantID: g.ID, Subject: g.Subject, Groups: g.Details.Groups[:1], Statement: consenttest.Statement(), AuthTime: s.Clock.Now(),
	})
	if err != nil {
		s.Fatal(err)
	}
	s.signedIn()
	answers := s.Memory.Answers()
	return "/receipts/" + answers[len(answers)-1].ID
}

// fullHome has something in each of its lists.
func fullHome(s *stage) string {
	s.used()
	old, _ := s.Granted(s, s.PushOnce())
	s.do(s.withdraw, old.ID)
	if _, err := s.Service.FileRequest(context.Background(), s.Filing(consenttest.Angela().Identity)); err != nil {
		s.Fatal(err)
	}
	s.SignIn(s, consenttest.Angela())
	s.signedIn()
	return "/home"
}

func endedConsent(s *stage) string {
	g, _ := s.Granted(s, s.PushOnce())
	s.Clock.Advance(25 * time.Hour)
	s.signedIn()
	return "/consents/" + g.ID
}

// used is a consent with one release and one call that found no file.
func (s *stage) used() consent.Grant {
	issued := s.Issued(s, s.Push())
	for _, outcome := range []consent.Outcome{consent.Released, consent.NoFile} {
		access, err := s.Service.AuthorizeAccess(context.Background(), s.Call(issued))
		if err != nil {
			s.Fatal(err)
		}
		if err := s.Service.CompleteAccess(context.Background(), access.Access, outcome, ""); err != nil {
			s.Fatal(err)
		}
		s.Clock.Advance(time.Minute)
	}
	return issued.Grant
}

// after is the page of a used consent once the citizen did something to it.
func (s *stage) after(act func(context.Context, consent.SubjectID, string) error) string {
	g := s.used()
	s.Clock.Advance(time.Hour)
	s.do(act, g.ID)
	s.signedIn()
	return "/consents/" + g.ID
}

func (s *stage) do(act func(context.Context, consent.SubjectID, string) error, id string) {
	if err := act(context.Background(), s.Viewer.Subject, id); err != nil {
		s.Fatal(err)
	}
}

func (s *stage) withdraw(ctx context.Context, subject consent.SubjectID, id string) error {
	_, err := s.Service.Withdraw(ctx, subject, id, consent.Unsaid)
	return err
}

// leaveAddress is a citizen who waits for the mail that verifies their address.
func (s *stage) leaveAddress() {
	left := consent.Contact{Subject: s.Viewer.Subject, Address: "usager@example.org", Language: "fr", Kinds: consent.NoticeKinds()}
	if err := s.Service.LeaveAddress(context.Background(), left); err != nil {
		s.Fatal(err)
	}
	s.signedIn()
}

// asked is the question for all that may be asked of a data set.
func (s *stage) asked(typ string) string {
	s.signedIn()
	set := consenttest.Set(s, typ)
	return "/requests/" + s.Pushed(s, s.PushOf(s, set, set.InOrder(consenttest.PurposeFor(set).Groups)...)).ID
}
