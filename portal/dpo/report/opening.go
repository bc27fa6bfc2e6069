package report

import (
	"portail.example/consent"
	"portail.example/internal/i18n"
	"portail.example/portal/web/held"
)

// opening is what a report says before it tells what is held.
type opening struct {
	Lang, Title, Lead string
	Facts             []held.Fact
	Law               string
	Points            []held.Fact // article 15(1)(a) to (h), 15(2) and 15(4)
	Files             string
	FilesText         []string
}

// points are those of article 15, in its order; their texts are dpo.report.<name>.
func points() []string {
	return []string{"purposes", "categories", "recipients", "retention", "rights", "complaint", "sources", "automated", "transfers", "others"}
}

// PointKeys are the keys of the points, for the catalogues' test.
func PointKeys() (out []string) {
	for _, point := range points() {
		out = append(out, "dpo.report."+point, "dpo.report."+point+"_text")
	}
	return out
}

func (w *Writer) opening(p i18n.Localizer, from consent.ReportSource) opening {
	o := w.Operator
	out := opening{
		Lang: p.Lang, Title: p.T("dpo.report.title"), Lead: p.T("dpo.report.lead", "Name", o.Name), Facts: facts(p, from),
		Law: p.T("dpo.report.law"), Files: p.T("dpo.report.files"),
		FilesText: []string{p.T("dpo.report.files_text"), p.T("dpo.report.proofs_text"), p.T("dpo.report.signature_text")},
	}
	for _, point := range points() {
		key := "dpo.report." + point
		out.Points = append(out.Points, held.Fact{Name: p.T(key), Value: p.T(key+"_text", "Name", o.Name, "Address", o.Address, "DPO", o.DPO)})
	}
	return out
}

// facts say which report it is, and what bounds it.
func facts(p i18n.Localizer, from consent.ReportSource) []held.Fact {
	r, scope := from.Report, p.T("dpo.report.scope_all")
	if r.Authority != "" {
		scope = p.T("dpo.report.scope_one", "SIRET", r.Authority)
	}
	since, until := p.T("dpo.report.open"), p.T("dpo.report.open")
	if !r.Since.IsZero() {
		since = p.Date(r.Since)
	}
	if !r.Until.IsZero() {
		until = p.Date(r.Until)
	}
	return []held.Fact{
		{Name: p.T("dpo.report.number"), Value: r.ID}, {Name: p.T("dpo.report.made"), Value: p.Instant(from.At)},
		{Name: p.T("dpo.report.since"), Value: since}, {Name: p.T("dpo.report.until"), Value: until}, {Name: p.T("dpo.report.scope"), Value: scope},
	}
}
