package postgres

import (
	"context"
	"errors"
	"io"
	"net"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"portail.example/consent"
)

// translate turns the driver's errors into the domain's at the door: nothing
// found, nobody answers, or a fault that stays what it is. Values never appear:
// PgError's Detail, which quotes rows, is not part of its text.
func translate(err error) error {
	switch {
	case err == nil, consent.CodeOf(err) != "":
		return err
	case errors.Is(err, pgx.ErrNoRows):
		return consent.Refuse(consent.NotFound, "", "no such thing")
	case errors.Is(err, context.Canceled):
		return err
	case unreachable(err):
		return &consent.Error{Code: consent.Unavailable, Detail: "the database does not answer", Err: err}
	}
	return err
}

func unreachable(err error) bool {
	var connect *pgconn.ConnectError
	var network net.Error
	var pg *pgconn.PgError
	switch {
	case errors.As(err, &pg):
		return isOutage(pg.Code)
	case errors.As(err, &connect), errors.As(err, &network), errors.Is(err, context.DeadlineExceeded):
		return true
	}
	// A connection the server dropped between two queries.
	return errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, net.ErrClosed) || pgconn.SafeToRetry(err)
}

// isOutage: class 08 connection, 53 resources, 57P0x shutdown, 25006 read-only
// (a replica that was not promoted), 57014 statement time-out.
func isOutage(code string) bool {
	return strings.HasPrefix(code, "08") || strings.HasPrefix(code, "53") || strings.HasPrefix(code, "57P") || code == "25006" || code == "57014"
}

// retryable tells a serialization failure or a deadlock: running again may work.
func retryable(err error) bool {
	var pg *pgconn.PgError
	return errors.As(err, &pg) && (pg.Code == "40001" || pg.Code == "40P01")
}

func isUndefinedTable(err error) bool {
	var pg *pgconn.PgError
	return errors.As(err, &pg) && pg.Code == "42P01"
}
