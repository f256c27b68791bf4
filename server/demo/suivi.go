package demo

import (
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/paulmach/orb"

	"quietude/geo"
	"quietude/server/atelier"
	"quietude/server/store"
)

// What past evenings found and what became of it: constats about their shared
// places, answers of fictional organisations at every stage, and what the public
// follows of them. The texts are the same for every quartier and name nobody.

// Indices of organisations.
const (
	lighting = iota
	cleaning
	landlord
	mediation
	cityPolice
)

var organisations = []struct{ nom, kind, email string }{
	lighting:   {"Service Éclairage public (fictif)", "ville", "eclairage@ville.example"},
	cleaning:   {"Service Propreté (fictif)", "ville", "proprete@ville.example"},
	landlord:   {"Bailleur fictif des Alpes", "bailleur", "actions@bailleur.example"},
	mediation:  {"Correspondants de nuit (fictif)", "mediation", "mediation@association.example"},
	cityPolice: {"Police municipale (fictive)", "police_municipale", "pm@ville.example"},
}

// found are the constats of an evening; place is one of its shared places, -1
// for the whole quartier.
var found = []struct {
	place         int
	titre, detail string
	themes        []atelier.Theme
}{
	{0, "Le pied d’immeuble est occupé tard, on n’ose plus passer", "Surtout du jeudi au samedi, après 22 heures.", []atelier.Theme{"OCC", "BRU"}},
	{3, "Le passage est sombre dès la tombée de la nuit", "Plusieurs lampadaires ne marchent plus.", []atelier.Theme{"AMB"}},
	{4, "Les deux-roues roulent trop vite devant l’école", "À la sortie des classes et en début de soirée.", []atelier.Theme{"CIR"}},
	{7, "Des encombrants restent plusieurs semaines au même endroit", "", []atelier.Theme{"PRO"}},
	{-1, "Les portes des caves ne ferment plus", "", []atelier.Theme{"VOL", "DEG"}},
}

// answer is an action that answers one constat. Stages are months after the
// evening; 0 is the evening itself.
type answer struct {
	finding       int
	code          atelier.ActionCode
	pilote        int
	due           int // months; 0 for none
	titre, detail string
	stages        []stage
	// elsewhere is another course in some past ateliers, by their number (plans), or
	// inEarlier: a city that keeps every promise in time shows nothing of what a
	// ledger is for.
	elsewhere   map[int][]stage
	unpublished bool
}

// inEarlier stands for the first of the two evenings of a quartier, whatever its number.
const inEarlier = -1

type stage struct {
	after  int
	state  atelier.ActionState
	reason string
	proof  string
}

var answers = []answer{
	{finding: 0, code: "MED", pilote: mediation, due: 3, titre: "Passage des correspondants de nuit du jeudi au samedi", detail: "Deux médiateurs, de 20 heures à minuit.",
		stages: []stage{{0, atelier.Planned, "", ""}, {1, atelier.Ongoing, "", ""}, {3, atelier.Done, "", "Passages assurés chaque semaine, vingt médiations faites"}}},
	{finding: 1, code: "TEC", pilote: lighting, due: 4, titre: "Remplacer les lampadaires du passage", detail: "Six points lumineux.",
		stages: []stage{{0, atelier.Retained, "", ""}, {1, atelier.Planned, "", ""}, {4, atelier.Done, "", "Six lampadaires remplacés, éclairage toute la nuit"}},
		elsewhere: map[int][]stage{
			inEarlier: {{0, atelier.Retained, "", ""}, {4, atelier.Done, "", "Six lampadaires remplacés, éclairage toute la nuit"}, {5, atelier.Verified, "", ""}},
			4: {{0, atelier.Forwarded, "Le passage appartient à la copropriété : le service lui a écrit.", ""},
				{8, atelier.Planned, "", ""}, {12, atelier.Done, "", "Quatre lampadaires posés par la ville, après accord de la copropriété"}}}},
	{finding: 2, code: "PAT", pilote: cityPolice, due: 12, titre: "Contrôles de vitesse à la sortie de l’école", detail: "Deux fois par semaine.",
		stages: []stage{{0, atelier.Planned, "", ""}, {2, atelier.Ongoing, "", ""}, {14, atelier.Done, "", "Deux contrôles par semaine pendant une année scolaire"}},
		elsewhere: map[int][]stage{
			3: {{0, atelier.Studied, "", ""}, {9, atelier.Refused, "La brigade ne peut pas venir à heure fixe. Un ralentisseur est à l’étude à la place.", ""}}}},
	{finding: 3, code: "TEC", pilote: cleaning, due: 2, titre: "Enlever les encombrants deux fois par mois", detail: "Tournée ajoutée le premier et le troisième lundi.",
		stages: []stage{{0, atelier.Planned, "", ""}, {2, atelier.Done, "", "Tournée en place depuis deux mois"}},
		elsewhere: map[int][]stage{
			5: {{0, atelier.Planned, "", ""}, {5, atelier.Abandoned, "La tournée n’a pas pu être ajoutée : l’entreprise a cessé son activité.", ""}}}},
	{finding: 4, code: "BAI", pilote: landlord, due: 4, titre: "Changer les serrures des caves", detail: "Trois entrées.",
		stages: []stage{{0, atelier.Retained, "", ""}, {2, atelier.Planned, "", ""}, {16, atelier.Done, "", "Serrures changées dans les trois entrées"}},
		elsewhere: map[int][]stage{
			1: {{0, atelier.Studied, "", ""}},
			2: {{0, atelier.Forwarded, "Les caves sont au bailleur, qui n’était pas dans la salle.", ""},
				{8, atelier.Retained, "", ""}, {11, atelier.Done, "", "Serrures changées dans deux entrées sur trois"}}}},
	{finding: 0, code: "VID", pilote: cityPolice, titre: "Pas de caméra devant les halls", stages: []stage{
		{0, atelier.Refused, "La loi ne permet pas de filmer les entrées d’immeubles. Les rondes sont renforcées à la place.", ""}}},
	{finding: 2, code: "AME", pilote: lighting, due: 18, titre: "Étudier un plateau devant l’école", unpublished: true,
		stages: []stage{{1, atelier.Studied, "", ""}}},
}

// tonight is what the authorities have answered so far in an evening that is
// open: one constat of four waits, so that there is something to do.
var tonight = []answer{
	{finding: 0, code: "MED", pilote: mediation, due: 3, titre: "Passage des correspondants de nuit du jeudi au samedi", detail: "Deux médiateurs, de 20 heures à minuit.",
		unpublished: true, stages: []stage{{0, atelier.Planned, "", ""}}},
	{finding: 1, code: "BAI", pilote: landlord, due: 2, titre: "Éclairage du passage, à voir avec le bailleur", unpublished: true,
		stages: []stage{{0, atelier.Forwarded, "Le passage appartient au bailleur, qui est dans la salle.", ""}}},
	{finding: 2, code: "REN", titre: "Pas de barrières sur ce trottoir", unpublished: true,
		stages: []stage{{0, atelier.Refused, "Les poussettes et les fauteuils doivent passer.", ""}}},
}

// met is what was answered at a réunion.
var met = []answer{
	{finding: 0, code: "MED", pilote: mediation, due: 2, titre: "Une médiation entre voisins, chaque mois", unpublished: true,
		stages: []stage{{0, atelier.Planned, "", ""}, {1, atelier.Done, "", "Deux rencontres tenues"}}},
	{finding: 1, code: "BAI", pilote: landlord, due: 4, titre: "Changer les ampoules du passage", unpublished: true,
		stages: []stage{{0, atelier.Retained, "", ""}, {3, atelier.Done, "", "Ampoules changées"}}},
}

// organisationID is the same in every demonstration.
func organisationID(i int) uuid.UUID {
	return uuid.NewSHA1(demoAteliers, fmt.Appendf(nil, "organisation/%d", i))
}

func inventOrganisations(territoire string) (out []atelier.Organisation) {
	for i, o := range organisations {
		out = append(out, atelier.Organisation{Territoire: territoire, ID: organisationID(i), Nom: o.nom, Kind: o.kind, Email: o.email, Demo: true})
	}
	return out
}

// answer writes what an evening found and what became of it until today.
func (e *evening) answer(start, today time.Time) error {
	found, answers := found, answers
	switch {
	case e.open:
		found, answers = found[:4], tonight
	case e.meeting:
		found, answers = found[:2], met
	}
	room := e.out.Atelier
	day := func(months int) time.Time { return start.AddDate(0, months, 3*(e.number%7)+2*months) }
	name := func(kind string, i int) uuid.UUID { return uuid.NewSHA1(room.ID, fmt.Appendf(nil, "%s/%d", kind, i)) }
	for i, f := range found {
		x := atelier.Finding{Territoire: e.Code, ID: name("constat", i), Atelier: room.ID, Quartier: e.area.Code, Rang: i + 1, Titre: f.titre, Detail: f.detail,
			Themes: f.themes, CreatedAt: start.Add(answersAfter).Add(-time.Hour).Add(time.Duration(i) * time.Minute)}
		if x.Tables = []int{1 + i%e.tables()}; e.tables() > 1 {
			x.Tables = append(x.Tables, 1+(i+1)%e.tables())
		}
		if f.place >= 0 {
			x.Geometry = orb.Point(geo.Snap(e.places[f.place].at))
		}
		if err := x.Check(); err != nil {
			return err
		}
		e.out.Findings = append(e.out.Findings, x)
	}
	for i, w := range answers {
		a := atelier.Action{Territoire: e.Code, ID: name("action", i), Quartier: e.area.Code, Atelier: room.ID, Code: w.code, Titre: w.titre, Detail: w.detail,
			Findings: []uuid.UUID{e.out.Findings[w.finding].ID}, Demo: true}
		if w.code != "REN" {
			a.Pilote = organisationID(w.pilote)
		}
		if w.due > 0 {
			due := civilDay(start.AddDate(0, w.due, 0))
			a.Echeance = &due
		}
		if err := a.CheckContent(); err != nil {
			return err
		}
		var events []atelier.ActionEvent
		stages, number := w.stages, e.number
		if e.earlier {
			number = inEarlier
		}
		if other, found := w.elsewhere[number]; found {
			stages = other
		}
		for n, s := range stages {
			at := day(s.after)
			if s.after == 0 {
				at = start.Add(answersAfter).Add(time.Duration(i) * 2 * time.Minute)
				if e.open { // while the tables draw
					at = start.Add(cartographyAfter).Add(time.Duration(4+5*i) * time.Minute)
				}
			}
			if at.After(today) {
				break
			}
			role, byResidents := "animateur", s.state == atelier.Verified
			if byResidents {
				role = "habitant"
			}
			event := atelier.ActionEvent{Seq: n + 1, ID: name(fmt.Sprintf("suite/%d", i), n), State: s.state, Reason: s.reason, Proof: s.proof, Role: role, At: at.UTC()}
			if s.state == atelier.Forwarded {
				event.Pilote = organisationID(w.pilote)
			}
			if err := a.Change(&event, civilDay(at), byResidents); err != nil {
				return fmt.Errorf("%s, %s: %w", w.titre, s.state, err)
			}
			events = append(events, event)
		}
		if len(events) == 0 {
			continue
		}
		a.CreatedAt, a.UpdatedAt, a.Version = events[0].At, events[len(events)-1].At, len(events)
		kept := store.FictionAction{Action: a, Events: events}
		if !w.unpublished {
			said := []string{e.out.Findings[w.finding].Titre}
			kept.Suivi = &atelier.SuiviDecision{ID: name("suivi", i), Action: a.ID, Shown: true, Suivi: atelier.ProposedSuivi(a, said),
				Digest: atelier.SuiviDigest(a, said), Role: "animateur", At: a.UpdatedAt}
		}
		e.out.Actions = append(e.out.Actions, kept)
	}
	return nil
}

// civilDay is the day of a moment as a date, at 00:00 UTC.
func civilDay(t time.Time) time.Time {
	return time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, time.UTC)
}
