package importer

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strings"
	"time"
	_ "time/tzdata" // a small server may have no time zones of its own
	"unicode/utf8"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/planar"
	"golang.org/x/text/unicode/norm"

	"quietude/geo"
	"quietude/geo/hexgrid"
	"quietude/server/fault"
	"quietude/server/store"
)

// TerritoireReport says what a file of quartiers led to.
type TerritoireReport struct {
	Code, Nom string
	Quartiers int
	store.LoadOutcome
}

// ImportTerritoire loads the quartiers of a commune from a GeoJSON
// FeatureCollection of Polygons and MultiPolygons with the properties code and
// nom (and nom_court), lon/lat WGS 84. Everything is written, or nothing. The
// same file again changes nothing; another one replaces the limits, unless a
// quartier that is in use would vanish (Conflict).
func ImportTerritoire(ctx context.Context, s Store, code, nom, fuseau string, r io.Reader) (TerritoireReport, error) {
	nom = strings.Join(strings.Fields(norm.NFC.String(nom)), " ")
	if err := checkCommune(code, nom, fuseau); err != nil {
		return TerritoireReport{}, err
	}
	features, err := readFeatures(r)
	if err != nil {
		return TerritoireReport{}, err
	}
	for i, f := range features {
		if err := checkQuartier(code, f); err != nil {
			return TerritoireReport{}, refuseFeature(inFeature(err, i+1), f.Code)
		}
		if err := checkHexagons(i+1, f); err != nil {
			return TerritoireReport{}, err
		}
	}
	if err := checkTogether(features); err != nil {
		return TerritoireReport{}, err
	}
	out, err := s.LoadTerritoire(ctx, reference(code, nom, fuseau, features))
	return TerritoireReport{Code: code, Nom: nom, Quartiers: len(features), LoadOutcome: out}, err
}

var inseePattern = regexp.MustCompile(`^[0-9][0-9AB][0-9]{3}$`)

func checkCommune(code, nom, fuseau string) error {
	if !inseePattern.MatchString(code) {
		return fault.New(fault.Invalid, "code_insee", "« %s » n’est pas un code INSEE de commune (cinq caractères, par exemple 73065).", code).At("code")
	}
	if nom == "" || utf8.RuneCountInString(nom) > geo.MaxNameRunes || !utf8.ValidString(nom) || strings.ContainsRune(nom, 0) {
		return fault.New(fault.Invalid, "nom_commune", "Donnez le nom de la commune, en %d caractères au plus.", geo.MaxNameRunes).At("nom")
	}
	if _, err := time.LoadLocation(fuseau); err != nil || fuseau == "" || fuseau == "Local" {
		return fault.New(fault.Invalid, "fuseau_inconnu", "Le fuseau horaire « %s » est inconnu (par exemple Europe/Paris).", fuseau).At("fuseau")
	}
	return nil
}

// readFeatures keeps what it has read until it knows that it is good: a
// refusal also names the code of the feature, which may come after the fault.
func readFeatures(r io.Reader) ([]geo.QuartierFeature, error) {
	var seen bytes.Buffer
	features, err := geo.ReadQuartiers(io.TeeReader(r, &seen), geo.QuartierLimits{})
	if err == nil {
		return features, nil
	}
	code := ""
	var invalid *geo.Invalid
	if errors.As(err, &invalid) && invalid.Feature > 0 {
		const lookAhead = 1 << 20
		code = codeOf(io.MultiReader(&seen, io.LimitReader(r, lookAhead)), invalid.Feature)
	}
	return nil, refuseFeature(err, code)
}

// codeOf looks for the code of the n-th feature, counted from 1; "" when it
// cannot be read.
func codeOf(r io.Reader, n int) string {
	decoder := json.NewDecoder(r)
	for key := ""; key != "features"; {
		token, err := decoder.Token()
		if err != nil {
			return ""
		}
		key, _ = token.(string)
	}
	if opening, err := decoder.Token(); err != nil || opening != json.Delim('[') {
		return ""
	}
	for ; n > 0 && decoder.More(); n-- {
		var feature struct {
			Properties struct {
				Code any `json:"code"`
			} `json:"properties"`
		}
		if err := decoder.Decode(&feature); err != nil {
			return ""
		}
		if n == 1 {
			return shown(fmt.Sprint(feature.Properties.Code))
		}
	}
	return ""
}

// shown makes a sender's short text fit for a line of a terminal or a log.
func shown(s string) string {
	const longest = 60
	s = strings.Map(func(r rune) rune {
		if r < ' ' || r == utf8.RuneError || r == 0x7f || r >= 0x202A && r <= 0x202E || r >= 0x2066 && r <= 0x2069 {
			return '·'
		}
		return r
	}, strings.ToValidUTF8(s, "·"))
	if s == "<nil>" {
		return ""
	}
	if runes := []rune(s); len(runes) > longest {
		return string(runes[:longest]) + "…"
	}
	return s
}

func inFeature(err error, n int) error {
	var e *geo.Invalid
	if !errors.As(err, &e) {
		return err
	}
	c := *e
	c.Feature = n
	return &c
}

// codePattern is what the database keeps.
var codePattern = regexp.MustCompile(`^[A-Z0-9_-]{1,12}$`)

// metropolitan France with a margin, degrees.
var metropolitan = geo.Extent{Min: orb.Point{-5.5, 41.0}, Max: orb.Point{10.0, 51.5}}

// checkQuartier holds what a file alone cannot know: the codes that we keep and
// the part of the world.
func checkQuartier(commune string, f geo.QuartierFeature) error {
	if !codePattern.MatchString(f.Code) {
		return &geo.Invalid{Reason: geo.InvalidCode, Field: "properties.code", Value: f.Code}
	}
	// Overseas communes have codes that begin with 97 or 98.
	if !strings.HasPrefix(commune, "97") && !strings.HasPrefix(commune, "98") {
		return metropolitan.Check(f.Shape)
	}
	return nil
}

// hexagonSquareMetres is about the area of a hexagon of the stored resolution.
const hexagonSquareMetres = 2070

// checkHexagons refuses a sliver that holds no centre of a stored hexagon: it
// could never be counted on the map. An area of more than a thousand hexagons
// is none, and is not looked at.
func checkHexagons(n int, f geo.QuartierFeature) error {
	if geo.AreaSquareMetres(f.Shape) > 1000*hexagonSquareMetres {
		return nil
	}
	for _, part := range f.Shape {
		cells, err := hexgrid.Cover(part, hexgrid.Stored)
		if err != nil {
			return err
		}
		for _, c := range cells {
			if planar.PolygonContains(part, c.Centre()) {
				return nil
			}
		}
	}
	at := geo.Anchor(f.Shape)
	return fault.New(fault.Unprocessable, "surface_sans_hexagone",
		"Quartier n° %d (code « %s ») : il est trop étroit pour la carte, aucun hexagone n’y a son centre, en %.7f, %.7f.", n, f.Code, at[0], at[1]).
		With("objet", n).With("quartier", f.Code)
}

// widestMetres is more than the width of any commune.
const widestMetres = 120_000

// checkTogether refuses quartiers that cannot be one commune's.
func checkTogether(features []geo.QuartierFeature) error {
	box := features[0].Shape.Bound()
	for i, f := range features {
		box = box.Union(f.Shape.Bound())
		corner := orb.LineString{box.Min, box.Max}
		if geo.LengthMetres(corner) > widestMetres {
			return fault.New(fault.Unprocessable, "hors_territoire",
				"Quartier n° %d (code « %s ») : il est à plus de %d km des précédents, donc hors de la ville.", i+1, f.Code, widestMetres/1000).
				With("objet", i+1).With("quartier", f.Code)
		}
	}
	return nil
}
