package dpo

import (
	"net/http"
	"strconv"

	"github.com/gin-gonic/gin"

	"portail.example/consent"
	"portail.example/consent/ledger"
	"portail.example/portal/web"
)

// verificationsAtOnce is how many verifications the page tells of.
const verificationsAtOnce = 5

// EvidencePage is templates/dpo/evidence.html: how far the ledger is, whether it agrees
// with the tables, and what can be looked at. It names nobody.
type EvidencePage struct {
	web.Page
	Done          string // what was just done; may be empty
	Latest        []CheckpointItem
	Verifications []VerificationItem
	Running       bool // one is being made
	Following     bool // and the page looks again by itself, as the agent asked
	Every         int  // seconds between two looks
}

// VerificationItem is one check of the whole evidence.
type VerificationItem struct {
	Title string
	State Badge
	Facts []string
	Entry string // address of the first bad entry; empty when there is none
	Fault string // what is wrong with it, in the words of the verification; empty when nothing is
}

var verificationTones = map[ledger.VerificationState]string{
	ledger.VerificationQueued: "info", ledger.VerificationRunning: "info", ledger.VerificationIntact: "success",
	ledger.VerificationFaulty: "error", ledger.VerificationFailed: "warning",
}

// EvidenceKeys are the keys of kinds of entries and states of verifications, for the
// catalogues' test.
func EvidenceKeys() (out []string) {
	for _, kind := range consent.EntryKinds() {
		out = append(out, "dpo.evidence.kind."+string(kind))
	}
	for _, state := range ledger.VerificationStates() {
		out = append(out, "dpo.evidence.state."+string(state))
	}
	return out
}

func (room *Room) mountEvidence(r gin.IRouter) {
	on := func(h work) web.Handler { return room.on(consent.DutyEvidence, h) }
	room.get(r, "/dpo/evidence", on(room.evidence))
	room.post(r, "/dpo/evidence/verify", on(room.verifyEvidence))
	room.get(r, "/dpo/evidence/file", on(room.evidenceFile))
	room.get(r, "/dpo/evidence/checkpoints", on(room.checkpoints))
	room.get(r, "/dpo/evidence/checkpoints/:id", on(room.checkpointFile))
	room.get(r, "/dpo/evidence/consistency", on(room.consistency))
	room.get(r, "/dpo/evidence/consistency/file", on(room.consistencyFile))
	room.get(r, "/dpo/evidence/entries", on(room.entries))
	room.get(r, "/dpo/evidence/entries/:id", on(room.entry))
	room.get(r, "/dpo/evidence/entries/:id/proof", on(room.entryProof))
}

func (room *Room) evidence(c *gin.Context, by consent.Agent) error {
	params, err := web.Query(c)
	if err != nil {
		return err
	}
	page := EvidencePage{Page: room.page(c, "dpo.evidence.title"), Every: followEvery}
	if params.Get("done") == "asked" {
		page.Done = page.T("dpo.evidence.asked")
	}
	latest, err := room.Evidence.Checkpoints(c.Request.Context(), by, ledger.CheckpointQuery{Limit: 1})
	if err != nil {
		return err
	}
	page.Latest = checkpointItems(page.Page, latest)
	list, err := room.Evidence.Verifications(c.Request.Context(), by, verificationsAtOnce)
	if err != nil {
		return err
	}
	for _, v := range list {
		page.Verifications = append(page.Verifications, verificationItem(page.Page, v))
		page.Running = page.Running || v.Open()
	}
	if page.Following = page.Running && params.Get("follow") == "1"; page.Following {
		c.Header("Refresh", strconv.Itoa(followEvery)) // WCAG 2.2.1: asked for, and a link stops it
	}
	return room.Site.Render(c, http.StatusOK, "dpo/evidence", page)
}

func verificationItem(p web.Page, v ledger.Verification) VerificationItem {
	out := VerificationItem{Title: p.T("dpo.evidence.asked_at", "Instant", p.DateTime(v.AskedAt)), State: Badge{verificationTones[v.State], p.T("dpo.evidence.state." + string(v.State))}}
	switch v.State {
	case ledger.VerificationRunning:
		out.Facts = append(out.Facts, p.T("dpo.evidence.so_far", "Number", number(p, v.Checked), "Size", number(p, v.Size)))
		if v.Checked >= v.Size {
			out.Facts = append(out.Facts, p.T("dpo.evidence.comparing"))
		}
	case ledger.VerificationIntact:
		out.Facts = append(out.Facts, p.T("dpo.evidence.agree", "Number", number(p, v.Checked), "Checkpoints", p.Number(v.Checkpoints)), p.T("dpo.evidence.waiting", "Number", number(p, v.Waiting)))
	case ledger.VerificationFaulty:
		out.Fault = v.Fault.What
		if v.Fault.Entry != 0 {
			out.Entry = entryAddress(v.Fault.Entry)
		}
		out.Facts = append(out.Facts, p.T("dpo.evidence.call"))
	}
	if !v.DoneAt.IsZero() {
		out.Facts = append(out.Facts, p.T("dpo.evidence.done_at", "Instant", p.DateTime(v.DoneAt)))
	}
	return out
}

// number is a count of entries in words.
func number(p web.Page, n int64) string { return p.Number(int(n)) }

// verifyEvidence asks for a check of everything; one that is under way is enough.
func (room *Room) verifyEvidence(c *gin.Context, by consent.Agent) error {
	if _, err := web.Form(c); err != nil {
		return err
	}
	if _, err := room.Evidence.AskVerification(c.Request.Context(), by); err != nil {
		return err
	}
	c.Redirect(http.StatusSeeOther, "/dpo/evidence?done=asked")
	return nil
}

// evidenceFile sends the whole evidence, after that is on record.
func (room *Room) evidenceFile(c *gin.Context, by consent.Agent) error {
	if c.Request.Method == http.MethodHead { // nothing is taken away
		return nil
	}
	file, err := room.Evidence.Export(c.Request.Context(), by)
	if err != nil {
		return err
	}
	if err := room.Service.TakeEvidence(c.Request.Context(), by); err != nil {
		return err
	}
	return room.file(c, "preuves-"+numeral(file.Size)+".jsonl", func() error { return file.Write(c.Request.Context(), c.Writer) })
}
