package consent

import "context"

// RegisterReader reads the registry of those who may receive data, and counts what
// they did. It names nobody.
type RegisterReader interface {
	// Recipients are the administrations and the authorities that delegated to an
	// editor, revoked or not, by SIRET and client, at most limit; of one authority
	// unless empty; those that follow after, when it is not zero.
	Recipients(ctx context.Context, authority SIRET, after Party, limit int) ([]Party, error)
}
