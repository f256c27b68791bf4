// Package notice sends the e-mails that follow an atelier: to an organisation,
// that an action it pilots is nearly due or overdue; to a resident who follows,
// the question whether it is better; to an address that was given, the question
// whether it is its owner's. Each leaves once, however many nodes run: a node
// claims a notice in the database before it sends it, and one that dies with it
// in hand is followed by another after ten minutes. It decides nothing about
// actions.
package notice

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"quietude/server/atelier"
	"quietude/server/auth"
	"quietude/server/fault"
	"quietude/server/hexmap"
	"quietude/server/jobs"
	"quietude/server/mail"
	"quietude/server/report"
	"quietude/server/store"
)

// Postman delivers one message.
type Postman interface {
	Send(ctx context.Context, m mail.Message) error
}

// Teller sends notices. It is safe for concurrent use.
type Teller struct {
	Store   *store.Store
	Places  *hexmap.Places
	Postman Postman
	BaseURL string // without a final slash
	// Thresholds are when a pilote is reminded, in days before the échéance;
	// negative after it. Each is told once for an action and an échéance, and of
	// several that have passed only the last.
	Thresholds []int
	Now        func() time.Time
	Logger     *slog.Logger
}

// ReminderJob reminds the organisations of all territoires.
type ReminderJob struct{}

// Kind names the job for ever.
func (ReminderJob) Kind() string { return "action_reminders" }

// AskJob asks residents who follow whether it is better.
type AskJob struct{}

// Kind names the job for ever.
func (AskJob) Kind() string { return "is_it_better" }

// ConfirmJob asks the owner of an address to confirm it.
type ConfirmJob struct {
	Territoire string    `json:"territoire"`
	Atelier    uuid.UUID `json:"atelier"`
	Follower   uuid.UUID `json:"follower"`
}

// Kind names the job for ever.
func (ConfirmJob) Kind() string { return "confirm_email" }

// Register tells a node how to do the jobs of the package.
func (t *Teller) Register(work *jobs.Work) {
	jobs.Handle(work, func(ctx context.Context, _ ReminderJob) error { return t.each(ctx, t.Remind) })
	jobs.Handle(work, func(ctx context.Context, _ AskJob) error { return t.each(ctx, t.Ask) })
	jobs.Handle(work, t.Confirm)
	work.Every(time.Hour, ReminderJob{})
	work.Every(time.Hour, AskJob{})
}

// Hours of the day between which nobody is disturbed.
const firstHour, lastHour = 8, 20

// each does something for the territoires in which it is day.
func (t *Teller) each(ctx context.Context, do func(context.Context, *hexmap.City) error) error {
	all, err := t.Store.Territoires(ctx)
	if err != nil {
		return err
	}
	for _, one := range all {
		city, err := t.Places.City(ctx, one.Code)
		if err != nil {
			return err
		}
		if hour := t.Now().In(city.Zone).Hour(); hour < firstHour || hour >= lastHour {
			continue
		}
		if err := do(ctx, city); err != nil {
			return err
		}
	}
	return nil
}

// today is the day in a territoire, at 00:00 UTC.
func (t *Teller) today(city *hexmap.City) time.Time {
	y, m, d := t.Now().In(city.Zone).Date()
	return time.Date(y, m, d, 0, 0, 0, 0, time.UTC)
}

// Passed is the last threshold that so many days before an échéance (negative
// after it) have passed; false when none has.
func Passed(thresholds []int, left int) (last int, any bool) {
	for _, one := range thresholds {
		if left <= one && (!any || one < last) {
			last, any = one, true
		}
	}
	return last, any
}

// linkDays is how long the link of a reminder works.
const linkDays = 60

// Remind writes to the organisations of a territoire whose actions have passed a
// threshold: one message for all of an organisation's, with a link to them.
func (t *Teller) Remind(ctx context.Context, city *hexmap.City) error {
	if len(t.Thresholds) == 0 {
		return nil
	}
	today := t.today(city)
	owed, err := t.Store.Owed(ctx, city.Code, today.AddDate(0, 0, slices.Max(t.Thresholds)))
	if err != nil {
		return err
	}
	if len(owed) == 0 {
		return nil
	}
	// As everybody reads them: a title that moderation holds is not sent either.
	all, err := t.Store.Actions(ctx, city.Code, store.ActionFilter{})
	if err != nil {
		return err
	}
	titles := make(map[uuid.UUID]string, len(all))
	for _, a := range all {
		titles[a.ID] = a.Titre
	}
	for i := range owed {
		owed[i].Titre = titles[owed[i].Action]
	}
	for len(owed) > 0 {
		n := 1
		for n < len(owed) && owed[n].Organisation == owed[0].Organisation {
			n++
		}
		if err := t.remind(ctx, city, today, owed[:n]); err != nil {
			return err
		}
		owed = owed[n:]
	}
	return nil
}

// remind writes to one organisation about those of its actions of which it has
// not been told.
func (t *Teller) remind(ctx context.Context, city *hexmap.City, today time.Time, owed []store.Owed) error {
	var claimed []store.Notice
	var lines []string
	for _, o := range owed {
		last, any := Passed(t.Thresholds, int(o.Echeance.Sub(today).Hours()/24))
		if !any {
			continue
		}
		n := store.Notice{Territoire: city.Code, Kind: "reminder", Objet: o.Action, Recipient: o.Organisation,
			Cause: fmt.Sprintf("%d/%s", last, o.Echeance.Format(time.DateOnly))}
		mine, err := t.Store.ClaimNotice(ctx, n)
		if err != nil {
			return t.release(ctx, claimed, err)
		}
		if mine {
			claimed, lines = append(claimed, n), append(lines, line(city, today, o))
		}
	}
	if len(claimed) == 0 {
		return nil
	}
	secret := auth.NewOrganisationSecret()
	link := atelier.OrganisationLink{Territoire: city.Code, ID: uuid.New(), Organisation: owed[0].Organisation, Reminder: true,
		ExpiresAt: time.Now().AddDate(0, 0, linkDays)}
	if err := t.Store.AddOrganisationLink(ctx, link, auth.Digest(secret)); err != nil {
		return t.release(ctx, claimed, err)
	}
	made := atelier.Connexion{Territoire: city.Code, Evenement: atelier.PilotLinkMade, Nom: owed[0].Nom, Details: map[string]string{"liens": "rappel"}}
	if err := t.Store.AddConnexion(ctx, made, 24*time.Hour); err != nil { // tried again, it is one
		return t.release(ctx, claimed, err)
	}
	subject := fmt.Sprintf("Tranquillité publique à %s : %s à mettre à jour", city.Nom, count(len(lines), "action", "actions"))
	err := t.Postman.Send(ctx, mail.Message{To: owed[0].Email, Subject: subject, Text: fmt.Sprintf(
		"Bonjour,\n\n%s pilote des actions promises aux habitants de %s :\n\n%s\n\nDites où vous en êtes, ou ce qui a été fait, sans compte ni mot de passe (ce lien vous est réservé ; il sert pendant %d jours) :\n%s\n\nLa ville de %s\n",
		owed[0].Nom, city.Nom, strings.Join(lines, "\n"), linkDays, auth.OrganisationAddress(t.BaseURL, secret), city.Nom)})
	return t.settle(ctx, claimed, err)
}

func line(city *hexmap.City, today time.Time, o store.Owed) string {
	quartier, _ := city.Area(o.Quartier)
	when := "attendue le " + report.Day(o.Echeance)
	if o.Echeance.Before(today) {
		when = "en retard : elle était attendue le " + report.Day(o.Echeance)
	}
	return fmt.Sprintf("– %s (%s, %s), %s.", o.Titre, quartier.NomCourt, report.ActionStateNames[o.State], when)
}

func count(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}

// release gives notices back that have not left.
func (t *Teller) release(ctx context.Context, claimed []store.Notice, cause error) error {
	for _, n := range claimed {
		// The node may be stopping: the claim would only delay the notice.
		if err := t.Store.ReleaseNotice(context.WithoutCancel(ctx), n); err != nil {
			t.Logger.Warn("notice not released", "kind", n.Kind, "erreur", err)
		}
	}
	return cause
}

// settle ends what was claimed: it has left, or its address is refused for good,
// or it is given back.
func (t *Teller) settle(ctx context.Context, claimed []store.Notice, sent error) error {
	if sent != nil && fault.KindOf(sent) != fault.Unprocessable {
		return t.release(ctx, claimed, sent)
	}
	if sent != nil {
		t.Logger.Warn("e-mail refused", "kind", claimed[0].Kind)
	}
	for _, n := range claimed {
		if err := t.Store.NoticeSent(context.WithoutCancel(ctx), n); err != nil {
			return err
		}
	}
	return nil
}

// Ask asks the residents of a territoire who follow by e-mail about actions that
// are done, once for each completion.
func (t *Teller) Ask(ctx context.Context, city *hexmap.City) error {
	asked, err := t.Store.ToAsk(ctx, city.Code, t.today(city).AddDate(0, 0, -atelier.AskAfterDays))
	if err != nil {
		return err
	}
	for _, q := range asked {
		n := store.Notice{Territoire: city.Code, Kind: "ask", Objet: q.Action, Recipient: q.Follower, Cause: q.DoneOn.Format(time.DateOnly)}
		mine, err := t.Store.ClaimNotice(ctx, n)
		if err != nil {
			return err
		}
		if !mine {
			continue
		}
		page := FollowAddress(t.BaseURL, q.Code)
		err = t.Postman.Send(ctx, mail.Message{To: q.Email, Subject: "Est-ce mieux ? " + q.Titre, Text: fmt.Sprintf(
			"Bonjour,\n\nÀ la suite de l’atelier auquel vous avez participé, la ville de %s annonce ceci comme réalisé le %s :\n\n– %s\n\nEst-ce mieux ? Répondez en un geste :\n%s\n\nNe plus recevoir ces messages, ou tout effacer : la même page.\n",
			city.Nom, report.Day(q.DoneOn), q.Titre, page)})
		if err := t.settle(ctx, []store.Notice{n}, err); err != nil {
			return err
		}
	}
	return nil
}

// Confirm asks the owner of an address to confirm it, once for each address.
func (t *Teller) Confirm(ctx context.Context, job ConfirmJob) error {
	f, err := t.Store.FollowerByID(ctx, job.Territoire, job.Atelier, job.Follower)
	if fault.KindOf(err) == fault.NotFound || err == nil && (f.Email == "" || f.ConfirmedAt != nil) {
		return nil // erased, or taken back, meanwhile
	}
	if err != nil {
		return err
	}
	room, err := t.Store.Atelier(ctx, f.Atelier)
	if err != nil {
		return err
	}
	sum := sha256.Sum256([]byte(f.Confirm))
	n := store.Notice{Territoire: f.Territoire, Kind: "confirm", Objet: f.ID, Recipient: f.ID, Cause: hex.EncodeToString(sum[:8])}
	mine, err := t.Store.ClaimNotice(ctx, n)
	if err != nil || !mine {
		return err
	}
	err = t.Postman.Send(ctx, mail.Message{To: f.Email, Subject: "Confirmez votre adresse : " + room.Titre, Text: fmt.Sprintf(
		"Bonjour,\n\nQuelqu’un a donné cette adresse pour suivre ce que devient l’atelier « %s ». Si c’est vous, confirmez-la :\n%s\n\nSinon, ne faites rien : l’adresse sera effacée dans une semaine, et rien d’autre n’y sera envoyé.\n",
		room.Titre, FollowAddress(t.BaseURL, f.Code)+"-"+f.Confirm)})
	return t.settle(ctx, []store.Notice{n}, err)
}

// FollowAddress is the page of a resident who follows. The code is behind the #,
// which browsers keep to themselves.
func FollowAddress(base, code string) string { return base + "/est-ce-mieux#" + code }
