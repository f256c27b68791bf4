package publication

import (
	"slices"

	"quietude/geo/edition"
)

// themeGroups are the bars of the strip of themes, in order, with the families
// that each gathers. Every family is in exactly one. They were chosen by what
// residents say in one breath, before anything was counted.
var themeGroups = []struct {
	code     string
	families []string
}{
	{"BRUIT", []string{"BRU", "VOI"}},
	{"ESPACE", []string{"OCC", "STU"}},
	{"CADRE", []string{"PRO", "DEG", "AMB"}},
	{"CIRCULATION", []string{"CIR"}},
	{"ATTEINTES", []string{"VIO", "VOL"}},
}

// ThemeGroups are the codes of the strip of themes, in order.
func ThemeGroups() []string {
	codes := make([]string, len(themeGroups))
	for i, g := range themeGroups {
		codes[i] = g.code
	}
	return codes
}

func groupsOf(themes []string) (codes []string) {
	for _, g := range themeGroups {
		if slices.ContainsFunc(themes, func(t string) bool { return slices.Contains(g.families, t) }) {
			codes = append(codes, g.code)
		}
	}
	return codes
}

// partsOfMoment are the parts of a day that a resident's word stands for.
var partsOfMoment = map[string][2][]edition.Daypart{
	"day":     {{edition.WeekdayMorning, edition.WeekdayAfternoon}, {edition.WeekendMorning, edition.WeekendAfternoon}},
	"evening": {{edition.WeekdayEvening}, {edition.WeekendEvening}},
	"night":   {{edition.WeekdayNight}, {edition.WeekendNight}},
}

// daypartsOf reads what a resident said of when. « Le soir » without a word on
// the days is every evening; days without a moment say nothing of the hour.
func daypartsOf(moments, days []string) (out []edition.Daypart) {
	for _, moment := range moments {
		parts := partsOfMoment[moment]
		if len(days) == 0 || slices.Contains(days, "weekday") {
			out = append(out, parts[0]...)
		}
		if len(days) == 0 || slices.Contains(days, "weekend") {
			out = append(out, parts[1]...)
		}
	}
	return out
}
