package report

import "portail.example/consent"

// nothing is a consent.Collector that takes all and keeps none; others embed it.
type nothing struct{}

func (nothing) Begin(consent.Holdings) error                                { return nil }
func (nothing) Part(consent.Part) error                                     { return nil }
func (nothing) Request(consent.Request, consent.Client) error               { return nil }
func (nothing) Answer(consent.Receipt) error                                { return nil }
func (nothing) Grant(consent.Grant, consent.Client) error                   { return nil }
func (nothing) Access(consent.Access, consent.Client, consent.Client) error { return nil }
func (nothing) Right(consent.RightsRequest) error                           { return nil }
func (nothing) Message(consent.RightsMessage, consent.RightsRequest) error  { return nil }
func (nothing) Measure(consent.Measure, consent.Client) error               { return nil }
func (nothing) LookedUp(consent.LookupTold) error                           { return nil }
func (nothing) SignedIn(consent.Session) error                              { return nil }
func (nothing) End() error                                                  { return nil }
