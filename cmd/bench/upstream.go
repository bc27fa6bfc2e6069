package main

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"net/http/httputil"
	"net/url"
	"time"
)

// household is an answer of API Particulier about the month that was asked.
const household = `{"data":{"quotient_familial":{"fournisseur":"CNAF","valeur":900,"annee":%s,"mois":%s,"annee_calcul":2026,"mois_calcul":11},` +
	`"allocataires":[{"nom_naissance":"DUPONT","nom_usage":null,"prenoms":"SOPHIE","date_naissance":"1982-09-03","sexe":"F"}],` +
	`"enfants":[{"nom_naissance":"DUPONT","nom_usage":null,"prenoms":"LEA","date_naissance":"2010-01-08","sexe":"F"}],` +
	`"adresse":{"destinataire":"Madame DUPONT SOPHIE","complement_information":null,"complement_information_geographique":null,` +
	`"numero_libelle_voie":"5 COURS MIRABEAU","lieu_dit":null,"code_postal_ville":"13100 AIX EN PROVENCE","pays":"FRANCE"}},"links":{},"meta":{}}`

// serveUpstream is an API Particulier that checks nothing, refuses nothing and takes
// as long as told.
func serveUpstream(ctx context.Context, listener net.Listener, latency string) error {
	wait, err := time.ParseDuration(latency)
	if err != nil {
		return err
	}
	return serveUntil(ctx, listener, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if wait > 0 {
			time.Sleep(wait)
		}
		query := r.URL.Query()
		w.Header().Set("Content-Type", "application/vnd.api+json")
		_, _ = fmt.Fprintf(w, household, query.Get("annee"), query.Get("mois"))
	}))
}

// serveProxy is the standard library's reverse proxy, with connections enough.
func serveProxy(ctx context.Context, listener net.Listener, target string) error {
	to, err := url.Parse(target)
	if err != nil {
		return err
	}
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.MaxIdleConnsPerHost = 1000
	return serveUntil(ctx, listener, &httputil.ReverseProxy{Transport: transport, Rewrite: func(r *httputil.ProxyRequest) { r.SetURL(to) }})
}

// startServer is a server of this program behind an address of its own.
func startServer(args ...string) (*process, error) {
	listener, err := listen()
	if err != nil {
		return nil, err
	}
	defer listener.Close()
	return startSelf(listener, nil, args...)
}
