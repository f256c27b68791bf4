package main

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"

	"quietude/server/auth"
	"quietude/server/fault"
)

// secretFile holds the service's secret beside the private database, readable
// by its owner only. A backup of the database alone cannot open what it seals.
const secretFile = "secret"

// secret is the service's own: the one it was given; or that of the data folder,
// drawn at the first start; or, for trying with a database of others, one that
// the database itself holds.
func (c Config) secret(ctx context.Context, db *database) ([]byte, error) {
	switch {
	case c.Secret != "":
		return []byte(c.Secret), nil
	case db.cluster == nil:
		return db.Secret(ctx, "service")
	}
	path := filepath.Join(c.Data, secretFile)
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		text = []byte(auth.NewSecret())
		err = os.WriteFile(path, text, 0o600)
	}
	if err != nil {
		return nil, fault.New(fault.Unavailable, "secret_illisible", "Le fichier %s ne peut être ni lu ni écrit.", path).Because(err)
	}
	if len(text) < auth.MinSecret {
		return nil, fault.New(fault.Unavailable, "secret_abime", "Le fichier %s est abîmé : reprenez-le d’une sauvegarde. Sans lui, les seconds facteurs sont à refaire.", path)
	}
	return text, nil
}
