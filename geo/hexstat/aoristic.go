package hexstat

import "time"

// Strip is hour × weekday in local time: Strip[0] is Monday, Strip[d][h] the
// weight of the clock hour h, h:00 to h:59. Unit: reports.
type Strip [7][24]float64

// maxAoristic is the longest time a report may span; beyond, "when" is unknown.
const maxAoristic = 366 * 24 * time.Hour

// Aoristic spreads one report over the hours during which it may have happened:
// each clock hour gets the share of the elapsed seconds of [start, end] that lie
// in it, so that the strip sums to 1. Sources: Ratcliffe and McCullagh, IJGIS 12
// (1998) 751–764; Ratcliffe, IJGIS 14 (2000) 669–679.
//
// zone is where the clock hangs (Europe/Paris). The hour that spring skips gets
// nothing, the hour that autumn repeats gets two elapsed hours. start = end puts
// all the weight in one hour. end before start, or more than 366 days after it,
// is [InvalidInput]; so is a nil zone.
func Aoristic(start, end time.Time, zone *time.Location) Result[Strip] {
	if zone == nil || end.Before(start) || end.Sub(start) > maxAoristic {
		return Unknown[Strip](InvalidInput)
	}
	var s Strip
	total := end.Sub(start).Seconds()
	if total == 0 {
		s.add(start.In(zone), 1)
		return Known(s)
	}
	for at := start; at.Before(end); {
		until := nextClockHour(at.In(zone))
		if until.After(end) {
			until = end
		}
		s.add(at.In(zone), until.Sub(at).Seconds()/total)
		at = until
	}
	return Known(s)
}

// nextClockHour is when the clock on the wall next shows a full hour, counted in
// elapsed time. In Europe the clocks change on a full hour, so that a change
// never lies inside the step.
func nextClockHour(local time.Time) time.Time {
	into := time.Duration(local.Minute())*time.Minute +
		time.Duration(local.Second())*time.Second + time.Duration(local.Nanosecond())
	return local.Add(time.Hour - into)
}

func (s *Strip) add(local time.Time, weight float64) {
	day := (int(local.Weekday()) + 6) % 7 // Go counts from Sunday
	s[day][local.Hour()] += weight
}

// Plus adds two strips.
func (s Strip) Plus(other Strip) Strip {
	for d := range s {
		for h := range s[d] {
			s[d][h] += other[d][h]
		}
	}
	return s
}

// Total is the number of reports in the strip, up to rounding.
func (s Strip) Total() (total float64) {
	for _, day := range s {
		for _, w := range day {
			total += w
		}
	}
	return total
}
