package gateway

import (
	"strconv"
	"time"

	"github.com/gin-gonic/gin"

	"portail.example/consent"
	"portail.example/consent/token"
	"portail.example/portal/web"
)

// read is the call a verified token makes. Data without a month are today's: the access
// is recorded under the month it is in.
func (room *Room) read(c *gin.Context, claims token.Claims, set consent.DataSet) (consent.AccessRequest, error) {
	call := consent.AccessRequest{TokenID: claims.ID, GrantID: claims.GrantID, ClientID: claims.ClientID, DataSet: set}
	params, err := web.Query(c)
	if err != nil {
		return call, err
	}
	if err := params.Only(accepted(set)...); err != nil {
		return call, err
	}
	if params.Has("recipient") {
		if call.Recipient, err = consent.ParseSIRET(params.Get("recipient")); err != nil {
			return call, err
		}
	}
	if call.By, err = consultedBy(c.Request.Header); err != nil {
		return call, err
	}
	call.Period, err = readPeriod(params, consent.DateOf(room.Service.Now()))
	return call, err
}

// accepted are the parameters of a data set's path.
func accepted(set consent.DataSet) []string {
	if set.Month == "" {
		return []string{"recipient"}
	}
	return []string{"annee", "mois", "recipient"}
}

// readPeriod is the month asked for, with API Particulier's defaults: no year is
// this year, no month is this month. The fund keeps this month and the 23 before.
func readPeriod(params web.Params, today consent.Date) (consent.Period, error) {
	year, err := number(params, "annee", today.Year)
	if err != nil || year > today.Year || year < today.Year-2 {
		return consent.Period{}, consent.Refuse(consent.InvalidPeriod, "annee", "a year from %d to %d", today.Year-2, today.Year)
	}
	month, err := number(params, "mois", int(today.Month))
	age := (today.Year-year)*12 + int(today.Month) - month
	if err != nil || month < 1 || month > 12 || age < 0 {
		return consent.Period{}, consent.Refuse(consent.InvalidPeriod, "mois", "a month from 1 to 12, not in the future")
	}
	if age > 23 {
		return consent.Period{}, consent.Refuse(consent.InvalidPeriod, "annee, mois", "at most 23 months ago")
	}
	return consent.Period{Year: year, Month: time.Month(month)}, nil
}

// number is strict: "+1", "01e0" or an empty value is a mistake worth telling.
func number(params web.Params, name string, absent int) (int, error) {
	if !params.Has(name) {
		return absent, nil
	}
	text := params.Get(name)
	n, err := strconv.ParseUint(text, 10, 16)
	return int(n), err
}
