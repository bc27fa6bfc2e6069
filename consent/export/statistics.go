package export

import (
	"io"
	"time"

	"portail.example/consent"
)

// StatisticsFormat names the structure of the statistics.
const StatisticsFormat = "portail-consentement/statistics/1"

// Statistics are figures as JSON, a cell an item. A cell without a count is hidden: of
// fewer persons than the threshold, or one that another could be computed from.
type Statistics struct{ items *Items }

type figure struct {
	SIRET   consent.SIRET     `json:"siret"`
	Name    string            `json:"name"`
	Month   consent.Period    `json:"month"`
	Figure  consent.Figure    `json:"figure"`
	Purpose string            `json:"purpose,omitempty"`
	Data    consent.DataGroup `json:"data,omitempty"`
	Count   *int              `json:"count"`
}

// NewStatistics writes when the figures were made, their threshold, and begins the list.
func NewStatistics(w io.Writer, at time.Time) (*Statistics, error) {
	items, err := NewItems(w, struct {
		Format    string    `json:"format"`
		MadeAt    time.Time `json:"made_at"`
		Threshold int       `json:"threshold"`
	}{StatisticsFormat, at.UTC(), consent.MinPersons}, "figures")
	return &Statistics{items}, err
}

// Authority writes all cells of one.
func (s *Statistics) Authority(counted consent.Statistics) error {
	for _, month := range counted.Months {
		for _, p := range counted.Places(month) {
			f := figure{SIRET: counted.Client.SIRET, Name: counted.Client.LegalName, Month: p.Month, Figure: p.Figure, Purpose: p.Purpose, Data: p.Group}
			if shown := counted.At(p); !shown.Hidden {
				f.Count = &shown.Count
			}
			if err := s.items.Item(f); err != nil {
				return err
			}
		}
	}
	return nil
}

// End closes the document.
func (s *Statistics) End() error { return s.items.End() }
