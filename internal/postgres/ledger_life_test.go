package postgres_test

import (
	"context"
	"flag"
	"maps"
	"slices"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"pgregory.net/rapid"

	"portail.example/consent"
	"portail.example/consent/consenttest"
	"portail.example/internal/postgres"
	"portail.example/internal/postgres/pgtest"
)

// life is a citizen's, lived through a line that breaks now and then. It is looked at
// through another one.
type life struct {
	*evidence
	ctx     context.Context
	service *consent.Service // on the line that breaks
	late    *postgres.DB     // the sequencer's, on the same line
	proxy   *pgtest.Proxy
	looks   int // at the clock until the caller goes away, 0 for never
	goAway  func()

	requests, granted []string // that wait, and that were allowed
	codes             []consent.Redemption
	issued            []consent.Issuance
	open              []consent.Access
	officer           consent.Agent
	// certain are the entries of what succeeded, possible those of what broke: the
	// answer was lost, not always the transaction.
	certain, possible map[consent.EntryKind]int
	lookups           []consent.Lookup
	doubt             bool // something broke that nobody looked at
}

func newLife(t *testing.T) *life {
	t.Helper()
	l := &life{evidence: newEvidence(t), ctx: t.Context(), certain: map[consent.EntryKind]int{}, possible: map[consent.EntryKind]int{}}
	var address string
	l.proxy, address = pgtest.NewProxy(t, l.url)
	l.late = pgtest.Open(t, address)
	l.service = consent.NewService(l.late, consent.Limits{}, func(consent.DataSet) string { return consenttest.Location }, l.now)
	l.officer = l.Agent(t, consent.RolePlatformDPO)
	l.issued = []consent.Issuance{l.Issued(t, l.PushOnce()), l.Issued(t, l.Push())}
	count(l.certain, []consent.EntryKind{consent.EntryDecision, consent.EntryDecision, consent.EntryGrant, consent.EntryGrant, consent.EntryToken, consent.EntryToken})
	return l
}

// leave gives the connections back: a failing test lives hundreds of lives.
func (l *life) leave() {
	l.late.Close()
	l.db.Close()
}

// now is the clock; at one look the caller is not there any more.
func (l *life) now() time.Time {
	if l.looks > 0 {
		if l.looks--; l.looks == 0 {
			l.goAway()
		}
	}
	return l.Clock.Now()
}

// try does something that writes entries of some kinds when it succeeds. One
// time in three the line breaks at a message, or the caller goes away. It returns whether it
// succeeded; a refusal is an ordinary outcome, any other error is a fault.
func (l *life) try(t *rapid.T, what func(ctx context.Context) error, kinds ...consent.EntryKind) bool {
	var ctx context.Context
	ctx, l.goAway = context.WithCancel(l.ctx)
	defer l.goAway()
	switch at := rapid.IntRange(1, 8).Draw(t, "at"); rapid.SampledFrom([]string{"whole", "whole", "whole", "whole", "broken", "left"}).Draw(t, "how") {
	case "broken":
		l.proxy.Arm(at, func() {})
	case "left":
		l.looks = at
	}
	err := what(ctx)
	broken := l.proxy.Disarm() || ctx.Err() != nil || consent.CodeOf(err) == consent.Unavailable
	l.looks = 0
	switch {
	case err == nil:
		count(l.certain, kinds)
	case broken:
		count(l.possible, kinds)
		l.doubt = true
	case consent.CodeOf(err) == "":
		t.Fatal(err)
	}
	return err == nil
}

func count(in map[consent.EntryKind]int, kinds []consent.EntryKind) {
	for _, k := range kinds {
		in[k]++
	}
}

// agreeAfterAll looks when something broke.
func (l *life) agreeAfterAll(t *rapid.T) {
	if l.doubt {
		l.agree(t)
		l.doubt = false
	}
}

// agree holds the ledger against the tables, and against what was answered.
func (l *life) agree(t *rapid.T) {
	report, err := l.db.VerifyLedger(l.ctx, l.sign.PublicKey(), nil, l.Clock.Now(), nil)
	if err != nil {
		t.Fatalf("%+v, %v", report, err)
	}
	written := l.written(t)
	for _, kind := range slices.Sorted(maps.Keys(l.certain)) {
		if n := written[kind]; n < l.certain[kind] || n > l.certain[kind]+l.possible[kind] {
			t.Fatalf("%d entries of %s: %d things succeeded, %d broke", n, kind, l.certain[kind], l.possible[kind])
		}
	}
}

// written counts the entries of each kind.
func (l *life) written(t *rapid.T) map[consent.EntryKind]int {
	conn, err := pgx.Connect(l.ctx, l.url)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(l.ctx)
	rows, err := conn.Query(l.ctx, `SELECT kind, count(*) FROM ledger_entry GROUP BY kind`)
	if err != nil {
		t.Fatal(err)
	}
	out := map[consent.EntryKind]int{}
	var kind consent.EntryKind
	var n int
	if _, err := pgx.ForEachRow(rows, []any{&kind, &n}, func() error { out[kind] = n; return nil }); err != nil {
		t.Fatal(err)
	}
	return out
}

// place sequences until nothing waits.
func (l *life) place(t *rapid.T) {
	for n := 1; n > 0; {
		var err error
		if n, err = l.db.Sequence(l.ctx, l.sign, l.Clock.Now()); err != nil {
			t.Fatal(err)
		}
	}
}

// few keeps the test short; -rapid.checks asks for more.
func few(t *testing.T, checks string) {
	t.Helper()
	given := false
	flag.Visit(func(f *flag.Flag) { given = given || f.Name == "rapid.checks" })
	if given {
		return
	}
	usual := flag.Lookup("rapid.checks").Value.String()
	t.Cleanup(func() { _ = flag.Set("rapid.checks", usual) })
	if err := flag.Set("rapid.checks", checks); err != nil {
		t.Fatal(err)
	}
}

// Whatever is done, in any order, with the line cut at any message and callers who
// leave in the middle, the ledger verifies and agrees with the tables.
func TestAnyLifeIsVerified(t *testing.T) {
	few(t, "6")
	rapid.Check(t, func(r *rapid.T) {
		l := newLife(t)
		defer l.leave()
		actions := l.actions()
		actions[""] = l.agreeAfterAll
		r.Repeat(actions)
		l.agree(r)
		l.place(r)
		l.agree(r)
	})
}
