package consenttest

import (
	"encoding/json"
	"slices"
	"strings"
	"sync"
	"time"

	"portail.example/consent"
)

// Location is the URL of the quotient familial in tests.
const Location = "https://portal.example/data/v1/quotient-familial"

// Start is when tests begin: an ordinary Tuesday morning of the school year.
var Start = time.Date(2026, time.November, 24, 9, 0, 0, 0, time.UTC)

// Clock is a clock that tests move.
type Clock struct {
	mu  sync.Mutex
	now time.Time
}

// NewClock starts at Start.
func NewClock() *Clock { return &Clock{now: Start} }

// Now reads the clock.
func (c *Clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

// Advance moves it.
func (c *Clock) Advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

// Set moves it to an instant.
func (c *Clock) Set(at time.Time) { c.Advance(at.Sub(c.Now())) }

// Secret is TownHall's client secret.
const Secret = "secret-of-the-town-hall"

// TownHall is an administration entitled to all groups for the canteen.
func TownHall() consent.Client {
	hash := consent.HashOf(Secret)
	return consent.Client{
		ID: "mairie-lisiere", Kind: consent.Administration,
		Authority: consent.Authority{
			SIRET: "21990012300015", LegalName: "Commune de Lisière-sur-Ource", ServiceName: "Portail famille",
			Habilitation: "12345", DPOContact: "dpo@lisiere.example", Website: "https://lisiere.example",
			Groups:    consent.QuotientFamilial.Groups,
			Retention: map[string]int{"tarification-cantine": 12, "carte-famille-nombreuse": 12},
		},
		RedirectURIs: []string{"https://lisiere.example/callback"},
		AuthMethod:   consent.ClientSecretBasic, SecretHash: hash[:],
	}
}

// Transports is another administration, entitled to the amount only.
func Transports() consent.Client {
	d := consent.Details{
		Type: "quotient_familial", Groups: []consent.DataGroup{consent.GroupQuotientFamilial},
		Purpose: "tarification-transports", Recipient: "21990013100018", Access: consent.Continuous,
	}
	return consent.Client{
		ID: "transports-source", Kind: consent.Administration,
		Authority: consent.Authority{
			SIRET: "21990013100018", LegalName: "Syndicat des transports de la Source", ServiceName: "Titres",
			Habilitation: "67890", DPOContact: "dpo@transports.example",
			Groups: d.Groups, Retention: map[string]int{"tarification-transports": 12},
		},
		RedirectURIs: []string{"https://transports.example/callback"},
		AuthMethod:   consent.PrivateKeyJWT, JWKS: json.RawMessage(`{"keys": []}`), Default: &d,
	}
}

// SoftwareEditor acts for authorities that delegated to it.
func SoftwareEditor() consent.Client {
	hash := consent.HashOf(Secret)
	return consent.Client{
		ID: "editeur-enfance", Kind: consent.Editor,
		Authority:    consent.Authority{SIRET: "55208131766522", LegalName: "Logiciels Enfance", ServiceName: "Guichet", Habilitation: "EDITEUR-1", DPOContact: "dpo@editeur.example"},
		RedirectURIs: []string{"https://editeur.example/callback"}, AuthMethod: consent.ClientSecretBasic, SecretHash: hash[:],
	}
}

// Provider is a data provider that checks tokens for its own audience and may
// learn who the citizen is.
func Provider() consent.Client {
	hash := consent.HashOf(Secret)
	return consent.Client{
		ID: "fournisseur-aides", Kind: consent.DataProvider,
		Authority:  consent.Authority{SIRET: "21990015700013", LegalName: "Fournisseur des aides", ServiceName: "API des aides", Habilitation: "F-1", DPOContact: "dpo@aides.example"},
		Provider:   consent.Provider{Audience: "https://aides.example", Location: "https://aides.example/v1/quotient", DataSet: "quotient_familial", Identity: true},
		AuthMethod: consent.ClientSecretBasic, SecretHash: hash[:],
	}
}

// Delegated are the two authorities that delegated to SoftwareEditor.
func Delegated() []consent.Delegation {
	var out []consent.Delegation
	for name, siret := range map[string]consent.SIRET{"Commune de Valbois": "21990014900010", "Commune de Montclair": "21990015600015"} {
		out = append(out, consent.Delegation{ClientID: SoftwareEditor().ID, Authority: consent.Authority{
			SIRET: siret, LegalName: name, ServiceName: "Cantine", Habilitation: "H-" + string(siret[5:9]), DPOContact: "dpo@authority.example",
			Groups: consent.QuotientFamilial.Groups, Retention: map[string]int{"tarification-cantine": 12},
		}})
	}
	slices.SortFunc(out, func(a, b consent.Delegation) int { return strings.Compare(string(a.SIRET), string(b.SIRET)) })
	return out
}

// Canteen is what TownHall asks.
func Canteen() consent.Details {
	return consent.Details{
		Type: "quotient_familial", Groups: []consent.DataGroup{consent.GroupQuotientFamilial, consent.GroupEnfants},
		Purpose: "tarification-cantine", Recipient: "21990012300015", Access: consent.Continuous,
	}
}

// Angela is a citizen.
func Angela() consent.SignIn {
	return consent.SignIn{
		Issuer: "https://fc.example", Subject: "angela-at-franceconnect", ACR: "eidas1", AuthTime: Start,
		Identity: consent.PivotIdentity{
			FamilyName: "DUBOIS", GivenNames: []string{"Angela", "Claire"}, Birthdate: "1962-08-24", Gender: "female", Birthplace: "75107", Birthcountry: "99100",
		},
	}
}

// Pierre is another.
func Pierre() consent.SignIn {
	return consent.SignIn{
		Issuer: "https://fc.example", Subject: "pierre-at-franceconnect", ACR: "eidas1", AuthTime: Start,
		Identity: consent.PivotIdentity{
			FamilyName: "MARTIN", GivenNames: []string{"Pierre"}, Birthdate: "1987-06-27", Gender: "male", Birthplace: "51108", Birthcountry: "99100",
		},
	}
}

// Statement is a text a citizen was shown.
func Statement() consent.Statement {
	return consent.Statement{Language: "fr", Version: 1, Text: "La commune demande votre quotient familial."}
}

// Verifier and Challenge are a PKCE pair (RFC 7636 appendix B).
const (
	Verifier  = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
	Challenge = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
)
