package atelier

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// ligatures are letters that Unicode does not take apart.
var ligatures = strings.NewReplacer("œ", "oe", "æ", "ae", "ß", "ss", "ø", "o", "ł", "l")

// Fold writes a name as it is searched: lower case, without accents, words of
// letters and digits separated by one space. « Rue de l’Épée-d’Or » gives
// "rue de l epee d or". Stored names and typed words pass through the same
// function, so that they meet.
func Fold(name string) string {
	var b strings.Builder
	space := false
	for _, r := range ligatures.Replace(strings.ToLower(norm.NFKD.String(name))) {
		switch {
		case unicode.Is(unicode.Mn, r):
		case unicode.IsLetter(r) || unicode.IsDigit(r):
			if space && b.Len() > 0 {
				b.WriteByte(' ')
			}
			space = false
			b.WriteRune(r)
		default:
			space = true
		}
	}
	return b.String()
}
