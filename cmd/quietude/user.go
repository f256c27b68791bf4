package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/google/uuid"

	"quietude/server/atelier"
	"quietude/server/auth"
	"quietude/server/fault"
	"quietude/server/pglocal"
)

// userCommands are what an operator does about accounts at the terminal; the
// page of the administrators does the same for one territoire.
type userCommands struct {
	Add          userAdd          `cmd:"" help:"Ajoute un compte."`
	List         userList         `cmd:"" help:"Liste les comptes."`
	Disable      userDisable      `cmd:"" help:"Ferme un compte et ses sessions."`
	Enable       userEnable       `cmd:"" help:"Rouvre un compte."`
	Role         userRole         `cmd:"" help:"Change le rôle d’un compte ; ses sessions se ferment."`
	Factor       userFactor       `cmd:"" help:"Retire un second facteur perdu ; les sessions du compte se ferment."`
	Organisation userOrganisation `cmd:"" help:"Rattache un compte à une organisation, ou l’en détache."`
	Token        userToken        `cmd:"" help:"Crée un jeton de lecture pour une machine (SIG, exports)."`
}

// firstAccess is how long the link of the first administrator works.
const firstAccess = 24 * time.Hour

// offerFirstAccess prints the link by which the first administrator makes an
// account, as long as nobody can sign in. Each start gives a new one.
func (c *serveCommand) offerFirstAccess(ctx context.Context, p *program, db *database, address string) error {
	if someone, err := db.AnyCompte(ctx, c.Demo); err != nil || someone {
		return err
	}
	territoire, err := territoireOf(ctx, db, c.Territoire)
	if err != nil {
		return err
	}
	secret := auth.NewSecret()
	if err := db.Link(ctx, atelier.Invitation{Territoire: territoire, Kind: atelier.FirstAdmin, ExpiresAt: time.Now().Add(firstAccess)},
		auth.Digest(secret), uuid.Nil); err != nil {
		return err
	}
	base := c.baseURL()
	if base == "" {
		base = "http://" + address
	}
	_, err = fmt.Fprintf(p.err, "Premier compte d’administration (lien à usage unique, 24 heures) :\n%s/acces#%s\n", base, secret)
	return err
}

// userStorage is what the commands share.
type userStorage struct {
	Storage `embed:""`
}

// with opens the database, beside a running server if there is one.
func (u *userStorage) with(p *program, do func(context.Context, *database) error) error {
	if err := u.check(); err != nil {
		return err
	}
	logger := u.logger(p.err)
	ctx, cancel := p.untilSignal(logger)
	defer cancel()
	db, err := p.connect(ctx, u.Storage, logger, pglocal.Open)
	if err != nil {
		return err
	}
	return firstError(do(ctx, db), db.close())
}

type userAdd struct {
	userStorage  `embed:""`
	Email        string `arg:"" help:"Adresse électronique, avec laquelle la personne se connecte."`
	Nom          string `required:"" placeholder:"NOM" help:"Nom montré dans le service."`
	Role         string `required:"" placeholder:"RÔLE" enum:"animateur,analyste,police,bailleur,admin,dpo" help:"animateur, analyste, police, bailleur, admin ou dpo."`
	Territoire   string `placeholder:"INSEE" env:"QUIETUDE_TERRITOIRE" help:"Commune (code INSEE) ; sans elle, la première chargée."`
	Organisation string `placeholder:"NOM" help:"Organisation pour laquelle la personne répond, telle qu’elle est enregistrée : un bailleur ne lit et ne tient à jour que ses actions."`
	PasswordFile string `placeholder:"FICHIER" help:"Fichier dont la première ligne est le mot de passe ; - pour l’entrée standard ; sans lui, un lien à usage unique est imprimé."`
	BaseURL      string `name:"base-url" placeholder:"URL" env:"QUIETUDE_BASE_URL" help:"Adresse publique du service, pour le lien."`
}

// Run adds an account, and prints the link by which its person chooses a
// password; or takes it from a file, since a command line is seen by every
// process of the machine.
func (c *userAdd) Run(p *program) error {
	return c.with(p, func(ctx context.Context, db *database) error {
		compte, err := newCompte(ctx, db, c.Email, c.Nom, c.Role, c.Territoire)
		if err != nil {
			return err
		}
		if c.Organisation != "" {
			if compte.Organisation, err = organisationNamed(ctx, db, compte.Territoire, c.Organisation); err != nil {
				return err
			}
		}
		if c.PasswordFile == "" {
			secret := auth.NewSecret()
			made, err := db.AddInvited(ctx, compte, auth.Digest(secret), time.Now().Add(inviteLife), uuid.Nil)
			if err != nil {
				return err
			}
			if err := byOperator(ctx, db, atelier.AccountAdded.About(made)); err != nil {
				return err
			}
			_, err = fmt.Fprintf(p.out, "Compte ajouté : %s, %s, %s. Lien à usage unique, 7 jours :\n%s/acces#%s\n",
				made.Email, auth.Role(made.Role).Words(), made.Territoire, strings.TrimRight(c.BaseURL, "/"), secret)
			return err
		}
		password, err := readSecret(c.PasswordFile, p.in)
		if err != nil {
			return err
		}
		if err := auth.CheckPassword(password, compte.Email, compte.Nom); err != nil {
			return err
		}
		if compte.Password, err = auth.Hash(ctx, password); err != nil {
			return err
		}
		made, err := db.AddCompte(ctx, compte)
		if err != nil {
			return err
		}
		if err := byOperator(ctx, db, atelier.AccountAdded.About(made)); err != nil {
			return err
		}
		_, err = fmt.Fprintf(p.out, "Compte ajouté : %s, %s, %s.\n", made.Email, auth.Role(made.Role).Words(), made.Territoire)
		return err
	})
}

// inviteLife is how long a link to choose a password works.
const inviteLife = 7 * 24 * time.Hour

// newCompte checks what an account is made of.
func newCompte(ctx context.Context, db *database, email, nom, role, territoire string) (atelier.Compte, error) {
	t, err := territoireOf(ctx, db, territoire)
	if err != nil {
		return atelier.Compte{}, err
	}
	return atelier.NewAccount(t, email, nom, role)
}

// territoireOf is the one that is named, or the first one loaded.
func territoireOf(ctx context.Context, db *database, code string) (string, error) {
	if code != "" {
		_, err := db.Territoire(ctx, code)
		if fault.KindOf(err) == fault.NotFound {
			err = invalid("territoire", "La commune %s n’est pas chargée.", code)
		}
		return code, err
	}
	all, err := db.Territoires(ctx)
	if err == nil && len(all) == 0 {
		err = invalid("territoire", "Aucune commune n’est chargée : démarrez une fois « quietude serve », ou importez-en une.")
	}
	if err != nil {
		return "", err
	}
	return all[0].Code, nil
}

// readSecret reads the first line of a file, or of the standard input for "-".
func readSecret(path string, in io.Reader) (string, error) {
	if path != "-" {
		f, err := os.Open(path)
		if err != nil {
			return "", invalid("password-file", "Le fichier %s ne peut pas être lu.", path)
		}
		defer func() { _ = f.Close() }()
		in = f
	}
	text, err := io.ReadAll(io.LimitReader(in, 4096))
	if err != nil {
		return "", err
	}
	line, _, _ := strings.Cut(string(text), "\n")
	return strings.TrimSuffix(line, "\r"), nil
}

type userList struct {
	userStorage `embed:""`
	Territoire  string `placeholder:"INSEE" help:"Seulement cette commune."`
}

// Run lists accounts without any secret.
func (c *userList) Run(p *program) error {
	return c.with(p, func(ctx context.Context, db *database) error {
		all, err := db.Comptes(ctx, c.Territoire)
		if err != nil {
			return err
		}
		if len(all) == 0 {
			return p.say("Aucun compte.")
		}
		out := tabwriter.NewWriter(p.out, 0, 0, 2, ' ', 0)
		_, _ = fmt.Fprintln(out, "commune\tadresse\tnom\trôle\torganisation\tétat\tsecond facteur")
		for _, one := range all {
			state := "ouvert"
			switch {
			case one.Disabled:
				state = "fermé"
			case one.Demo:
				state = "fictif"
			}
			second := "non"
			if one.SecondFactor {
				second = "oui"
			}
			_, _ = fmt.Fprintf(out, "%s\t%s\t%s\t%s\t%s\t%s\t%s\n", one.Territoire, one.Email, one.Nom, auth.Role(one.Role).Words(), one.OrganisationNom, state, second)
		}
		return out.Flush()
	})
}

type userDisable struct {
	userStorage `embed:""`
	Email       string `arg:"" help:"Adresse électronique du compte."`
}

// Run closes an account; running servers refuse it within seconds.
func (c *userDisable) Run(p *program) error {
	return c.with(p, func(ctx context.Context, db *database) error { return setDisabled(ctx, p, db, c.Email, true) })
}

type userEnable struct {
	userStorage `embed:""`
	Email       string `arg:"" help:"Adresse électronique du compte."`
}

// Run opens a closed account again.
func (c *userEnable) Run(p *program) error {
	return c.with(p, func(ctx context.Context, db *database) error { return setDisabled(ctx, p, db, c.Email, false) })
}

func setDisabled(ctx context.Context, p *program, db *database, email string, disabled bool) error {
	compte, err := compteNamed(ctx, db, email)
	if err != nil {
		return err
	}
	word, what := "ouvert", atelier.AccountOpened
	if disabled {
		word, what = "fermé, et ses sessions avec lui", atelier.AccountClosed
	}
	if err := db.DisableCompte(ctx, compte, disabled, ofOperator(what.About(compte))); err != nil {
		return err
	}
	_, err = fmt.Fprintf(p.out, "Compte %s %s.\n", compte.Email, word)
	return err
}

// operator is who the log of access names for what is done at the terminal.
const operator = "ligne de commande"

func ofOperator(e atelier.Connexion) atelier.Connexion {
	e.ParNom = operator
	return e
}

func byOperator(ctx context.Context, db *database, e atelier.Connexion) error {
	return db.AddConnexion(ctx, ofOperator(e), 0)
}

type userRole struct {
	userStorage `embed:""`
	Email       string `arg:"" help:"Adresse électronique du compte."`
	Role        string `arg:"" enum:"animateur,analyste,police,bailleur,admin,dpo" help:"animateur, analyste, police, bailleur, admin ou dpo."`
}

// Run gives an account another role; running servers know it within seconds.
func (c *userRole) Run(p *program) error {
	return c.with(p, func(ctx context.Context, db *database) error {
		compte, err := compteNamed(ctx, db, c.Email)
		if err != nil {
			return err
		}
		if err := db.SetRole(ctx, compte, c.Role, ofOperator(atelier.RoleChanged.About(compte))); err != nil {
			return err
		}
		_, err = fmt.Fprintf(p.out, "Le compte %s a maintenant le rôle %s ; ses sessions sont fermées.\n", compte.Email, auth.Role(c.Role).Words())
		return err
	})
}

type userFactor struct {
	userStorage `embed:""`
	Email       string `arg:"" help:"Adresse électronique du compte."`
}

// Run takes a lost second factor away: an administrator who is alone cannot have it
// done by another one.
func (c *userFactor) Run(p *program) error {
	return c.with(p, func(ctx context.Context, db *database) error {
		compte, err := compteNamed(ctx, db, c.Email)
		if err != nil {
			return err
		}
		if err := db.EndSecondFactor(ctx, compte, "", ofOperator(atelier.FactorRemoved.About(compte))); err != nil {
			return err
		}
		_, err = fmt.Fprintf(p.out, "Le compte %s n’a plus de second facteur ; ses sessions sont fermées.\n", compte.Email)
		return err
	})
}

func compteNamed(ctx context.Context, db *database, email string) (atelier.Compte, error) {
	compte, err := db.CompteByEmail(ctx, email)
	if fault.KindOf(err) == fault.NotFound {
		err = invalid("email", "Aucun compte n’a l’adresse %s.", email)
	}
	return compte, err
}

// organisationNamed finds an organisation by its name, however it is capitalised.
func organisationNamed(ctx context.Context, db *database, territoire, nom string) (uuid.UUID, error) {
	all, err := db.Organisations(ctx, territoire)
	if err != nil {
		return uuid.Nil, err
	}
	var known []string
	for _, o := range all {
		if strings.EqualFold(o.Nom, strings.TrimSpace(nom)) {
			return o.ID, nil
		}
		if !o.Archived {
			known = append(known, "« "+o.Nom+" »")
		}
	}
	if len(known) == 0 {
		return uuid.Nil, invalid("organisation", "Aucune organisation n’est enregistrée : ajoutez-la sur /comptes.")
	}
	return uuid.Nil, invalid("organisation", "L’organisation « %s » n’est pas enregistrée ; il y a : %s.", nom, strings.Join(known, ", "))
}

type userOrganisation struct {
	userStorage `embed:""`
	Email       string `arg:"" help:"Adresse électronique du compte."`
	Nom         string `arg:"" optional:"" help:"Nom de l’organisation ; sans lui, le compte ne répond plus pour aucune."`
}

// Run says whom an account answers for; running servers know it within seconds.
func (c *userOrganisation) Run(p *program) error {
	return c.with(p, func(ctx context.Context, db *database) error {
		compte, err := compteNamed(ctx, db, c.Email)
		if err != nil {
			return err
		}
		compte.Organisation = uuid.Nil
		words := "ne répond plus pour aucune organisation"
		if c.Nom != "" {
			if compte.Organisation, err = organisationNamed(ctx, db, compte.Territoire, c.Nom); err != nil {
				return err
			}
			words = "répond pour « " + c.Nom + " »"
		}
		if err := db.SetOrganisation(ctx, compte); err != nil {
			return err
		}
		event := atelier.OwnerChanged.About(compte)
		event.Details = map[string]string{"organisation": c.Nom}
		if err := byOperator(ctx, db, event); err != nil {
			return err
		}
		_, err = fmt.Fprintf(p.out, "Le compte %s %s.\n", compte.Email, words)
		return err
	})
}

type userToken struct {
	userStorage `embed:""`
	Label       string   `arg:"" help:"À quoi sert le jeton, par exemple « QGIS du service urbanisme »."`
	Scope       []string `required:"" placeholder:"PORTÉE" enum:"hexagones,editions,exports" help:"hexagones, editions, exports."`
	Days        int      `default:"365" placeholder:"JOURS" help:"Durée en jours, 730 au plus."`
	Territoire  string   `placeholder:"INSEE" env:"QUIETUDE_TERRITOIRE" help:"Commune (code INSEE) ; sans elle, la première chargée."`
}

// Run makes a token that reads, for a machine, and shows it once.
func (c *userToken) Run(p *program) error {
	return c.with(p, func(ctx context.Context, db *database) error {
		if c.Days < 1 || c.Days > 730 {
			return invalid("days", "La durée va de 1 à 730 jours.")
		}
		territoire, err := territoireOf(ctx, db, c.Territoire)
		if err != nil {
			return err
		}
		secret, until := "qm1_"+auth.NewSecret(), time.Now().AddDate(0, 0, c.Days)
		if _, err := db.AddMachine(ctx, atelier.Jeton{Territoire: territoire, Role: string(auth.Analyste), Label: c.Label, Scopes: c.Scope},
			auth.Digest(secret), until, uuid.Nil); err != nil {
			return err
		}
		if err := byOperator(ctx, db, atelier.Connexion{Territoire: territoire, Evenement: atelier.TokenMade, Nom: c.Label}); err != nil {
			return err
		}
		_, err = fmt.Fprintf(p.out, "Jeton (montré cette fois seulement), jusqu’au %s :\n%s\n", until.Format(time.DateOnly), secret)
		return err
	})
}
