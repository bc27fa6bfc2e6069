package postgres

import (
	"context"
	"crypto/cipher"
	"encoding/json"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"portail.example/consent"
)

// sealedContact is what of a contact only the citizen's key opens.
type sealedContact struct {
	Address     string `json:"address"`
	Unsubscribe string `json:"unsubscribe"`
}

// Additional data bind what is sealed to its row and its use.
func contactOf(subject consent.SubjectID) []byte { return []byte("contact " + subject) }
func mailOf(id string) []byte                    { return []byte("mail " + id) }

// contactRow is a contact with the key that opens it.
type contactRow struct {
	consent.Contact
	wrapped, sealed []byte
	verified        *time.Time
}

const contactColumns = `k.subject_id, s.wrapped_key, k.sealed, k.language, k.kinds, k.verified_at`

func (c *contactRow) into() []any {
	return []any{&c.Subject, &c.wrapped, &c.sealed, &c.Language, &c.Kinds, &c.verified}
}

// open decrypts a contact and returns its citizen's key.
func (c *contactRow) open(keys Keys) (cipher.AEAD, error) {
	key, err := keys.openSubjectKey(string(c.Subject), c.wrapped)
	if err != nil {
		return nil, err
	}
	plain, err := key.Open(nil, nil, c.sealed, contactOf(c.Subject))
	if err != nil {
		return nil, err
	}
	var sealed sealedContact
	err = json.Unmarshal(plain, &sealed)
	c.Address, c.Unsubscribe, c.VerifiedAt = sealed.Address, sealed.Unsubscribe, utc(c.verified)
	return key, err
}

// Contact decrypts where the citizen wants notices.
func (r reader) Contact(ctx context.Context, subject consent.SubjectID) (consent.Contact, error) {
	row, err := one(ctx, r, func(row pgx.CollectableRow) (c contactRow, err error) { return c, row.Scan(c.into()...) },
		`SELECT `+contactColumns+` FROM contact k JOIN subject s ON s.id = k.subject_id WHERE k.subject_id = $1`, subject)
	if err != nil {
		return consent.Contact{}, err
	}
	_, err = row.open(r.keys)
	return row.Contact, err
}

func (t *tx) PutContact(ctx context.Context, c consent.Contact) error {
	identity, err := t.Identity(ctx, c.Subject)
	if err != nil {
		return err
	}
	known, err := t.sealing(ctx, c.Subject)
	if err != nil {
		return err
	}
	plain, err := json.Marshal(sealedContact{c.Address, c.Unsubscribe})
	if err != nil {
		return err
	}
	if err := t.DeleteContact(ctx, c.Subject); err != nil {
		return err
	}
	hash := consent.HashOf(c.Unsubscribe)
	return t.exec(ctx, `INSERT INTO contact (subject_id, sealed, language, kinds, match_hash, unsubscribe_hash, verified_at) VALUES ($1, $2, $3, $4, $5, $6, $7)`,
		c.Subject, known.key.Seal(nil, nil, plain, contactOf(c.Subject)), c.Language, c.Kinds, t.keys.matchOf(identity.MatchKey()), hash[:], orNull(c.VerifiedAt))
}

func (t *tx) ChangeContact(ctx context.Context, subject consent.SubjectID, language string, kinds []consent.NoticeKind) error {
	found, err := t.changed(ctx, `UPDATE contact SET language = $2, kinds = $3 WHERE subject_id = $1`, subject, language, kinds)
	if err == nil && !found {
		err = consent.Refuse(consent.NotFound, "", "no address")
	}
	return err
}

// DeleteContact takes mails and notices with it; links stay to be counted.
func (t *tx) DeleteContact(ctx context.Context, subject consent.SubjectID) error {
	if err := t.exec(ctx, `UPDATE address_check SET usable = false WHERE subject_id = $1`, subject); err != nil {
		return err
	}
	return t.exec(ctx, `DELETE FROM contact WHERE subject_id = $1`, subject)
}

func (t *tx) ContactByUnsubscribe(ctx context.Context, hash consent.Hash) (consent.SubjectID, error) {
	return one(ctx, t.reader, pgx.RowTo[consent.SubjectID], `SELECT subject_id FROM contact WHERE unsubscribe_hash = $1`, hash[:])
}

// CountVerifications locks the citizen, so that links sent at once are counted too.
func (t *tx) CountVerifications(ctx context.Context, subject consent.SubjectID, address string, since time.Time) (int, error) {
	if err := t.exec(ctx, `SELECT FROM subject WHERE id = $1 FOR UPDATE`, subject); err != nil {
		return 0, err
	}
	return one(ctx, t.reader, pgx.RowTo[int], `SELECT greatest(
		(SELECT count(*) FROM address_check WHERE subject_id = $1 AND created_at > $3),
		(SELECT count(*) FROM address_check WHERE address_hash = $2 AND created_at > $3))::int`, subject, t.keys.addressOf(address), since)
}

func (t *tx) InsertVerification(ctx context.Context, v consent.AddressCheck) error {
	known, err := t.sealing(ctx, v.Subject)
	if err != nil {
		return err
	}
	hash, id := consent.HashOf(v.Token), consent.NewID()
	if err := t.exec(ctx, `INSERT INTO address_check (token_hash, subject_id, address_hash, created_at) VALUES ($1, $2, $3, $4)`,
		hash[:], v.Subject, t.keys.addressOf(v.Address), v.CreatedAt); err != nil {
		return err
	}
	return t.exec(ctx, `INSERT INTO mail (id, subject_id, state, token, queued_at, due_at) VALUES ($1, $2, 'sending', $3, $4, $4)`,
		id, v.Subject, known.key.Seal(nil, nil, []byte(v.Token), mailOf(id)), v.CreatedAt)
}

func (t *tx) VerifyContact(ctx context.Context, hash consent.Hash, now time.Time) error {
	found, err := t.changed(ctx, `
		WITH used AS (UPDATE address_check SET usable = false WHERE token_hash = $1 AND usable AND created_at > $3 RETURNING subject_id)
		UPDATE contact SET verified_at = $2 FROM used WHERE contact.subject_id = used.subject_id`,
		hash[:], now, now.Add(-consent.VerificationLifetime))
	if err == nil && !found {
		err = consent.Refuse(consent.NotFound, "token", "this link was used, or is too old")
	}
	return err
}

// foldedAddress counts spellings that most mailboxes take for one.
func foldedAddress(address string) string {
	local, domain, _ := strings.Cut(strings.ToLower(address), "@")
	local, _, _ = strings.Cut(local, "+")
	return local + "@" + domain
}
