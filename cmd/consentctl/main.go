// Command consentctl is the operator's tool: the registry of administrations,
// editors and data providers, the signing keys, the events that nobody could be
// told, the verification of the evidence, retention, legal holds and erasures, the
// agents. It reads DATABASE_URL like the portal: see docs/operator.md.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"

	"portail.example/cmd/portal/serve"
	"portail.example/internal/postgres"
)

const usage = `usage: consentctl administration add FILE.json          register, or replace a registration
       consentctl administration list                   one line each
       consentctl administration suspend ID             stop its requests, tokens and data at once
       consentctl administration resume ID              undo that; its secret stays the same
       consentctl administration keys ID JWKS.json      replace its public keys
       consentctl administration delegate ID FILE.json  let an editor act for an authority
       consentctl administration delegations ID         the authorities of an editor
       consentctl administration revoke ID SIRET        take a delegation back, at once
       consentctl keys list FILE                        the signing keys of a ring, and what each does
       consentctl keys rotate FILE [--pkcs11 TOKEN]     a new key, which signs ten minutes later
       consentctl keys revoke FILE KID [--pkcs11 TOKEN] at once: what it signed is worth nothing
       consentctl events dead                           events that nobody could be told
       consentctl events retry ID                       try an administration's again
       consentctl ledger verify KEY [CHECKPOINT...]     the whole evidence, with the public key and checkpoints you kept
       consentctl ledger entry KEY FILE                 the proof of an entry, offline
       consentctl ledger consistency KEY FILE           that two checkpoints are of one history, offline
       consentctl ledger file KEY FILE                  the file of the whole evidence, offline; exit status of all three
                                                        4: checkpoint, 5: what it proves, 1: not checked
       consentctl purge [--dry-run | --past]            remove what is due; or tell what is; or past purges
       consentctl watch                                 look now for values that changed, as the portal does at night;
                                                        needs the portal's whole configuration
       consentctl hold list                             what courts and authorities may need
       consentctl hold set CITIZEN ADDRESS REASON       keep all of a citizen's from purge and erasure
       consentctl hold consent CONSENT ADDRESS REASON     keep one consent
       consentctl hold lift HOLD ADDRESS                end a hold
       consentctl erasure preview CITIZEN               what would go, what the law keeps, until when
       consentctl erasure ask CITIZEN REQUEST ADDRESS     answer a citizen's request to be erased
       consentctl erasure list                          those that wait for a second agent
       consentctl erasure approve ERASURE ADDRESS       by another officer: it is done; ADDRESS is a
                                                        registered platform_dpo's everywhere; needs MASTER_KEY
       consentctl agent invite EMAIL SIRET ROLE         let a person sign in at /dpo; needs MASTER_KEY
       consentctl agent list                            who may, and who no more
       consentctl agent revoke AGENT                    end that, and their sessions
       consentctl receipt verify --jwks FILE --key FILE --issuer URL BUNDLE
                                                        a receipt with its proof, offline; exit status 2: receipt,
                                                        3: entry, 4: checkpoint, 5: place in the tree, 1: not checked
       consentctl attestation verify --jwks FILE --issuer URL FILE
                                                        released data on paper, from its PDF or JWS, offline; exit
                                                        status 2: not signed so by the portal, 1: not checked
       consentctl report verify --jwks FILE [--key FILE] REPORT.zip
                                                        a report on a person, offline, with --key its proofs too; exit
                                                        status 2: the file that is named is not as it was made, 3: a
                                                        proof is not of this report, 4: checkpoint, 5: place in the
                                                        tree, 1: not checked`

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, os.Args[1:], serve.Environ(), os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "consentctl:", err)
		os.Exit(statusOf(err))
	}
}

// namesAgents reports whether a command reads who agents are, which only the master key
// opens: agents, and what officers do to holds and erasures.
func namesAgents(args []string) bool {
	switch args[0] {
	case "agent":
		return true
	case "hold", "erasure":
		return args[1] != "list" && args[1] != "preview"
	}
	return false
}

// run chooses the command. Those that name agents need the master key: the others show
// no personal data.
func run(ctx context.Context, args []string, environ map[string]string, out io.Writer) error {
	if len(args) > 0 && args[0] == "keys" {
		return keyring(args[1:], environ, out)
	}
	if len(args) == 1 && args[0] == "watch" {
		return watch(ctx, environ, out)
	}
	if len(args) > 0 && args[0] == "receipt" {
		return receipts(ctx, args[1:], out)
	}
	if len(args) > 0 && args[0] == "attestation" {
		return attestations(ctx, args[1:], out)
	}
	if len(args) > 0 && args[0] == "report" {
		return reports(ctx, args[1:], out)
	}
	if known, err := paper(args, out); known {
		return err
	}
	do, err := command(args)
	if err != nil {
		return err
	}
	url, err := serve.DatabaseURL(environ)
	if err != nil {
		return err
	}
	cfg := postgres.Config{URL: url, MaxConns: 2}
	if namesAgents(args) {
		if cfg.Keys, err = serve.MasterKeys(environ); err != nil {
			return err
		}
	}
	db, err := postgres.Open(ctx, cfg)
	if err != nil {
		return err
	}
	defer db.Close()
	return do(ctx, db, out)
}

type action func(ctx context.Context, db *postgres.DB, out io.Writer) error

// nouns are what there are commands on.
var nouns = map[string]map[string]verb{"administration": registryVerbs, "events": eventVerbs, "ledger": ledgerVerbs, "hold": holdVerbs, "erasure": erasureVerbs, "agent": agentVerbs}

// alone are verbs that need no noun.
var alone = map[string]verb{"purge": purgeVerb}

// command reads what can be read before the database is touched.
func command(args []string) (action, error) {
	if len(args) == 0 {
		return nil, errors.New(usage)
	}
	verb, ok := alone[args[0]]
	given := args[1:]
	if !ok && len(given) > 0 {
		verb, ok = nouns[args[0]][given[0]]
		given = given[1:]
	}
	if !ok || len(given) < verb.args || len(given) > verb.args+verb.more {
		return nil, errors.New(usage)
	}
	return verb.prepare(given)
}
