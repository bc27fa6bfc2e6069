package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"text/tabwriter"
	"time"

	"portail.example/cmd/portal/serve"
	"portail.example/internal/signing"
)

// keys works on the file of a key ring, without the database.
type keys struct {
	path   string
	text   []byte
	open   signing.Opener
	create signing.Maker
	out    io.Writer
}

// keyring runs `consentctl keys …`.
func keyring(args []string, environ map[string]string, out io.Writer) error {
	module, err := serve.ModuleOf(environ)
	if err != nil {
		return err
	}
	k := keys{out: out, create: signing.InMemory}
	if module != nil {
		k.open = module.Open
		defer module.Close()
	}
	if label, inside := pkcs11Token(&args); inside {
		if module == nil {
			return errors.New("--pkcs11 needs SIGNING_PKCS11_MODULE and SIGNING_PKCS11_PIN")
		}
		k.create = module.Make(label)
	}
	return k.run(args)
}

// pkcs11Token takes "--pkcs11 TOKEN" out of the arguments.
func pkcs11Token(args *[]string) (label string, given bool) {
	n := len(*args)
	if n < 2 || (*args)[n-2] != "--pkcs11" {
		return "", false
	}
	label, *args = (*args)[n-1], (*args)[:n-2]
	return label, true
}

// keyArgs is how many arguments each verb takes.
var keyArgs = map[string]int{"list": 1, "rotate": 1, "revoke": 2}

func (k keys) run(args []string) (err error) {
	if len(args) < 2 || keyArgs[args[0]] != len(args)-1 {
		return errors.New(usage)
	}
	k.path = args[1]
	if k.text, err = os.ReadFile(k.path); err != nil {
		return err
	}
	switch args[0] {
	case "rotate":
		return k.change(signing.Rotate(k.text, k.open, k.create, time.Now()))
	case "revoke":
		return k.change(signing.Revoke(k.text, k.open, args[2], k.create, time.Now()))
	}
	return k.list()
}

// change writes the ring and shows it.
func (k keys) change(text []byte, err error) error {
	if err != nil {
		return err
	}
	if err := signing.Replace(k.path, text); err != nil {
		return err
	}
	k.text = text
	return k.list()
}

func (k keys) list() error {
	states, err := signing.States(k.text, k.open, time.Now())
	if err != nil {
		return err
	}
	table := tabwriter.NewWriter(k.out, 2, 2, 2, ' ', 0)
	fmt.Fprintln(table, "KID\tSTATE\tSIGNS FROM\tRETIRED AT")
	for _, s := range states {
		fmt.Fprintf(table, "%s\t%s\t%s\t%s\n", s.KID, s.What, when(s.From), when(s.Retired))
	}
	return table.Flush()
}

func when(at time.Time) string {
	if at.IsZero() {
		return "-"
	}
	return at.Format(time.RFC3339)
}
