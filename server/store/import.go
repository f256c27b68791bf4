package store

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/paulmach/orb"

	"quietude/server/atelier"
	"quietude/server/fault"
)

// Reference is what a territoire is made of. Voirie, Voies and Reperes may be
// empty: a city can be served without a basemap of its own.
type Reference struct {
	Territoire atelier.Territoire // Quartiers, the count, is not read
	Quartiers  []atelier.Quartier // Territoire is not read
	Voirie     []Voirie
	Voies      []Voie
	Reperes    []Repere
}

// Voirie is one street of the network, for the basemap.
type Voirie struct {
	ID          int
	Nom         string // "" when it has none
	Domanialite string // COM, DEP, NAT, AUT, PRI, NR
	LongueurM   int    // metres, as published
	Geom        orb.MultiLineString
}

// Voie is one entry of the street gazetteer.
type Voie struct {
	ID        string
	Nom       string
	Quartier  string // "" when its point is outside the commune
	LongueurM float32
	Position  orb.Point
}

// Repere is a landmark.
type Repere struct {
	ID       string
	Nom      string
	TypeBien string
	Quartier string
	Adresse  string
	Geom     orb.MultiPolygon
}

// LoadOutcome says what loading a Reference did.
type LoadOutcome struct {
	Created   bool // the territoire was not there before
	Unchanged bool // everything was there already, nothing was written
	Removed   []string
	// Signalements and Markers whose quartier changed with the limits.
	Signalements, Markers int
}

// LoadTerritoire writes a territoire with all that belongs to it, or nothing.
// Loading the same again changes nothing. New limits replace the old ones and
// what was reported finds its quartier anew; a quartier that an atelier, a
// marker or a signalement refers to cannot vanish (Conflict), and quartiers may
// not overlap (Conflict, with the area).
func (s *Store) LoadTerritoire(ctx context.Context, ref Reference) (LoadOutcome, error) {
	var out LoadOutcome
	err := pgx.BeginFunc(ctx, s.pool, func(tx pgx.Tx) (err error) {
		out, err = loadTerritoire(ctx, tx, ref)
		return err
	})
	return out, translate(err)
}

func loadTerritoire(ctx context.Context, tx pgx.Tx, ref Reference) (LoadOutcome, error) {
	code := ref.Territoire.Code
	args := pgx.StrictNamedArgs{"territoire": code}
	if _, err := tx.Exec(ctx, statement("lock_territoire"), args); err != nil {
		return LoadOutcome{}, err
	}
	stored, err := many[atelier.Quartier](ctx, tx, "quartiers", args)
	if err != nil {
		return LoadOutcome{}, err
	}
	out := LoadOutcome{Created: len(stored) == 0}
	tag, err := tx.Exec(ctx, statement("upsert_territoire"), pgx.StrictNamedArgs{
		"territoire": code, "nom": ref.Territoire.Nom, "fuseau": ref.Territoire.Fuseau,
		"emprise": ref.Territoire.Emprise.ToPolygon()})
	if err != nil {
		return LoadOutcome{}, err
	}
	if err := copyBasemap(ctx, tx, ref); err != nil {
		return LoadOutcome{}, err
	}
	if sameQuartiers(stored, ref.Quartiers) {
		out.Unchanged = tag.RowsAffected() == 0 && len(ref.Voirie)+len(ref.Voies)+len(ref.Reperes) == 0
		return out, nil
	}
	if out.Removed, err = removeQuartiers(ctx, tx, code, stored, ref.Quartiers); err != nil {
		return LoadOutcome{}, err
	}
	if err := writeQuartiers(ctx, tx, code, ref.Quartiers); err != nil {
		return LoadOutcome{}, err
	}
	if err := checkOverlaps(ctx, tx, code); err != nil {
		return LoadOutcome{}, err
	}
	if out.Created {
		return out, nil
	}
	out.Markers, out.Signalements, err = relocate(ctx, tx, code)
	return out, err
}

// sameQuartiers compares what is stored with what a file says, in any order.
func sameQuartiers(stored, given []atelier.Quartier) bool {
	byCode := func(a, b atelier.Quartier) int { return cmp.Compare(a.Code, b.Code) }
	given = slices.SortedFunc(slices.Values(given), byCode)
	return slices.EqualFunc(slices.SortedFunc(slices.Values(stored), byCode), given, func(a, b atelier.Quartier) bool {
		return a.Code == b.Code && a.Nom == b.Nom && a.NomCourt == b.NomCourt && a.Geom.Equal(b.Geom)
	})
}

// removeQuartiers deletes those that are stored and not given, unless
// something refers to them.
func removeQuartiers(ctx context.Context, tx pgx.Tx, territoire string, stored, given []atelier.Quartier) ([]string, error) {
	kept := make(map[string]bool, len(given))
	for _, q := range given {
		kept[q.Code] = true
	}
	var gone []string
	for _, q := range stored {
		if !kept[q.Code] {
			gone = append(gone, q.Code)
		}
	}
	if len(gone) == 0 {
		return nil, nil
	}
	type reference struct {
		Code                            string
		Ateliers, Markers, Signalements int
	}
	args := pgx.StrictNamedArgs{"territoire": territoire, "codes": gone}
	used, err := many[reference](ctx, tx, "quartier_references", args)
	if err != nil {
		return nil, err
	}
	if len(used) > 0 {
		var lines []string
		for _, u := range used {
			lines = append(lines, fmt.Sprintf("%s (ateliers : %d, repères : %d, signalements : %d)", u.Code, u.Ateliers, u.Markers, u.Signalements))
		}
		return nil, fault.New(fault.Conflict, "quartier_utilise",
			"Ce fichier fait disparaître des quartiers auxquels des données se rapportent : %s. Gardez leurs codes dans le fichier ; rien n’a été changé.",
			strings.Join(lines, ", ")).At("features")
	}
	_, err = tx.Exec(ctx, statement("delete_quartiers"), args)
	return gone, err
}

func writeQuartiers(ctx context.Context, tx pgx.Tx, territoire string, quartiers []atelier.Quartier) error {
	var b pgx.Batch
	// Names are unique at every moment: two quartiers that exchange theirs
	// would meet halfway.
	b.Queue(statement("park_quartier_names"), pgx.StrictNamedArgs{"territoire": territoire})
	for _, q := range quartiers {
		b.Queue(statement("upsert_quartier"), pgx.StrictNamedArgs{
			"territoire": territoire, "code": q.Code, "nom": q.Nom, "nom_court": q.NomCourt, "geom": q.Geom})
	}
	return tx.SendBatch(ctx, &b).Close()
}

// checkOverlaps refuses quartiers that share more than the imprecision of two
// drawings of one border; see sql/quartier_overlaps.sql.
func checkOverlaps(ctx context.Context, tx pgx.Tx, territoire string) error {
	type overlap struct {
		First, Second string
		SquareMetres  float64
		At            orb.Point
	}
	all, err := many[overlap](ctx, tx, "quartier_overlaps", pgx.StrictNamedArgs{"territoire": territoire})
	if err != nil || len(all) == 0 {
		return err
	}
	var lines []string
	for _, o := range all[:min(len(all), 5)] {
		lines = append(lines, fmt.Sprintf("%s et %s sur %.0f m² (vers %.6f, %.6f)", o.First, o.Second, o.SquareMetres, o.At[0], o.At[1]))
	}
	if len(all) > 5 {
		lines = append(lines, fmt.Sprintf("et %d autres", len(all)-5))
	}
	return fault.New(fault.Conflict, "quartiers_superposes", "Des quartiers se recouvrent : %s.", strings.Join(lines, " ; ")).
		At("features").With("aire_m2", all[0].SquareMetres)
}

// relocate gives markers and signalements the quartier of the new limits, and
// counts those for which it is another one.
func relocate(ctx context.Context, tx pgx.Tx, territoire string) (markers, signalements int, err error) {
	args := pgx.StrictNamedArgs{"territoire": territoire}
	type count struct{ Markers int }
	lost, err := one[count](ctx, tx, "markers_outside_quartiers", args)
	if err != nil {
		return 0, 0, err
	}
	if lost.Markers > 0 {
		return 0, 0, fault.New(fault.Conflict, "reperes_hors_quartiers",
			"Avec ces limites, %d repères d’habitants ne seraient plus dans aucun quartier ; rien n’a été changé.", lost.Markers).At("features")
	}
	moved, err := tx.Exec(ctx, statement("relocate_markers"), args)
	if err != nil {
		return 0, 0, err
	}
	reassigned, err := tx.Exec(ctx, statement("relocate_signalements"), args)
	return int(moved.RowsAffected()), int(reassigned.RowsAffected()), err
}

// copyBasemap replaces the streets and landmarks when some are given.
func copyBasemap(ctx context.Context, tx pgx.Tx, ref Reference) error {
	code := ref.Territoire.Code
	tables := []struct {
		name    string
		columns []string
		rows    [][]any
	}{
		{"voirie", []string{"territoire", "id", "nom", "domanialite", "longueur_m", "geom"}, nil},
		{"voie", []string{"territoire", "id", "nom", "recherche", "quartier", "longueur_m", "geom"}, nil},
		{"repere", []string{"territoire", "id", "nom", "recherche", "type_bien", "quartier", "adresse", "geom"}, nil},
	}
	for _, v := range ref.Voirie {
		tables[0].rows = append(tables[0].rows, []any{code, v.ID, nullable(v.Nom), v.Domanialite, v.LongueurM, v.Geom})
	}
	for _, v := range ref.Voies {
		tables[1].rows = append(tables[1].rows, []any{code, v.ID, v.Nom, atelier.Fold(v.Nom), nullable(v.Quartier), v.LongueurM, v.Position})
	}
	for _, r := range ref.Reperes {
		tables[2].rows = append(tables[2].rows, []any{code, r.ID, r.Nom, atelier.Fold(r.Nom), r.TypeBien, nullable(r.Quartier), nullable(r.Adresse), r.Geom})
	}
	for _, t := range tables {
		if len(t.rows) == 0 {
			continue
		}
		if _, err := tx.Exec(ctx, statement("delete_"+t.name), pgx.StrictNamedArgs{"territoire": code}); err != nil {
			return err
		}
		if _, err := tx.CopyFrom(ctx, pgx.Identifier{t.name}, t.columns, pgx.CopyFromRows(t.rows)); err != nil {
			return fmt.Errorf("copy %s: %w", t.name, err)
		}
	}
	return nil
}

// ImportHead is one file of signalements.
type ImportHead struct {
	Territoire string
	ID         uuid.UUID
	Format     string // dansmarue, csv
}

// ImportTotals is what a file turned out to hold.
type ImportTotals struct {
	Digest []byte // SHA-256 of its content
	Read   int    // rows
}

// ImportSignalements runs fill in one transaction. fill hands signalements over
// in batches and learns how many of each were new: one whose id, or whose
// origin and external id, is stored already is left alone. An error of fill
// leaves the database as it was. again is true when the same content was
// imported before; then nothing is written either.
func (s *Store) ImportSignalements(ctx context.Context, head ImportHead,
	fill func(add func([]atelier.Signalement) (added int, err error)) (ImportTotals, error)) (again bool, err error) {
	err = pgx.BeginFunc(ctx, s.pool, func(tx pgx.Tx) error {
		args := pgx.StrictNamedArgs{"territoire": head.Territoire, "id": head.ID, "format": head.Format, "digest": head.ID[:]}
		for _, name := range []string{"unlimited_statements", "unlimited_pauses"} {
			if _, err := tx.Exec(ctx, statement(name)); err != nil {
				return err
			}
		}
		if _, err := tx.Exec(ctx, statement("insert_import"), args); err != nil {
			return err
		}
		added := 0
		totals, err := fill(func(batch []atelier.Signalement) (int, error) {
			tag, err := tx.Exec(ctx, statement("insert_signalements"), signalementArrays(head, batch))
			if err != nil {
				return 0, translate(err)
			}
			added += int(tag.RowsAffected())
			return int(tag.RowsAffected()), nil
		})
		if err != nil {
			return err
		}
		_, err = tx.Exec(ctx, statement("finish_import"), pgx.StrictNamedArgs{"territoire": head.Territoire, "id": head.ID,
			"digest": totals.Digest, "rows_read": totals.Read, "rows_added": added})
		return err
	})
	if isUnique(err, "signalement_import_territoire_digest_key") {
		return true, nil
	}
	if fault.As(err) != nil {
		return false, err // of fill: what it says of the file is not the database's affair
	}
	return false, translate(err)
}

// signalementArrays turns rows into columns: one statement writes a batch.
func signalementArrays(head ImportHead, batch []atelier.Signalement) pgx.StrictNamedArgs {
	n := len(batch)
	ids, quartiers := make([]uuid.UUID, n), make([]string, n)
	lons, lats, cells := make([]float64, n), make([]float64, n), make([]int64, n)
	themes, subthemes := make([]string, n), make([]string, n)
	from, to := make([]int64, n), make([]int64, n)
	origins, externals := make([]string, n), make([]string, n)
	for i := range batch {
		s := &batch[i]
		ids[i], quartiers[i] = s.ID, s.Quartier
		lons[i], lats[i], cells[i] = s.Position[0], s.Position[1], int64(s.Cell)
		themes[i], subthemes[i] = string(s.Theme), s.Subtheme
		from[i], to[i] = s.OccurredFrom.Unix(), s.OccurredTo.Unix()
		origins[i], externals[i] = s.Origin, s.ExternalID
	}
	return pgx.StrictNamedArgs{"territoire": head.Territoire, "import": head.ID, "ids": ids, "quartiers": quartiers,
		"lons": lons, "lats": lats, "cells": cells, "themes": themes, "subthemes": subthemes,
		"froms": from, "tos": to, "origins": origins, "externals": externals}
}
