package postgres

import (
	"context"
	"encoding/json"
	"net/url"

	"portail.example/consent"
)

// KeepDraft keeps a form with a session, sealed; the zero Draft forgets the one before.
func (db *DB) KeepDraft(ctx context.Context, token string, d consent.Draft) error {
	hash := consent.HashOf(token)
	sealed, err := db.keys.sealDraft(d, hash)
	if err != nil {
		return err
	}
	return db.exec(ctx, `UPDATE session SET draft = $2, draft_at = $3 WHERE token_hash = $1`, hash[:], sealed, orNull(d.At))
}

// draft is how a form is written before it is sealed.
type draft struct {
	Page string     `json:"page"`
	Sent bool       `json:"sent"`
	Form url.Values `json:"form"`
}

// draftOf keeps a sealed form from being taken for a row's sealed ID token.
func draftOf(row []byte) []byte { return append([]byte("draft "), row...) }

func (k Keys) sealDraft(d consent.Draft, row consent.Hash) ([]byte, error) {
	if d.Page == "" {
		return nil, nil
	}
	plain, err := json.Marshal(draft{d.Page, d.Sent, d.Form})
	return k.sealSession(string(plain), draftOf(row[:])), err
}

func (k Keys) openDraft(sealed, row []byte) (consent.Draft, error) {
	plain, err := k.openSession(sealed, draftOf(row))
	if err != nil {
		return consent.Draft{}, err
	}
	var d draft
	err = json.Unmarshal([]byte(plain), &d)
	return consent.Draft{Page: d.Page, Sent: d.Sent, Form: d.Form}, err
}
