package serve

import (
	"errors"
	"fmt"

	"github.com/caarlos0/env/v11"

	"portail.example/internal/postgres"
)

// MasterKeys are what `consentctl agent` needs besides the database: agents' names and
// addresses are encrypted.
func MasterKeys(environ map[string]string) (postgres.Keys, error) {
	type only struct {
		MasterKey Secret `envPrefix:"MASTER_KEY"`
	}
	set, err := env.ParseAsWithOptions[only](env.Options{Environment: environ})
	if err != nil {
		return postgres.Keys{}, fmt.Errorf("configuration: %w", err)
	}
	master := Config{MasterKey: set.MasterKey}.master()
	if len(master) == 0 {
		return postgres.Keys{}, errors.New("configuration: MASTER_KEY or MASTER_KEY_FILE is not set, or not in base64")
	}
	return postgres.NewKeys(master)
}
