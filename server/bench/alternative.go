package main

import (
	"context"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/gin-gonic/gin"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/paulmach/orb"

	"quietude/geo/hexcube"
	"quietude/geo/hexgrid"
	"quietude/geo/tile"
	"quietude/server/atelier"
)

// The alternative: rows with a column of H3 cells for each resolution that maps
// show, each with its index, stored in the order of cells, and the outlines of
// hexagons ready in Web Mercator. Themes are bits and hours small integers, so
// that grouping is all that PostgreSQL has to do.
var alternativeResolutions = []hexgrid.Resolution{8, 9, 10, 11}

// alternativeTable is one per city.
func (c city) alternativeTable() string { return "bench_row_" + c.territoire }

func (c city) fillAlternative(ctx context.Context, conn *pgx.Conn) error {
	paris, err := time.LoadLocation("Europe/Paris")
	if err != nil {
		return err
	}
	tx, err := conn.Begin(ctx)
	if err != nil {
		return err
	}
	defer func() { _ = tx.Rollback(ctx) }()
	table := c.alternativeTable()
	setup := fmt.Sprintf(`set local work_mem = '512MB'; set local maintenance_work_mem = '512MB';
		create temporary table bench_raw (cell bigint, felt smallint, themes integer, hour smallint, contributor integer, anchor boolean) on commit drop;
		create table if not exists bench_hexagon (resolution integer, cell bigint, geom geometry(Polygon, 3857), primary key (resolution, cell));
		create index if not exists bench_hexagon_geom on bench_hexagon using gist (geom);`)
	if _, err := tx.Exec(ctx, setup); err != nil {
		return err
	}
	cells := map[hexgrid.Cell]bool{}
	err = copyRows(ctx, tx, "bench_raw", []string{"cell", "felt", "themes", "hour", "contributor", "anchor"}, func(yield func([]any) bool) {
		for it := range c.items() {
			for _, r := range it.rows {
				for _, res := range alternativeResolutions {
					cells[r.Cell.Parent(res)] = true
				}
				hour := hexcube.NoHour
				if r.Felt == hexcube.FeltNone && r.Hour != hexcube.NoHour {
					hour = hexcube.HourAt(time.Unix(r.At, 0).In(paris))
				}
				if !yield([]any{int64(r.Cell), int16(r.Felt), int32(r.Themes), int16(hour), int32(r.Contributor), r.Anchor}) {
					return
				}
			}
		}
	})
	if err != nil {
		return err
	}
	var parents, indexes strings.Builder
	for _, r := range alternativeResolutions {
		fmt.Fprintf(&parents, "%s as cell%d, ", strings.NewReplacer("@cell", "cell", "@resolution", strconv.Itoa(int(r))).Replace(hexgrid.ParentSQL), r)
		fmt.Fprintf(&indexes, "create index on %s (cell%d);", table, r)
	}
	// In the order of cells, the most favourable one.
	if _, err := tx.Exec(ctx, fmt.Sprintf(`create table %s as select %s felt, themes, hour, contributor, anchor from bench_raw order by cell; %s
		grant select on %[1]s, bench_hexagon to public`, table, &parents, &indexes)); err != nil {
		return err
	}
	if err := copyOutlines(ctx, tx, cells); err != nil {
		return err
	}
	if err := tx.Commit(ctx); err != nil {
		return err
	}
	_, err = conn.Exec(ctx, "vacuum analyze "+table+", bench_hexagon")
	return err
}

// copyOutlines adds the hexagons that are not there yet.
func copyOutlines(ctx context.Context, tx pgx.Tx, cells map[hexgrid.Cell]bool) error {
	if _, err := tx.Exec(ctx, `create temporary table bench_outline (resolution integer, cell bigint, geom geometry(Polygon, 4326)) on commit drop`); err != nil {
		return err
	}
	err := copyRows(ctx, tx, "bench_outline", []string{"resolution", "cell", "geom"}, func(yield func([]any) bool) {
		for cell := range cells {
			if !yield([]any{int32(cell.Resolution()), int64(cell), orb.Polygon{cell.Boundary()}}) {
				return
			}
		}
	})
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `insert into bench_hexagon select resolution, cell, ST_Transform(geom, 3857) from bench_outline on conflict do nothing`)
	return err
}

// tileSQL groups one tile. $1 z, $2 x, $3 y, $4 themes, $5 hours, $6 felt.
func (c city) tileSQL(r hexgrid.Resolution) string {
	return fmt.Sprintf(`
		with box as (
			select ST_TileEnvelope($1, $2, $3) as tile, ST_TileEnvelope($1, $2, $3, margin => 64.0 / 4096) as around
		), h as materialized (
			select cell, geom from bench_hexagon, box where resolution = %[1]d and geom && around
		), g as (
			select p.cell%[1]d as cell,
				count(distinct contributor) filter (where felt = 1 and contributor <> 0)::int as unsafe,
				count(distinct contributor) filter (where felt = 2 and contributor <> 0)::int as safe,
				count(*) filter (where felt > 0 and anchor)::int as markers,
				count(*) filter (where felt = 0)::int as signalements
			from %[2]s p join h on h.cell = p.cell%[1]d
			where ($4 = 0 or themes & $4 <> 0) and ($5::smallint[] is null or hour = any($5)) and ($6 = 0 or felt = $6)
			group by p.cell%[1]d
		), t as (
			select to_hex(g.cell) as h3, unsafe, safe, markers, signalements, ST_AsMVTGeom(h.geom, tile, 4096, 64, false) as geom
			from g join h on h.cell = g.cell, box
			where unsafe + safe + markers + signalements > 0
		)
		select ST_AsMVT(t, 'hexagones', 4096, 'geom') from t where geom is not null`, r, c.alternativeTable())
}

// question is a filter as both sides understand it.
type question struct {
	query  string // of our address
	themes hexcube.ThemeSet
	hours  []int16 // hours of the week
	felt   hexcube.Felt
}

// alternative answers /CODE/QUESTION/Z/X/Y from SQL, /kept the same bytes each
// time, and /known an empty 304.
func alternative(pool *pgxpool.Pool, cities []city, questions []question, kept []byte) http.Handler {
	gin.SetMode(gin.ReleaseMode)
	engine := gin.New()
	byCode := map[string]city{}
	for _, c := range cities {
		byCode[c.territoire] = c
	}
	engine.GET("/tile/:city/:question/:z/:x/:y", func(c *gin.Context) {
		number := func(name string) int {
			n, _ := strconv.Atoi(c.Param(name))
			return n
		}
		z, q := number("z"), questions[number("question")]
		var body []byte
		err := pool.QueryRow(c.Request.Context(), byCode[c.Param("city")].tileSQL(tile.ResolutionFor(uint32(z))),
			z, number("x"), number("y"), int32(q.themes), q.hours, int16(q.felt)).Scan(&body)
		if err != nil {
			c.String(http.StatusInternalServerError, err.Error())
			return
		}
		c.Data(http.StatusOK, "application/vnd.mapbox-vector-tile", body)
	})
	engine.GET("/kept", func(c *gin.Context) { c.Data(http.StatusOK, "application/vnd.mapbox-vector-tile", kept) })
	engine.GET("/known", func(c *gin.Context) { c.Status(http.StatusNotModified) })
	return engine
}

// someQuestions are theme × hours × days: hundreds of maps that nobody could
// have prepared. The last ones are about two themes at any hour.
func someQuestions() (questions []question) {
	for first := range atelier.Themes {
		for second := range first {
			for length := 4; length <= 8; length += 2 {
				for start := 0; start+length <= 24; start += 3 {
					q := question{themes: 1<<first | 1<<second}
					for day := range 5 {
						for hour := start; hour < start+length; hour++ {
							q.hours = append(q.hours, int16(hexcube.HourOf(day, hour)))
						}
					}
					q.query = fmt.Sprintf("theme=%s,%s&hours=%d-%d&days=1-5", atelier.Themes[first], atelier.Themes[second], start, start+length-1)
					questions = append(questions, q)
				}
			}
		}
	}
	for first := range atelier.Themes {
		for second := range first {
			questions = append(questions, question{themes: 1<<first | 1<<second,
				query: fmt.Sprintf("theme=%s,%s", atelier.Themes[first], atelier.Themes[second])})
		}
	}
	return questions
}
