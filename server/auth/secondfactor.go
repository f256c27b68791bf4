package auth

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/base32"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/pquerna/otp/totp"

	"quietude/server/atelier"
)

// SecondFactorStore keeps second factors.
type SecondFactorStore interface {
	SecondFactor(ctx context.Context, c atelier.Compte) (atelier.SecondFactor, error)
	UseStep(ctx context.Context, c atelier.Compte, step int64) (ok bool, err error)
	UseRecovery(ctx context.Context, c atelier.Compte, digest []byte) (ok bool, err error)
}

const (
	totpPeriod     = 30 // seconds, what every application expects (RFC 6238)
	recoveryCodes  = 10
	recoveryBytes  = 15 // 120 bits: a digest that was taken gives none of them away (ASVS 5.0, 6.5.2)
	recoveryLength = recoveryBytes * 8 / 5
	// Codes of 50 bits were given before; those work until they are replaced.
	shortRecovery = 10
)

// NewSecondFactor draws a secret; its text is what a person may type, its
// address what the QR code holds.
func NewSecondFactor(email string) (text, address string) {
	var b [20]byte
	_, _ = rand.Read(b[:])
	text = base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(b[:])
	u := url.URL{Scheme: "otpauth", Host: "totp", Path: "/Quiétude:" + email,
		RawQuery: url.Values{"secret": {text}, "issuer": {"Quiétude"}}.Encode()}
	return text, u.String()
}

// CheckSecondFactor reports whether what was typed is the code of these 30
// seconds, or a recovery code; either works once.
func (a *Authenticator) CheckSecondFactor(ctx context.Context, s SecondFactorStore, c atelier.Compte, typed string, now time.Time) (bool, error) {
	if code := plain(typed); len(code) == recoveryLength || len(code) == shortRecovery {
		return s.UseRecovery(ctx, c, Digest(code))
	}
	f, err := s.SecondFactor(ctx, c)
	if err != nil {
		return false, err
	}
	step, ok, err := a.StepOf(f, c, typed, now)
	if err != nil || !ok {
		return false, err
	}
	return s.UseStep(ctx, c, step)
}

// StepOf gives the step of now when what was typed is its code; ok is false when it is
// not, or there is no secret. No code lives longer than its step (ASVS 5.0, 6.5.5): a
// telephone must have the right time, as they do.
func (a *Authenticator) StepOf(f atelier.SecondFactor, c atelier.Compte, typed string, now time.Time) (step int64, ok bool, err error) {
	if len(f.Secret) == 0 {
		return 0, false, nil
	}
	secret, err := a.Unseal(f.Secret, c.ID.String())
	if err != nil {
		return 0, false, err
	}
	code, err := totp.GenerateCode(string(secret), now)
	return now.Unix() / totpPeriod, err == nil && subtle.ConstantTimeCompare([]byte(code), []byte(plain(typed))) == 1, err
}

// plain is a code as people group and write it.
func plain(typed string) string {
	return strings.ToUpper(strings.NewReplacer(" ", "", "-", "").Replace(typed))
}

// NewRecovery draws recovery codes, with the digests that are stored of them.
func NewRecovery() (codes []string, digests [][]byte) {
	for range recoveryCodes {
		var b [recoveryBytes]byte
		_, _ = rand.Read(b[:])
		code := base32.StdEncoding.EncodeToString(b[:])
		groups := slices.Collect(slices.Chunk([]byte(code), 4))
		codes = append(codes, string(bytes.Join(groups, []byte("-"))))
		digests = append(digests, Digest(code))
	}
	return codes, digests
}
