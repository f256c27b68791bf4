package auth

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"errors"
)

// NewSecret draws a word of 256 bits for a link or a token; only its digest is
// stored.
func NewSecret() string {
	var b [32]byte
	_, _ = rand.Read(b[:]) // crypto/rand never fails since Go 1.24
	return base64.RawURLEncoding.EncodeToString(b[:])
}

// Digest is what is stored of a secret that is random enough not to be guessed.
func Digest(secret string) []byte {
	sum := sha256.Sum256([]byte(secret))
	return sum[:]
}

// Seal encrypts what the database keeps for us (AES-256-GCM, with a key derived
// from the service's secret for this purpose). about binds it to its row.
func (a *Authenticator) Seal(plain []byte, about string) ([]byte, error) {
	box, err := a.box()
	if err != nil {
		return nil, err
	}
	nonce := make([]byte, box.NonceSize())
	_, _ = rand.Read(nonce)
	return box.Seal(nonce, nonce, plain, []byte(about)), nil
}

// Unseal gives back what Seal was given; an error for anything else.
func (a *Authenticator) Unseal(sealed []byte, about string) ([]byte, error) {
	box, err := a.box()
	if err != nil {
		return nil, err
	}
	if len(sealed) < box.NonceSize() {
		return nil, errors.New("sealed text too short")
	}
	return box.Open(nil, sealed[:box.NonceSize()], sealed[box.NonceSize():], []byte(about))
}

func (a *Authenticator) box() (cipher.AEAD, error) {
	if len(a.secret) < MinSecret {
		return nil, errors.New("the service has no secret")
	}
	key, err := hkdf.Key(sha256.New, a.secret, nil, "quietude second factor", 32)
	if err != nil {
		return nil, err
	}
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, err
	}
	return cipher.NewGCM(block)
}

// MinSecret is the least length of the service's secret, in bytes.
const MinSecret = 32

// NewOrganisationSecret draws the secret of a link by which an organisation
// opens its own actions.
func NewOrganisationSecret() string { return "qo1_" + NewSecret() }

// OrganisationAddress is such a link. The secret is behind the #, which browsers
// keep to themselves.
func OrganisationAddress(base, secret string) string { return base + "/pilote#" + secret }
