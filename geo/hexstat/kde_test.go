package hexstat

import (
	"fmt"
	"math"
	"testing"
)

func TestQuarticKernel(t *testing.T) {
	file := oracle[struct {
		Points  []struct{ X, Y Metres }
		Queries []struct {
			X, Y         Metres
			Quartic_h150 float64
		}
	}](t, "kde.json")
	points := make([]PlanePoint, len(file.Points))
	for i, p := range file.Points {
		points[i] = PlanePoint{p.X, p.Y, 1}
	}
	for _, q := range file.Queries {
		name := fmt.Sprintf("(%g, %g)", q.X, q.Y)
		// The oracle prints 15 digits of numbers near 1e-4.
		near(t, name, value(t, name, KernelDensityAt(points, q.X, q.Y, 150)), q.Quartic_h150, 1e-9*max(q.Quartic_h150, 1e-9))
		// A one-cell raster centred there is the same picture.
		r := Raster{MinX: q.X - 5, MinY: q.Y - 5, Cell: 10, Columns: 1, Rows: 1}
		s := value(t, name, KernelSurface(points, r, 150))
		near(t, name+" on a raster", s.Density[0], q.Quartic_h150, 1e-9*max(q.Quartic_h150, 1e-9))
	}
}

// What is spread out is neither made nor lost: the integral is the weight.
func TestSurfaceKeepsWeight(t *testing.T) {
	r := Raster{MinX: -300, MinY: -200, Cell: 4, Columns: 150, Rows: 110}
	s := value(t, "surface", KernelSurface([]PlanePoint{{0, 0, 3}, {57, 31, 2.5}}, r, 120))
	total := 0.0
	for _, d := range s.Density {
		total += d * float64(r.Cell*r.Cell)
	}
	near(t, "integral", total, 5.5, 5e-4)
}

// The raster agrees with the formula at each of its centres, also where the disk
// is cut by its border or lies outside.
func TestSurfaceIsTheFormula(t *testing.T) {
	points := []PlanePoint{{3, 4, 1}, {-40, 95, 2}, {500, 500, 1}, {1e12, -1e12, 1}, {49, -49, 0.5}}
	r := Raster{MinX: -50, MinY: -50, Cell: 7, Columns: 15, Rows: 13}
	s := value(t, "surface", KernelSurface(points, r, 33))
	for row := range r.Rows {
		for column := range r.Columns {
			x, y := r.MinX+(Metres(column)+0.5)*r.Cell, r.MinY+(Metres(row)+0.5)*r.Cell
			want := value(t, "density", KernelDensityAt(points, x, y, 33))
			near(t, fmt.Sprintf("cell %d,%d", column, row), s.Density[row*r.Columns+column], want, 1e-15)
		}
	}
}

func TestKernelRefuses(t *testing.T) {
	r := Raster{Cell: 10, Columns: 4, Rows: 4}
	one := []PlanePoint{{0, 0, 1}}
	empty := value(t, "no point", KernelSurface(nil, r, 100))
	for _, d := range empty.Density {
		near(t, "density of nothing", d, 0, 0)
	}
	refused(t, "radius 0", KernelSurface(one, r, 0), InvalidInput)
	refused(t, "radius too small for a float", KernelSurface([]PlanePoint{{5, 5, 1}}, r, 1e-200), InvalidInput)
	refused(t, "no raster", KernelSurface(one, Raster{}, 100), InvalidInput)
	refused(t, "huge raster", KernelSurface(one, Raster{Cell: 1, Columns: 1 << 40, Rows: 1 << 40}, 100), InvalidInput)
	refused(t, "NaN", KernelSurface([]PlanePoint{{Metres(math.NaN()), 0, 1}}, r, 100), InvalidInput)
	refused(t, "NaN asked", KernelDensityAt(one, Metres(math.NaN()), 0, 100), InvalidInput)
}
