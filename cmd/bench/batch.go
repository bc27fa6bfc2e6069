package main

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// unpaced lets batches go as fast as the machine does.
var unpaced = append([]string{"API_PARTICULIER_BATCH_RATE=1000000"}, limitless...)

// families gives a client as many live consents as a municipality has, all of one
// citizen, and nothing beside them.
const families = `
	WITH copy AS (SELECT n, 'family-' || n AS id FROM generate_series(1, $2::int) n)
	INSERT INTO consent_grant SELECT made.* FROM copy JOIN consent_grant model ON model.id = $1,
		LATERAL jsonb_populate_record(model, jsonb_build_object('id', copy.id)) made`

// batches refreshes two municipalities in one batch each, from a portal that did nothing
// before: how long it takes, and whether its memory grows with them.
func (b *bench) batches(ctx context.Context) error {
	for i, size := range []string{"small", "large"} {
		fmt.Fprintf(b.progress, "batch: %d families…\n", b.plan.Families[i])
		if err := b.batch(ctx, b.plan.Families[i], size); err != nil {
			return err
		}
	}
	return nil
}

func (b *bench) batch(ctx context.Context, count int, size string) error {
	w, _, held, err := freshWorld(ctx, b.plan.Profile)
	if err != nil {
		return err
	}
	defer w.Close()
	if _, err := w.Pool.Exec(ctx, families, held.GrantID, count-1); err != nil {
		return err
	}
	upstream, err := startServer("upstream", "0s")
	if err != nil {
		return err
	}
	defer upstream.Stop()
	portal, err := w.Portal(16, "", append([]string{"API_PARTICULIER_URL=" + upstream.URL}, unpaced...)...)
	if err != nil {
		return err
	}
	defer portal.Stop()
	began := time.Now()
	lines, err := w.refreshed(ctx, portal.URL)
	if err == nil && lines != count {
		err = fmt.Errorf("%d lines for %d families", lines, count)
	}
	if err != nil {
		return err
	}
	b.note("batch, "+size, time.Since(began).Seconds())
	peak, err := portal.peak()
	b.note("batch peak, "+size, peak)
	return err
}

// refreshed reads one batch to its end and counts the lines with data.
func (w *world) refreshed(ctx context.Context, base string) (lines int, err error) {
	admin, err := newAdministration(base, clientID, w.Secret)
	if err != nil {
		return 0, err
	}
	got, err := admin.post(portalToken, url.Values{"grant_type": {"client_credentials"}, "scope": {"data_batch"}}.Encode(), http.StatusOK)
	if err != nil {
		return 0, err
	}
	var token struct {
		Access string `json:"access_token"`
	}
	if err := json.Unmarshal([]byte(got.Body), &token); err != nil {
		return 0, err
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, base+"/data/v1/quotient-familial/batch", nil)
	if err != nil {
		return 0, err
	}
	request.Header.Set("Authorization", "Bearer "+token.Access)
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return 0, err
	}
	defer response.Body.Close()
	last := ""
	for read := bufio.NewScanner(response.Body); read.Scan(); last = read.Text() {
		if strings.Contains(read.Text(), `"status":200`) {
			lines++
		}
	}
	if !strings.Contains(last, `"complete":true`) {
		return lines, fmt.Errorf("the batch ended with %q", last)
	}
	return lines, nil
}
