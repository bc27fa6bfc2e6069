package consent

import "regexp"

// ConsultedBy is who consulted inside the administration, in its own references: the
// portal cannot resolve them, and shows them to that administration's officer alone.
type ConsultedBy struct {
	Agent   string // opaque: a number of the software's, not a name
	Service string
}

// reference leaves out @ and spaces: an address or a name is refused rather than kept.
var reference = regexp.MustCompile(`^[A-Za-z0-9._:-]{0,64}$`)

// ParseConsultedBy checks both references, either of which may be empty. It fails with
// InvalidRequest, which names agent or service.
func ParseConsultedBy(agent, service string) (ConsultedBy, error) {
	for field, value := range map[string]string{"agent": agent, "service": service} {
		if !reference.MatchString(value) {
			return ConsultedBy{}, Refuse(InvalidRequest, field, "an opaque reference of at most 64 letters, digits and . _ : -")
		}
	}
	return ConsultedBy{Agent: agent, Service: service}, nil
}
