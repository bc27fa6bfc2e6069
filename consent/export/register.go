package export

import (
	"io"
	"time"

	"portail.example/consent"
)

// RegisterFormat names the structure of the record of processing activities.
const RegisterFormat = "portail-consentement/register/1"

// Operator is whoever runs the portal: the controller of what it keeps, the processor
// of the administrations.
type Operator struct {
	Name    string `json:"name"`
	Address string `json:"address"`
	DPO     string `json:"dpo"`
}

// Register is the record of processing activities (GDPR article 30) as JSON. Names are
// the domain's; an administration without a line may receive nothing.
type Register struct{ items *Items }

// rule is how long the portal keeps something; no limit when both are absent.
type rule struct {
	Record  consent.Record `json:"record"`
	Months  int            `json:"months,omitempty"`
	Seconds int            `json:"seconds,omitempty"`
	Law     string         `json:"law"`
}

// processing is a line of article 30(1), with its letters in order.
type processing struct {
	Controller struct {
		SIRET        consent.SIRET `json:"siret"`
		Name         string        `json:"name"`
		Service      string        `json:"service"`
		DPO          string        `json:"dpo"`
		Habilitation string        `json:"habilitation"`
	} `json:"controller"`
	Processors []string             `json:"processors"`
	Purpose    string               `json:"purpose"`
	Ground     consent.LegalGround  `json:"legal_ground"`
	Source     string               `json:"legal_source"`
	Persons    []string             `json:"persons"`
	Data       []consent.DataGroup  `json:"data"`
	Recipients []string             `json:"recipients"`
	Transfers  []string             `json:"transfers"`
	Months     int                  `json:"retention_months"`
	Security   []string             `json:"security"`
	Stopped    bool                 `json:"stopped"`
	Modes      []consent.AccessMode `json:"modes"`
}

// NewRegister writes who runs the portal, what it keeps, and begins the list.
func NewRegister(w io.Writer, by Operator, at time.Time) (*Register, error) {
	head := struct {
		Format   string    `json:"format"`
		MadeAt   time.Time `json:"made_at"`
		Operator Operator  `json:"operator"`
		Kept     []rule    `json:"kept"`
	}{Format: RegisterFormat, MadeAt: at.UTC(), Operator: by}
	for _, r := range consent.RetentionRules() {
		head.Kept = append(head.Kept, rule{r.Record, r.Months, int(r.Lasts / time.Second), r.Law})
	}
	items, err := NewItems(w, head, "processing")
	return &Register{items}, err
}

// Body writes the lines of one registered body.
func (r *Register) Body(c consent.Client, by Operator) error {
	for _, p := range c.Processings() {
		if err := r.items.Item(processingOf(p, by)); err != nil {
			return err
		}
	}
	return nil
}

// End closes the document.
func (r *Register) End() error { return r.items.End() }

func processingOf(p consent.Processing, by Operator) (out processing) {
	c := p.Client
	out.Controller.SIRET, out.Controller.Name, out.Controller.Service = c.SIRET, c.LegalName, c.ServiceName
	out.Controller.DPO, out.Controller.Habilitation = c.DPOContact, c.Habilitation
	out.Purpose, out.Ground, out.Source, out.Modes = p.Purpose.ID, p.Purpose.Ground, p.Purpose.LegalSource, p.Purpose.Modes
	out.Persons, out.Data, out.Months, out.Stopped = []string{"citizen"}, p.Groups, p.Months, p.Stopped()
	if p.AboutOthers() {
		out.Persons = append(out.Persons, "household")
	}
	out.Processors, out.Recipients, out.Transfers = []string{by.Name}, []string{c.ServiceName}, []string{}
	if c.Through != "" {
		out.Processors = append(out.Processors, c.Through)
	}
	out.Security = []string{"consent_checked_at_each_call", "authenticated_client", "encrypted_exchange", "values_not_kept", "each_access_recorded"}
	return out
}
