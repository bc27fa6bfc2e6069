package serve

import (
	"fmt"

	"portail.example/internal/mail"
	"portail.example/templates"
)

// mailer sends notices to citizens; nil when no mail server is configured.
func (w wiring) mailer() (*mail.Deliverer, error) {
	if w.cfg.SMTP.Value() == "" {
		return nil, nil
	}
	server, err := mail.ParseServer(w.cfg.SMTP.Value(), w.cfg.MailFrom)
	if err != nil {
		return nil, fmt.Errorf("SMTP_URL: %w", err)
	}
	bundle, err := words()
	if err != nil {
		return nil, err
	}
	letters, err := mail.NewLetters(templates.FS, func(lang string) mail.Words { return bundle.Localizer(lang, nil) }, w.cfg.URL)
	if err != nil {
		return nil, err
	}
	return mail.New(mail.Config{Outbox: w.db, Server: server, Letters: letters, Logger: w.logger, Now: w.now}), nil
}
