package pglocal

import (
	"context"
	"errors"

	"quietude/server/fault"
)

// ErrInUse is in the chain when another Quiétude runs on the same folder.
var ErrInUse = errors.New("data folder in use")

// ErrUnsafe is in the chain when a setting would let PostgreSQL lose what it
// has acknowledged.
var ErrUnsafe = errors.New("unsafe PostgreSQL settings")

// trouble reads as a French sentence that says what to do, then the technical
// cause: these errors end on the terminal of the person who runs the program.
type trouble struct {
	fault *fault.Error
	cause error
}

func (t *trouble) Error() string {
	if t.cause == nil {
		return t.fault.Detail
	}
	return t.fault.Detail + " [" + t.cause.Error() + "]"
}

func (t *trouble) Unwrap() error { return t.fault }

// advise makes an error from a French sentence and the cause it explains.
func advise(cause error, code, sentence string, args ...any) error {
	f := fault.New(fault.Unavailable, code, sentence, args...)
	if cause != nil {
		f = f.Because(cause)
	}
	return &trouble{fault: f, cause: cause}
}

// interrupted explains a start that was given up because ctx ended.
func interrupted(ctx context.Context) error {
	if errors.Is(ctx.Err(), context.DeadlineExceeded) {
		return advise(ctx.Err(), "base_trop_lente", "PostgreSQL n'est pas devenu prêt à temps. Relancez Quiétude : ce qui est déjà fait ne sera pas refait.")
	}
	return advise(ctx.Err(), "demarrage_interrompu", "Le démarrage de la base a été interrompu.")
}
