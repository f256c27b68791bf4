// Package compterendu writes the compte rendu of a closed evening: who was
// there, what was drawn and said, what was answered, how to read it and what it
// leaves out. It is made of the frozen log, of what moderation lets be shown of
// its words, and of the edition that counts the evening: the same three give the
// same bytes however often it is asked for.
//
// What is handed out says of places what the edition says and nothing else: no
// other threshold, no other hexagon, nothing by table, no hash of the markers.
// Whoever holds it and the edition knows no more than by the edition alone. Before
// there is one it has no map.
package compterendu

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/paulmach/orb"

	"quietude/geo/edition"
	"quietude/geo/hexgrid"
	"quietude/server/atelier"
	"quietude/server/fault"
	"quietude/server/hexmap"
	"quietude/server/personal"
	"quietude/server/report"
	"quietude/server/store"
)

// Version says for whom a compte rendu is.
type Version string

// The versions. The one that is handed out shows of places what is published; the
// other is for the animateur alone.
const (
	Diffusion Version = "diffusion"
	Travail   Version = "travail"
)

// Presence is how many people of an institution came; Present is nil when nobody
// counted.
type Presence struct {
	Institution string // as it is read
	Expected    int
	Present     *int
}

// The states of the map that is handed out.
const (
	MapPublished = "published"
	MapWithdrawn = "withdrawn"
	MapNone      = "none" // no edition counts the evening yet
)

// Masked is a passage that may say who somebody is and was left out.
type Masked struct {
	Where string // « table 2, troubles »
	Kind  personal.Kind
}

// CompteRendu is the document, and what it leaves out.
type CompteRendu struct {
	report.Document
	Masked []Masked
	Unread []string // where texts stand that are left out because nobody has read them
	Map    string   // published, withdrawn or none
}

// Of writes the compte rendu of an atelier that is closed; a Conflict else.
func Of(ctx context.Context, s *store.Store, city *hexmap.City, id uuid.UUID, present []Presence, find *personal.Detector, v Version) (CompteRendu, error) {
	room, markers, said, err := s.Evening(ctx, city.Code, id)
	if err != nil {
		return CompteRendu{}, err
	}
	if room.State != "closed" || room.FrozenAt == nil {
		return CompteRendu{}, fault.New(fault.Conflict, "atelier_ouvert", "Le compte rendu s’écrit une fois l’atelier clos.")
	}
	frozen, err := frozenOf(ctx, s, city.Code, id)
	if err != nil {
		return CompteRendu{}, err
	}
	w := writer{room: room, city: city, frozen: frozen, find: find, version: v}
	w.quartier, _ = city.Area(room.Quartier)
	ground, err := Ground(ctx, s, city, w.quartier.Geom, report.PlanBox(w.quartier.Geom))
	if err != nil {
		return CompteRendu{}, err
	}
	if err := w.edited(ctx, s); err != nil {
		return CompteRendu{}, err
	}
	places := publishedPlaces(w.edition)
	if v == Travail {
		places = workingPlaces(markers, w.residents())
	}
	names, err := s.StreetsNear(ctx, city.Code, middles(places))
	if err != nil {
		return CompteRendu{}, err
	}
	for i := range places {
		places[i].name = names[i]
	}
	if err := w.readings(ctx, s, said.Remarks); err != nil {
		return CompteRendu{}, err
	}
	shown, err := s.SlidesShown(ctx, city.Code, id)
	if err != nil {
		return CompteRendu{}, err
	}
	streetOf, err := streetsOf(ctx, s, city.Code, cellsOf(shown))
	if err != nil {
		return CompteRendu{}, err
	}
	w.head()
	w.presence(present)
	w.maps(ground, places)
	w.diagnostic(said.Remarks)
	w.restitution(ground, shown, streetOf)
	w.answers()
	w.reading()
	w.leftOut(said.Remarks, markers)
	return CompteRendu{w.doc, w.masked, w.unread, w.shown}, nil
}

// Ground is the city's own map of a quartier, as far as a page shows it: box, in
// degrees.
func Ground(ctx context.Context, s *store.Store, city *hexmap.City, outline orb.MultiPolygon, box orb.Bound) (report.PaperMap, error) {
	m := report.PaperMap{Outline: outline, Source: "Rues et bâtiments : © Ville de " + city.Nom + ", IGN BD TOPO"}
	streets, landmarks, err := s.Paper(ctx, city.Code, box)
	for _, st := range streets {
		m.Streets = append(m.Streets, report.PaperStreet{Name: st.Nom, Main: st.Main(), Lines: st.Geom})
	}
	for _, l := range landmarks {
		m.Landmarks = append(m.Landmarks, report.PaperLandmark{Name: l.Nom, Areas: l.Geom})
	}
	return m, err
}

// edited reads the edition that counts the evening.
func (w *writer) edited(ctx context.Context, s *store.Store) error {
	row, err := s.EditionOf(ctx, w.city.Code, w.room.ID)
	switch {
	case fault.KindOf(err) == fault.NotFound:
		w.shown = MapNone
		return nil
	case err != nil:
		return err
	case row.WithdrawnOn != nil:
		w.shown = MapWithdrawn
		return nil
	}
	w.shown = MapPublished
	w.edition, err = edition.Read(row.Canonical, row.Hash)
	return err
}

// readings reads what was decided about the words of the evening, and about the names
// of the organisations that answer.
func (w *writer) readings(ctx context.Context, s *store.Store, remarks []atelier.Remark) error {
	ids := []uuid.UUID{w.room.ID}
	known, err := s.Organisations(ctx, w.city.Code)
	if err != nil {
		return err
	}
	w.organisations = make(map[string]uuid.UUID, len(known))
	for _, o := range known {
		w.organisations[o.Nom] = o.ID
		ids = append(ids, o.ID)
	}
	for _, r := range remarks {
		ids = append(ids, r.ID)
	}
	for _, f := range w.frozen.Findings {
		ids = append(ids, f.ID)
	}
	for _, x := range w.frozen.Actions {
		ids = append(ids, x.ID)
	}
	w.read, err = s.Readings(ctx, w.city.Code, ids)
	return err
}

// streetsOf names the street next to each hexagon.
func streetsOf(ctx context.Context, s *store.Store, territoire string, cells []hexgrid.Cell) (map[hexgrid.Cell]string, error) {
	at := make([]orb.Point, len(cells))
	for i, c := range cells {
		at[i] = c.Centre()
	}
	names, err := s.StreetsNear(ctx, territoire, at)
	if err != nil {
		return nil, err
	}
	out := make(map[hexgrid.Cell]string, len(cells))
	for i, c := range cells {
		out[c] = names[i]
	}
	return out, nil
}

// frozenOf gives findings and answers as they stood at the freeze. An evening
// that was closed beside its log (imported, or of the demonstration) has no such
// text: it gets them as they are.
func frozenOf(ctx context.Context, s *store.Store, territoire string, id uuid.UUID) (atelier.Frozen, error) {
	kept, err := s.FrozenAnswersOf(ctx, territoire, id)
	if fault.KindOf(err) == fault.NotFound {
		var now atelier.Answers
		if now, err = s.Answers(ctx, territoire, id); err != nil {
			return atelier.Frozen{}, err
		}
		kept.Text, _, err = now.Canonical()
	}
	if err != nil {
		return atelier.Frozen{}, err
	}
	return atelier.ReadFrozen(kept.Text)
}

// writer puts one block after the other.
type writer struct {
	doc      report.Document
	room     atelier.Atelier
	city     *hexmap.City
	quartier atelier.Quartier
	frozen   atelier.Frozen
	find     *personal.Detector
	version  Version
	masked   []Masked
	read     store.Readings
	unread   []string
	shown    string          // of the map that is handed out
	edition  edition.Edition // zero without one
	// organisations are known ones by name: the frozen answers have their names alone.
	organisations map[string]uuid.UUID
}

func (w *writer) add(blocks ...report.Block) { w.doc.Blocks = append(w.doc.Blocks, blocks...) }

// say gives what may be shown of a text. What nobody has read is left out of what
// is handed out; the working version has it, without what may say who somebody is.
func (w *writer) say(where string, id uuid.UUID, champ, text string) string {
	shown := w.read.Of(id, champ, text)
	if shown.State != atelier.Held {
		return shown.Words()
	}
	w.unread = append(w.unread, where)
	if w.version == Diffusion {
		return shown.Words()
	}
	return w.mask(where, text) + " (à relire)"
}

// mask leaves out of a text what may say who somebody is.
func (w *writer) mask(where, text string) string {
	found := w.find.Find(text)
	for _, f := range found {
		w.masked = append(w.masked, Masked{where, f.Kind})
	}
	return personal.Redact(text, found)
}

// own gives words of the city itself, which name halls, streets and institutions: the
// title and the place of the evening, an organisation. What is handed out has them as
// the public reads them elsewhere, or otherwise in their place; at work they stand as
// they are, without what no announcement needs.
func (w *writer) own(where string, id uuid.UUID, champ, text, otherwise string) string {
	found := w.find.Find(text)
	if w.version == Travail {
		found = slices.DeleteFunc(found, func(f personal.Finding) bool { return f.Kind == personal.Name || f.Kind == personal.Address })
		for _, f := range found {
			w.masked = append(w.masked, Masked{where, f.Kind})
		}
		return personal.Redact(text, found)
	}
	switch shown := w.read.Of(id, champ, text); {
	case shown.State == atelier.Held && len(found) == 0:
		return text // the service would let it through
	case shown.State == atelier.Held:
		w.unread = append(w.unread, where)
		return otherwise
	case shown.State == atelier.Withheld:
		return otherwise
	default:
		return shown.Text
	}
}

// organisation is the name of one that answers.
func (w *writer) organisation(name string) string {
	if name == "" {
		return ""
	}
	return w.own("nom d’une organisation", w.organisations[name], atelier.ChampNom, name, "une organisation")
}

func (w *writer) residents() (n int) {
	for _, t := range w.room.Seats {
		n += t.Participants
	}
	return n
}

func (w *writer) head() {
	kind := map[string]string{"atelier": "Atelier de tranquillité publique", "reunion": "Réunion avec des habitants"}[w.room.Kind]
	w.doc.Title = "Compte rendu – " + w.own("titre de l’atelier", w.room.ID, atelier.ChampTitre, w.room.Titre, kind)
	w.doc.Demo = w.room.Demo
	w.doc.Made = *w.room.FrozenAt
	where := w.quartier.Nom + ", " + w.city.Nom
	if lieu := w.own("lieu de l’atelier", w.room.ID, atelier.ChampLieu, w.room.Lieu, ""); lieu != "" {
		where = lieu + " – " + where
	}
	w.doc.Lines = []string{where, upper(report.Moment(w.room.StartsAt.In(w.city.Zone)))}
	if w.version == Travail {
		w.doc.Lines = append(w.doc.Lines, "Document de travail : des lieux dont peu de personnes ont parlé y figurent. Ne pas diffuser.")
	}
}

func (w *writer) presence(present []Presence) {
	w.add(report.Heading{Level: 2, Text: "Qui était là"})
	grid := report.Grid{Caption: "Personnes présentes, par institution et en nombre", Head: []string{"Institution", "Présents"}, Shares: []float64{0.6, 0.4}}
	for _, p := range present {
		switch {
		case p.Present != nil && *p.Present > 0:
			grid.Rows = append(grid.Rows, []string{p.Institution, fmt.Sprint(*p.Present)})
		case p.Present == nil && p.Expected > 0:
			grid.Rows = append(grid.Rows, []string{p.Institution, count(p.Expected, "attendu", "attendus") + ", présence non notée"})
		}
	}
	for _, t := range w.room.Seats {
		if t.Participants > 0 {
			grid.Rows = append(grid.Rows, []string{fmt.Sprintf("Habitants, table %d", t.Numero), fmt.Sprint(t.Participants)})
		}
	}
	grid.Rows = append(grid.Rows, []string{"Habitants, ensemble", fmt.Sprint(w.residents())})
	w.add(grid, report.Paragraph("Les habitants sont comptés d’après les appareils qui ont rejoint l’atelier, sans compte et sans nom."))
}

// questions of the diagnostic, as they are read.
var questions = map[string]string{
	"troubles":  "Les troubles vécus et ressentis",
	"causes":    "Leurs origines et leurs causes",
	"solutions": "Les solutions possibles",
	"residents": "La part que les habitants peuvent prendre",
}

func (w *writer) diagnostic(remarks []atelier.Remark) {
	w.add(report.Heading{Level: 2, Text: "Ce que les tables ont dit"})
	kept := slices.DeleteFunc(slices.Clone(remarks), func(r atelier.Remark) bool { return r.Deleted || r.Hidden })
	slices.SortStableFunc(kept, func(a, b atelier.Remark) int {
		if a.Table != b.Table {
			return a.Table - b.Table
		}
		return int(a.AddedSeq - b.AddedSeq)
	})
	for _, question := range atelier.Questions {
		w.add(report.Heading{Level: 3, Text: questions[question]})
		grid := report.Grid{Caption: questions[question] + ", par table", Head: []string{"Table", "Ce qui a été dit", "Thème"}, Shares: []float64{0.12, 0.6, 0.28}}
		left := 0
		for _, r := range kept {
			if r.Question != question {
				continue
			}
			where := fmt.Sprintf("table %d, %s", r.Table, strings.ToLower(questions[question][:1])+questions[question][1:])
			words := w.say(where, r.ID, atelier.ChampTexte, r.Text)
			if state := w.read.Of(r.ID, atelier.ChampTexte, r.Text).State; state == atelier.Withheld || state == atelier.Held && w.version == Diffusion {
				left++
				continue
			}
			grid.Rows = append(grid.Rows, []string{fmt.Sprintf("Table %d", r.Table), words, report.ThemeNames[r.Theme]})
		}
		switch {
		case len(grid.Rows) > 0:
			w.add(grid)
		case left > 0:
			w.add(report.Paragraph("Ce qui a été noté n’est pas diffusé, ou n’a pas encore été relu."))
		default:
			w.add(report.Paragraph("Rien n’a été noté pour cette question."))
		}
	}
}

func (w *writer) answers() {
	w.add(report.Heading{Level: 2, Text: "Constats et réponses"})
	if len(w.frozen.Findings) == 0 && len(w.frozen.Actions) == 0 {
		w.add(report.Paragraph("Aucun constat n’a été formulé."))
		return
	}
	number := map[uuid.UUID]int{}
	found := report.Grid{Caption: "Constats, dans l’ordre de l’atelier", Head: []string{"N°", "Constat", "Tables", "Points donnés"}, Shares: []float64{0.08, 0.58, 0.14, 0.2}}
	for i, f := range w.frozen.Findings {
		number[f.ID] = i + 1
		where := fmt.Sprintf("constat %d", i+1)
		words := w.say(where, f.ID, atelier.ChampTitre, f.Titre)
		if f.Detail != "" {
			words += "\n" + w.say(where, f.ID, atelier.ChampDetail, f.Detail)
		}
		var families []string
		for _, t := range f.Themes {
			families = append(families, report.ThemeNames[t])
		}
		if len(families) > 0 {
			words += "\n" + strings.Join(families, " ; ")
		}
		points := "–"
		switch {
		case w.version == Travail && f.Dots > 0:
			points = fmt.Sprintf("%s de %s", count(f.Dots, "point", "points"), count(f.Voters, "personne", "personnes"))
		case f.Voters >= w.fewest():
			points = count(f.Dots, "point", "points")
		}
		found.Rows = append(found.Rows, []string{fmt.Sprint(i + 1), words, numbers(f.Tables), points})
	}
	if len(found.Rows) > 0 {
		w.add(found)
	}
	var taken, refused []answered
	for _, x := range w.frozen.Actions {
		var to []int
		for _, f := range x.Findings {
			if n := number[f]; n > 0 {
				to = append(to, n)
			}
		}
		slices.Sort(to)
		a := answered{x, to}
		if x.State == atelier.Refused || x.Code == "REN" {
			refused = append(refused, a)
		} else {
			taken = append(taken, a)
		}
	}
	w.actions(taken)
	w.refusals(refused)
}

// answered is an action with the numbers of the findings it answers.
type answered struct {
	atelier.FrozenAction
	to []int
}

// byFinding puts answers in the order of the findings; those of none come last.
func byFinding(list []answered) {
	slices.SortStableFunc(list, func(a, b answered) int {
		if len(a.to) == 0 || len(b.to) == 0 {
			return len(b.to) - len(a.to)
		}
		return slices.Compare(a.to, b.to)
	})
}

func (w *writer) actions(list []answered) {
	w.add(report.Heading{Level: 3, Text: "Ce qui sera fait"})
	if len(list) == 0 {
		w.add(report.Paragraph("Aucune action n’a été décidée."))
		return
	}
	byFinding(list)
	grid := report.Grid{Caption: "Actions, avec qui les porte et pour quand", Head: []string{"Constat", "Action", "Qui pilote", "Échéance", "Où en est-on"}, Shares: []float64{0.12, 0.36, 0.19, 0.15, 0.18}}
	for _, x := range list {
		where := "action pour le constat " + numbers(x.to)
		words := w.say(where, x.ID, atelier.ChampTitre, x.Titre) + "\n" + report.ActionCodeNames[x.Code]
		if x.Detail != "" {
			words += "\n" + w.say(where, x.ID, atelier.ChampDetail, x.Detail)
		}
		pilote := cmp.Or(w.organisation(x.Pilote), "à désigner")
		if len(x.Partners) > 0 {
			partners := make([]string, len(x.Partners))
			for i, name := range x.Partners {
				partners[i] = w.organisation(name)
			}
			pilote += "\navec " + strings.Join(partners, ", ")
		}
		state := report.ActionStateNames[x.State]
		for _, why := range []string{w.say(where, x.ID, atelier.ChampReason, x.Reason), w.say(where, x.ID, atelier.ChampProof, x.Proof)} {
			if why != "" {
				state += " : " + why
			}
		}
		grid.Rows = append(grid.Rows, []string{numbers(x.to), words, pilote, w.deadline(x.Echeance), state})
	}
	w.add(grid)
}

func (w *writer) deadline(day string) string {
	t, err := time.Parse(time.DateOnly, day)
	if err != nil {
		return "sans date"
	}
	return report.Day(t)
}

func (w *writer) refusals(list []answered) {
	if len(list) == 0 {
		return
	}
	byFinding(list)
	w.add(report.Heading{Level: 3, Text: "Ce qui ne sera pas fait, et pourquoi"})
	grid := report.Grid{Caption: "Réponses négatives et renvois motivés", Head: []string{"Constat", "Demande", "Raison"}, Shares: []float64{0.12, 0.4, 0.48}}
	for _, x := range list {
		where := "réponse au constat " + numbers(x.to)
		why := w.say(where, x.ID, atelier.ChampReason, x.Reason)
		if x.State != atelier.Refused {
			why = strings.TrimSuffix(report.ActionStateNames[x.State]+" : "+why, " : ")
		}
		if x.Pilote != "" {
			why += " (" + w.organisation(x.Pilote) + ")"
		}
		grid.Rows = append(grid.Rows, []string{numbers(x.to), w.say(where, x.ID, atelier.ChampTitre, x.Titre), why})
	}
	w.add(grid)
}

func (w *writer) reading() {
	n := w.residents()
	w.add(report.Heading{Level: 2, Text: "Comment lire ces chiffres"}, report.Bullets{
		"La carte dit ce que ressentent les personnes venues ce soir-là. Elle ne mesure pas la délinquance et ne désigne personne.",
		fmt.Sprintf("%s : %s ne parlent pas pour tout le quartier.", count(n, "habitant était présent", "habitants étaient présents"), map[bool]string{true: "quelques personnes", false: "ces personnes"}[n < 30]),
		"Une voix est une personne : qui a placé plusieurs repères au même endroit compte une fois.",
		"Un endroit sans couleur n’est pas un endroit sûr : c’est un endroit dont trop peu de personnes ont parlé.",
		"« Avis partagés » : au même endroit, les uns se sentent plutôt en sécurité et d’autres non. Les deux comptent.",
		"Les points disent ce que les habitants jugent le plus important ; chacun en avait cinq au plus.",
	})
}

// kinds of personal passages, one and many.
var kinds = map[personal.Kind][2]string{
	personal.Email: {"adresse électronique", "adresses électroniques"}, personal.Link: {"lien", "liens"},
	personal.Phone: {"numéro de téléphone", "numéros de téléphone"}, personal.Plate: {"plaque", "plaques"},
	personal.Address: {"adresse", "adresses"}, personal.Name: {"nom possible", "noms possibles"},
}

func (w *writer) leftOut(remarks []atelier.Remark, markers []atelier.Marker) {
	w.add(report.Heading{Level: 2, Text: "Ce qui a été laissé de côté"})
	out := report.Bullets{"Les noms des habitants, leurs repères un par un et leurs notes : ils ne figurent dans aucun document."}
	if w.version == Diffusion {
		out = append(out,
			fmt.Sprintf("Les endroits dont trop peu de personnes ont parlé (au moins %d, avec une marge tenue secrète), pour que personne ne puisse être reconnu ; de même les points donnés à un constat.", w.fewest()),
			"Les nombres exacts, donnés par classes, et ce qu’a dessiné chaque table.",
			"Ce que l’animateur a masqué, et les textes que personne n’a encore relus.")
		w.add(out)
		if w.shown == MapPublished {
			w.add(report.Paragraph("Empreinte de l’édition (SHA-256) : " + w.edition.Hash() + ". Elle permet de vérifier que cette carte est celle que la Ville a publiée."))
		}
		return
	}
	hidden := 0
	for _, r := range remarks {
		if r.Hidden && !r.Deleted {
			hidden++
		}
	}
	if hidden > 0 {
		out = append(out, upper(count(hidden, "apport masqué par l’animateur.", "apports masqués par l’animateur.")))
	}
	hidden = 0
	for _, m := range markers {
		if m.Hidden && !m.Deleted {
			hidden++
		}
	}
	if hidden > 0 {
		out = append(out, upper(count(hidden, "repère masqué par l’animateur.", "repères masqués par l’animateur.")))
	}
	var parts []string
	for _, kind := range personal.Kinds {
		n := 0
		for _, m := range w.masked {
			if m.Kind == kind {
				n++
			}
		}
		if n > 0 {
			parts = append(parts, count(n, kinds[kind][0], kinds[kind][1]))
		}
	}
	if len(parts) > 0 {
		out = append(out, "Des passages qui pouvaient désigner une personne, remplacés par « "+personal.Blank+" » : "+strings.Join(parts, ", ")+".")
	}
	w.add(out, report.Paragraph("Empreinte de la carte à la clôture (SHA-256) : "+w.room.FrozenHash+". Elle permet de vérifier que rien n’a été ajouté depuis."))
}

// fewest is how many people have to stand behind a number that is handed out.
func (w *writer) fewest() int { return max(edition.MinThreshold, w.edition.Threshold()) }

// count writes a number with its noun.
func count(n int, one, many string) string {
	if n < 2 {
		return fmt.Sprintf("%d %s", n, one)
	}
	return fmt.Sprintf("%d %s", n, many)
}

// numbers writes « 1, 2 et 4 », or a dash.
func numbers(ns []int) string {
	if len(ns) == 0 {
		return "–"
	}
	words := make([]string, len(ns))
	for i, n := range ns {
		words[i] = fmt.Sprint(n)
	}
	if len(words) == 1 {
		return words[0]
	}
	return strings.Join(words[:len(words)-1], ", ") + " et " + words[len(words)-1]
}

func upper(s string) string {
	if s == "" {
		return s
	}
	first := []rune(s)
	return strings.ToUpper(string(first[0])) + string(first[1:])
}
