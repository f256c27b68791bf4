// Package data holds the reference data that the program ships: the quartiers,
// streets and landmarks of Chambéry. SOURCES.md says where each file comes
// from and under which licence. The package reads nothing into anything:
// server/importer does.
package data

import (
	"embed"
	"io/fs"
)

//go:embed chambery
var shipped embed.FS

// Chambery gives the files of Chambéry (INSEE 73065), all WGS 84 longitude
// first, UTF-8:
//
//	quartiers_chambery_topo.geojson    the 7 official quartiers, they tile the commune
//	commune_73065.geojson              their union
//	voirie_chambery.geojson            the street network
//	voies_chambery.csv                 the street gazetteer
//	reperes_chambery.geojson           named public buildings
//	communes_savoie_population.csv     inhabitants per commune of Savoie
func Chambery() fs.FS {
	files, err := fs.Sub(shipped, "chambery")
	if err != nil {
		panic(err) // the folder is part of the binary
	}
	return files
}
