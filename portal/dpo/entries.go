package dpo

import (
	"encoding/hex"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/gin-gonic/gin"

	"portail.example/consent"
	"portail.example/consent/ledger"
	"portail.example/portal/web"
)

// entriesAtOnce is how many entries a page lists.
const entriesAtOnce = 50

// EntriesPage is templates/dpo/entries.html: entries of the ledger by number, kind and
// day. It names nobody.
type EntriesPage struct {
	web.Page
	Problem      string // of what was asked for; may be empty
	ProblemField string
	Number, Day  string // as they were typed
	Kinds        []KindChoice
	Entries      []EntryItem
	Next         string // address of the earlier ones; empty at the end
}

// KindChoice is a kind of entry that can be chosen.
type KindChoice struct {
	Value, Name string
	Selected    bool
}

// EntryItem is one entry in the list.
type EntryItem struct{ URL, Title, When string }

// EntryPage is templates/dpo/entry.html: one entry as it was hashed, and its place.
type EntryPage struct {
	web.Page
	Facts  []Fact
	State  Badge
	Place  string
	Hashes []string // of the proof, the leaf's sibling first
	Leaf   string   // the bytes that were hashed
	File   string   // address of the proof; empty before the entry has a place
}

func entryAddress(number int64) string {
	return "/dpo/evidence/entries/" + numeral(number)
}

// entries lists them; a number leads to its entry.
func (room *Room) entries(c *gin.Context, by consent.Agent) error {
	params, err := web.Query(c)
	if err != nil {
		return err
	}
	page, status := EntriesPage{Page: room.page(c, "dpo.evidence.entries"), Number: params.Get("number"), Day: params.Get("day")}, http.StatusOK
	query, err := entryQuery(params)
	switch field := consent.FieldOf(err); {
	case field == "number":
		page.ProblemField, page.Problem, status = field, page.T("dpo.evidence.problem_number"), http.StatusUnprocessableEntity
	case field == "day":
		page.ProblemField, page.Problem, status = field, page.T("dpo.evidence.problem_day"), http.StatusUnprocessableEntity
	case err != nil:
		return err
	}
	if page.Number != "" && page.Problem == "" {
		c.Redirect(http.StatusSeeOther, entryAddress(query.Before))
		return nil
	}
	for _, kind := range consent.EntryKinds() {
		page.Kinds = append(page.Kinds, KindChoice{string(kind), page.T("dpo.evidence.kind." + string(kind)), kind == query.Kind})
	}
	list, next, err := room.Evidence.Entries(c.Request.Context(), by, query)
	if err != nil {
		return err
	}
	for _, e := range list {
		page.Entries = append(page.Entries, entryItem(page.Page, e))
	}
	if next > 0 {
		page.Next = "/dpo/evidence/entries?" + nextEntries(query, next).Encode()
	}
	return room.Site.Render(c, status, "dpo/entries", page)
}

// entryQuery reads what to list; a number of an entry comes in Before. It fails with
// InvalidRequest or InvalidEndDate, which name what is wrong.
func entryQuery(params web.Params) (q ledger.EntryQuery, err error) {
	q.Limit = entriesAtOnce
	if q.Kind = consent.EntryKind(params.Get("kind")); q.Kind != "" && !slices.Contains(consent.EntryKinds(), q.Kind) {
		return q, consent.Refuse(consent.InvalidRequest, "kind", "not a kind of entry")
	}
	if params.Get("number") != "" {
		q.Before, err = counter(params, "number")
		return q, err
	}
	if q.Day, err = params.Day("day"); err != nil {
		return q, err
	}
	q.Before, err = counter(params, "before")
	return q, err
}

func nextEntries(q ledger.EntryQuery, before int64) url.Values {
	out := url.Values{"before": {numeral(before)}}
	if q.Kind != "" {
		out.Set("kind", string(q.Kind))
	}
	if !q.Day.IsZero() {
		out.Set("day", q.Day.String())
	}
	return out
}

func entryItem(p web.Page, e ledger.Placed) EntryItem {
	return EntryItem{URL: entryAddress(e.ID), Title: p.T("dpo.evidence.entry_kind", "Number", numeral(e.ID), "Kind", p.T("dpo.evidence.kind."+string(e.Kind))), When: p.DateTime(e.At)}
}

// numeral is a number that names something.
func numeral(n int64) string { return strconv.FormatInt(n, 10) }

func (room *Room) entry(c *gin.Context, by consent.Agent) error {
	id, err := pathNumber(c)
	if err != nil {
		return err
	}
	e, err := room.Evidence.Entry(c.Request.Context(), by, id)
	if err != nil {
		return err
	}
	page := EntryPage{Page: room.page(c, "dpo.evidence.entry", "Number", numeral(e.ID)), Leaf: string(e.Bytes())}
	page.Facts = entryFacts(page.Page, e)
	if e.Index == ledger.Unplaced {
		page.State, page.Place = Badge{"info", page.T("dpo.evidence.unplaced")}, page.T("dpo.evidence.unplaced_explain")
		return room.Site.Render(c, http.StatusOK, "dpo/entry", page)
	}
	proof, err := room.Evidence.Prove(c.Request.Context(), by, id)
	if err != nil {
		return err
	}
	room.proved(&page, e, proof)
	return room.Site.Render(c, http.StatusOK, "dpo/entry", page)
}

// proved says what the proof proves.
func (room *Room) proved(page *EntryPage, e ledger.Placed, proof ledger.Proof) {
	page.State = Badge{"error", page.T("dpo.evidence.unproved")}
	if room.Evidence.Holds(proof) {
		page.State = Badge{"success", page.T("dpo.evidence.proved")}
	}
	lines := strings.SplitN(proof.Checkpoint, "\n", 3)
	size, _ := strconv.Atoi(lines[min(1, len(lines)-1)]) // our own note; zero would be told
	page.Place = page.T("dpo.evidence.place", "Place", number(page.Page, e.Index+1), "Size", page.Number(size))
	for _, hash := range proof.Path.Hashes {
		page.Hashes = append(page.Hashes, hash.String())
	}
	page.File = entryAddress(e.ID) + "/proof"
}

// entryFacts are the members of an entry that say something.
func entryFacts(p web.Page, e ledger.Placed) (out []Fact) {
	for _, f := range []Fact{
		{p.T("dpo.evidence.member.kind"), p.T("dpo.evidence.kind." + string(e.Kind))}, {p.T("dpo.evidence.member.at"), p.DateTime(e.At)},
		{p.T("dpo.evidence.member.subject"), string(e.Subject)}, {p.T("dpo.evidence.member.client"), e.ClientID}, {p.T("dpo.evidence.member.ref"), e.Ref},
		{p.T("dpo.evidence.member.request"), e.RequestID}, {p.T("dpo.evidence.member.grant"), e.GrantID},
		{p.T("dpo.evidence.member.text_hash"), hex.EncodeToString(e.TextHash)}, {p.T("dpo.evidence.member.fact"), hex.EncodeToString(e.Fact)},
	} {
		if f.Value != "" {
			out = append(out, f)
		}
	}
	return out
}

// entryProof sends the entry with its proof. The row it speaks of is not in it: its hash
// is.
func (room *Room) entryProof(c *gin.Context, by consent.Agent) error {
	id, err := pathNumber(c)
	if err != nil {
		return err
	}
	proof, err := room.Evidence.Prove(c.Request.Context(), by, id)
	if err != nil {
		return err
	}
	return sendProof(c, "entree-"+numeral(id)+".json", proof)
}
