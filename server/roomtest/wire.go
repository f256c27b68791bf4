package roomtest

import (
	"encoding/json"
	"fmt"
	"math"
	"time"

	"github.com/google/uuid"
)

// Position is lon, lat in degrees (EPSG:4326).
type Position [2]float64

// Geometry is what a resident draws: one point, or the closed ring of a zone.
type Geometry struct {
	Zone bool
	Ring []Position // a point has one position
}

// PointAt is the geometry of a point.
func PointAt(p Position) *Geometry { return &Geometry{Ring: []Position{p}} }

// ZoneOf is the geometry of a zone with these corners, closed here.
func ZoneOf(corners ...Position) *Geometry {
	return &Geometry{Zone: true, Ring: append(append([]Position(nil), corners...), corners[0])}
}

// MarshalJSON writes GeoJSON.
func (g Geometry) MarshalJSON() ([]byte, error) {
	if g.Zone {
		return json.Marshal(map[string]any{"type": "Polygon", "coordinates": [][]Position{g.Ring}})
	}
	return json.Marshal(map[string]any{"type": "Point", "coordinates": g.Ring[0]})
}

// UnmarshalJSON reads GeoJSON.
func (g *Geometry) UnmarshalJSON(data []byte) error {
	var raw struct {
		Type        string
		Coordinates json.RawMessage
	}
	if err := json.Unmarshal(data, &raw); err != nil {
		return err
	}
	switch raw.Type {
	case "Point":
		g.Zone, g.Ring = false, make([]Position, 1)
		return json.Unmarshal(raw.Coordinates, &g.Ring[0])
	case "Polygon":
		var rings [][]Position
		if err := json.Unmarshal(raw.Coordinates, &rings); err != nil || len(rings) != 1 {
			return fmt.Errorf("a zone with %d rings: %w", len(rings), err)
		}
		g.Zone, g.Ring = true, rings[0]
		return nil
	}
	return fmt.Errorf("geometry of type %q", raw.Type)
}

// units gives a position in whole units of 1e-7 degree, the grid of the
// service.
func (p Position) units() [2]int64 {
	return [2]int64{int64(math.Round(p[0] * 1e7)), int64(math.Round(p[1] * 1e7))}
}

// sameShape reports whether two geometries have the same corners. The service
// may begin a ring elsewhere and turn it the other way round.
func (g *Geometry) sameShape(o *Geometry) bool {
	if g == nil || o == nil || g.Zone != o.Zone {
		return g == o
	}
	corners := func(g *Geometry) map[[2]int64]bool {
		set := map[[2]int64]bool{}
		for _, p := range g.Ring {
			set[p.units()] = true
		}
		return set
	}
	a, b := corners(g), corners(o)
	for c := range a {
		if !b[c] {
			return false
		}
	}
	return len(a) == len(b)
}

// Attributes are the described circumstances of a marker, by name; a null
// clears.
type Attributes map[string]any

// Operation is what a device sends.
type Operation struct {
	ID         uuid.UUID  `json:"id"`
	Kind       string     `json:"kind"`
	Marker     *uuid.UUID `json:"marker,omitempty"`
	Base       *int64     `json:"base,omitempty"`
	Undo       bool       `json:"undo,omitempty"`
	At         *time.Time `json:"at,omitempty"`
	Geometry   *Geometry  `json:"geometry,omitempty"`
	Felt       string     `json:"felt,omitempty"`
	Attributes Attributes `json:"attributes,omitempty"`
	Step       *int       `json:"step,omitempty"`
	Minutes    int        `json:"minutes,omitempty"`
	Table      int        `json:"table,omitempty"`
	Shared     *bool      `json:"shared,omitempty"`
}

// Problem is an error of the service (RFC 9457).
type Problem struct {
	Status int    `json:"status"`
	Code   string `json:"code"`
	Detail string `json:"detail"`
	Field  string `json:"field"`
}

func (p *Problem) Error() string { return fmt.Sprintf("%d %s: %s", p.Status, p.Code, p.Detail) }

// Receipt answers one operation.
type Receipt struct {
	Op      uuid.UUID `json:"op"`
	Seq     int64     `json:"seq,omitempty"`
	Again   bool      `json:"again,omitempty"`
	Over    int64     `json:"over,omitempty"`
	Problem *Problem  `json:"problem,omitempty"`
}

// Entry is one line of the log as a reader receives it.
type Entry struct {
	Seq        int64       `json:"seq"`
	ID         uuid.UUID   `json:"id"`
	Kind       string      `json:"kind"`
	At         time.Time   `json:"at"`
	Marker     uuid.UUID   `json:"marker"`
	Author     uuid.UUID   `json:"author"`
	Table      int         `json:"table"`
	Undo       bool        `json:"undo"`
	Geometry   *Geometry   `json:"geometry"`
	Felt       string      `json:"felt"`
	Attributes Attributes  `json:"attributes"`
	State      *MarkerView `json:"state"`
	Step       *int        `json:"step"`
	Shared     *bool       `json:"shared"`
	Hash       string      `json:"hash"`
	Resync     bool        `json:"resync"`
}

// MarkerView is a marker as a reader holds it.
type MarkerView struct {
	ID         uuid.UUID  `json:"id"`
	Author     uuid.UUID  `json:"author"`
	Table      int        `json:"table"`
	Felt       string     `json:"felt"`
	Geometry   *Geometry  `json:"geometry"`
	Attributes Attributes `json:"attributes"`
	Seq        int64      `json:"seq"`
	Deleted    bool       `json:"deleted"`
	Hidden     bool       `json:"hidden"`
}

// Room is what a reader knows of the evening itself.
type Room struct {
	State      string      `json:"state"`
	Step       int         `json:"step"`
	Shared     bool        `json:"shared"`
	FrozenHash string      `json:"frozen_hash"`
	Tables     []TableView `json:"tables"`
}

// TableView is a table of the room.
type TableView struct {
	Numero int    `json:"numero"`
	Open   bool   `json:"open"`
	Code   string `json:"code"`
}

// Snapshot is the room at one number.
type Snapshot struct {
	Seq     int64        `json:"seq"`
	Room    Room         `json:"room"`
	Markers []MarkerView `json:"markers"`
	Hash    string       `json:"hash"`
}

// Seat is what joining gives.
type Seat struct {
	Token       string    `json:"token"`
	Participant uuid.UUID `json:"participant"`
	Table       struct {
		Numero  int `json:"numero"`
		Atelier struct {
			ID uuid.UUID `json:"id"`
		} `json:"atelier"`
	} `json:"table"`
}

// Atelier is the part of an atelier that a test needs.
type Atelier struct {
	ID         uuid.UUID   `json:"id"`
	Quartier   string      `json:"quartier"`
	State      string      `json:"state"`
	Seq        int64       `json:"seq"`
	FrozenHash string      `json:"frozen_hash"`
	Tables     []TableView `json:"tables"`
}

// Presence counts the devices connected to a room.
type Presence struct {
	Tables []struct {
		Numero  int `json:"numero"`
		Devices int `json:"devices"`
	} `json:"tables"`
	Staff int `json:"staff"`
}
