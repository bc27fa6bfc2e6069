package openid

import "net/url"

// Mischief is how a stand-in misbehaves; the zero value behaves.
type Mischief struct {
	IDToken        func(claims map[string]any) // changes the claims before they are signed
	Userinfo       func(claims map[string]any)
	Callback       func(query url.Values)
	Scopes         func(asked []string) []string           // grants others than were asked
	Introspection  func(claims map[string]any)             // changes what FranceConnect tells data providers
	Seal           func(raw string) (string, bool)         // encrypts it in its own way; false leaves it to us
	Sign           func(kid string, payload []byte) string // signs in its own way
	Typ            string                                  // adds this typ to what is signed
	PlainUserinfo  bool                                    // JSON instead of a JWT
	DiscoveryFails bool
	KeysFail       bool
	TokenStatus    int // answers this status
	UserinfoStatus int
	CheckStatus    int    // answers data providers this status
	CallbackError  string // sends this error back instead of a code
}

// Misbehave makes the stand-in misbehave until told otherwise.
func (p *Provider) Misbehave(m Mischief) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.mischief = m
}

// Current is how it misbehaves now.
func (p *Provider) Current() Mischief {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.mischief
}
