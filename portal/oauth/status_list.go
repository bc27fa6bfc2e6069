package oauth

import (
	"bytes"
	"compress/zlib"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"net/http"
	"strconv"
	"sync"
	"time"

	"github.com/gin-gonic/gin"
	"github.com/golang-jwt/jwt/v5"

	"portail.example/consent"
	"portail.example/consent/token"
)

// statusTTL is how long a verifier may keep a list, and how long we keep a made
// one: a withdrawal is seen within twice that, one minute.
const statusTTL = 30 * time.Second

// statusList is a list of the Token Status List draft: one bit a token, set when
// the token allows nothing any more.
func (room *Room) statusList(c *gin.Context) error {
	list, err := room.listID(c.Param("id"))
	if err != nil {
		return err
	}
	raw, err := room.lists.get(list, room.Now(), func() (string, error) { return room.mintList(c.Request.Context(), list) })
	if err != nil {
		return err
	}
	c.Header("Cache-Control", "public, max-age="+strconv.Itoa(int(statusTTL.Seconds())))
	sum := sha256.Sum256([]byte(raw))
	tag := `"` + base64.RawURLEncoding.EncodeToString(sum[:16]) + `"`
	c.Header("ETag", tag)
	if c.GetHeader("If-None-Match") == tag {
		c.Status(http.StatusNotModified)
		return nil
	}
	c.Data(http.StatusOK, "application/"+token.StatusListType, []byte(raw))
	return nil
}

// listID accepts the lists that tokens alive can point at, and no others: each
// costs something to make.
func (room *Room) listID(id string) (int64, error) {
	list, err := strconv.ParseInt(id, 10, 64)
	newest := consent.StatusListAt(room.Now())
	oldest := consent.StatusListAt(room.Now().Add(-consent.MaxTokenLifetime))
	if err != nil || list < oldest || list > newest || strconv.FormatInt(list, 10) != id {
		return 0, consent.Refuse(consent.NotFound, "id", "no token alive points at this list")
	}
	return list, nil
}

func (room *Room) mintList(ctx context.Context, list int64) (string, error) {
	places, err := room.Store.RevokedPlaces(ctx, list)
	if err != nil {
		return "", err
	}
	bits := make([]byte, consent.StatusListSize/8)
	for _, place := range places {
		bits[place/8] |= 1 << (place % 8) // the draft counts from the lowest bit
	}
	compressed, err := compress(bits)
	if err != nil {
		return "", err
	}
	now := room.Now()
	return room.Signer.MintStatusList(token.StatusListClaims{
		Subject: room.listURI(list), IssuedAt: jwt.NewNumericDate(now), ExpiresAt: jwt.NewNumericDate(now.Add(4 * statusTTL)),
		TTL: int64(statusTTL.Seconds()), StatusList: token.StatusListBits{Bits: 1, List: compressed},
	})
}

func compress(bits []byte) (string, error) {
	var out bytes.Buffer
	w := zlib.NewWriter(&out)
	if _, err := w.Write(bits); err != nil {
		return "", err
	}
	if err := w.Close(); err != nil {
		return "", err
	}
	return base64.RawURLEncoding.EncodeToString(out.Bytes()), nil
}

// listCache keeps the few lists in use for their ttl.
type listCache struct {
	mu    sync.Mutex
	lists map[int64]cachedList
}

type cachedList struct {
	raw  string
	made time.Time
}

func newListCache() *listCache { return &listCache{lists: map[int64]cachedList{}} }

// get makes a list at most once at a time; callers of the others wait, which is
// short.
func (l *listCache) get(list int64, now time.Time, mint func() (string, error)) (string, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for id, cached := range l.lists {
		if now.Sub(cached.made) >= statusTTL {
			delete(l.lists, id)
		}
	}
	if cached, ok := l.lists[list]; ok {
		return cached.raw, nil
	}
	raw, err := mint()
	if err == nil {
		l.lists[list] = cachedList{raw, now}
	}
	return raw, err
}
