package atelier

import (
	"net/mail"
	"strings"

	"quietude/server/fault"
)

// CheckEmail refuses what is not one address, "" included.
func CheckEmail(email, field string) (string, error) {
	email = strings.TrimSpace(email)
	if !isEmail(email) {
		return "", fault.New(fault.Invalid, "email_invalide", "Cette adresse électronique est mal écrite.").At(field)
	}
	return email, nil
}

// isEmail reports whether a text is one address at a host that the world knows by
// its name. The number of a machine, or a name without a dot, would have the city's
// mail server call within its own network, and is else a slip.
func isEmail(text string) bool {
	a, err := mail.ParseAddress(text)
	if err != nil || a.Address != text || len(text) > 254 || strings.ContainsAny(text, "\r\n") {
		return false
	}
	host := text[strings.LastIndex(text, "@")+1:]
	dot := strings.LastIndex(host, ".")
	return dot > 0 && strings.Trim(host[dot+1:], "0123456789]") != ""
}
