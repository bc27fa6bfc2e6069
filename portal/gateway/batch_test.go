package gateway_test

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"portail.example/consent"
	"portail.example/consent/consenttest"
	"portail.example/consent/token"
	"portail.example/internal/apiparticulier"
	stub "portail.example/internal/sandbox/apiparticulier"
	"portail.example/portal/gateway"
)

const batchPath = path + "/batch"

func turnOf(b *apiparticulier.Batch) gateway.Turn {
	return func(ctx context.Context, set consent.DataSet, recipient consent.SIRET) (gateway.Upstream, func(), error) {
		turn, err := b.Turn(ctx, set, recipient)
		if err != nil {
			return nil, nil, err
		}
		return turn, turn.Done, nil
	}
}

// pass is a pause: time passes in batches only, where calls are paced.
func (w *world) pass(ctx context.Context, d time.Duration) error {
	if w.paced.Load() {
		w.Clock.Advance(d)
	}
	return w.wait(ctx, d)
}

// clients trusts the tokens of batches.
func (w *world) clients() *token.Verifier {
	w.t.Helper()
	verifier, err := token.NewVerifier(token.Config{Issuer: issuer, Audience: token.BatchAudience(audience), Keys: w.key, Now: w.Clock.Now, Proofs: w.proofs})
	if err != nil {
		w.t.Fatal(err)
	}
	return verifier
}

// starter is a client's token for a batch, good unless change says otherwise.
func (w *world) starter(client consent.Client, change ...func(*token.ManagementClaims)) string {
	w.t.Helper()
	now := w.Clock.Now()
	claims := token.ManagementClaims{
		Issuer: issuer, Subject: client.ID, Audience: token.BatchAudience(audience), ClientID: client.ID, Scope: token.BatchScope, ID: consent.NewID(),
		IssuedAt: jwt.NewNumericDate(now), ExpiresAt: jwt.NewNumericDate(now.Add(time.Minute)),
	}
	for _, c := range change {
		c(&claims)
	}
	raw, err := w.key.MintManagement(claims)
	if err != nil {
		w.t.Fatal(err)
	}
	return raw
}

// batchLine is a line of a batch, its last one included.
type batchLine struct {
	reply
	GrantID   string `json:"grant_id"`
	Reference string
	Status    int
	End       *struct {
		Complete bool
		Lines    int
		After    string
		Errors   []struct{ Code string }
	}
}

// batch runs one as far as read says, and gives its lines and its end.
func (w *world) batch(bearer string, form url.Values, read int) (lines []batchLine, end batchLine) {
	w.t.Helper()
	w.paced.Store(true)
	response := w.begin(bearer, form)
	defer response.Body.Close()
	if kind := response.Header.Get("Content-Type"); response.StatusCode != http.StatusOK || !strings.HasPrefix(kind, "application/x-ndjson") {
		w.t.Fatalf("%d %s", response.StatusCode, kind)
	}
	scanner := bufio.NewScanner(response.Body)
	for len(lines) < read && scanner.Scan() {
		var line batchLine
		if err := json.Unmarshal(scanner.Bytes(), &line); err != nil {
			w.t.Fatalf("%v: %s", err, scanner.Bytes())
		}
		if err := json.Unmarshal(scanner.Bytes(), &line.reply); err != nil {
			w.t.Fatal(err)
		}
		if line.End != nil {
			return lines, line
		}
		lines = append(lines, line)
	}
	return lines, batchLine{}
}

func (w *world) begin(bearer string, form url.Values, headers ...string) *http.Response {
	w.t.Helper()
	request, err := http.NewRequestWithContext(w.t.Context(), http.MethodPost, w.base+batchPath, strings.NewReader(form.Encode()))
	if err != nil {
		w.t.Fatal(err)
	}
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	request.Header.Set("Authorization", "Bearer "+bearer)
	for i := 0; i+1 < len(headers); i += 2 {
		request.Header.Set(headers[i], headers[i+1])
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		w.t.Fatal(err)
	}
	return response
}

// families are consents of as many citizens to the world's client, by identifier.
func (w *world) families(n int) (ids []string) {
	w.t.Helper()
	angela := w.Viewer.Subject
	for i := range n {
		who := consenttest.Angela()
		who.Subject = fmt.Sprintf("family-%d", i)
		w.Viewer.Subject = w.SignIn(w.t, who)
		push := w.Push()
		push.Details.Groups = []consent.DataGroup{consent.GroupQuotientFamilial, consent.GroupEnfants}
		g, _ := w.Granted(w.t, push)
		ids = append(ids, g.ID)
	}
	w.Viewer.Subject = angela
	slices.Sort(ids)
	return ids
}

const many = 1 << 20

func idsOf(lines []batchLine) (ids []string) {
	for _, line := range lines {
		ids = append(ids, line.GrantID)
	}
	return ids
}

// A batch gives one line for each live continuous consent of the client, in one order,
// with the granted groups and nothing else, and each is recorded like a call of its own.
func TestABatchRefreshesEveryFamily(t *testing.T) {
	w := newWorld(t)
	ids := w.families(230)
	w.Granted(t, w.PushOnce())
	w.IssuedFor(t, w.PushFor(consenttest.Delegated()[0]))
	lines, end := w.batch(w.starter(w.Client), nil, many)
	if got := idsOf(lines); !slices.Equal(got, ids) {
		t.Fatalf("%d lines for %d families, or in another order", len(got), len(ids))
	}
	if end.End == nil || !end.End.Complete || end.End.Lines != len(ids) || end.End.After != "" {
		t.Errorf("the end: %+v", end.End)
	}
	for _, line := range lines {
		if line.Status != http.StatusOK || len(line.Data) != 2 || line.Data["quotient_familial"] == nil || line.Data["enfants"] == nil {
			t.Fatalf("%+v", line)
		}
	}
	for _, a := range w.uses(ids) {
		if a.Outcome != consent.Released || a.Way != consent.InBatch || a.TokenID != "" || a.Period != consent.PeriodOf(w.Clock.Now()) {
			t.Fatalf("recorded as %+v", a)
		}
	}
}

// uses are the accesses of consents, of which each has one.
func (w *world) uses(grants []string) (out []consent.Access) {
	w.t.Helper()
	err := w.Store.Transact(w.t.Context(), func(tx consent.Tx) error {
		out = nil
		for _, id := range grants {
			g, err := tx.LockGrant(w.t.Context(), id)
			if err != nil {
				return err
			}
			list, err := tx.Accesses(w.t.Context(), g.Subject, id, consent.Access{}, 9)
			if err != nil || len(list) != 1 {
				return fmt.Errorf("%d accesses of %s, %w", len(list), id, err)
			}
			out = append(out, list...)
		}
		return nil
	})
	if err != nil {
		w.t.Fatal(err)
	}
	return out
}

// A connection that broke is resumed after the last line that was read.
func TestABatchIsResumedWhereItBroke(t *testing.T) {
	w := newWorld(t)
	ids := w.families(40)
	first, _ := w.batch(w.starter(w.Client), nil, 13)
	after := first[len(first)-1].GrantID
	second, end := w.batch(w.starter(w.Client), url.Values{"after": {after}}, many)
	if got := append(idsOf(first), idsOf(second)...); !slices.Equal(got, ids) || !end.End.Complete {
		t.Errorf("%d and %d lines of %d, %+v", len(first), len(second), len(ids), end.End)
	}
}

// What one family's fund answers is that family's line, and the batch goes on.
func TestALineTellsItsError(t *testing.T) {
	w := newWorld(t)
	w.families(12)
	w.upstream.Misbehave(stub.Mischief{Code: "23003", Times: 1})
	w.Clock.Set(time.Date(2026, time.December, 1, 9, 0, 0, 0, time.UTC)) // before the first whole weekend
	lines, end := w.batch(w.starter(w.Client), nil, many)
	early := slices.DeleteFunc(slices.Clone(lines), func(l batchLine) bool { return l.Status == http.StatusOK })
	if len(lines) != 12 || !end.End.Complete || len(early) == 0 || len(early) == 12 || early[0].Status != http.StatusNotFound || early[0].code() != "90404" || early[0].Data != nil {
		t.Fatalf("%d lines, %+v, %+v", len(lines), early, end.End)
	}
	if meta := early[0].Errors[0].Meta; meta["retry_at"] != "2026-12-07" || meta["reason"] != "not_yet_published" {
		t.Errorf("%v", meta)
	}
}

// A consent that was withdrawn since the page was read releases nothing, and the try
// is on record.
func TestABatchMeetsAWithdrawal(t *testing.T) {
	w := newWorld(t)
	ids := w.families(3)
	w.meanwhile = func() { // the first turn: the page has been read
		if err := w.withdraw(ids[2]); err != nil {
			t.Error(err)
		}
	}
	lines, _ := w.batch(w.starter(w.Client), nil, many)
	if len(lines) != 3 || lines[2].code() != "90001" || lines[2].Status != http.StatusUnauthorized || lines[2].Data != nil {
		t.Fatalf("%+v", lines)
	}
	if a := w.uses(ids)[2]; a.Outcome != consent.Refused || a.Way != consent.InBatch {
		t.Errorf("%+v", a)
	}
}

func (w *world) withdraw(id string) error {
	var g consent.Grant
	err := w.Store.Transact(w.t.Context(), func(tx consent.Tx) (err error) {
		g, err = tx.LockGrant(w.t.Context(), id)
		return err
	})
	if err == nil {
		_, err = w.Service.Withdraw(w.t.Context(), g.Subject, id, consent.Unsaid)
	}
	return err
}

// While the provider is down a batch waits a little, then says where to go on. Nobody is
// asked for, and no record is opened; once it is back the batch goes on from there.
func TestABatchStopsWhileTheProviderIsDown(t *testing.T) {
	w := newWorld(t)
	ids := w.families(2)
	var down func(consent.ProviderCall) error
	down = func(call consent.ProviderCall) error {
		w.limited = down
		return w.broken(call)
	}
	w.limited = down
	lines, end := w.batch(w.starter(w.Client), url.Values{"after": {ids[0]}}, many)
	if len(lines) != 0 || end.End == nil || end.End.Complete || end.End.After != ids[0] || len(end.End.Errors) != 1 || end.End.Errors[0].Code != "90505" {
		t.Fatalf("%d lines, the end: %+v", len(lines), end.End)
	}
	if calls := w.upstream.Calls(); len(calls) != 0 {
		t.Errorf("API Particulier was asked %d times", len(calls))
	}
	w.limited = nil
	w.Clock.Advance(time.Minute)
	lines, end = w.batch(w.starter(w.Client), url.Values{"after": {end.End.After}}, many)
	if !slices.Equal(idsOf(lines), ids[1:]) || !end.End.Complete {
		t.Errorf("afterwards: %v, %+v", idsOf(lines), end.End)
	}
	if used := w.uses(ids[1:]); len(used) != 1 || used[0].Outcome != consent.Released {
		t.Errorf("recorded %+v", used)
	}
}

// An editor refreshes for those who delegate to it, and only for them.
func TestABatchOfAnEditor(t *testing.T) {
	w := newWorld(t)
	delegated := consenttest.Delegated()
	first := w.IssuedFor(t, w.PushFor(delegated[0])).Grant.ID
	second := w.IssuedFor(t, w.PushFor(delegated[1])).Grant.ID
	w.families(2)
	editor := consenttest.SoftwareEditor()
	all, _ := w.batch(w.starter(editor), nil, many)
	one, _ := w.batch(w.starter(editor), url.Values{"recipient": {string(delegated[1].SIRET)}}, many)
	if got := slices.Sorted(slices.Values(idsOf(all))); !slices.Equal(got, slices.Sorted(slices.Values([]string{first, second}))) || !slices.Equal(idsOf(one), []string{second}) {
		t.Errorf("all %v, of one authority %v", got, idsOf(one))
	}
	delegated[0].RevokedAt = w.Clock.Now()
	if err := w.Memory.PutDelegation(t.Context(), delegated[0]); err != nil {
		t.Fatal(err)
	}
	if left, end := w.batch(w.starter(editor), nil, many); !slices.Equal(idsOf(left), []string{second}) || !end.End.Complete {
		t.Errorf("after a revocation: %v", idsOf(left))
	}
}

// What opens a batch opens nothing else, and nothing else opens a batch.
func TestATokenForABatchIsForABatch(t *testing.T) {
	w := newWorld(t)
	_, bearer := w.issued(consent.Continuous, consent.GroupQuotientFamilial)
	for what, raw := range map[string]string{
		"a consent token":         bearer,
		"another scope":           w.starter(w.Client, func(c *token.ManagementClaims) { c.Scope = "grant_management_query" }),
		"for managing consents":   w.starter(w.Client, func(c *token.ManagementClaims) { c.Audience = issuer + "/oauth/grants" }),
		"for the data API itself": w.starter(w.Client, func(c *token.ManagementClaims) { c.Audience = audience }),
		"of another issuer":       w.starter(w.Client, func(c *token.ManagementClaims) { c.Issuer = "https://other.example" }),
		"expired": w.starter(w.Client, func(c *token.ManagementClaims) {
			c.ExpiresAt = jwt.NewNumericDate(w.Clock.Now().Add(-time.Second))
		}),
		"of nobody":      w.starter(consent.Client{ID: "nobody"}),
		"of a provider":  w.starter(consenttest.Provider()),
		"for two":        w.starter(w.Client, func(c *token.ManagementClaims) { c.ClientID = "another" }),
		"bound to a key": w.starter(w.Client, func(c *token.ManagementClaims) { c.Confirmation = &token.Confirmation{JKT: "k"} }),
		"nothing":        "",
	} {
		response := w.begin(raw, nil)
		_ = response.Body.Close()
		if response.StatusCode < 400 || response.StatusCode >= 500 {
			t.Errorf("%s opens a batch: %d", what, response.StatusCode)
		}
	}
	for _, starter := range []string{w.starter(w.Client), w.starter(w.Client, func(c *token.ManagementClaims) { c.Audience = audience })} {
		if r := w.get(path, starter); r.status != http.StatusUnauthorized {
			t.Errorf("a batch's token opens the data API: %d", r.status)
		}
		if _, err := w.verifier.Inspect(t.Context(), starter); err == nil {
			t.Error("a batch's token passes for a consent token")
		}
	}
}

// What is asked wrongly is told before the first line.
func TestABatchIsAskedRightly(t *testing.T) {
	w := newWorld(t)
	for what, form := range map[string]url.Values{
		"a month to come":        {"annee": {"2026"}, "mois": {"12"}},
		"not a SIRET":            {"recipient": {"1"}},
		"not a place":            {"after": {"../"}},
		"a parameter not known":  {"grant_id": {"x"}},
		"a parameter given once": {"mois": {"10", "11"}},
	} {
		response := w.begin(w.starter(w.Client), form)
		_ = response.Body.Close()
		if response.StatusCode != http.StatusBadRequest && response.StatusCode != http.StatusUnprocessableEntity {
			t.Errorf("%s: %d", what, response.StatusCode)
		}
	}
}

// A client that begins again ends its earlier batch, which says so: most often it only
// lost the connection. Other clients go on.
func TestABatchIsReplacedByTheNext(t *testing.T) {
	w := newWorld(t)
	ids := w.families(30)
	var second []batchLine
	var secondEnd batchLine
	again := make(chan struct{})
	w.upstream.Misbehave(stub.Mischief{Times: 1, Before: func() {
		go func() {
			defer close(again)
			second, secondEnd = w.batch(w.starter(w.Client), nil, many)
		}()
	}})
	first, end := w.batch(w.starter(w.Client), nil, many)
	<-again
	if !slices.Equal(idsOf(second), ids) || !secondEnd.End.Complete {
		t.Errorf("the second: %d lines, %+v", len(second), secondEnd.End)
	}
	if len(first) < len(ids) && (end.End.Complete || len(end.End.Errors) != 1 || end.End.Errors[0].Code != "90429") {
		t.Errorf("the first: %d lines, %+v", len(first), end.End)
	}
}
