package atelier_test

import (
	"testing"

	"github.com/google/uuid"

	"quietude/server/atelier"
)

// FuzzReadCode reads codes as people type them: what is taken for a code is one
// of the alphabet, and reads the same again.
func FuzzReadCode(f *testing.F) {
	for _, seed := range []string{"ABCD2345", "abcd-2345", " ab cd 23 45 ", "O0I1LU23", "", "ａｂｃｄ２３４５", "ABCD234\xff", "ıbcd2345", "ABCD\u00a02345"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, typed string) {
		for _, length := range []int{6, atelier.CodeLength, atelier.ReceiptLength} {
			code, ok := atelier.ReadCode(typed, length)
			if !ok {
				if code != "" {
					t.Fatalf("%q is refused and still gives %q", typed, code)
				}
				continue
			}
			if again, ok := atelier.ReadCode(code, length); !ok || again != code || len(code) != length {
				t.Fatalf("%q gives %q, which reads as %q", typed, code, again)
			}
		}
	})
}

// FuzzReadToken splits tokens; none that this atelier did not make verifies.
func FuzzReadToken(f *testing.F) {
	// The same in each process of the fuzzer: the seeds come from another one.
	a := atelier.Atelier{ID: uuid.MustParse("0190d1d2-0000-7000-8000-0000000000b1"), ParticipantKey: []byte("a key of thirty-two bytes, fixed")}
	own := a.Token(atelier.Participant{ID: uuid.MustParse("0190d1d2-0000-8000-8000-0000000000b2"), Table: 3})
	for _, seed := range []string{own, own[:len(own)-1], own + "A", "qh1_", "", "qh1_" + own} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, token string) {
		id, p, ok := atelier.ReadToken(token)
		if !ok && (id != uuid.Nil || p != atelier.Participant{}) {
			t.Fatalf("%q is refused and still gives %v %v", token, id, p)
		}
		if a.VerifyToken(token) && token != own && a.Token(p) != own {
			t.Fatalf("%q verifies", token)
		}
	})
}

func TestReceipt(t *testing.T) {
	t.Parallel()
	key, id := []byte("key"), uuid.New()
	code := atelier.Receipt(key, "73065", id)
	if read, ok := atelier.ReadCode(code, atelier.ReceiptLength); !ok || read != code {
		t.Errorf("the receipt %q cannot be typed", code)
	}
	if code != atelier.Receipt(key, "73065", id) {
		t.Error("the same signalement has two receipts")
	}
	for name, other := range map[string]string{"key": atelier.Receipt([]byte("other"), "73065", id),
		"territoire": atelier.Receipt(key, "73008", id), "id": atelier.Receipt(key, "73065", uuid.New())} {
		if other == code {
			t.Errorf("another %s, the same receipt", name)
		}
	}
}
