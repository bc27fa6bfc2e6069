package main

import (
	"fmt"
	"io"
	"text/tabwriter"

	fcstub "portail.example/internal/sandbox/franceconnect"
)

// printTour tells where to click. It is the demo's first page.
func printTour(out io.Writer, w *world) {
	fmt.Fprintf(out, `
The demo is ready. Start at the town hall:

  Town hall        %s    press « Calculer mon tarif de cantine… »
  Portal, citizen  %s    sign in: your authorisations, the uses made of them, withdraw
  FranceConnect    %s    stand-in; the portal sends you there
  Portal, agents   %s/dpo    data protection officers, operator, auditor
  ProConnect       %s    stand-in; the agents' entrance sends you there
  Mailbox          %s    every e-mail of the portal; leave an address on /notices
  API Particulier  %s    stand-in; what the portal's data API calls

For integrators (docs/administration.md, as the transports authority):

  export P=%s CLIENT_ID=%s CLIENT_SECRET=%s
  export CITIZENS=%s    # a person for each outcome: curl $CITIZENS
  curl %s/.well-known/oauth-authorization-server
  curl %s/oauth/jwks
  curl -i %s/data/v1/quotient-familial

Test citizens (choose one on FranceConnect's page):

`, w.TownHallURL, w.PortalURL, w.FCURL, w.PortalURL, w.PCURL, w.MailboxURL, w.APIURL, w.PortalURL, transportID, w.Registered.TransportSecret, w.CitizenURL, w.PortalURL, w.PortalURL, w.PortalURL)
	table := tabwriter.NewWriter(out, 2, 2, 2, ' ', 0)
	for _, citizen := range fcstub.Citizens() {
		fmt.Fprintf(table, "  %s\t%s\n", citizen.Name(), citizen.Outcome)
	}
	_ = table.Flush()
	fmt.Fprint(out, "\nTest agents (choose one on ProConnect's page):\n\n")
	for _, agent := range demoAgents() {
		fmt.Fprintf(table, "  %s\t%s\n", agent.Name(), agent.Outcome)
	}
	_ = table.Flush()
	fmt.Fprint(out, "\nUse Firefox, Chrome or Edge (Safari keeps no secure cookie on http://localhost). Ctrl-C stops everything.\n")
}
