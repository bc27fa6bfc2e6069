package consent

// SIRET is the 14-digit identifier of an establishment in the SIRENE register.
type SIRET string

// laPoste is the one SIREN whose establishments do not follow Luhn: the sum of
// their digits is a multiple of 5 instead (INSEE).
const laPoste = "356000000"

// ParseSIRET checks length, digits and check digit. It fails with an
// InvalidRequest Error whose Field is "recipient".
func ParseSIRET(s string) (SIRET, error) {
	if len(s) != 14 {
		return "", Refuse(InvalidRequest, "recipient", "a SIRET has 14 digits")
	}
	sum, luhn := 0, 0
	for i, r := range s {
		if r < '0' || r > '9' {
			return "", Refuse(InvalidRequest, "recipient", "a SIRET has digits only")
		}
		digit := int(r - '0')
		sum += digit
		if i%2 == 0 {
			digit = digit*2/10 + digit*2%10
		}
		luhn += digit
	}
	if luhn%10 == 0 || s[:9] == laPoste && sum%5 == 0 {
		return SIRET(s), nil
	}
	return "", Refuse(InvalidRequest, "recipient", "the check digit of this SIRET is wrong")
}
