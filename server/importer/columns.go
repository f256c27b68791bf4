package importer

import (
	"fmt"
	"strings"

	"quietude/server/atelier"
	"quietude/server/fault"
)

// Mapping names the columns of a CSV file by their headers; an empty name is
// guessed from usual French and English headers. Position is one column that
// holds « latitude, longitude », as open-data portals export it.
type Mapping struct {
	ID, Lon, Lat, Position string
	Date, Heure, DateFin   string
	Theme, SousTheme       string
}

// column is one meaning a column can have: how the person names it and the
// headers by which it is recognised, folded, best first.
type column struct {
	name    string
	chosen  func(*Mapping) string
	headers []string
}

const (
	colID = iota
	colLon
	colLat
	colPosition
	colDate
	colHeure
	colDateFin
	colTheme
	colSousTheme
	columnCount
)

var columns = [columnCount]column{
	colID: {"id", func(m *Mapping) string { return m.ID },
		[]string{"id", "id dmr", "id declaration", "identifiant", "reference", "ref", "numero", "uuid", "objectid"}},
	colLon: {"lon", func(m *Mapping) string { return m.Lon },
		[]string{"lon", "lng", "long", "longitude", "x", "x wgs84", "lon wgs84", "longitude wgs84"}},
	colLat: {"lat", func(m *Mapping) string { return m.Lat },
		[]string{"lat", "latitude", "y", "y wgs84", "lat wgs84", "latitude wgs84"}},
	colPosition: {"position", func(m *Mapping) string { return m.Position },
		[]string{"geo point 2d", "geo point", "geopoint", "coordonnees", "coordonnees gps", "position", "latlon", "lat lon"}},
	colDate: {"date", func(m *Mapping) string { return m.Date },
		[]string{"date", "date debut", "datedecl", "date declaration", "date signalement", "date du signalement", "date heure", "horodatage", "debut", "occurred from", "created at", "datetime", "timestamp"}},
	colHeure: {"heure", func(m *Mapping) string { return m.Heure },
		[]string{"heure", "heure debut", "hour", "time"}},
	colDateFin: {"date-fin", func(m *Mapping) string { return m.DateFin },
		[]string{"date fin", "fin", "occurred to", "end", "end date", "date end"}},
	colTheme: {"theme", func(m *Mapping) string { return m.Theme },
		[]string{"theme", "type", "type declaration", "categorie", "category", "famille", "nature"}},
	colSousTheme: {"sous-theme", func(m *Mapping) string { return m.SousTheme },
		[]string{"sous theme", "soustheme", "sous type", "sous type declaration", "soustype", "sous categorie", "subtheme", "subtype", "subcategory"}},
}

// layout says at which index each meaning is; −1 where the file has none.
type layout [columnCount]int

// guess finds each column by name or by header. The second result counts those
// that were found, which tells a right delimiter from a wrong one.
func (m *Mapping) guess(header []string) (layout, int) {
	folded := make([]string, len(header))
	for i, h := range header {
		folded[i] = atelier.Fold(h)
	}
	var l layout
	found := 0
	for c := range columns {
		l[c] = -1
		wanted := columns[c].headers
		if name := columns[c].chosen(m); name != "" {
			wanted = []string{atelier.Fold(name)}
		}
		for _, w := range wanted {
			if i := indexOf(folded, w); i >= 0 {
				l[c] = i
				found++
				break
			}
		}
	}
	return l, found
}

func indexOf(list []string, s string) int {
	for i, v := range list {
		if v == s {
			return i
		}
	}
	return -1
}

// layout refuses a header in which a needed column is missing, and says which
// columns there are.
func (m *Mapping) layout(header []string) (layout, error) {
	l, _ := m.guess(header)
	var missing []string
	for c := range columns {
		if name := columns[c].chosen(m); name != "" && l[c] < 0 {
			missing = append(missing, fmt.Sprintf("%s (« %s »)", columns[c].name, shown(name)))
		}
	}
	if (l[colLon] < 0 || l[colLat] < 0) && l[colPosition] < 0 {
		missing = append(missing, "lon et lat, ou position")
	}
	for _, c := range []int{colDate, colTheme} {
		if l[c] < 0 && columns[c].chosen(m) == "" {
			missing = append(missing, columns[c].name)
		}
	}
	if len(missing) == 0 {
		return l, nil
	}
	names := make([]string, 0, len(header))
	for _, h := range header[:min(len(header), 30)] {
		names = append(names, "« "+shown(h)+" »")
	}
	return l, fault.New(fault.Unprocessable, "colonne_absente",
		"Ligne 1 : colonne introuvable : %s. Le fichier contient : %s. Indiquez les noms avec --colonne-….",
		strings.Join(missing, ", "), strings.Join(names, ", ")).At("colonnes")
}
