package pgtest

import (
	"fmt"
	"runtime"
	"strings"
	"testing"
)

// recorder is a test that may fail or skip without taking the real one along.
type recorder struct {
	testing.TB
	failed, skipped bool
	log             strings.Builder
	cleanups        []func()
}

func (r *recorder) Helper()                   {}
func (r *recorder) Failed() bool              { return r.failed }
func (r *recorder) Cleanup(f func())          { r.cleanups = append(r.cleanups, f) }
func (r *recorder) Logf(f string, a ...any)   { fmt.Fprintf(&r.log, f+"\n", a...) }
func (r *recorder) Errorf(f string, a ...any) { r.failed = true; r.Logf(f, a...) }

func (r *recorder) Fatalf(f string, a ...any) {
	r.Errorf(f, a...)
	runtime.Goexit()
}

func (r *recorder) Skip(a ...any) {
	r.skipped = true
	r.Logf("%s", fmt.Sprint(a...))
	runtime.Goexit()
}

// record calls test as package testing would: in a goroutine of its own, then the
// cleanups, last one first.
func record(t *testing.T, test func(testing.TB)) *recorder {
	t.Helper()
	r := &recorder{TB: t}
	done := make(chan struct{})
	go func() {
		defer close(done)
		defer func() {
			for i := len(r.cleanups) - 1; i >= 0; i-- {
				r.cleanups[i]()
			}
		}()
		test(r)
	}()
	<-done
	return r
}
