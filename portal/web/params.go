package web

import (
	"errors"
	"io"
	"mime"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/gin-gonic/gin"

	"portail.example/consent"
)

// Limits of what a caller may send, in bytes.
const (
	maxQuery = 8 << 10
	maxForm  = 64 << 10
	maxValue = 8 << 10
)

// Params are a request's parameters, each given at most once.
type Params struct{ values url.Values }

// ParamsOf are parameters that came in another shape than a query or a form.
func ParamsOf(values url.Values) Params { return Params{values} }

// Get is a parameter's value, "" when it was not given.
func (p Params) Get(name string) string { return p.values.Get(name) }

// All are the values of a parameter that may be given several times.
func (p Params) All(name string) []string { return p.values[name] }

// Has reports whether a parameter was given, even empty.
func (p Params) Has(name string) bool { return p.values.Has(name) }

// Day is a day that may be left out: the zero Date then. It fails with InvalidEndDate,
// which names the parameter.
func (p Params) Day(name string) (consent.Date, error) {
	typed := p.Get(name)
	if typed == "" {
		return consent.Date{}, nil
	}
	day, err := consent.ParseDate(typed)
	if err != nil {
		return consent.Date{}, consent.Refuse(consent.InvalidEndDate, name, "not a date")
	}
	return day, nil
}

// Only refuses parameters that are not listed, naming one.
func (p Params) Only(names ...string) error {
	for name := range p.values {
		if !slices.Contains(names, name) {
			return consent.Refuse(consent.InvalidRequest, printable(name), "unknown parameter")
		}
	}
	return nil
}

// Query parses the query string. It fails with InvalidRequest or TooLarge and
// names the parameter.
func Query(c *gin.Context) (Params, error) {
	if len(c.Request.URL.RawQuery) > maxQuery {
		return Params{}, consent.Refuse(consent.TooLarge, "", "the query has more than %d bytes", maxQuery)
	}
	return parse(c.Request.URL.RawQuery, nil)
}

// Form parses a urlencoded body; a parameter in the query does not count. The
// names in multi may be given several times.
func Form(c *gin.Context, multi ...string) (Params, error) {
	body, err := sentBody(c)
	if err != nil {
		return Params{}, err
	}
	return parse(string(body), multi)
}

// AnyForm is the form as it was sent, with whatever names it has.
func AnyForm(c *gin.Context) (url.Values, error) {
	body, err := sentBody(c)
	if err != nil {
		return nil, err
	}
	form, err := url.ParseQuery(string(body))
	if err != nil {
		return nil, consent.Refuse(consent.InvalidRequest, "", "parameters are not well encoded")
	}
	return form, nil
}

const bodyKey = "body"

// sentBody reads the body of a form; a second reader gets the same bytes.
func sentBody(c *gin.Context) ([]byte, error) {
	if read, ok := c.Value(bodyKey).([]byte); ok {
		return read, nil
	}
	kind, _, err := mime.ParseMediaType(c.GetHeader("Content-Type"))
	if err != nil || kind != "application/x-www-form-urlencoded" {
		return nil, consent.Refuse(consent.InvalidRequest, "", "the body must be application/x-www-form-urlencoded")
	}
	body, err := io.ReadAll(http.MaxBytesReader(c.Writer, c.Request.Body, maxForm))
	var tooLarge *http.MaxBytesError
	if errors.As(err, &tooLarge) {
		return nil, consent.Refuse(consent.TooLarge, "", "the body has more than %d bytes", maxForm)
	}
	if err != nil {
		return nil, consent.Refuse(consent.InvalidRequest, "", "the body could not be read")
	}
	c.Set(bodyKey, body)
	return body, nil
}

func parse(raw string, multi []string) (Params, error) {
	values, err := url.ParseQuery(raw)
	if err != nil {
		return Params{}, consent.Refuse(consent.InvalidRequest, "", "parameters are not well encoded")
	}
	for name, given := range values {
		if len(given) > 1 && !slices.Contains(multi, name) {
			return Params{}, consent.Refuse(consent.InvalidRequest, printable(name), "given more than once")
		}
		for _, value := range append(given, name) {
			if len(value) > maxValue {
				return Params{}, consent.Refuse(consent.TooLarge, printable(name), "more than %d bytes", maxValue)
			}
			if !utf8.ValidString(value) || strings.ContainsRune(value, 0) {
				return Params{}, consent.Refuse(consent.InvalidRequest, printable(name), "not UTF-8 text")
			}
		}
	}
	return Params{values}, nil
}

var parameterName = regexp.MustCompile(`^[A-Za-z0-9_.-]{1,40}$`)

// printable keeps what is not a parameter's name out of answers and logs.
func printable(name string) string {
	if parameterName.MatchString(name) {
		return name
	}
	return "?"
}

var identifier = regexp.MustCompile(`^[A-Za-z0-9_-]{1,64}$`)

// PathID is an identifier in the path; anything that cannot be one is NotFound.
func PathID(c *gin.Context, name string) (string, error) {
	id := c.Param(name)
	if !IsID(id) {
		return "", consent.Refuse(consent.NotFound, "", "no such thing")
	}
	return id, nil
}

// IsID reports whether s has the shape of one of our identifiers.
func IsID(s string) bool { return identifier.MatchString(s) }
