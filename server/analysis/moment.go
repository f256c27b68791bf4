package analysis

import (
	"encoding/binary"
	"math"
	"time"

	"quietude/geo/hexcube"
	"quietude/geo/hexstat"
)

const (
	weekHours = 7 * 24
	// unknownMoment is the pattern of what spans more than a year: it is counted
	// in its month, but at no hour of the week.
	unknownMoment = weekHours
)

// moments gives each signalement the pattern of its hours of the week. The first
// 168 patterns are the single hours, Monday 0 h first; most signalements have
// one of them. Use one goroutine.
type moments struct {
	zone     *time.Location
	patterns []pattern
	known    map[[2]int64]uint32
	// alike are the patterns by what they say: an evening of one week is that of
	// another one, so that a filter weighs hundreds of them and not each moment.
	alike map[string]uint32
}

// pattern is the aoristic weights of one stretch of time: they sum to 1.
type pattern []hourShare

type hourShare struct {
	hour  uint8 // of the week, Monday 0 h is 0
	share float64
}

func newMoments(zone *time.Location) *moments {
	m := &moments{zone: zone, patterns: make([]pattern, weekHours+1), known: map[[2]int64]uint32{}, alike: map[string]uint32{}}
	for h := range weekHours {
		m.patterns[h] = pattern{{uint8(h), 1}}
	}
	return m
}

// of is the number of the pattern of a stretch of time.
func (m *moments) of(from, to time.Time) uint32 {
	local := from.In(m.zone)
	into := local.Minute()*60 + local.Second()
	if !to.After(from) || to.Sub(from) <= time.Duration(3600-into)*time.Second-time.Duration(local.Nanosecond()) {
		return uint32(hourOfWeek(local))
	}
	key := [2]int64{from.UnixNano(), to.UnixNano()}
	if number, ok := m.known[key]; ok {
		return number
	}
	number := uint32(unknownMoment)
	if strip, ok := hexstat.Aoristic(from, to, m.zone).Get(); ok {
		var p pattern
		for day := range strip {
			for hour, share := range strip[day] {
				if share > 0 {
					p = append(p, hourShare{uint8(24*day + hour), share})
				}
			}
		}
		number = m.number(p)
	}
	m.known[key] = number
	return number
}

// number finds a pattern among those that are known, or adds it.
func (m *moments) number(p pattern) uint32 {
	said := make([]byte, 0, 9*len(p))
	for _, s := range p {
		said = binary.LittleEndian.AppendUint64(append(said, s.hour), math.Float64bits(s.share))
	}
	number, ok := m.alike[string(said)]
	if !ok {
		number = uint32(len(m.patterns))
		m.alike[string(said)], m.patterns = number, append(m.patterns, p)
	}
	return number
}

func hourOfWeek(local time.Time) int {
	return 24*((int(local.Weekday())+6)%7) + local.Hour()
}

// masses is, for each pattern, the share that a set of hours keeps; nil for the
// empty set, which keeps everything.
func masses(patterns []pattern, hours hexcube.HourSet) []float64 {
	if hours == (hexcube.HourSet{}) {
		return nil
	}
	out := make([]float64, len(patterns))
	for i, p := range patterns {
		for _, s := range p {
			if hours[s.hour/24]&(1<<(s.hour%24)) != 0 {
				out[i] += s.share
			}
		}
	}
	return out
}
