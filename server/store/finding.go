package store

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/paulmach/orb"

	"quietude/server/atelier"
	"quietude/server/fault"
)

// Organisations lists those of a territoire, by name, archived ones last.
func (s *Store) Organisations(ctx context.Context, territoire string) ([]atelier.Organisation, error) {
	return many[atelier.Organisation](ctx, s.pool, "organisations", pgx.StrictNamedArgs{"territoire": territoire})
}

// PutOrganisation stores an organisation, new or changed; a name that another
// one has is a Conflict.
func (s *Store) PutOrganisation(ctx context.Context, o atelier.Organisation) error {
	_, err := s.pool.Exec(ctx, statement("upsert_organisation"), pgx.StrictNamedArgs{"territoire": o.Territoire, "id": o.ID,
		"nom": o.Nom, "kind": o.Kind, "archived": o.Archived, "demo": o.Demo, "email": o.Email})
	if isUnique(err, "organisation_territoire_nom_key") {
		return fault.New(fault.Conflict, "nom_pris", "Une organisation porte déjà ce nom.").At("nom").Because(err)
	}
	return translate(err)
}

// FindingFilter narrows a list of findings; zero values don't.
type FindingFilter struct {
	Quartier string
	Atelier  uuid.UUID
	ID       uuid.UUID
}

type findingRow struct {
	Territoire string
	ID         uuid.UUID
	Atelier    uuid.UUID
	Quartier   string
	Rang       int
	Titre      string
	Detail     string
	Themes     []string
	Tables     []int
	Geom       orb.Geometry
	Withdrawn  bool
	Version    int
	CreatedAt  time.Time
	UpdatedAt  time.Time
	Remarks    []uuid.UUID
	Markers    []uuid.UUID
	Actions    []uuid.UUID
	Dots       int
	Voters     int
	Answered   bool
}

func (r findingRow) domain() atelier.Finding {
	f := atelier.Finding{Territoire: r.Territoire, ID: r.ID, Atelier: r.Atelier, Quartier: r.Quartier, Rang: r.Rang,
		Titre: r.Titre, Detail: r.Detail, Tables: r.Tables, Geometry: r.Geom, Withdrawn: r.Withdrawn, Version: r.Version,
		CreatedAt: r.CreatedAt, UpdatedAt: r.UpdatedAt, Remarks: r.Remarks, Markers: r.Markers, Actions: r.Actions,
		Dots: r.Dots, Voters: r.Voters, Answered: r.Answered}
	for _, t := range r.Themes {
		f.Themes = append(f.Themes, atelier.Theme(t))
	}
	return f
}

// statesThat lists the states of which a rule of the domain is true.
func statesThat(rule func(atelier.ActionState) bool) []string {
	var out []string
	for _, s := range atelier.ActionStates {
		if rule(s) {
			out = append(out, string(s))
		}
	}
	return out
}

// Findings lists the findings of a territoire, withdrawn ones included, by
// atelier and rank, with what may be shown of their texts.
func (s *Store) Findings(ctx context.Context, territoire string, f FindingFilter) ([]atelier.Finding, error) {
	all, err := findings(ctx, s.pool, territoire, f)
	if err != nil {
		return nil, err
	}
	return all, s.ClearFindings(ctx, territoire, all)
}

func findings(ctx context.Context, q querier, territoire string, f FindingFilter) ([]atelier.Finding, error) {
	rows, err := many[findingRow](ctx, q, "findings", pgx.StrictNamedArgs{"territoire": territoire,
		"quartier": nullable(f.Quartier), "atelier": nullUUID(f.Atelier), "id": nullUUID(f.ID),
		"answering": statesThat(atelier.ActionState.Answers)})
	out := make([]atelier.Finding, len(rows))
	for i, r := range rows {
		out[i] = r.domain()
	}
	return out, err
}

var errClosed = fault.New(fault.Conflict, "atelier_clos", "L’atelier est clos : plus rien ne peut y être changé.")

// errOvertaken says that somebody else changed the object meanwhile; the
// caller adds it as it is stored.
func errOvertaken(stored any) error {
	return fault.New(fault.Conflict, "version_depassee",
		"Quelqu’un d’autre a modifié cet élément entre-temps. Relisez-le avant de reprendre votre modification.").
		At("base").With("stored", stored)
}

// PutFinding stores a finding of an open atelier: a new one when base is 0, else
// the change of what had that version. The same content again is taken for the
// same request. Territoire and Atelier name the room, whose quartier it gets.
// Its texts are given as they were written.
func (s *Store) PutFinding(ctx context.Context, f atelier.Finding, base int) (stored atelier.Finding, created bool, err error) {
	err = pgx.BeginFunc(ctx, s.pool, func(tx pgx.Tx) error {
		room, err := lockRoom(ctx, tx, f.Territoire, f.Atelier)
		if err != nil {
			return err
		}
		if room.State == "closed" {
			return errClosed
		}
		f.Quartier = room.Quartier
		args := pgx.StrictNamedArgs{"territoire": f.Territoire, "id": f.ID, "atelier": f.Atelier, "rang": f.Rang,
			"titre": f.Titre, "detail": f.Detail, "themes": themeTexts(f.Themes), "tables": smallints(f.Tables),
			"remarks": emptyNotNil(f.Remarks), "geom": f.Geometry, "withdrawn": f.Withdrawn}
		statementName := "insert_finding"
		if base == 0 {
			args["quartier"] = f.Quartier
		} else {
			statementName = "update_finding"
			args["base"] = base
		}
		tag, err := tx.Exec(ctx, statement(statementName), args)
		if err != nil {
			return err
		}
		if tag.RowsAffected() == 0 {
			all, err := findings(ctx, tx, f.Territoire, FindingFilter{ID: f.ID})
			if err != nil {
				return err
			}
			if len(all) == 0 || all[0].Atelier != f.Atelier {
				return fault.New(fault.NotFound, "constat_inconnu", "Ce constat n’existe pas.")
			}
			if stored = all[0]; !sameFinding(stored, f) {
				return errOvertaken(stored)
			}
			return nil
		}
		created = base == 0
		for name, ids := range map[string][]uuid.UUID{"replace_finding_remarks": f.Remarks, "replace_finding_markers": f.Markers} {
			if _, err := tx.Exec(ctx, statement(name), pgx.StrictNamedArgs{
				"territoire": f.Territoire, "finding": f.ID, "atelier": f.Atelier, "ids": emptyNotNil(ids)}); err != nil {
				return err
			}
		}
		all, err := findings(ctx, tx, f.Territoire, FindingFilter{ID: f.ID})
		if err == nil && len(all) == 1 {
			stored = all[0]
		}
		return err
	})
	return stored, created, unknownLink(err)
}

// sameFinding reports whether a request that came too late is one that was
// served already. Tables may be more than sent: those of the remarks.
func sameFinding(stored, sent atelier.Finding) bool {
	return stored.Titre == sent.Titre && stored.Detail == sent.Detail && stored.Rang == sent.Rang &&
		stored.Withdrawn == sent.Withdrawn && slices.Equal(stored.Themes, sent.Themes) &&
		slices.Equal(stored.Remarks, sent.Remarks) && slices.Equal(stored.Markers, sent.Markers) &&
		sameGeometry(stored.Geometry, sent.Geometry) &&
		!slices.ContainsFunc(sent.Tables, func(n int) bool { return !slices.Contains(stored.Tables, n) })
}

func sameGeometry(a, b orb.Geometry) bool {
	if a == nil || b == nil {
		return a == nil && b == nil
	}
	return orb.Equal(a, b)
}

func themeTexts(themes []atelier.Theme) []string {
	out := make([]string, len(themes))
	for i, t := range themes {
		out[i] = string(t)
	}
	return out
}

func smallints(ns []int) []int16 {
	out := make([]int16, len(ns))
	for i, n := range ns {
		out[i] = int16(n)
	}
	return out
}

// unknownLink turns a link to what does not exist in that territoire or room
// into a fault that names the member.
func unknownLink(err error) error {
	var pg *pgconn.PgError
	if !errors.As(err, &pg) || pg.Code != "23503" {
		return translate(err)
	}
	for _, member := range []string{"remark", "marker", "finding", "pilote", "organisation", "quartier"} {
		if strings.HasSuffix(pg.ConstraintName, "_"+member+"_fkey") {
			field := member
			switch member {
			case "remark", "marker", "finding":
				field += "s"
			case "organisation":
				field = "partners"
			}
			return fault.New(fault.Unprocessable, "lien_inconnu", "Un des éléments liés n’existe pas ici.").At(field).Because(err)
		}
	}
	return translate(err)
}

// lockRoom takes the lock of a room's row, which orders whoever writes to it.
func lockRoom(ctx context.Context, tx pgx.Tx, territoire string, id uuid.UUID) (lockedRow, error) {
	row, err := one[lockedRow](ctx, tx, "lock_atelier", pgx.StrictNamedArgs{"territoire": territoire, "id": id})
	return row, noAtelier(err)
}
