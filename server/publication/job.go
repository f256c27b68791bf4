package publication

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"quietude/server/jobs"
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
	jobs.Handle(work, func(ctx context.Context, _ SuiviJob) error { return p.each(ctx, p.store.PublishSuivi) })
	work.Every(announceEvery, AnnounceJob{})
	work.Every(announceEvery, SuiviJob{})
}

// Announce brings the announced evenings of all territoires up to date.
func (p *Publisher) Announce(ctx context.Context) error {
	return p.each(ctx, func(ctx context.Context, territoire string) error {
		return p.store.Announce(ctx, territoire, p.o.Now())
	})
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
