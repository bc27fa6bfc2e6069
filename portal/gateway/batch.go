package gateway

import (
	"context"
	"net/http"

	"github.com/gin-gonic/gin"

	"portail.example/consent"
	"portail.example/consent/token"
	"portail.example/portal/web"
)

// batchAhead is how many families are asked for before the line of the first is
// written, and all that a batch holds in memory.
const batchAhead = 8

// batchPage is how many consents are read at once.
const batchPage = 100

// batch refreshes a client's continuous consents, one line each, by identifier: each is
// recorded, asked, cut and closed like a call of its own. A connection that breaks is
// resumed after the last line that was read.
func (room *Room) batch(c *gin.Context, set consent.DataSet) error {
	run, err := room.readBatch(c, set)
	if err != nil {
		return err
	}
	lines, connection := web.NewLines(c)
	ctx, leave := room.batches.begin(connection, consent.Party{ClientID: run.query.Client.ID, Recipient: run.query.Recipient})
	defer leave()
	coming, stop := run.ask(ctx)
	defer stop()
	return run.write(ctx, lines, coming)
}

// run is one batch.
type run struct {
	room  *Room
	c     *gin.Context
	query consent.BatchQuery
	call  consent.AccessRequest // as it is for each consent
}

func (room *Room) readBatch(c *gin.Context, set consent.DataSet) (run, error) {
	client, err := room.batchClient(c)
	if err != nil {
		return run{}, err
	}
	if c.GetHeader(ProofHeader) != "" {
		return run{}, consent.Refuse(consent.InvalidRequest, ProofHeader, "a batch makes no attestation: ask for the one that a file needs")
	}
	params, err := web.Form(c)
	if err == nil {
		err = params.Only("annee", "mois", "recipient", "after")
	}
	if err != nil {
		return run{}, err
	}
	out := run{room: room, c: c, query: consent.BatchQuery{Client: client, DataSet: set, After: params.Get("after"), Limit: batchPage}}
	if out.query.After != "" && !web.IsID(out.query.After) {
		return run{}, consent.Refuse(consent.InvalidRequest, "after", "the grant_id of the last line that was read")
	}
	if params.Has("recipient") {
		if out.query.Recipient, err = consent.ParseSIRET(params.Get("recipient")); err == nil {
			err = room.actsFor(c, client, out.query.Recipient)
		}
		if err != nil {
			return run{}, err
		}
	}
	out.call = consent.AccessRequest{Way: consent.InBatch, ClientID: client.ID, DataSet: set}
	if out.call.By, err = consultedBy(c.Request.Header); err != nil {
		return run{}, err
	}
	out.call.Period, err = readPeriod(params, consent.DateOf(room.Service.Now()))
	return out, err
}

// notDelegated is a SIRET that the client does not act for: without an error its batch
// would say that there is no family.
type notDelegated struct{ error }

func (e *notDelegated) Unwrap() error { return e.error }

func (room *Room) actsFor(c *gin.Context, client consent.Client, recipient consent.SIRET) error {
	err := room.Service.ActsFor(c.Request.Context(), client, recipient)
	if consent.CodeOf(err) == consent.UnauthorizedClient {
		return &notDelegated{err}
	}
	return err
}

// batchClient is who the token for batches was given to, as it is registered now.
func (room *Room) batchClient(c *gin.Context) (consent.Client, error) {
	claims, err := room.Clients.VerifyClient(c.Request)
	if err == nil && !claims.Has(token.BatchScope) {
		err = token.ErrScope
	}
	if err != nil {
		return consent.Client{}, &tokenError{err}
	}
	client, err := room.Service.Client(c.Request.Context(), claims.Subject)
	if err == nil {
		err = client.MayAsk()
	}
	return client, err
}

// line is the answer for one consent: API Particulier's envelope, or its error format,
// beside the status a call of its own would have.
type line struct {
	GrantID   string      `json:"grant_id"`
	Reference string      `json:"reference,omitempty"`
	Status    int         `json:"status"`
	Data      any         `json:"data,omitempty"`
	Links     *struct{}   `json:"links,omitempty"`
	Meta      *struct{}   `json:"meta,omitempty"`
	Errors    []errorItem `json:"errors,omitempty"`
}

// end is the last line, so that a batch that is cut short never looks whole.
type end struct {
	Complete bool        `json:"complete"`
	Lines    int         `json:"lines"`
	After    string      `json:"after,omitempty"` // where to go on
	Errors   []errorItem `json:"errors,omitempty"`
}

// write sends the lines in the order of their consents, and says how it ended.
func (r run) write(ctx context.Context, lines *web.Lines, coming <-chan chan asked) error {
	last := end{After: r.query.After}
	for next := range coming {
		one := <-next
		if one.err != nil {
			return r.end(lines, last, one.err)
		}
		if err := lines.Send(r.line(ctx, one)); err != nil {
			return err
		}
		last.Lines, last.After = last.Lines+1, one.grant.ID
	}
	return r.end(lines, last, context.Cause(ctx))
}

// end sends the last line.
func (r run) end(lines *web.Lines, last end, err error) error {
	if err != nil {
		e := r.explain(err)
		last.Errors = []errorItem{itemOf(e.problem, e.document)}
	} else {
		last.Complete, last.After = true, ""
	}
	return lines.Send(map[string]end{"end": last})
}

func (r run) line(ctx context.Context, one asked) line {
	out := line{GrantID: one.grant.ID, Reference: one.grant.Reference, Status: http.StatusOK}
	left, err := r.finish(ctx, one)
	if err != nil {
		e := r.explain(err)
		out.Status, out.Errors = e.status, []errorItem{itemOf(e.problem, e.document)}
		return out
	}
	out.Data, out.Links, out.Meta = left.Data, &struct{}{}, &struct{}{}
	return out
}

// errUnread is a line that waited for its reader until its record was closed as abandoned.
var errUnread = consent.Refuse(consent.Unavailable, "", "this line waited too long for its reader: ask again for this consent")

// finish is the last look at the consent, when it is the line's turn: a withdrawal while
// it waited for a slow reader is obeyed.
func (r run) finish(ctx context.Context, one asked) (released, error) {
	if one.refusal != nil {
		return released{}, one.refusal
	}
	out, err := r.room.finish(ctx, one.ready)
	if consent.CodeOf(err) == consent.NotFound {
		err = errUnread
	}
	return out, err
}

// explain says what a line or the end tells. A fault that a batch goes on after is logged
// once, with the batch.
func (r run) explain(err error) explained {
	e := r.room.explain(r.c, err)
	if e.status == http.StatusInternalServerError && len(r.c.Errors) == 0 {
		_ = r.c.Error(err)
	}
	return e
}
