package demo

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/google/uuid"

	"quietude/server/auth"
	"quietude/server/fault"
	"quietude/server/store"
)

// FileName is where the codes and tokens of the demonstration are, in the data
// folder: readable by its owner only.
const FileName = "demo.json"

// card is the content of FileName.
type card struct {
	Ateliers []cardAtelier `json:"ateliers"`
	// Comptes and Tokens are by role: a login for the pages, a token for curl.
	Comptes map[string]cardCompte `json:"comptes"`
	Tokens  map[string]string     `json:"tokens"`
}

type cardAtelier struct {
	ID       uuid.UUID   `json:"id"`
	Quartier string      `json:"quartier"`
	Titre    string      `json:"titre"`
	State    string      `json:"state"`
	Tables   []cardTable `json:"tables"`
}

type cardCompte struct {
	Email    string `json:"email"`
	Password string `json:"password"`
}

type cardTable struct {
	Numero int    `json:"numero"`
	Code   string `json:"code"`
}

// staff is who gets a login and a token. The names say that nobody is meant.
var staff = []struct {
	role auth.Role
	nom  string
}{
	{auth.Animateur, "Camille Démo"}, {auth.Analyste, "Sacha Démo"}, {auth.Police, "Dominique Démo"},
	{auth.Bailleur, "Alix Démo"}, {auth.Admin, "Maxime Démo"}, {auth.DPO, "Claude Démo"},
}

// writeFile brings the file in step with the database. Logins and tokens that
// still work are kept; else new ones replace all of the demonstration's, since
// only their digests are stored. Without access it makes none.
func writeFile(ctx context.Context, s *store.Store, territoire string, o Options) error {
	c, err := currentCard(ctx, s, territoire)
	if err != nil {
		return err
	}
	path := filepath.Join(o.Dir, FileName)
	old, err := os.ReadFile(path)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return unwritable(path, err)
	}
	var kept card
	if json.Unmarshal(old, &kept) == nil && accessWorks(ctx, s, territoire, kept) {
		c.Comptes, c.Tokens = kept.Comptes, kept.Tokens
	} else if o.Access {
		if err := c.newAccess(ctx, s, territoire); err != nil {
			return err
		}
	}
	text, err := json.MarshalIndent(c, "", "  ")
	if err != nil {
		return err
	}
	if text = append(text, '\n'); bytes.Equal(text, old) {
		return nil
	}
	return replaceFile(path, text)
}

func currentCard(ctx context.Context, s *store.Store, territoire string) (card, error) {
	all, err := s.Ateliers(ctx, territoire, "")
	if err != nil {
		return card{}, err
	}
	c := card{Ateliers: []cardAtelier{}}
	for _, a := range all {
		if !a.Demo {
			continue
		}
		entry := cardAtelier{ID: a.ID, Quartier: a.Quartier, Titre: a.Titre, State: a.State, Tables: []cardTable{}}
		for _, t := range a.Seats {
			entry.Tables = append(entry.Tables, cardTable{t.Numero, t.Code})
		}
		c.Ateliers = append(c.Ateliers, entry)
	}
	return c, nil
}

// accessWorks reports whether every role has a login and a token that the
// database knows.
func accessWorks(ctx context.Context, s *store.Store, territoire string, c card) bool {
	for i, person := range staff {
		role := string(person.role)
		digest := sha256.Sum256([]byte(c.Tokens[role]))
		token, err := s.StaffToken(ctx, digest[:])
		if err != nil || token.Role != role || token.Territoire != territoire {
			return false
		}
		compte, err := s.CompteByEmail(ctx, c.Comptes[role].Email)
		if err != nil || compte.Disabled || !compte.Demo || compte.Role != role || compte.Territoire != territoire {
			return false
		}
		if i > 0 {
			continue // passwords are written all at once: one stands for the others
		}
		if right, err := auth.Matches(ctx, c.Comptes[role].Password, compte.Password); err != nil || !right {
			return false
		}
	}
	return true
}

func (c *card) newAccess(ctx context.Context, s *store.Store, territoire string) error {
	c.Comptes, c.Tokens = map[string]cardCompte{}, map[string]string{}
	var stored []store.DemoAccess
	for _, person := range staff {
		role := string(person.role)
		login := cardCompte{Email: role + "@demo.invalid", Password: secret()}
		hash, err := auth.Hash(ctx, login.Password)
		if err != nil {
			return err
		}
		token := "qd1_" + secret()
		digest := sha256.Sum256([]byte(token))
		c.Comptes[role], c.Tokens[role] = login, token
		stored = append(stored, store.DemoAccess{Role: role, Email: login.Email, Nom: person.nom, Password: hash, Digest: digest[:]})
	}
	return s.ReplaceDemoAccess(ctx, territoire, stored)
}

// secret is a random word of 256 bits.
func secret() string {
	var b [32]byte
	_, _ = rand.Read(b[:]) // crypto/rand never fails since Go 1.24
	return base64.RawURLEncoding.EncodeToString(b[:])
}

// replaceFile swaps the whole file: a reader sees the old one or the new one.
func replaceFile(path string, text []byte) (err error) {
	f, err := os.CreateTemp(filepath.Dir(path), FileName+".*") // mode 0600
	if err != nil {
		return unwritable(path, err)
	}
	defer func() {
		if err != nil {
			_ = os.Remove(f.Name())
		}
	}()
	_, err = f.Write(text)
	if err := firstError(err, f.Close()); err != nil {
		return unwritable(path, err)
	}
	if err := os.Rename(f.Name(), path); err != nil {
		return unwritable(path, err)
	}
	return nil
}

func unwritable(path string, cause error) error {
	return fault.New(fault.Unavailable, "demo_json", "Le fichier %s ne peut pas être écrit. Vérifiez les droits du dossier.", path).
		Because(fmt.Errorf("demo file: %w", cause))
}
