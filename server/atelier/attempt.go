package atelier

// Attempt is a sign-in at an identity provider that is under way.
type Attempt struct {
	State    string
	Nonce    string
	Verifier string // proof key (PKCE); "" for none
	Back     string // page that was asked for; "" for none
}
