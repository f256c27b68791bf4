package auth

import (
	"context"
	_ "embed"
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	"github.com/alexedwards/argon2id"
	"golang.org/x/text/unicode/norm"

	"quietude/server/fault"
)

// params are those of OWASP's password storage sheet (2025) with a second pass:
// about 40 MB and some tens of milliseconds a try.
var params = &argon2id.Params{Memory: 40 << 10, Iterations: 2, Parallelism: 1, SaltLength: 16, KeyLength: 32}

// hashing bounds how many passwords are tried at once: each takes memory and a
// processor, and a storm of logins must leave both to the rooms.
var hashing = make(chan struct{}, 2)

const hashingPatience = 4 * time.Second

func takeTurn(ctx context.Context) error {
	timer := time.NewTimer(hashingPatience)
	defer timer.Stop()
	select {
	case hashing <- struct{}{}:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return fault.New(fault.Unavailable, "connexions_nombreuses",
			"Beaucoup de personnes se connectent en ce moment. Réessayez dans un instant.").After(2 * time.Second)
	}
}

// Hash makes argon2id text of a password.
func Hash(ctx context.Context, password string) (string, error) {
	if err := takeTurn(ctx); err != nil {
		return "", err
	}
	defer func() { <-hashing }()
	return argon2id.CreateHash(norm.NFKC.String(password), params)
}

// nobody is the hash that a password is held against when there is no account,
// so that the answer takes as long as with one.
var nobody = sync.OnceValue(func() string {
	hash, err := argon2id.CreateHash("personne", params)
	if err != nil {
		panic(err) // crypto/rand never fails since Go 1.24
	}
	return hash
})

// Matches reports whether a password belongs to a hash; an empty hash is that
// of nobody.
func Matches(ctx context.Context, password, hash string) (bool, error) {
	if err := takeTurn(ctx); err != nil {
		return false, err
	}
	defer func() { <-hashing }()
	exists := hash != ""
	if !exists {
		hash = nobody()
	}
	same, err := argon2id.ComparePasswordAndHash(norm.NFKC.String(password), hash)
	return same && exists, err
}

// Lengths of a password, in characters (ASVS 5.0, 6.2).
const (
	MinPassword = 12
	MaxPassword = 128
)

// common are passwords of twelve characters and more that people choose first,
// and words that everybody here would try.
//
//go:embed common.txt
var common string

var commonPasswords = sync.OnceValue(func() map[string]bool {
	set := map[string]bool{}
	for line := range strings.Lines(common) {
		if line = strings.TrimSpace(line); line != "" && line[0] != '#' {
			set[line] = true
		}
	}
	return set
})

// CheckPassword refuses a password that is short, common, or made of the
// person's own name or address. There is no rule about kinds of characters.
func CheckPassword(password string, about ...string) error {
	refuse := func(code, detail string, args ...any) error {
		return fault.New(fault.Unprocessable, code, detail, args...).At("password")
	}
	n := utf8.RuneCountInString(password)
	if n < MinPassword {
		return refuse("mot_de_passe_court", "Choisissez au moins %d caractères : une phrase de quelques mots convient bien.", MinPassword)
	}
	if n > MaxPassword {
		return refuse("mot_de_passe_long", "Au plus %d caractères.", MaxPassword)
	}
	plain := plainly(password)
	if commonPasswords()[plain] || repeats(plain) {
		return refuse("mot_de_passe_courant", "Ce mot de passe est de ceux qu’on essaie en premier. Choisissez plutôt quelques mots sans rapport entre eux.")
	}
	for _, word := range about {
		whole := plainly(word)
		name, _, _ := strings.Cut(whole, "@")
		if len(name) < 5 {
			name = whole
		}
		if len(name) >= 5 && strings.Contains(plain, name) && n < len(name)+MinPassword {
			return refuse("mot_de_passe_personnel", "Ce mot de passe contient votre nom ou votre adresse. Choisissez quelques mots sans rapport avec vous.")
		}
	}
	return nil
}

// plainly is a text without case, spaces and accents.
func plainly(s string) string {
	var b strings.Builder
	for _, r := range norm.NFKD.String(strings.ToLower(s)) {
		if r > ' ' && r < 0x300 || r > 0x36f {
			b.WriteRune(r)
		}
	}
	return b.String()
}

// repeats reports whether a text is one short piece again and again, or counts
// up or down.
func repeats(s string) bool {
	for size := 1; size <= 4 && size < len(s); size++ {
		if strings.Repeat(s[:size], len(s)/size+1)[:len(s)] == s {
			return true
		}
	}
	up, down := true, true
	for i := 1; i < len(s); i++ {
		step := (int(s[i]) - int(s[i-1]) + 10) % 10
		up, down = up && step == 1, down && step == 9
	}
	return up || down
}
