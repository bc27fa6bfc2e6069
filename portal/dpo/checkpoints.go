package dpo

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/gin-gonic/gin"

	"portail.example/consent"
	"portail.example/consent/ledger"
	"portail.example/portal/web"
)

// checkpointsAtOnce is how many checkpoints a page lists.
const checkpointsAtOnce = 25

// CheckpointsPage is templates/dpo/checkpoints.html: what was signed, and when.
type CheckpointsPage struct {
	web.Page
	Problem      string // of the day that was asked for; may be empty
	ProblemField string
	Day          string
	Checkpoints  []CheckpointItem
	Next         string // address of the older ones; empty at the end
}

// CheckpointItem is one checkpoint.
type CheckpointItem struct {
	Title, When, Root string
	File, Compare     string // addresses
}

// ConsistencyPage is templates/dpo/consistency.html: whether one checkpoint's tree is the
// beginning of another's.
type ConsistencyPage struct {
	web.Page
	Problem      string // of what was asked for; may be empty
	ProblemField string
	From, To     string // sizes, as they were typed
	State        Badge  // empty before anything was compared
	Explain      string
	File         string // address of the proof
}

// checkpointItems are checkpoints in words. The root is the third line of the note.
func checkpointItems(p web.Page, list []ledger.Signed) (out []CheckpointItem) {
	for _, s := range list {
		size, root := numeral(s.Size), ""
		if lines := strings.SplitN(s.Note, "\n", 4); len(lines) == 4 {
			root = lines[2]
		}
		out = append(out, CheckpointItem{
			Title: p.T("dpo.evidence.size", "Number", number(p, s.Size)), When: p.T("dpo.evidence.signed_at", "Instant", p.DateTime(s.At)), Root: root,
			File: "/dpo/evidence/checkpoints/" + size, Compare: "/dpo/evidence/consistency?from=" + size,
		})
	}
	return out
}

func (room *Room) checkpoints(c *gin.Context, by consent.Agent) error {
	params, err := web.Query(c)
	if err != nil {
		return err
	}
	before, err := counter(params, "before")
	if err != nil {
		return err
	}
	page, status := CheckpointsPage{Page: room.page(c, "dpo.evidence.checkpoints"), Day: params.Get("day")}, http.StatusOK
	day, err := params.Day("day")
	if err != nil {
		page.ProblemField, page.Problem, status = "day", page.T("dpo.evidence.problem_day"), http.StatusUnprocessableEntity
	}
	list, err := room.Evidence.Checkpoints(c.Request.Context(), by, ledger.CheckpointQuery{Day: day, Before: before, Limit: checkpointsAtOnce + 1})
	if err != nil {
		return err
	}
	if len(list) > checkpointsAtOnce {
		list = list[:checkpointsAtOnce]
		older := url.Values{"before": {numeral(list[checkpointsAtOnce-1].Size)}}
		if !day.IsZero() {
			older.Set("day", day.String())
		}
		page.Next = "/dpo/evidence/checkpoints?" + older.Encode()
	}
	page.Checkpoints = checkpointItems(page.Page, list)
	return room.Site.Render(c, status, "dpo/checkpoints", page)
}

// checkpointFile sends a signed checkpoint to keep (C2SP tlog-checkpoint).
func (room *Room) checkpointFile(c *gin.Context, by consent.Agent) error {
	size, err := pathNumber(c)
	if err != nil {
		return err
	}
	signed, err := room.Evidence.Checkpoint(c.Request.Context(), by, size)
	if err != nil {
		return err
	}
	web.SendFile(c, "checkpoint-"+numeral(size)+".txt", []byte(signed.Note))
	return nil
}

// consistency compares two checkpoints: with the newest when one is named.
func (room *Room) consistency(c *gin.Context, by consent.Agent) error {
	params, err := web.Query(c)
	if err != nil {
		return err
	}
	page := ConsistencyPage{Page: room.page(c, "dpo.evidence.consistency"), From: params.Get("from"), To: params.Get("to")}
	if page.To == "" {
		latest, err := room.Evidence.Checkpoints(c.Request.Context(), by, ledger.CheckpointQuery{Limit: 1})
		if err != nil {
			return err
		}
		for _, s := range latest {
			page.To = numeral(s.Size)
		}
	}
	if !params.Has("from") {
		return room.Site.Render(c, http.StatusOK, "dpo/consistency", page)
	}
	proof, err := room.compare(c, by, page.From, page.To)
	switch consent.CodeOf(err) {
	case consent.InvalidRequest:
		page.ProblemField, page.Problem = consent.FieldOf(err), page.T("dpo.evidence.problem_size")
	case consent.NotFound:
		page.ProblemField, page.Problem = "from", page.T("dpo.evidence.problem_unsigned")
	case "":
		if err != nil {
			return err
		}
		room.compared(&page, proof)
		return room.Site.Render(c, http.StatusOK, "dpo/consistency", page)
	default:
		return err
	}
	return room.Site.Render(c, http.StatusUnprocessableEntity, "dpo/consistency", page)
}

// compare reads two sizes. It fails like Inspector.Consistency, and with InvalidRequest
// when they are no sizes.
func (room *Room) compare(c *gin.Context, by consent.Agent, from, to string) (ledger.Consistency, error) {
	sizes := url.Values{"from": {from}, "to": {to}}
	first, err := counter(web.ParamsOf(sizes), "from")
	if err != nil {
		return ledger.Consistency{}, err
	}
	last, err := counter(web.ParamsOf(sizes), "to")
	if err != nil {
		return ledger.Consistency{}, err
	}
	return room.Evidence.Consistency(c.Request.Context(), by, first, last)
}

// compared says what the proof proves.
func (room *Room) compared(page *ConsistencyPage, proof ledger.Consistency) {
	page.State, page.Explain = Badge{"error", page.T("dpo.evidence.apart")}, page.T("dpo.evidence.apart_explain")
	if room.Evidence.Holds(proof) {
		page.State, page.Explain = Badge{"success", page.T("dpo.evidence.together")}, page.T("dpo.evidence.together_explain")
	}
	page.File = "/dpo/evidence/consistency/file?" + url.Values{"from": {page.From}, "to": {page.To}}.Encode()
}

// consistencyFile sends the proof, with both checkpoints.
func (room *Room) consistencyFile(c *gin.Context, by consent.Agent) error {
	params, err := web.Query(c)
	if err != nil {
		return err
	}
	proof, err := room.compare(c, by, params.Get("from"), params.Get("to"))
	if err != nil {
		return err
	}
	return sendProof(c, "coherence-"+params.Get("from")+"-"+params.Get("to")+".json", proof)
}

func sendProof(c *gin.Context, name string, proof any) error {
	body, err := json.MarshalIndent(proof, "", "  ")
	if err == nil {
		web.SendFile(c, name, append(body, '\n'))
	}
	return err
}

// counter is a number of the query that may be left out: zero then.
func counter(params web.Params, name string) (int64, error) {
	text := params.Get(name)
	if text == "" {
		return 0, nil
	}
	n, err := strconv.ParseUint(text, 10, 63)
	if err != nil {
		return 0, consent.Refuse(consent.InvalidRequest, name, "not a number")
	}
	return int64(n), nil
}

// pathNumber is a number in the path; anything else is NotFound.
func pathNumber(c *gin.Context) (int64, error) {
	n, err := strconv.ParseUint(c.Param("id"), 10, 63)
	if err != nil {
		return 0, consent.Refuse(consent.NotFound, "", "not a number")
	}
	return int64(n), nil
}
