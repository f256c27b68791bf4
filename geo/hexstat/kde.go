package hexstat

import "math"

// Metres is a length on the ground.
type Metres float64

// PlanePoint is a weighted position in a metric plane (Lambert-93, or metres
// east and north of a local origin), never degrees.
type PlanePoint struct {
	X, Y   Metres
	Weight float64
}

// Raster is a grid of square cells in the same plane. MinX, MinY is the
// south-west corner of cell (0, 0); rows go north.
type Raster struct {
	MinX    Metres `json:"min_x"`
	MinY    Metres `json:"min_y"`
	Cell    Metres `json:"cell"`
	Columns int    `json:"columns"`
	Rows    int    `json:"rows"`
}

// maxRasterCells is a picture of 2048 × 2048.
const maxRasterCells = 1 << 22

// Surface is a density in weight per square metre at the centres of the cells of
// a raster: Density[row*Columns+column].
type Surface struct {
	Raster
	// Radius is the bandwidth, to be printed beside the picture.
	Radius  Metres    `json:"radius"`
	Density []float64 `json:"density"`
}

// KernelSurface draws the quartic kernel density of points: each spreads its
// weight over a disk of the given radius with 3/(πh²)·(1 − d²/h²)². Source:
// Silverman, Density Estimation (1986), section 4.2, eq. 4.5 (the kernel K₂).
// There is no correction at the border of the raster.
//
// It is a picture, never a test: a smooth hill appears wherever a few points are
// close together. A public picture is made from published hexagons (a point per
// hexagon, at its centre, weighing its published count), never from the points
// people gave: the surface of single points gives them back.
//
// A radius or cell that is not positive, an empty raster or one of more than four
// million cells, or a point that is not a number is [InvalidInput]. No point at
// all is a surface of zeros.
func KernelSurface(points []PlanePoint, r Raster, radius Metres) Result[Surface] {
	if !r.valid() || !(radius > 0) || !finite(float64(radius)) {
		return Unknown[Surface](InvalidInput)
	}
	s := Surface{Raster: r, Radius: radius, Density: make([]float64, r.Columns*r.Rows)}
	for _, p := range points {
		if !p.valid() {
			return Unknown[Surface](InvalidInput)
		}
		s.spread(p)
	}
	for _, d := range s.Density {
		if !finite(d) {
			return Unknown[Surface](InvalidInput)
		}
	}
	return Known(s)
}

// KernelDensityAt is the density of the same picture at one position, per m².
func KernelDensityAt(points []PlanePoint, x, y, radius Metres) Result[float64] {
	if !(radius > 0) || !finite(float64(radius)) || !finite(float64(x)) || !finite(float64(y)) {
		return Unknown[float64](InvalidInput)
	}
	total := 0.0
	for _, p := range points {
		if !p.valid() {
			return Unknown[float64](InvalidInput)
		}
		total += p.Weight * quartic(x-p.X, y-p.Y, radius)
	}
	if !finite(total) {
		return Unknown[float64](InvalidInput)
	}
	return Known(total)
}

// quartic is the kernel at (dx, dy), per m².
func quartic(dx, dy, radius Metres) float64 {
	u := float64((dx*dx + dy*dy) / (radius * radius))
	if u >= 1 {
		return 0
	}
	return 3 / (math.Pi * float64(radius*radius)) * (1 - u) * (1 - u)
}

func (s *Surface) spread(p PlanePoint) {
	left, right := s.span(p.X-s.Radius, p.X+s.Radius, s.MinX, s.Columns)
	bottom, top := s.span(p.Y-s.Radius, p.Y+s.Radius, s.MinY, s.Rows)
	for row := bottom; row < top; row++ {
		y := s.MinY + (Metres(row)+0.5)*s.Cell
		for column := left; column < right; column++ {
			x := s.MinX + (Metres(column)+0.5)*s.Cell
			s.Density[row*s.Columns+column] += p.Weight * quartic(x-p.X, y-p.Y, s.Radius)
		}
	}
}

// span is the range of cells that may hold something between lo and hi. It is
// cut to the raster before the conversion to int, which overflows silently.
func (s *Surface) span(lo, hi, origin Metres, cells int) (from, to int) {
	inside := func(v Metres) int { return int(min(max(v, 0), Metres(cells))) }
	return inside((lo - origin) / s.Cell), inside((hi-origin)/s.Cell + 1)
}

func (r Raster) valid() bool {
	return finite(float64(r.MinX)) && finite(float64(r.MinY)) && finite(float64(r.Cell)) && r.Cell > 0 &&
		r.Columns > 0 && r.Rows > 0 && r.Columns <= maxRasterCells/r.Rows
}

func (p PlanePoint) valid() bool {
	return finite(float64(p.X)) && finite(float64(p.Y)) && finite(p.Weight)
}
