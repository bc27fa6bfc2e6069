package held

import (
	"portail.example/consent"
	"portail.example/internal/i18n"
)

// Receipt is the proof of an answer in words: its page, its PDF, the citizen's copy
// and the officer's report show the same.
func Receipt(p i18n.Localizer, r consent.Receipt) []Fact {
	purpose := "purpose." + r.Details.Purpose
	known, _ := consent.PurposeOf(r.Details.Purpose)
	out := []Fact{
		{p.T("citizen.receipt.answer"), p.T("citizen.receipt." + choiceOf(r))},
		{p.T("citizen.receipt.when"), p.Instant(r.Decision.At)},
		{p.T("citizen.receipt.client"), r.Client.LegalName},
		{p.T("citizen.receipt.recipient"), Service(p, r.Client, r.Details.Recipient)},
		{p.T("citizen.receipt.data"), Data(p, r.Details.Groups)},
		{p.T("citizen.receipt.purpose"), p.T(purpose + ".name")},
		{p.T("citizen.receipt.ground"), p.T("citizen.receipt.ground_text", "Source", known.LegalSource)},
	}
	out = append(out, Given(p, r.Details.Type, r.Parameters)...)
	if r.Decision.Allowed {
		out = append(out, Fact{p.T("citizen.receipt.until"), Duration(p, r.Details)})
		out = append(out, Fact{p.T("citizen.receipt.retention"), p.T("citizen.request.retention", "Count", r.Client.Retention[r.Details.Purpose])})
	}
	if r.Grant.Status == consent.GrantTakenBack {
		out = append(out, Fact{p.T("citizen.receipt.withdrawn"), p.Instant(r.Grant.WithdrawnAt)})
	}
	return append(out,
		Fact{p.T("citizen.receipt.change"), p.T("citizen.receipt.how." + answerOf(r))},
		Fact{p.T("citizen.receipt.dpo"), r.Client.DPOContact},
	)
}

// Service names a part of an authority, with its SIRET.
func Service(p i18n.Localizer, c consent.Client, recipient consent.SIRET) string {
	return p.T("citizen.request.siret", "Service", c.ServiceName, "SIRET", recipient)
}

func answerOf(r consent.Receipt) string {
	if r.Decision.Allowed {
		return "granted"
	}
	return "refused"
}

// choiceOf is what the answer did.
func choiceOf(r consent.Receipt) string {
	if r.Reduces {
		return "reduced"
	}
	return answerOf(r)
}
