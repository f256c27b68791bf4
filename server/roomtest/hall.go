package roomtest

import (
	"context"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"net/http"
	"time"

	"github.com/google/uuid"
)

// Hall is one evening: an atelier in a quartier, and a disc inside that
// quartier where people draw.
type Hall struct {
	Staff   *Client
	Atelier Atelier
	// Start is the room before its first entry.
	Start  Room
	centre Position
	radius float64 // degrees of latitude
}

// OpenHall prepares an atelier with tables in the first quartier that a server
// lists; cookie is the session of an animateur, base the server's address or
// that of something before it.
func OpenHall(ctx context.Context, base, cookie string, tables int) (*Hall, error) {
	h := &Hall{Staff: NewClient(base)}
	h.Staff.Cookie = cookie
	var quartiers struct {
		Features []struct {
			Geometry   struct{ Coordinates [][][]Position }
			Properties struct{ Code, Territoire string }
		}
	}
	if err := h.Staff.call(ctx, http.MethodGet, "/api/v1/quartiers", nil, &quartiers); err != nil {
		return nil, err
	}
	if len(quartiers.Features) == 0 {
		return nil, errors.New("the server has no quartier")
	}
	first := quartiers.Features[0]
	if h.centre, h.radius = roomiest(first.Geometry.Coordinates); h.radius == 0 {
		return nil, errors.New("no place inside the quartier")
	}
	err := h.Staff.call(ctx, http.MethodPost, "/api/v1/ateliers?territoire="+first.Properties.Territoire, map[string]any{
		"id": uuid.New(), "quartier": first.Properties.Code, "titre": "Soirée d’essai", "tables": tables,
		"starts_at": time.Now().UTC().Format(time.RFC3339)}, &h.Atelier)
	if err != nil {
		return nil, err
	}
	s, err := h.Staff.Snapshot(ctx, h.Atelier.ID)
	h.Start = s.Room
	return h, err
}

// Code opens a table, counted from 0 and around.
func (h *Hall) Code(table int) string { return h.Atelier.Tables[table%len(h.Atelier.Tables)].Code }

// Somewhere is a position inside the quartier, at least 60 m from its border,
// so that a zone around it stays inside.
func (h *Hall) Somewhere(r *rand.Rand) Position {
	angle, distance := 2*math.Pi*r.Float64(), h.radius*math.Sqrt(r.Float64())
	p := Position{h.centre[0] + distance*math.Cos(angle)/math.Cos(h.centre[1]*math.Pi/180), h.centre[1] + distance*math.Sin(angle)}
	u := p.units()
	return Position{float64(u[0]) / 1e7, float64(u[1]) / 1e7}
}

// roomiest finds, on a grid, the position of a multipolygon that is farthest
// from its border, and half of that distance in degrees of latitude.
func roomiest(polygons [][][]Position) (Position, float64) {
	const steps = 40
	west, south, east, north := math.Inf(1), math.Inf(1), math.Inf(-1), math.Inf(-1)
	for _, polygon := range polygons {
		for _, p := range polygon[0] {
			west, east, south, north = min(west, p[0]), max(east, p[0]), min(south, p[1]), max(north, p[1])
		}
	}
	var best Position
	var widest float64
	for i := range steps {
		for k := range steps {
			p := Position{west + (east-west)*(float64(i)+.5)/steps, south + (north-south)*(float64(k)+.5)/steps}
			if d := clearance(polygons, p); d > widest {
				best, widest = p, d
			}
		}
	}
	return best, widest / 2
}

// clearance is the distance to the border of the area that holds p, in degrees
// of latitude; 0 outside.
func clearance(polygons [][][]Position, p Position) float64 {
	inside, nearest := false, math.Inf(1)
	flat := math.Cos(p[1] * math.Pi / 180)
	for _, polygon := range polygons {
		for _, ring := range polygon {
			for i := 1; i < len(ring); i++ {
				a, b := ring[i-1], ring[i]
				if (a[1] > p[1]) != (b[1] > p[1]) && p[0] < a[0]+(b[0]-a[0])*(p[1]-a[1])/(b[1]-a[1]) {
					inside = !inside
				}
				ax, ay, bx, by := (a[0]-p[0])*flat, a[1]-p[1], (b[0]-p[0])*flat, b[1]-p[1]
				along := 0.0
				if length := (bx-ax)*(bx-ax) + (by-ay)*(by-ay); length > 0 {
					along = max(0, min(1, -(ax*(bx-ax)+ay*(by-ay))/length))
				}
				nearest = min(nearest, math.Hypot(ax+along*(bx-ax), ay+along*(by-ay)))
			}
		}
	}
	if !inside {
		return 0
	}
	return nearest
}

// Direct writes one operation of the animateur until it is answered, and
// records it.
func (h *Hall) Direct(ctx context.Context, j *Journal, op Operation) (Receipt, error) {
	op.ID = uuid.New()
	for wait := newBackoff(); ; wait.next() {
		j.Ask("animateur", op.ID, op)
		receipts, err := h.Staff.Write(ctx, h.Atelier.ID, []Operation{op})
		if err == nil {
			j.Answer(receipts[0])
			return receipts[0], nil
		}
		if !passes(err) {
			return Receipt{}, err
		}
		if err := wait.sleep(ctx, err); err != nil {
			return Receipt{}, err
		}
	}
}

// Share lets tables see each other, or not.
func (h *Hall) Share(ctx context.Context, j *Journal, shared bool) error {
	_, err := h.Direct(ctx, j, Operation{Kind: "share", Shared: &shared})
	return err
}

// Evidence reads back everything once all devices have reached the end of the
// log, and ends when ctx does.
func (h *Hall) Evidence(ctx context.Context, j *Journal, devices []*Device) (Evidence, error) {
	log, err := h.Staff.Log(ctx, h.Atelier.ID, 0)
	if err != nil {
		return Evidence{}, fmt.Errorf("read the log back: %w", err)
	}
	e := Evidence{Acts: j.Acts(), Log: log, Start: h.Start}
	for _, d := range devices {
		if err := d.Await(ctx, int64(len(log))); err != nil {
			return e, err
		}
		v, err := d.View(ctx, h.Staff.Base)
		if err != nil {
			return e, err
		}
		e.Views = append(e.Views, v)
	}
	e.Snapshot, err = h.Staff.Snapshot(ctx, h.Atelier.ID)
	return e, err
}
