package consent

import (
	"slices"
	"sync"
)

// LegalGround is the ground of the exchange itself (GDPR article 6(1)); consent
// here is the citizen's control over it.
type LegalGround string

// PublicTask is GDPR article 6(1)(e).
const PublicTask LegalGround = "public_task"

// Purpose is what data is asked for (GDPR article 5(1)(b)), with its ceilings.
// Its texts are in the locales under purpose.<id>.*; Version numbers them, and
// each decision records the version it was shown.
type Purpose struct {
	ID      string
	Version int
	// Material is the oldest version that asks for the same as Version: it grows with
	// Version when a change is more than a word put right. A consent to an older one
	// goes on, and is not enough for a new request.
	Material    int
	Ground      LegalGround
	DataSets    []string    // types; each file of the catalogue says which purposes admit it
	Groups      []DataGroup // of all of them
	Modes       []AccessMode
	MaxMonths   int // longest life of a continuous consent, civil months
	MaxKeepOn   int // longest retention by the administration, months
	MaxAsked    int // questions within AskingSpan to one person by one recipient that led to no consent
	LegalSource string
}

// MaxMonths is the longest life of any continuous consent.
const MaxMonths = 13

var bothModes = []AccessMode{Once, Continuous}

// Purposes is the closed list of what may be asked for. Which data each admits is said by
// the data sets.
func Purposes() []Purpose { return slices.Clone(purposes()) }

var purposes = sync.OnceValue(func() []Purpose {
	out := legalPurposes()
	for i := range out {
		for _, set := range catalogue() {
			if groups := set.purposes[out[i].ID]; len(groups) > 0 {
				out[i].DataSets = append(out[i].DataSets, set.Type)
				out[i].Groups = append(out[i].Groups, set.InOrder(groups)...)
			}
		}
	}
	return out
})

// legalPurposes are the purposes with their ground and their ceilings in time.
func legalPurposes() []Purpose {
	return []Purpose{
		{ID: "tarification-cantine", Version: 1, Material: 1, Ground: PublicTask, Modes: bothModes, MaxMonths: MaxMonths, MaxKeepOn: 24, MaxAsked: 10, LegalSource: "Code de l'éducation, art. R. 531-52"},
		{ID: "tarification-activites-municipales", Version: 1, Material: 1, Ground: PublicTask, Modes: bothModes, MaxMonths: MaxMonths, MaxKeepOn: 24, MaxAsked: 10, LegalSource: "Loi n° 98-657 du 29 juillet 1998, art. 147"},
		{ID: "tarification-transports", Version: 2, Material: 1, Ground: PublicTask, Modes: bothModes, MaxMonths: MaxMonths, MaxKeepOn: 24, MaxAsked: 10, LegalSource: "Code des transports, art. L. 1221-5"},
		{ID: "tarification-solidaire-transports", Version: 1, Material: 1, Ground: PublicTask, Modes: bothModes, MaxMonths: MaxMonths, MaxKeepOn: 24, MaxAsked: 10, LegalSource: "Code des transports, art. L. 1113-1"},
		{ID: "aides-sociales-facultatives", Version: 1, Material: 1, Ground: PublicTask, Modes: bothModes, MaxMonths: MaxMonths, MaxKeepOn: 24, MaxAsked: 5, LegalSource: "Code de l'action sociale et des familles, art. L. 123-5"},
		{ID: "bourses-et-aides-scolaires", Version: 2, Material: 1, Ground: PublicTask, Modes: bothModes, MaxMonths: MaxMonths, MaxKeepOn: 24, MaxAsked: 5, LegalSource: "Code de l'éducation, art. L. 533-1 et L. 821-1"},
		{ID: "carte-famille-nombreuse", Version: 1, Material: 1, Ground: PublicTask, Modes: []AccessMode{Once}, MaxMonths: 1, MaxKeepOn: 36, MaxAsked: 5, LegalSource: "Décret n° 80-956 du 1er décembre 1980"},
	}
}

// PurposeOf finds a purpose by its slug.
func PurposeOf(id string) (Purpose, bool) {
	for _, p := range purposes() {
		if p.ID == id {
			return p, true
		}
	}
	return Purpose{}, false
}

// Allows reports whether the purpose's ceiling admits the group.
func (p Purpose) Allows(g DataGroup) bool { return slices.Contains(p.Groups, g) }
