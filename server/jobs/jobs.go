// Package jobs does work apart from requests: editions, purges, messages. Jobs
// are rows of PostgreSQL (river, schema jobs), so that they are ordered in the
// transaction that needs them, survive the program, and are done once however
// many nodes run.
//
// A job may be done again after a crash in the middle: every worker must bear
// it. The arguments of a job are stored: they hold identifiers, never a text, a
// position, a name or a code. The package knows no job itself; those who have
// work register it in a Work, and cmd opens the queue.
package jobs

import (
	"context"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"
	"github.com/riverqueue/river/rivertype"

	"quietude/migrations"
	"quietude/server/fault"
)

// Args are the arguments of a job, stored as JSON; Kind names it for ever.
type Args interface{ Kind() string }

// Work is what a node knows how to do. It is filled before Open and not
// changed afterwards.
type Work struct {
	workers  *river.Workers
	periodic []*river.PeriodicJob
}

// NewWork is an empty Work.
func NewWork() *Work { return &Work{workers: river.NewWorkers()} }

// Handle registers what does the jobs of one kind; a kind twice is a mistake of
// the programmer. An error is tried again later, longer and longer apart, for
// about three weeks; not a fault of another kind than fault.Unavailable, which
// would come back the same.
func Handle[T Args](w *Work, do func(context.Context, T) error) {
	river.AddWorker(w.workers, river.WorkFunc(func(ctx context.Context, job *river.Job[T]) error {
		err := do(ctx, job.Args)
		if f := fault.As(err); f != nil && f.Kind != fault.Unavailable {
			return river.JobCancel(err)
		}
		return err
	}))
}

// Every orders a job again and again, first when a node takes the lead. One
// order at a time: a job that still waits is not ordered twice.
func (w *Work) Every(period time.Duration, args Args) {
	w.repeat(river.PeriodicInterval(period), args, true)
}

// Daily orders a job at an hour of the day in a time zone. The day on which no
// node runs at that hour is left out.
func (w *Work) Daily(hour int, zone *time.Location, args Args) {
	w.repeat(daily{hour, zone}, args, false)
}

func (w *Work) repeat(schedule river.PeriodicSchedule, args Args, atOnce bool) {
	order := func() (river.JobArgs, *river.InsertOpts) { return args, once }
	w.periodic = append(w.periodic, river.NewPeriodicJob(schedule, order, &river.PeriodicJobOpts{ID: args.Kind(), RunOnStart: atOnce}))
}

// once refuses a second order while an equal one is not done.
var once = &river.InsertOpts{UniqueOpts: river.UniqueOpts{ByArgs: true, ByState: []rivertype.JobState{
	rivertype.JobStateAvailable, rivertype.JobStatePending, rivertype.JobStateRunning, rivertype.JobStateRetryable, rivertype.JobStateScheduled}}}

// daily is a schedule of one moment a day, by the clock on the wall.
type daily struct {
	hour int
	zone *time.Location
}

// Next is the first such moment after now. A day whose clock jumps over the
// hour has it one hour later (see time.Date).
func (d daily) Next(now time.Time) time.Time {
	now = now.In(d.zone)
	for day := now.Day(); ; day++ {
		if at := time.Date(now.Year(), now.Month(), day, d.hour, 0, 0, 0, d.zone); at.After(now) {
			return at
		}
	}
}

// Queue takes orders and, while it runs, does them. It is safe for concurrent
// use.
type Queue struct {
	client *river.Client[pgx.Tx]
	logger *slog.Logger
	drain  chan struct{}
	closed sync.Once
}

const (
	// atOnce is how many jobs a node does at a time: the evening comes first.
	atOnce = 4
	// longest is how long a job may take.
	longest = 10 * time.Minute
	// patience is how long a stop waits for running jobs before it cancels them.
	patience = 2 * time.Second
	// farewell is what cancelled jobs get to end.
	farewell = time.Second
)

// Open makes the queue of a node; it does nothing before Run. A nil work makes
// a queue that only takes orders.
func Open(pool *pgxpool.Pool, work *Work, logger *slog.Logger) (*Queue, error) {
	q := &Queue{logger: logger, drain: make(chan struct{})}
	config := &river.Config{
		Schema: migrations.JobsSchema, Logger: slog.New(quiet{logger.Handler()}), ErrorHandler: q, JobTimeout: longest,
		// An index of some rows needs no nightly rebuild, which would hold a lock.
		ReindexerSchedule: never{},
		// A job of a newer node is left to it.
		FetchOnlyKnownKinds: true,
	}
	if work == nil {
		config.SkipUnknownJobCheck = true
	} else {
		config.Workers, config.PeriodicJobs = work.workers, work.periodic
		config.Queues = map[string]river.QueueConfig{river.QueueDefault: {MaxWorkers: atOnce}}
	}
	var err error
	if q.client, err = river.NewClient(riverpgxv5.New(pool), config); err != nil {
		return nil, fmt.Errorf("queue: %w", err)
	}
	return q, nil
}

// never is a schedule without moments.
type never struct{}

func (never) Next(now time.Time) time.Time { return now.AddDate(1000, 0, 0) }

// Order stores a job; it is done soon, by whichever node. An equal job that is
// not done yet is left as it is.
func (q *Queue) Order(ctx context.Context, args Args) error {
	_, err := q.client.Insert(ctx, args, once)
	return err
}

// OrderTx is Order in the caller's transaction: the job exists if and only if
// that commits.
func (q *Queue) OrderTx(ctx context.Context, tx pgx.Tx, args Args) error {
	_, err := q.client.InsertTx(ctx, tx, args, once)
	return err
}

// Run does jobs until its context ends or Drain is called. Running jobs then
// get a moment to finish and are cancelled after it; what did not finish is
// done again later.
func (q *Queue) Run(ctx context.Context) error {
	// river cancels jobs when the context it started with ends.
	if err := q.client.Start(context.WithoutCancel(ctx)); err != nil {
		return fmt.Errorf("queue: %w", err)
	}
	select {
	case <-ctx.Done():
	case <-q.drain:
	}
	soft, cancel := context.WithTimeout(context.WithoutCancel(ctx), patience)
	defer cancel()
	if q.client.Stop(soft) == nil {
		return nil
	}
	hard, cancel := context.WithTimeout(context.WithoutCancel(ctx), farewell)
	defer cancel()
	if err := q.client.StopAndCancel(hard); err != nil {
		return fmt.Errorf("queue: a job does not end: %w", err)
	}
	return nil
}

// Drain tells Run to end; what it waits for goes on meanwhile.
func (q *Queue) Drain() { q.closed.Do(func() { close(q.drain) }) }

// HandleError logs what failed.
func (q *Queue) HandleError(_ context.Context, job *rivertype.JobRow, err error) *river.ErrorHandlerResult {
	q.logger.Warn("tâche échouée", "tâche", job.Kind, "essai", job.Attempt, "erreur", err)
	return nil
}

// HandlePanic logs a mistake of the programmer; the job is tried again.
func (q *Queue) HandlePanic(_ context.Context, job *rivertype.JobRow, value any, trace string) *river.ErrorHandlerResult {
	q.logger.Error("panic", "tâche", job.Kind, "panic", fmt.Sprint(value), "stack", trace)
	return nil
}

// quiet keeps river's own lines about each failed job out of the log: HandleError
// has said it.
type quiet struct{ slog.Handler }

func (h quiet) Enabled(_ context.Context, level slog.Level) bool { return level >= slog.LevelWarn }

func (h quiet) Handle(ctx context.Context, r slog.Record) error {
	if !h.Handler.Enabled(ctx, r.Level) {
		return nil
	}
	return h.Handler.Handle(ctx, r)
}

func (h quiet) WithAttrs(attrs []slog.Attr) slog.Handler { return quiet{h.Handler.WithAttrs(attrs)} }
func (h quiet) WithGroup(name string) slog.Handler       { return quiet{h.Handler.WithGroup(name)} }
