package demo

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"github.com/google/uuid"

	"quietude/geo/hexgrid"
	"quietude/server/atelier"
	"quietude/server/store"
)

// What evenings say in words, what the police shows them and who comes: the same
// texts in every quartier, of nobody, about no real place.

// remarks are what tables may answer to the four questions.
var remarks = map[string][]struct {
	text  string
	theme atelier.Theme
}{
	"troubles": {
		{"Du bruit dans la rue tard le soir, surtout en fin de semaine", "BRU"},
		{"Des groupes dans le hall, on n’ose plus passer", "OCC"},
		{"Des deux-roues roulent vite sur le trottoir", "CIR"},
		{"Des encombrants restent des semaines au pied des immeubles", "PRO"},
		{"Le passage est sombre dès la tombée de la nuit", "AMB"},
		{"Les boîtes aux lettres sont souvent forcées", "DEG"},
	},
	"causes": {
		{"Il n’y a pas de lieu pour se retrouver le soir", "OCC"},
		{"Plusieurs lampadaires sont en panne", "AMB"},
		{"Les portes des halls ne ferment plus", "DEG"},
		{"La rue est droite et invite à rouler vite", "CIR"},
	},
	"solutions": {
		{"Réparer l’éclairage et tailler les haies", "AMB"},
		{"Des médiateurs présents du jeudi au samedi", "OCC"},
		{"Un ralentisseur devant l’école", "CIR"},
		{"Un ramassage des encombrants à jour fixe", "PRO"},
	},
	"residents": {
		{"Signaler les pannes dès qu’on les voit", "AMB"},
		{"Se dire bonjour et ne pas rester chez soi", "VOI"},
		{"Organiser une fête des voisins au printemps", "VOI"},
	},
}

const (
	diagnosticAfter  = 15 * time.Minute
	restitutionAfter = 45 * time.Minute
)

// speak lets each table answer the four questions during the diagnostic.
func (e *evening) speak(begins time.Time) {
	said := e.Perm(len(remarks["troubles"])) // tables do not say the same
	for table := 1; table <= e.tables(); table++ {
		seats := slices.DeleteFunc(slices.Clone(e.out.Participants), func(p atelier.Participant) bool { return p.Table != table })
		for i, question := range atelier.Questions {
			of := remarks[question]
			one := of[said[(table+i)%len(said)]%len(of)]
			at := begins.Add(diagnosticAfter + time.Duration(2+6*i)*time.Minute + time.Duration(e.IntN(180))*time.Second)
			e.act(at, seats[e.IntN(len(seats))], map[string]any{"kind": atelier.RemarkAdd, "remark": newID(e.Rand, at), "question": question, "text": one.text, "theme": one.theme})
		}
	}
}

// vote lets residents share out their dots on the constats, most on the first;
// some leave before. It draws from a source of its own.
func (e *evening) vote(begins time.Time) {
	r := source(uint64(e.number), 300)
	after := answersAfter
	if e.open {
		after = cartographyAfter
	}
	for i, p := range e.out.Participants {
		if r.IntN(5) == 0 || len(e.out.Findings) == 0 {
			continue
		}
		at := begins.Add(after + time.Duration(2+i%12)*time.Minute)
		first := r.IntN(min(2, len(e.out.Findings)))
		e.act(at, p, map[string]any{"kind": atelier.Vote, "finding": e.out.Findings[first].ID, "dots": 2 + r.IntN(2)})
		if other := r.IntN(len(e.out.Findings)); other != first {
			e.act(at.Add(20*time.Second), p, map[string]any{"kind": atelier.Vote, "finding": e.out.Findings[other].ID, "dots": 1 + r.IntN(2)})
		}
	}
}

// say merges an operation on a remark, as a room would.
func (e *evening) say(p atelier.Participant, o *atelier.Operation, seq int64) error {
	after, err := atelier.MergeRemark(nil, o, seq)
	if err != nil {
		return err
	}
	after.Author, after.Table = p.ID, p.Table
	e.out.Remarks = append(e.out.Remarks, after)
	return nil
}

// expected are the people who come, by institution.
var expected = []store.Institution{
	{Institution: "elus", Expected: 2}, {Institution: "police_nationale", Expected: 2}, {Institution: "police_municipale", Expected: 1},
	{Institution: "parquet", Expected: 1}, {Institution: "bailleurs", Expected: 2}, {Institution: "correspondants_nuit", Expected: 2},
	{Institution: "agents", Expected: 3},
}

// receive says who was expected, and who came to an evening that is over.
func (e *evening) receive() {
	for _, i := range expected {
		if !e.open && e.coming == 0 {
			present := max(0, i.Expected-e.IntN(2))
			i.Present = &present
		}
		e.out.Institutions = append(e.out.Institutions, i)
	}
}

// present chooses the slides of an evening about the year before it; those of
// one that is over were shown.
func (e *evening) present(start time.Time, reports []atelier.Signalement) {
	if e.meeting {
		return
	}
	first := start.AddDate(-1, 0, 0)
	from, to := first.Format(time.DateOnly), start.AddDate(0, 0, -1).Format(time.DateOnly)
	for _, kind := range []atelier.SlideKind{atelier.SlideThemes, atelier.SlideMap, atelier.SlideWeek, atelier.SlideMonths} {
		e.out.Slides = append(e.out.Slides, atelier.Slide{Kind: kind, From: from, To: to})
	}
	if e.open || e.coming > 0 {
		return
	}
	n := 0
	themes, cells := map[atelier.Theme]int{}, map[hexgrid.Cell]int{}
	for _, s := range reports {
		if s.Quartier == e.area.Code && !s.OccurredFrom.Before(first) && s.OccurredFrom.Before(start) {
			n++
			themes[s.Theme]++
			cells[s.Cell.Parent(9)]++
		}
	}
	kinds := atelier.Told{Slide: e.out.Slides[0], AtLeast: atelier.OnWall(float64(n)), Until: to}
	for _, t := range atelier.Themes {
		if told := atelier.OnWall(float64(themes[t])); told > 0 {
			kinds.Themes = append(kinds.Themes, atelier.ToldTheme{Theme: t, AtLeast: told})
		}
	}
	slices.SortStableFunc(kinds.Themes, func(a, b atelier.ToldTheme) int { return b.AtLeast - a.AtLeast })
	plan := atelier.Told{Slide: e.out.Slides[1], AtLeast: kinds.AtLeast, Until: to}
	for cell, count := range cells {
		if told := atelier.OnWall(float64(count)); told > 0 {
			plan.Hexagons = append(plan.Hexagons, atelier.ToldHexagon{Cell: cell, Signalements: told})
		}
	}
	slices.SortFunc(plan.Hexagons, func(a, b atelier.ToldHexagon) int { return cmp.Compare(a.Cell, b.Cell) })
	e.out.Told, e.out.ToldAt = []atelier.Told{kinds, plan}, start.Add(restitutionAfter).UTC()
}

// reachable are as many reporters of the last year as agreed to be invited, in
// each quartier.
const reachable = 30

// invite writes to those who agreed, a fortnight ago; of five, three come, one does
// not, and one has not said. Their places at the tables follow from their answers.
func (e *evening) invite(today time.Time) {
	most := guests
	if e.meeting {
		most = meetingGuests
	}
	for n, r := range e.reporters[e.area.Code] {
		if n == most {
			break
		}
		v := store.FictionInvitation{ID: uuid.NewSHA1(e.out.Atelier.ID, r.ID[:]), Reporter: r.ID, SentAt: today.AddDate(0, 0, -14).UTC()}
		answered := today.AddDate(0, 0, -12).Add(time.Duration(9*n) * time.Hour).UTC()
		switch n % 5 {
		case 0, 1, 3:
			v.Answer, v.AnsweredAt = "yes", answered
		case 2:
			v.Answer, v.AnsweredAt = "no", answered
		}
		e.out.Invitations = append(e.out.Invitations, v)
	}
}

// guests are as many people as are invited to an atelier, meetingGuests to a réunion:
// some who agreed are left to be invited.
const (
	guests        = 24
	meetingGuests = 10
)

// inventReporters gives some reporters of each quartier a name and an address that
// are nobody's.
func inventReporters(reports []atelier.Signalement, today time.Time) map[string][]store.FictionReporter {
	out := map[string][]store.FictionReporter{}
	for i := len(reports) - 1; i >= 0; i-- {
		s := reports[i]
		n := len(out[s.Quartier]) + 1
		if s.Quartier == "" || s.OccurredFrom.Before(today.AddDate(0, -6, 0)) || n > reachable {
			continue
		}
		out[s.Quartier] = append(out[s.Quartier], store.FictionReporter{ID: uuid.NewSHA1(demoAteliers, s.ID[:]), Signalement: s.ID, Nom: fmt.Sprintf("Personne fictive %d", n),
			Adresse: fmt.Sprintf("%d rue de l’Exemple\n00000 Ville-Fictive", n), AgreedAt: s.OccurredTo})
	}
	return out
}
