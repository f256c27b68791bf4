package jobs

import "time"

// Next is when Daily would order after now.
func Next(hour int, zone *time.Location, now time.Time) time.Time { return daily{hour, zone}.Next(now) }
