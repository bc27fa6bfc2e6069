package dpo

import (
	"strconv"

	"github.com/gin-gonic/gin"

	"portail.example/consent"
	"portail.example/consent/export"
	"portail.example/portal/web"
)

// statisticsCSV sends a row for each month and cell.
func (room *Room) statisticsCSV(c *gin.Context, by consent.Agent) error {
	page := room.page(c, "dpo.statistics.title")
	return room.file(c, "statistiques.csv", func() error {
		file := export.NewCSV(c.Writer, statisticsColumns(page)...)
		err := room.eachStatistics(c, by, func(s consent.Statistics) error { return statisticsRows(page, s, file) })
		if err != nil {
			return err
		}
		return file.End()
	})
}

// statisticsJSON sends the same for programs.
func (room *Room) statisticsJSON(c *gin.Context, by consent.Agent) error {
	return room.file(c, "statistiques.json", func() error {
		var file *export.Statistics
		err := room.eachStatistics(c, by, func(s consent.Statistics) (err error) {
			if file == nil { // nothing is written before something could be read
				if file, err = export.NewStatistics(c.Writer, room.Now()); err != nil {
					return err
				}
			}
			return file.Authority(s)
		})
		if err == nil && file == nil {
			file, err = export.NewStatistics(c.Writer, room.Now())
		}
		if err != nil {
			return err
		}
		return file.End()
	})
}

// eachStatistics are those of the query's authority, or of all that the agent may see.
func (room *Room) eachStatistics(c *gin.Context, by consent.Agent, each func(consent.Statistics) error) error {
	params, err := web.Query(c)
	if err != nil {
		return err
	}
	span, err := spanOf(params)
	if err != nil {
		return err
	}
	if authority := params.Get("authority"); authority != "" {
		counted, err := room.Service.Statistics(c.Request.Context(), by, consent.SIRET(authority), span)
		if err != nil {
			return err
		}
		return each(counted)
	}
	return room.Service.EachStatistics(c.Request.Context(), by, span, each)
}

func statisticsColumns(p web.Page) (out []string) {
	for _, key := range []string{
		"dpo.statistics.column.siret", "dpo.statistics.column.name", "dpo.statistics.column.month", "dpo.statistics.column.figure",
		"dpo.statistics.column.purpose", "dpo.statistics.column.data", "dpo.statistics.column.count",
	} {
		out = append(out, p.T(key))
	}
	return out
}

func statisticsRows(p web.Page, s consent.Statistics, file *export.CSV) error {
	for _, month := range s.Months {
		for _, place := range s.Places(month) {
			if err := file.Row(statisticsCells(p, s, place)...); err != nil {
				return err
			}
		}
	}
	return nil
}

func statisticsCells(p web.Page, s consent.Statistics, place consent.Place) []string {
	purpose, data, count := "", "", p.T("dpo.statistics.hidden")
	if place.Purpose != "" {
		purpose = p.T("purpose." + place.Purpose + ".name")
	}
	if place.Group != "" {
		data = p.T("group." + string(place.Group) + ".register")
	}
	if c := s.At(place); !c.Hidden {
		count = strconv.Itoa(c.Count)
	}
	return []string{string(s.Client.SIRET), s.Client.LegalName, place.Month.String(), p.T("dpo.statistics.figure." + string(place.Figure)), purpose, data, count}
}
