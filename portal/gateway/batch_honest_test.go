package gateway_test

import (
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"net/url"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"portail.example/consent"
	"portail.example/consent/consenttest"
)

// reader takes the first line when it is let, or never: then writing it fails.
type reader struct {
	*httptest.ResponseRecorder
	begun chan struct{}
	let   chan error
	once  sync.Once
}

func (r *reader) Write(line []byte) (int, error) {
	var err error
	r.once.Do(func() { close(r.begun); err = <-r.let })
	if err != nil {
		return 0, err
	}
	return r.ResponseRecorder.Write(line)
}

// slowly runs a batch whose reader takes its first line when all the others wait, after
// something that happens meanwhile. It returns the lines that were taken.
func (w *world) slowly(n int, meanwhile func() error) (lines []batchLine) {
	w.t.Helper()
	w.paced.Store(true)
	request := httptest.NewRequest(http.MethodPost, w.base+batchPath, nil).WithContext(w.t.Context())
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	request.Header.Set("Authorization", "Bearer "+w.starter(w.Client))
	r := &reader{ResponseRecorder: httptest.NewRecorder(), begun: make(chan struct{}), let: make(chan error)}
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		defer func() { _ = recover() }() // how an answer is broken off
		w.handler.ServeHTTP(r, request)
	}()
	<-r.begun
	for w.t.Context().Err() == nil && w.opened() < n {
		runtime.Gosched()
	}
	r.let <- meanwhile()
	<-ended
	for text := range strings.Lines(r.Body.String()) {
		var line batchLine
		if err := json.Unmarshal([]byte(text), &line); err != nil {
			w.t.Fatal(err)
		}
		if err := json.Unmarshal([]byte(text), &line.reply); err != nil {
			w.t.Fatal(err)
		}
		lines = append(lines, line)
	}
	return lines
}

// opened counts the records that are open.
func (w *world) opened() int {
	w.t.Helper()
	list, err := w.Store.OpenAccesses(w.t.Context(), w.Clock.Now().Add(time.Hour), many)
	if err != nil {
		w.t.Fatal(err)
	}
	return len(list)
}

// What was asked for and never left is not on record as released.
func TestALineThatNeverLeftIsNotReleased(t *testing.T) {
	w := newWorld(t)
	ids := w.families(8)
	if lines := w.slowly(7, func() error { return errors.New("the reader is gone") }); len(lines) != 0 {
		t.Fatalf("%d lines", len(lines))
	}
	for i, id := range ids {
		uses := w.usesOf(id)
		if sent := i == 0; len(uses) != 1 || (uses[0].Outcome == consent.Released) != sent || uses[0].ClosedAt.IsZero() {
			t.Errorf("family %d: %+v", i, uses)
		}
	}
}

// A line that waits for its reader is looked at once more when it is its turn.
func TestAWithdrawalIsObeyedWhileALineWaits(t *testing.T) {
	w := newWorld(t)
	ids := w.families(8)
	lines := w.slowly(7, func() error { return w.withdraw(ids[7]) })
	if len(lines) != 9 || lines[6].Data == nil || lines[7].code() != "90001" || lines[7].Data != nil || !lines[8].End.Complete {
		t.Fatalf("%+v", lines)
	}
	if uses := w.usesOf(ids[7]); len(uses) != 1 || uses[0].Outcome != consent.Refused {
		t.Errorf("recorded %+v", uses)
	}
}

// A line whose record was closed as abandoned meanwhile does not leave.
func TestALineThatWaitedTooLongDoesNotLeave(t *testing.T) {
	w := newWorld(t)
	ids := w.families(8)
	lines := w.slowly(7, func() error {
		w.Clock.Advance(3 * time.Minute)
		_, err := w.Service.CloseAbandoned(t.Context())
		return err
	})
	if len(lines) != 9 || lines[0].Data == nil || !lines[8].End.Complete {
		t.Fatalf("%+v", lines)
	}
	for i, line := range lines[1:8] {
		if uses := w.usesOf(ids[i+1]); line.Status != http.StatusServiceUnavailable || line.code() != "90503" || line.Data != nil || uses[0].Outcome != consent.Failed {
			t.Errorf("%+v, recorded as %s", line, uses[0].Outcome)
		}
	}
}

// usesOf are the accesses of a consent, newest first.
func (w *world) usesOf(grant string) (out []consent.Access) {
	w.t.Helper()
	err := w.Store.Transact(w.t.Context(), func(tx consent.Tx) error {
		g, err := tx.LockGrant(w.t.Context(), grant)
		if err == nil {
			out, err = tx.Accesses(w.t.Context(), g.Subject, grant, consent.Access{}, 9)
		}
		return err
	})
	if err != nil {
		w.t.Fatal(err)
	}
	return out
}

// A panic beside the handler ends the batch, not the portal, and the log holds nothing
// that was asked.
func TestAPanicBetweenFamiliesEndsTheBatch(t *testing.T) {
	w := newWorld(t)
	ids := w.families(3)
	w.limited = func(consent.ProviderCall) error { panic(consenttest.Angela().Identity.FamilyName) }
	lines, end := w.batch(w.starter(w.Client), nil, many)
	if len(lines) != 0 || end.End == nil || end.End.Complete || len(end.End.Errors) != 1 || end.End.Errors[0].Code != "90500" {
		t.Fatalf("%d lines, the end: %+v", len(lines), end.End)
	}
	if lines, end := w.batch(w.starter(w.Client), nil, many); !slices.Equal(idsOf(lines), ids) || !end.End.Complete {
		t.Errorf("afterwards: %d lines, %+v", len(lines), end.End)
	}
	if log := w.log.String(); !strings.Contains(log, "panic: string") || strings.Contains(log, consenttest.Angela().Identity.FamilyName) {
		t.Errorf("the log says:\n%s", log)
	}
}

// A SIRET that the client does not act for is told: a batch without families would look
// like an authority without families.
func TestABatchForAStrangerIsRefused(t *testing.T) {
	w := newWorld(t)
	delegated := consenttest.Delegated()
	w.IssuedFor(t, w.PushFor(delegated[0]))
	revoked := delegated[1]
	revoked.RevokedAt = w.Clock.Now()
	if err := w.Memory.PutDelegation(t.Context(), revoked); err != nil {
		t.Fatal(err)
	}
	for what, c := range map[string]struct {
		client consent.Client
		siret  consent.SIRET
	}{
		"nobody delegated":         {consenttest.SoftwareEditor(), "21990013100018"},
		"a delegation is revoked":  {consenttest.SoftwareEditor(), revoked.SIRET},
		"another administration's": {w.Client, delegated[0].SIRET},
	} {
		response := w.begin(w.starter(c.client), url.Values{"recipient": {string(c.siret)}})
		r := reply{status: response.StatusCode}
		if err := json.NewDecoder(response.Body).Decode(&r); err != nil {
			t.Fatal(err)
		}
		_ = response.Body.Close()
		if r.status != http.StatusForbidden || r.code() != "00213" || r.Errors[0].Source == nil || r.Errors[0].Source.Parameter != "recipient" {
			t.Errorf("%s: %d %+v", what, r.status, r.Errors)
		}
	}
	if lines, end := w.batch(w.starter(w.Client), url.Values{"recipient": {string(w.Client.SIRET)}}, many); len(lines) != 0 || !end.End.Complete {
		t.Errorf("its own, without families: %+v, %+v", lines, end.End)
	}
}
