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
	Ateliers []cardAtelier     `json:"ateliers"`
	Tokens   map[string]string `json:"tokens"` // by role
}

type cardAtelier struct {
	ID       uuid.UUID   `json:"id"`
	Quartier string      `json:"quartier"`
	Titre    string      `json:"titre"`
	State    string      `json:"state"`
	Tables   []cardTable `json:"tables"`
}

type cardTable struct {
	Numero int    `json:"numero"`
	Code   string `json:"code"`
}

// staff are the roles that get a token.
var staff = []auth.Role{auth.Animateur, auth.Analyste, auth.Police, auth.Bailleur, auth.Admin, auth.DPO}

// writeFile brings the file in step with the database. Tokens that still work
// are kept; else new ones replace all of the demonstration's, since only their
// digests are stored.
func writeFile(ctx context.Context, s *store.Store, territoire, dir string) error {
	c, err := currentCard(ctx, s, territoire)
	if err != nil {
		return err
	}
	path := filepath.Join(dir, FileName)
	old, err := os.ReadFile(path)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return unwritable(path, err)
	}
	var kept card
	if json.Unmarshal(old, &kept) == nil && tokensWork(ctx, s, territoire, kept.Tokens) {
		c.Tokens = kept.Tokens
	} else if c.Tokens, err = newTokens(ctx, s, territoire); err != nil {
		return err
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

// tokensWork reports whether every role has a token that the database knows.
func tokensWork(ctx context.Context, s *store.Store, territoire string, tokens map[string]string) bool {
	for _, role := range staff {
		digest := sha256.Sum256([]byte(tokens[string(role)]))
		stored, city, err := s.StaffRole(ctx, digest[:])
		if err != nil || stored != string(role) || city != territoire {
			return false
		}
	}
	return true
}

func newTokens(ctx context.Context, s *store.Store, territoire string) (map[string]string, error) {
	tokens := make(map[string]string, len(staff))
	var stored []store.DemoToken
	for _, role := range staff {
		var secret [32]byte
		_, _ = rand.Read(secret[:]) // crypto/rand never fails since Go 1.24
		token := "qd1_" + base64.RawURLEncoding.EncodeToString(secret[:])
		digest := sha256.Sum256([]byte(token))
		tokens[string(role)] = token
		stored = append(stored, store.DemoToken{Role: string(role), Digest: digest[:]})
	}
	return tokens, s.ReplaceDemoTokens(ctx, territoire, stored)
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
