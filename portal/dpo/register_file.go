package dpo

import (
	"strconv"

	"github.com/gin-gonic/gin"

	"portail.example/consent"
	"portail.example/consent/export"
	"portail.example/portal/web"
)

// registerCSV sends the lines of the administrations, one for each body and purpose.
func (room *Room) registerCSV(c *gin.Context, by consent.Agent) error {
	page := room.page(c, "dpo.register.title")
	return room.file(c, "registre.csv", func() error {
		file := export.NewCSV(c.Writer, registerColumns(page)...)
		err := room.Service.EachRegistered(c.Request.Context(), by, func(body consent.Client) error {
			for _, line := range body.Processings() {
				if err := file.Row(room.registerCells(page, line)...); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
		return file.End()
	})
}

// registerJSON sends the same, and what the portal itself keeps, for programs.
func (room *Room) registerJSON(c *gin.Context, by consent.Agent) error {
	return room.file(c, "registre.json", func() error {
		file, err := export.NewRegister(c.Writer, room.Operator, room.Now())
		if err == nil {
			err = room.Service.EachRegistered(c.Request.Context(), by, func(body consent.Client) error { return file.Body(body, room.Operator) })
		}
		if err != nil {
			return err
		}
		return file.End()
	})
}

// file sends what write writes, which may take as long as an archive.
func (room *Room) file(c *gin.Context, name string, write func() error) error {
	done, err := unhurried(c)
	if err != nil {
		return err
	}
	defer done()
	web.Attach(c, name)
	return write()
}

func registerColumns(p web.Page) (out []string) {
	for _, key := range []string{
		"dpo.register.controller", "dpo.register.contact", "dpo.register.purpose", "dpo.register.ground", "dpo.register.persons", "dpo.register.data",
		"dpo.register.recipients", "dpo.register.transfers", "dpo.register.retention", "dpo.register.security", "dpo.register.processor", "dpo.register.done",
		"dpo.register.habilitation", "dpo.register.state",
	} {
		out = append(out, p.T(key))
	}
	return out
}

func (room *Room) registerCells(p web.Page, line consent.Processing) []string {
	state := p.T("dpo.register.running")
	if line.Stopped() {
		state = p.T("dpo.register.stopped")
	}
	c := line.Client
	return []string{
		controller(p, c), c.DPOContact, p.T("purpose." + line.Purpose.ID + ".name"), p.T("dpo.register.body_ground", "Source", line.Purpose.LegalSource),
		persons(p, line), dataOf(p, line.Groups), p.T("dpo.register.service", "Service", c.ServiceName), p.T("dpo.register.no_transfers"),
		strconv.Itoa(line.Months), p.T("dpo.register.body_security"), room.processors(p, c), p.T("dpo.register.relay"), c.Habilitation, state,
	}
}
