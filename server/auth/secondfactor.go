package auth

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/base32"
	"net/url"
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
	recoveryLength = 10 // characters of base32: 50 bits
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

// StepOf finds the 30-second step, of the current one and its neighbours, whose
// code was typed; ok is false for none.
func StepOf(secret, typed string, now time.Time) (step int64, ok bool) {
	for _, off := range []int64{0, -1, 1} {
		at := now.Add(time.Duration(off*totpPeriod) * time.Second)
		code, err := totp.GenerateCode(secret, at)
		if err == nil && subtle.ConstantTimeCompare([]byte(code), []byte(typed)) == 1 {
			return at.Unix() / totpPeriod, true
		}
	}
	return 0, false
}

// CheckSecondFactor reports whether what was typed is the code of the moment, or
// a recovery code; either works once.
func (a *Authenticator) CheckSecondFactor(ctx context.Context, s SecondFactorStore, c atelier.Compte, typed string, now time.Time) (bool, error) {
	typed = strings.ToUpper(strings.NewReplacer(" ", "", "-", "").Replace(typed))
	if len(typed) == recoveryLength {
		return s.UseRecovery(ctx, c, Digest(typed))
	}
	f, err := s.SecondFactor(ctx, c)
	if err != nil {
		return false, err
	}
	secret, err := a.Unseal(f.Secret, c.ID.String())
	if err != nil {
		return false, err
	}
	step, ok := StepOf(string(secret), typed, now)
	if !ok {
		return false, nil
	}
	return s.UseStep(ctx, c, step)
}

// NewRecovery draws recovery codes, with the digests that are stored of them.
func NewRecovery() (codes []string, digests [][]byte) {
	for range recoveryCodes {
		var b [7]byte
		_, _ = rand.Read(b[:])
		code := base32.StdEncoding.EncodeToString(b[:])[:recoveryLength]
		codes = append(codes, code[:5]+"-"+code[5:])
		digests = append(digests, Digest(code))
	}
	return codes, digests
}
