package atelier

import (
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/paulmach/orb"

	"quietude/server/fault"
)

// Finding is a constat: what an atelier says, in the words of its animateur,
// merged from the remarks of the tables.
type Finding struct {
	Territoire string
	ID         uuid.UUID
	Atelier    uuid.UUID
	Quartier   string
	Rang       int // order in which findings are shown, from 1
	Titre      string
	Detail     string
	Themes     []Theme
	Tables     []int        // origin, sorted
	Geometry   orb.Geometry // orb.Point or orb.Polygon; nil when none
	Remarks    []uuid.UUID  // of the same atelier, sorted
	Markers    []uuid.UUID  // of the same atelier, sorted
	Withdrawn  bool
	Version    int // counts its changes, from 1
	Dots       int // of all residents
	Voters     int // distinct residents who gave at least one dot
	// Actions are those that answer it, sorted.
	Actions []uuid.UUID
	// Answered: an authority has said what it does about it (Answers).
	Answered bool
	// Written are its texts that are not shown as they were written.
	Written   Written
	CreatedAt time.Time
	UpdatedAt time.Time
}

// Bounds of a finding and of an action.
const (
	DetailLimit = 1000
	ReasonLimit = 500
	MaxLinks    = 200 // remarks, markers or findings of one object
)

// Check refuses a finding that cannot be kept, and puts its lists in order.
func (f *Finding) Check() error {
	f.Titre, f.Detail = strings.TrimSpace(f.Titre), strings.TrimSpace(f.Detail)
	if f.Titre == "" {
		return fault.New(fault.Invalid, "champ_absent", "Écrivez le constat en une phrase.").At("titre")
	}
	if err := checkText(f.Titre, TitreLimit, "titre"); err != nil {
		return err
	}
	if err := checkText(f.Detail, DetailLimit, "detail"); err != nil {
		return err
	}
	if f.Rang < 1 || f.Rang > 10_000 {
		return fault.New(fault.Invalid, "valeur_inconnue", "L’ordre d’un constat se compte à partir de 1.").At("rang")
	}
	for i, t := range f.Themes {
		if err := CheckTheme(t, "themes"); err != nil {
			return err
		}
		if slices.Contains(f.Themes[:i], t) {
			return fault.New(fault.Invalid, "valeur_inconnue", "Ce thème est donné deux fois.").At("themes")
		}
	}
	for _, n := range f.Tables {
		if n < 1 || n > 20 {
			return fault.New(fault.Invalid, "table_inconnue", "Cette table n’existe pas.").At("tables")
		}
	}
	slices.Sort(f.Tables)
	f.Tables = slices.Compact(f.Tables)
	var err error
	if f.Remarks, err = links(f.Remarks, "remarks"); err != nil {
		return err
	}
	f.Markers, err = links(f.Markers, "markers")
	return err
}

// links puts identifiers in order, each once.
func links(ids []uuid.UUID, field string) ([]uuid.UUID, error) {
	if len(ids) > MaxLinks {
		return nil, fault.New(fault.Invalid, "liste_trop_longue", "Au plus %d éléments peuvent être liés.", MaxLinks).At(field)
	}
	out := slices.Clone(ids)
	slices.SortFunc(out, func(a, b uuid.UUID) int { return strings.Compare(a.String(), b.String()) })
	return slices.Compact(out), nil
}

// MaxDots is how many dots one resident may share out among the findings of an
// atelier; several may go to the same one.
const MaxDots = 5

// Organisation pilots an action or takes part in one; never a person.
type Organisation struct {
	Territoire string
	ID         uuid.UUID
	Nom        string
	Kind       string
	Archived   bool
	Demo       bool
	Email      string // of the service, for reminders; "" for none
}

// OrganisationKinds are what an organisation may be.
var OrganisationKinds = []string{"ville", "police_nationale", "police_municipale", "parquet", "bailleur", "mediation", "association", "autre"}

// Check refuses an organisation without a name or of no known kind.
func (o *Organisation) Check() error {
	o.Nom = strings.TrimSpace(o.Nom)
	if o.Nom == "" {
		return fault.New(fault.Invalid, "champ_absent", "Donnez le nom de l’organisation.").At("nom")
	}
	if err := checkText(o.Nom, TitreLimit, "nom"); err != nil {
		return err
	}
	if !slices.Contains(OrganisationKinds, o.Kind) {
		return fault.New(fault.Invalid, "valeur_inconnue", "Cette valeur n’est pas dans la liste proposée.").At("kind")
	}
	return nil
}
