package hexmap

import (
	"math"
	"sort"
	"time"

	"quietude/geo/hexcube"
)

// weekClock finds the hour of the week in one time zone, for millions of
// moments: the zone is asked once for each stretch between two changes of the
// clocks. Use one goroutine.
type weekClock struct {
	zone  *time.Location
	spans []span // by start, without overlap
}

// span is a stretch of time with one offset from UTC, all in seconds.
type span struct{ start, end, offset int64 }

func newWeekClock(zone *time.Location) *weekClock { return &weekClock{zone: zone} }

// hourAt is hexcube.HourAt of a moment in the zone.
func (c *weekClock) hourAt(t time.Time) hexcube.Hour {
	const day, hour = 24 * 60 * 60, 60 * 60
	local := t.Unix() + c.span(t).offset
	days := floorDiv(local, day)
	// 1970-01-01 was a Thursday, 3 after Monday.
	weekday := days + 3 - 7*floorDiv(days+3, 7)
	return hexcube.HourOf(int(weekday), int((local-days*day)/hour))
}

func (c *weekClock) span(t time.Time) span {
	at := t.Unix()
	i := sort.Search(len(c.spans), func(i int) bool { return c.spans[i].end > at })
	if i < len(c.spans) && c.spans[i].start <= at {
		return c.spans[i]
	}
	found := c.ask(t)
	c.spans = append(c.spans, span{})
	copy(c.spans[i+1:], c.spans[i:])
	c.spans[i] = found
	return found
}

// ask has the library find the stretch, which may be without begin or end.
func (c *weekClock) ask(t time.Time) span {
	local := t.In(c.zone)
	_, offset := local.Zone()
	start, end := local.ZoneBounds()
	s := span{math.MinInt64, math.MaxInt64, int64(offset)}
	if !start.IsZero() {
		s.start = start.Unix()
	}
	if !end.IsZero() {
		s.end = end.Unix()
	}
	return s
}

func floorDiv(a, b int64) int64 {
	q := a / b
	if a%b < 0 {
		q--
	}
	return q
}
