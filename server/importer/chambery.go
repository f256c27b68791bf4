package importer

import (
	"context"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"io/fs"
	"strconv"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/geojson"

	"quietude/data"
	"quietude/geo"
	"quietude/server/atelier"
	"quietude/server/store"
)

// Chambéry, the city whose data is shipped.
const (
	Chambery = "73065"
	// Fuseau is the time zone of metropolitan France.
	Fuseau = "Europe/Paris"
)

// surroundingsMetres is how far beyond its quartiers a territoire accepts
// positions: a signalement from the other side of a boundary street counts.
const surroundingsMetres = 500

// Store is what loading a territoire needs.
type Store interface {
	Territoires(ctx context.Context) ([]atelier.Territoire, error)
	LoadTerritoire(ctx context.Context, ref store.Reference) (store.LoadOutcome, error)
}

// LoadChambery loads the shipped city unless it is there already, which
// created tells. Two nodes may do it at once: the second finds it done.
func LoadChambery(ctx context.Context, s Store) (created bool, err error) {
	territoires, err := s.Territoires(ctx)
	if err != nil {
		return false, err
	}
	for _, t := range territoires {
		if t.Code == Chambery {
			return false, nil
		}
	}
	ref, err := readChambery(data.Chambery())
	if err != nil {
		return false, err
	}
	out, err := s.LoadTerritoire(ctx, ref)
	return out.Created, err
}

func readChambery(files fs.FS) (ref store.Reference, err error) {
	if ref, err = chamberyQuartiers(files); err != nil {
		return ref, err
	}
	if ref.Voirie, err = readVoirie(files); err != nil {
		return ref, err
	}
	if ref.Voies, err = readVoies(files); err != nil {
		return ref, err
	}
	ref.Reperes, err = readReperes(files)
	return ref, err
}

func chamberyQuartiers(files fs.FS) (store.Reference, error) {
	f, err := files.Open("quartiers_chambery_topo.geojson")
	if err != nil {
		return store.Reference{}, err
	}
	defer func() { _ = f.Close() }()
	features, err := geo.ReadQuartiers(f, geo.QuartierLimits{})
	if err != nil {
		return store.Reference{}, fmt.Errorf("quartiers of Chambéry: %w", err)
	}
	return reference(Chambery, "Chambéry", Fuseau, features), nil
}

// reference makes a territoire of its quartiers.
func reference(code, nom, fuseau string, features []geo.QuartierFeature) store.Reference {
	ref := store.Reference{Territoire: atelier.Territoire{Code: code, Nom: nom, Fuseau: fuseau}}
	var all orb.MultiPolygon
	for _, f := range features {
		short := f.NomCourt
		if short == "" {
			short = f.Nom
		}
		ref.Quartiers = append(ref.Quartiers, atelier.Quartier{Territoire: code, Code: f.Code, Nom: f.Nom, NomCourt: short, Geom: f.Shape})
		all = append(all, f.Shape...)
	}
	box := geo.Surroundings(all, surroundingsMetres)
	ref.Territoire.Emprise = orb.Bound{Min: geo.Snap(box.Min), Max: geo.Snap(box.Max)}
	return ref
}

func readVoirie(files fs.FS) ([]store.Voirie, error) {
	type properties struct {
		Nom         *string  `json:"nom"`
		Domanialite string   `json:"domanialite"`
		LongueurM   *float64 `json:"longueur_m"`
	}
	var out []store.Voirie
	err := features(files, "voirie_chambery.geojson", func(id json.Number, p properties, g orb.Geometry) error {
		n, err := strconv.Atoi(id.String())
		if err != nil {
			return err
		}
		v := store.Voirie{ID: n, Domanialite: p.Domanialite}
		if p.Nom != nil {
			v.Nom = *p.Nom
		}
		if p.LongueurM != nil {
			v.LongueurM = int(*p.LongueurM)
		}
		switch g := g.(type) {
		case orb.LineString:
			v.Geom = orb.MultiLineString{g}
		case orb.MultiLineString:
			v.Geom = g
		default:
			return fmt.Errorf("unexpected %s", g.GeoJSONType())
		}
		out = append(out, v)
		return nil
	})
	return out, err
}

func readReperes(files fs.FS) ([]store.Repere, error) {
	type properties struct {
		Nom      string  `json:"nom"`
		TypeBien string  `json:"type_bien"`
		Quartier *string `json:"quartier"`
		Adresse  *string `json:"adresse"`
	}
	var out []store.Repere
	err := features(files, "reperes_chambery.geojson", func(id string, p properties, g orb.Geometry) error {
		r := store.Repere{ID: id, Nom: p.Nom, TypeBien: p.TypeBien}
		if p.Quartier != nil {
			r.Quartier = *p.Quartier
		}
		if p.Adresse != nil {
			r.Adresse = *p.Adresse
		}
		polygon, ok := g.(orb.Polygon)
		if !ok {
			return fmt.Errorf("unexpected %s", g.GeoJSONType())
		}
		r.Geom = orb.MultiPolygon{polygon}
		out = append(out, r)
		return nil
	})
	return out, err
}

// features reads a shipped FeatureCollection. These files are part of the
// program; what users send goes through geo.ReadQuartiers.
func features[ID, P any](files fs.FS, name string, each func(ID, P, orb.Geometry) error) error {
	raw, err := fs.ReadFile(files, name)
	if err != nil {
		return err
	}
	var collection struct {
		Features []struct {
			ID         ID               `json:"id"`
			Properties P                `json:"properties"`
			Geometry   geojson.Geometry `json:"geometry"`
		} `json:"features"`
	}
	if err := json.Unmarshal(raw, &collection); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	for i, f := range collection.Features {
		if err := each(f.ID, f.Properties, f.Geometry.Geometry()); err != nil {
			return fmt.Errorf("%s: feature %d: %w", name, i+1, err)
		}
	}
	return nil
}

func readVoies(files fs.FS) ([]store.Voie, error) {
	const name = "voies_chambery.csv" // id_voie,nom,longueur_m,quartier,lon,lat
	f, err := files.Open(name)
	if err != nil {
		return nil, err
	}
	defer func() { _ = f.Close() }()
	rows := csv.NewReader(f)
	rows.FieldsPerRecord = 6
	if _, err := rows.Read(); err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	var out []store.Voie
	for {
		row, err := rows.Read()
		if err == io.EOF {
			return out, nil
		}
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		var numbers [3]float64
		for i, column := range []int{2, 4, 5} {
			if numbers[i], err = strconv.ParseFloat(row[column], 64); err != nil {
				return nil, fmt.Errorf("%s: %s: %w", name, row[0], err)
			}
		}
		out = append(out, store.Voie{ID: row[0], Nom: streetName(row[1]), Quartier: row[3], LongueurM: float32(numbers[0]),
			Position: geo.Snap(orb.Point{numbers[1], numbers[2]})})
	}
}
