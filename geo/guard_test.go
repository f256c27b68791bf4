package geo

import (
	"bytes"
	"encoding/json"
	"io"
	"testing"
	"testing/iotest"

	"pgregory.net/rapid"
)

// What passes the guard means the same as before it.
func TestGuardKeepsTheMeaning(t *testing.T) {
	value := rapid.OneOf(rapid.String().AsAny(), rapid.Float64Range(-1e9, 1e9).AsAny(), rapid.Just[any](nil))
	rapid.Check(t, func(t *rapid.T) {
		in := rapid.MapOf(rapid.String(), value).Draw(t, "value")
		raw, err := json.MarshalIndent(in, " ", "   \t ")
		if err != nil {
			t.Fatal(err)
		}
		want, err := json.Marshal(in)
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range []io.Reader{bytes.NewReader(raw), iotest.OneByteReader(bytes.NewReader(raw)), iotest.HalfReader(bytes.NewReader(raw))} {
			passed, err := io.ReadAll(newGuard(r, int64(len(raw))))
			if err != nil {
				t.Fatal(err)
			}
			var got bytes.Buffer
			if err := json.Compact(&got, passed); err != nil || !bytes.Equal(got.Bytes(), want) {
				t.Fatalf("%q became %q (%v)", raw, passed, err)
			}
		}
	})
}
