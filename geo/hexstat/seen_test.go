package hexstat

import (
	"testing"
	"time"
)

func TestSeenShare(t *testing.T) {
	now := time.Date(2025, 6, 30, 12, 0, 0, 0, time.UTC)
	ago := func(days int) time.Time { return now.AddDate(0, 0, -days) }
	s := SeenShare([]HeardHexagon{
		{Voices: 6, Answered: true, Since: ago(200)},
		{Voices: 3, Since: ago(40)},
		{Voices: 3, Since: ago(90)},
		{Voices: 0, Since: ago(400)}, // nobody spoke here
	}, now)
	if s.Voices != 12 || s.Answered != 6 {
		t.Errorf("%d of %d voices", s.Answered, s.Voices)
	}
	near(t, "share", value(t, "share", s.Share), 0.5, 0)
	if got, want := value(t, "interval", s.Interval), value(t, "Wilson", Wilson(6, 12, Level95)); got != want {
		t.Errorf("interval %v, want %v", got, want)
	}
	if got := value(t, "oldest", s.OldestUnansweredDays); got != 90 {
		t.Errorf("oldest unanswered for %d days", got)
	}
}

func TestSeenShareRefuses(t *testing.T) {
	now := time.Date(2025, 6, 30, 12, 0, 0, 0, time.UTC)
	nobody := SeenShare(nil, now)
	refused(t, "share of nobody", nobody.Share, NoData)
	refused(t, "interval of nobody", nobody.Interval, NoData)
	all := SeenShare([]HeardHexagon{{Voices: 2, Answered: true, Since: now}}, now)
	refused(t, "nothing waits", all.OldestUnansweredDays, NoEvents)
	future := SeenShare([]HeardHexagon{{Voices: 2, Since: now.Add(time.Hour)}}, now)
	refused(t, "heard tomorrow", future.OldestUnansweredDays, InvalidInput)
	refused(t, "negative", SeenShare([]HeardHexagon{{Voices: -1}}, now).Share, InvalidInput)
}
