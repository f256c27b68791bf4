package api

import (
	"fmt"
	"net/http"

	"github.com/gin-gonic/gin"
	"github.com/paulmach/orb"

	"quietude/geo/hexcube"
	"quietude/geo/hexgrid"
	"quietude/geo/tile"
	"quietude/server/fault"
	"quietude/server/hexmap"
)

func (a *API) tileRoutes() []Route {
	return []Route{
		{Method: http.MethodGet, Path: "/tiles/{layer}.json", Handle: a.tileJSON},
		{Method: http.MethodGet, Path: "/tiles/{layer}/{z}/{x}/{y}.mvt", Handle: a.tile, Heavy: true},
	}
}

const mediaTile = "application/vnd.mapbox-vector-tile"

// layerHexagones is the only layer that is counted; PostGIS draws the others.
const layerHexagones = tile.LayerName

// layers are what TileJSON says of each layer. Above maxzoom a client enlarges
// the deepest tiles; deeper ones are served all the same.
var layers = map[string]struct {
	name             string
	minzoom, maxzoom int
	fields           map[string]string
}{
	layerHexagones: {"Hexagones", 0, 16, map[string]string{
		"h3": "String: H3 cell", "unsafe": "Number: distinct voices that feel unsafe", "safe": "Number: distinct voices that feel safe",
		"markers": "Number: markers", "signalements": "Number: signalements",
		"contested": "Number: percentage, 100 when as many voices say unsafe as safe"}},
	"quartiers": {"Quartiers", 0, 16, map[string]string{"code": "String: code", "nom": "String: name", "nom_court": "String: short name"}},
	"voirie": {"Voirie", 0, 16, map[string]string{"nom": "String: name of the street",
		"domanialite": "String: COM, DEP, NAT, AUT, PRI or NR"}},
	layerEditions: {"Éditions publiées", 0, 16, editionFields},
	"reperes":     {"Repères", 12, 16, map[string]string{"repere": "String: identifier", "nom": "String: name", "type_bien": "String: kind of building"}},
}

type wireTileJSON struct {
	TileJSON     string            `json:"tilejson"`
	Name         string            `json:"name"`
	Attribution  string            `json:"attribution"`
	Scheme       string            `json:"scheme"`
	Tiles        []string          `json:"tiles"`
	MinZoom      int               `json:"minzoom"`
	MaxZoom      int               `json:"maxzoom"`
	Bounds       [4]float64        `json:"bounds"`
	Center       [3]float64        `json:"center"`
	VectorLayers []wireVectorLayer `json:"vector_layers"`
}

type wireVectorLayer struct {
	ID      string            `json:"id"`
	Fields  map[string]string `json:"fields"`
	MinZoom int               `json:"minzoom"`
	MaxZoom int               `json:"maxzoom"`
}

func (a *API) tileJSON(c *gin.Context) error { return a.answerTileJSON(c, c.Param("layer")) }

func (a *API) answerTileJSON(c *gin.Context, id string) error {
	city, err := a.territoire(c)
	if err != nil {
		return err
	}
	layer := layers[id]
	box := city.Emprise
	centre := box.Center()
	return answerTagged(c, mediaJSON, wireTileJSON{
		TileJSON: "3.0.0", Name: layer.name + " – " + city.Nom, Attribution: "© " + city.Nom, Scheme: "xyz",
		Tiles:   []string{fmt.Sprintf("%s/tiles/%s/{z}/{x}/{y}.mvt?territoire=%s", a.address(c), id, city.Code)},
		MinZoom: layer.minzoom, MaxZoom: layer.maxzoom,
		Bounds:       [4]float64{box.Min[0], box.Min[1], box.Max[0], box.Max[1]},
		Center:       [3]float64{centre[0], centre[1], 13},
		VectorLayers: []wireVectorLayer{{id, layer.fields, layer.minzoom, layer.maxzoom}},
	})
}

func (a *API) tile(c *gin.Context) error {
	at, err := tile.ParseCoord(c.Param("z"), c.Param("x"), c.Param("y"))
	if err != nil {
		return fault.New(fault.NotFound, "tuile_inconnue", "Cette tuile n’existe pas.").Because(err)
	}
	layer := c.Param("layer")
	if layer != layerHexagones {
		if err := onlyForHexagones(c); err != nil {
			return err
		}
	}
	city, err := a.territoire(c)
	if err != nil {
		return err
	}
	if layer == layerHexagones {
		return a.hexagoneTile(c, city, at)
	}
	return a.drawnTile(c, city, layer, at)
}

// onlyForHexagones refuses filters that a layer would silently ignore.
func onlyForHexagones(c *gin.Context) error {
	for name := range c.Request.URL.Query() {
		if name != "territoire" {
			return fault.New(fault.Invalid, "parametre_inconnu", "Ce paramètre n’existe que pour les hexagones.").At(name)
		}
	}
	return nil
}

// overlaps reports whether a tile with its buffer shows any of the territoire.
func overlaps(at tile.Coord, emprise orb.Bound) bool { return at.BufferedBounds().Intersects(emprise) }

func (a *API) drawnTile(c *gin.Context, city *hexmap.City, layer string, at tile.Coord) error {
	c.Header("Cache-Control", "public, max-age=3600")
	c.Header("Vary", "Accept-Encoding")
	if !overlaps(at, city.Emprise) {
		c.Status(http.StatusNoContent)
		return nil
	}
	key := tileKey{layer, city.Code, city.Revision, at}
	kept, ok := a.drawn.get(key, a.Now())
	if !ok {
		body, err := a.Store.Tile(c.Request.Context(), city.Code, layer, at)
		if err != nil {
			return err
		}
		kept.body, kept.tag = body, contentTag(body)
		a.drawn.put(key, kept.body, kept.tag, a.Now())
	}
	return answerTile(c, kept.body, kept.tag)
}

func answerTile(c *gin.Context, body []byte, tag string) error {
	switch {
	case NotModified(c, tag):
	case len(body) == 0:
		c.Status(http.StatusNoContent)
	default:
		sendOnce(c, mediaTile, tag, body)
	}
	return nil
}

func (a *API) hexagoneTile(c *gin.Context, city *hexmap.City, at tile.Coord) error {
	filter, err := readFilter(c, city)
	if err != nil {
		return err
	}
	if filter.Quartier = c.Query("quartier"); filter.Quartier != "" {
		if _, ok := city.Area(filter.Quartier); !ok {
			return fault.New(fault.NotFound, "quartier_inconnu", "Ce quartier n’existe pas.").At("quartier")
		}
	}
	c.Header("Cache-Control", hexagonCaching)
	c.Header("Vary", "Accept-Encoding")
	// A hexagon of the territoire may reach some way beyond its box; those of
	// the lowest zooms are as large as the tiles.
	if !overlaps(at, city.Emprise.Pad(reach(at))) {
		c.Status(http.StatusNoContent)
		return nil
	}
	view, err := a.Maps.View(c.Request.Context(), city.Code)
	if err != nil {
		return err
	}
	usual := tile.ResolutionFor(at.Z)
	resolution := hexgrid.Resolution(intQuery(c, "resolution", int(usual)))
	query, ok := view.Query(filter, resolution)
	if !ok {
		c.Status(http.StatusNoContent)
		return nil
	}
	if resolution == usual {
		query.Ranges = a.coverer.Ranges(at)
	}
	tag := contentTag(fmt.Appendf(nil, "%s %v", viewTag(view, query), at))
	if NotModified(c, tag) {
		a.keep(c, city.Code, view, query, tag, mediaTile, nil, false)
		return nil
	}
	if err := c.Request.Context().Err(); err != nil {
		return err // the client has left while it waited for its turn
	}
	counts, err := view.Counts(query)
	if err != nil {
		return err
	}
	body := a.encoder.EncodeHexagons(at, tileHexagons(counts))
	a.keep(c, city.Code, view, query, tag, mediaTile, body, true)
	return answerTile(c, body, tag)
}

// reach is how far, in degrees, hexagons shown at a zoom may stand out of the
// box that holds their positions: a tile's width is several hexagons, and never
// less than the largest hexagon that a client may ask for (resolution 5, 20 km).
func reach(at tile.Coord) float64 {
	box := at.Bounds()
	return max(box.Max[0]-box.Min[0], 0.5)
}

func tileHexagons(counts []hexcube.Count) []tile.Hexagon {
	out := make([]tile.Hexagon, len(counts))
	for i, n := range counts {
		out[i] = tile.Hexagon{Cell: n.Cell, Unsafe: n.Unsafe, Safe: n.Safe, Markers: n.Markers(), Signalements: n.Signalements}
	}
	return out
}
