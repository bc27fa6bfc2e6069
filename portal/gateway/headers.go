package gateway

// CheckPath is where the proxy of a data provider asks for a verdict.
const CheckPath = "/data/check"

// Headers of the proxy's own. They are believed from an authenticated provider only:
// whoever could set them might use a proof of another call.
const (
	ProviderHeader = "X-Provider-Authorization"
	MethodHeader   = "X-Original-Method"
	URIHeader      = "X-Original-Uri"
)

// Headers that say who consults inside the administration; both may be left out.
const (
	AgentHeader   = "X-Agent-Id"
	ServiceHeader = "X-Agent-Service"
)

// Headers that tell a data provider's API what was granted begin alike, so that a proxy
// can take away those that a caller sent. None of them names the citizen: the subject is
// the administration's pairwise pseudonym.
const (
	GrantedPrefix   = "X-Consent-"
	subjectHeader   = GrantedPrefix + "Subject"
	grantHeader     = GrantedPrefix + "Grant"
	datatypesHeader = GrantedPrefix + "Datatypes"
	purposeHeader   = GrantedPrefix + "Purpose"
	recipientHeader = GrantedPrefix + "Recipient"
)
