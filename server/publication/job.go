package publication

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"quietude/server/jobs"
	"quietude/server/personal"
	"quietude/server/store"
)

// BuildJob builds one draft.
type BuildJob struct {
	Territoire string    `json:"territoire"`
	Brouillon  uuid.UUID `json:"brouillon"`
}

// Kind names the job.
func (BuildJob) Kind() string { return "edition_build" }

// AnnounceJob brings the announced evenings of all territoires up to date.
type AnnounceJob struct{}

// Kind names the job.
func (AnnounceJob) Kind() string { return "rencontre_announce" }

// SuiviJob brings what everybody may follow up to date. A decision and a change
// of the ledger do so at once; this is for what else changes: the name of an
// organisation, an atelier that is gone.
type SuiviJob struct{}

// Kind names the job.
func (SuiviJob) Kind() string { return "suivi_publish" }

// announceEvery is how long a new evening may take to appear.
const announceEvery = time.Minute

// Register tells a node how to do the jobs of the package.
func (p *Publisher) Register(work *jobs.Work) {
	jobs.Handle(work, func(ctx context.Context, j BuildJob) error { return p.Build(ctx, j.Territoire, j.Brouillon) })
	jobs.Handle(work, func(ctx context.Context, _ AnnounceJob) error { return p.Announce(ctx) })
	jobs.Handle(work, func(ctx context.Context, _ SuiviJob) error { return p.each(ctx, p.Follow) })
	work.Every(announceEvery, AnnounceJob{})
	work.Every(announceEvery, SuiviJob{})
}

// Announce brings the announced evenings of all territoires up to date.
func (p *Publisher) Announce(ctx context.Context) error {
	return p.each(ctx, p.AnnounceOf)
}

// AnnounceOf is Announce for one territoire.
func (p *Publisher) AnnounceOf(ctx context.Context, territoire string) error {
	if err := p.screen(ctx, territoire); err != nil {
		return err
	}
	return p.store.Announce(ctx, territoire, p.o.Now())
}

// Follow brings what everybody may follow of a territoire up to date.
func (p *Publisher) Follow(ctx context.Context, territoire string) error {
	if err := p.screen(ctx, territoire); err != nil {
		return err
	}
	return p.store.PublishSuivi(ctx, territoire)
}

// screen lets words of the city through in which nothing may say who somebody
// is, whatever wrote them. The others wait for somebody to read them, and until
// then the public reads nothing in their place.
func (p *Publisher) screen(ctx context.Context, territoire string) error {
	unread, err := p.store.UnreadOfStaff(ctx, territoire)
	if err != nil || len(unread) == 0 {
		return err
	}
	places, err := p.store.PlaceNames(ctx, territoire)
	if err != nil {
		return err
	}
	detector := personal.New(places...)
	for _, t := range unread {
		if len(detector.Find(t.Texte)) > 0 {
			continue
		}
		if err := p.store.Let(ctx, territoire, t.Objet, t.ObjetID, t.Champ, t.Texte); err != nil {
			return err
		}
	}
	return nil
}

// each does something for every territoire.
func (p *Publisher) each(ctx context.Context, do func(context.Context, string) error) error {
	all, err := p.store.Territoires(ctx)
	if err != nil {
		return err
	}
	for _, t := range all {
		if err := do(ctx, t.Code); err != nil {
			return err
		}
	}
	return nil
}

// Ask stores that a draft is wanted and orders its making, together. The same
// id again gives what is stored.
func Ask(ctx context.Context, s *store.Store, queue *jobs.Queue, b store.Brouillon) (store.Brouillon, bool, error) {
	return s.AskBrouillon(ctx, b, func(ctx context.Context, tx pgx.Tx) error {
		return queue.OrderTx(ctx, tx, BuildJob{b.Territoire, b.ID})
	})
}
