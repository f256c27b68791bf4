package live

import (
	"slices"

	"github.com/google/uuid"

	"quietude/server/atelier"
	"quietude/server/fault"
	"quietude/server/store"
)

// said is what a room says in words, while a batch is decided.
type said struct {
	remarks  map[uuid.UUID]atelier.Remark
	order    []uuid.UUID                     // changed ones, each once
	living   map[uuid.UUID]int               // remarks not deleted, by participant
	dots     map[uuid.UUID]map[uuid.UUID]int // by participant and finding
	cast     []atelier.VoteOf                // by this batch
	findings map[uuid.UUID]bool              // those that can be voted on
}

// words reads what the room says, once per batch and only when asked.
func (d *decision) words() (*said, error) {
	if d.said != nil {
		return d.said, nil
	}
	stored, err := d.view.Said()
	if err != nil {
		return nil, err
	}
	s := &said{remarks: map[uuid.UUID]atelier.Remark{}, living: map[uuid.UUID]int{},
		dots: map[uuid.UUID]map[uuid.UUID]int{}, findings: map[uuid.UUID]bool{}}
	for _, r := range stored.Remarks {
		s.remarks[r.ID] = r
		if !r.Deleted {
			s.living[r.Author]++
		}
	}
	for _, v := range stored.Votes {
		s.of(v.Participant)[v.Finding] = v.Dots
	}
	for _, id := range stored.Findings {
		s.findings[id] = true
	}
	d.said = s
	return s, nil
}

func (s *said) of(participant uuid.UUID) map[uuid.UUID]int {
	if s.dots[participant] == nil {
		s.dots[participant] = map[uuid.UUID]int{}
	}
	return s.dots[participant]
}

// onRemark holds the rights of docs/protocol.md for remarks, the cap, the merge.
func (d *decision) onRemark(author Author, p *placed, seq int64) error {
	s, err := d.words()
	if err != nil {
		return err
	}
	var before *atelier.Remark
	if r, ok := s.remarks[p.Remark]; ok {
		before = &r
	}
	if err := d.maySay(author, p, before); err != nil {
		return err
	}
	if p.Geometry != nil {
		if err := d.inQuartier(p); err != nil {
			return err
		}
	}
	after, err := atelier.MergeRemark(before, &p.Operation, seq)
	if err != nil {
		return err
	}
	if before == nil {
		after.Author, after.Table = author.Participant, author.Table
		if author.Staff {
			after.Table = p.Table
		}
	}
	was, is := before != nil && !before.Deleted, !after.Deleted
	if is && !was && after.Author != uuid.Nil && s.living[after.Author] >= atelier.MaxRemarks {
		return fault.New(fault.Unprocessable, "plafond",
			"Vous avez déjà écrit %d apports : c’est le maximum par personne. Supprimez-en un pour en écrire un autre.", atelier.MaxRemarks).
			At("remark").With("limit", atelier.MaxRemarks)
	}
	if is != was {
		if is {
			s.living[after.Author]++
		} else {
			s.living[after.Author]--
		}
	}
	s.remarks[after.ID] = after
	if !slices.Contains(s.order, after.ID) {
		s.order = append(s.order, after.ID)
	}
	return nil
}

func (d *decision) maySay(author Author, p *placed, before *atelier.Remark) error {
	switch {
	case p.Kind == atelier.RemarkHide || p.Kind == atelier.RemarkUnhide:
		if !author.Staff {
			return fault.New(fault.Forbidden, "reserve_animateur", "Seul l’animateur peut faire cela.")
		}
		return nil
	case author.Staff && p.Kind == atelier.RemarkAdd:
		known := slices.ContainsFunc(d.room.Tables, func(t atelier.TableState) bool { return t.Numero == p.Table })
		if !known {
			return fault.New(fault.Unprocessable, "table_inconnue", "Dites pour quelle table vous écrivez.").At("table")
		}
		return nil
	case !author.Staff && author.Participant == uuid.Nil:
		return fault.New(fault.Unauthorized, "table_requise", "Entrez le code de votre table pour écrire.")
	case !author.Staff && p.Table != 0:
		return fault.New(fault.Invalid, "champ_en_trop", "Cette information n’a pas sa place dans cette opération.").At("table")
	case before != nil && before.Author != author.Participant && p.Kind != atelier.RemarkAdd:
		// For the animateur, whose participant is none, own ones are those typed
		// for a table.
		return fault.New(fault.Forbidden, "apport_autrui", "Cet apport appartient à une autre personne.").At("remark")
	}
	return nil
}

// onVote keeps the dots of one resident within what each may give.
func (d *decision) onVote(author Author, p *placed, seq int64) error {
	if author.Participant == uuid.Nil {
		return fault.New(fault.Unauthorized, "table_requise", "Entrez le code de votre table pour voter.")
	}
	s, err := d.words()
	if err != nil {
		return err
	}
	if !s.findings[p.Finding] {
		return fault.New(fault.NotFound, "constat_inconnu", "Ce constat n’existe plus : vos points sont de nouveau à vous.").At("finding")
	}
	given := p.Dots
	for finding, dots := range s.of(author.Participant) {
		// Dots on what was withdrawn meanwhile come back to their owner.
		if finding != p.Finding && s.findings[finding] {
			given += dots
		}
	}
	if given > atelier.MaxDots {
		return fault.New(fault.Unprocessable, "points_epuises",
			"Chaque personne a %d points. Reprenez-en un ailleurs pour en donner un ici.", atelier.MaxDots).
			At("dots").With("limit", atelier.MaxDots)
	}
	s.of(author.Participant)[p.Finding] = p.Dots
	s.cast = append(s.cast, atelier.VoteOf{Participant: author.Participant, Finding: p.Finding, Dots: p.Dots, Seq: seq})
	return nil
}

// freezeAnswers keeps what was answered, or says which findings have no answer
// yet.
func (d *decision) freezeAnswers() (hash string, err error) {
	answers, err := d.view.Answers()
	if err != nil {
		return "", err
	}
	type open struct {
		ID    uuid.UUID `json:"id"`
		Titre string    `json:"titre"`
	}
	var unanswered []open
	for _, f := range answers.Unanswered() {
		unanswered = append(unanswered, open{f.ID, f.Titre})
	}
	if len(unanswered) > 0 {
		return "", fault.New(fault.Conflict, "constats_sans_reponse",
			"L’atelier ne peut pas être clos : des constats n’ont pas encore de réponse (%d).", len(unanswered)).With("findings", unanswered)
	}
	text, hash, err := answers.Canonical()
	if err != nil {
		return "", err
	}
	d.answers = &store.FrozenAnswers{Text: text, Hash: hash}
	return hash, nil
}
