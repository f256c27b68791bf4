package atelier

import (
	"crypto/hmac"
	"crypto/sha256"

	"github.com/google/uuid"
)

// ReceiptLength gives 30^12 ≈ 5e17 codes.
const ReceiptLength = 12

// Receipt is the code with which the person who sent a signalement sees or
// erases it: the same for the same identifier, so that a device which did not
// hear the answer gets it again. key is a secret of the service.
func Receipt(key []byte, territoire string, id uuid.UUID) string {
	code := make([]byte, 0, ReceiptLength)
	for round := byte(0); len(code) < ReceiptLength; round++ {
		mac := hmac.New(sha256.New, key)
		mac.Write([]byte{'r', round})
		mac.Write([]byte(territoire))
		mac.Write(id[:])
		for _, b := range mac.Sum(nil) {
			// As in randomCode: refusing the rest keeps the draw uniform.
			if b < 240 && len(code) < ReceiptLength {
				code = append(code, codeAlphabet[int(b)%len(codeAlphabet)])
			}
		}
	}
	return string(code)
}

// ReceiptDigest is what is stored of a receipt.
func ReceiptDigest(code string) []byte {
	sum := sha256.Sum256([]byte(code))
	return sum[:]
}
