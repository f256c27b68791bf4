package personal

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Go's regular expressions know word borders of ASCII only and do not look
// around, so each pattern finds candidates and apart decides by what is beside
// them. gap is what may stand between the groups of a number: blanks of
// any kind, full stop, dash, slash.
const (
	blank = `[\t-\r \x{00A0}\x{202F}\x{2009}]`
	gap   = `[\t-\r \x{00A0}\x{202F}\x{2009}.\-–—/_]`
)

// spellings are what a pattern writes shortly: \s is any blank, and an accented
// letter may be one character or two.
var spellings = strings.NewReplacer(`\s`, blank, `[ée]`, `(?:é|e\x{0301}?)`, `[èe]`, `(?:è|e\x{0300}?)`, `[îi]`, `(?:î|i\x{0302}?)`,
	`[àa]`, `(?:à|a\x{0300}?)`, `ère`, `(?:è|e\x{0300})re`)

func pattern(s string) *regexp.Regexp { return regexp.MustCompile(spellings.Replace(s)) }

var (
	email = pattern(`(?i)[\p{L}\p{N}][\p{L}\p{N}._%+\-]*\s?(?:@|\(at\)|\[at\]|\sarobase\s)\s?[\p{L}\p{N}\-]+(?:(?:\.|\s?\(dot\)\s?|\spoint\s)[\p{L}\p{N}\-]+)+`)
	link  = pattern(`(?i)(?:https?://|www\.)\S+|(?:[a-z0-9\-]+\.)+(?:fr|com|net|org|eu|io|info|me|be|ch|tv|gg|app)(?:/\S*)?`)
	// account is a name on a social network.
	account = pattern(`@[\p{L}\p{N}_][\p{L}\p{N}_.]{2,}`)

	// phone: 0 and nine digits, or +33 / 0033 with an optional (0), however they
	// are grouped. https://www.arcep.fr, national numbering plan.
	phone = pattern(`(?:(?:\+|00)` + gap + `?33` + gap + `*(?:\(0\)|0)?` + gap + `*[1-9]|(?:\(0\)|0)` + gap + `?[1-9])(?:` + gap + `*[0-9]){8}`)
	// abroad is an international number: + and 8 to 15 digits (ITU-T E.164).
	abroad = pattern(`\+[1-9](?:` + gap + `?[0-9]){7,14}`)

	// siv: the system of 2009, without I, O, U.
	siv = pattern(`(?i)[A-HJ-NP-TV-Z]{2}` + gap + `?[0-9]{3}` + gap + `?[A-HJ-NP-TV-Z]{2}`)
	// fni: the one before: 1 to 4 digits, 1 to 3 letters, the département.
	fni = pattern(`(?i)[0-9]{1,4}` + gap + `?[A-HJ-NP-TV-Z]{1,3}` + gap + `?(?:97[1-6]|0[1-9]|[1-8][0-9]|9[0-5]|2[AB])`)
)

// wayWords are the words that begin the name of a way, in full and as people
// shorten them.
const wayWords = `rue|r\.|ruelle|avenue|av\.?|ave\.?|boulevard|boul\.?|bd\.?|bld\.?|bvd\.?|chemin|che\.?|ch\.|place|pl\.?|all[ée]e|all\.|impasse|imp\.?|passage|quai|square|sq\.?|mont[ée]e|faubourg|fbg\.?|route|rte\.?|cours|cour|sentier|sente|clos|r[ée]sidence|r[ée]s\.|lotissement|esplanade|promenade|traverse|villa|hameau|rond-point|chauss[ée]e|venelle`

var (
	// door is a number before a way: « 12 bis, rue Ronde », « au 12 de la rue ».
	// Only the number (group 1) is a finding: the street is what the city needs.
	door = pattern(`(?i)((?:n°\s?|no\.?\s|num[ée]ro\s)?[0-9]{1,4}(?:\s?(?:bis|ter|quater|[a-d]))?(?:\s?[-/]\s?[0-9]{1,4})?)\s?(?:,\s?|\s)(?:de la |du |de l[’'])?(?:` + wayWords + `)`)
	// dwelling names one home, or the few behind one door.
	dwelling = pattern(`(?i)(?:appartement|appart|appt|apt|app\.|porte|logement|interphone|bo[îi]te(?: aux lettres)?|hall|entr[ée]e|escalier|esc\.|cage)\s?(?:n°\s?|no\.?\s|num[ée]ro\s)?(?:[0-9]{1,4}(?:\s?[a-h])?|[a-h][0-9]{0,3})`)
	// floor: « au 3e étage », « 2ème gauche », « étage 4 ».
	floor = pattern(`(?i)(?:[0-9]{1,2}\s?(?:er|ère|e|è|[èe]me|nd|nde)|premier|deuxi[èe]me|second|troisi[èe]me|quatri[èe]me|cinqui[èe]me|sixi[èe]me|septi[èe]me|huiti[èe]me|neuvi[èe]me|dixi[èe]me|dernier)\s(?:[ée]tage|gauche|droite)(?:\s(?:[àa] )?(?:gauche|droite))?|[ée]tage\s?(?:n°\s?)?[0-9]{1,2}|rez[- ]de[- ]chauss[ée]e (?:gauche|droite)`)
	// numbered: « n° 12 », « au 14 bis », « habite au 14 ».
	numbered = pattern(`(?i)(?:n°|num[ée]ro)\s?[0-9]{1,4}(?:\s?(?:bis|ter|quater))?|(?:habite(?:nt)?|vit|vivent|loge|logent|demeure)\s(?:au|le)\s[0-9]{1,4}(?:\s?(?:bis|ter|quater))?|[0-9]{1,3}\s?(?:bis|ter|quater)`)
)

// apart reports whether text[start:end] is not a part of a longer word or
// number.
func apart(text string, start, end int) bool {
	before, _ := utf8.DecodeLastRuneInString(text[:start])
	after, _ := utf8.DecodeRuneInString(text[end:])
	return (start == 0 || !inWord(before)) && (end == len(text) || !inWord(after))
}

func inWord(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r) }

// each calls found for the matches that stand apart.
func each(text string, what *regexp.Regexp, found func(start, end int, groups []int)) {
	for from := 0; from < len(text); {
		m := what.FindStringSubmatchIndex(text[from:])
		if m == nil {
			return
		}
		for i := range m {
			if m[i] >= 0 {
				m[i] += from
			}
		}
		if apart(text, m[0], m[1]) {
			found(m[0], m[1], m)
			from = m[1]
		} else {
			// What follows may hold a match that does stand apart.
			_, size := utf8.DecodeRuneInString(text[m[0]:])
			from = m[0] + size
		}
	}
}

func patterns(text string) []Finding {
	var out []Finding
	take := func(kind Kind) func(int, int, []int) {
		return func(start, end int, _ []int) { out = append(out, Finding{kind, start, end}) }
	}
	each(text, email, take(Email))
	each(text, link, func(start, end int, _ []int) {
		out = append(out, Finding{Link, start, start + len(strings.TrimRight(text[start:end], ".,;:!?)»\"' "))})
	})
	each(text, account, func(start, end int, _ []int) {
		out = append(out, Finding{Link, start, start + len(strings.TrimRight(text[start:end], "."))})
	})
	each(text, phone, take(Phone))
	each(text, abroad, take(Phone))
	each(text, siv, func(start, end int, _ []int) {
		if !sentenceLike(text[start:end]) {
			out = append(out, Finding{Plate, start, end})
		}
	})
	each(text, fni, func(start, end int, _ []int) {
		if fniPlate(text[start:end]) {
			out = append(out, Finding{Plate, start, end})
		}
	})
	each(text, door, func(_, _ int, groups []int) {
		if start, end := groups[2], groups[3]; doorNumber(text[:start], text[start:end], text[groups[1]:]) {
			out = append(out, Finding{Address, start, end})
		}
	})
	each(text, dwelling, func(start, end int, _ []int) {
		if !counted(text[end:]) && !article(text[start:end]) {
			out = append(out, Finding{Address, start, end})
		}
	})
	each(text, floor, take(Address))
	each(text, numbered, func(start, end int, _ []int) {
		if !vehicle.MatchString(text[:start]) {
			out = append(out, Finding{Address, start, end})
		}
	})
	return out
}

// ordinary are words of two letters that a sentence may have on either side of
// a number: « de 100 km », « le 112 et ».
var ordinary = words(`de le la en et ce se ne sa ma ta te me es as ca na va tu pm am km kg kw cm mm ml cl db ha st sy`)

// sentenceLike reports whether what has the shape of a plate is rather three
// words of a sentence. Upper case, dashes or nothing between the groups is how
// plates are written.
func sentenceLike(s string) bool {
	if strings.ToUpper(s) == s || !strings.ContainsFunc(s, unicode.IsSpace) {
		return false
	}
	folded := strings.ToLower(s)
	return ordinary[folded[:2]] || ordinary[folded[len(folded)-2:]]
}

// fniPlate reports whether digits, letters and digits are a plate of the old
// system rather than a time (22 h 30), a sum or a distance.
func fniPlate(s string) bool {
	digits := strings.IndexFunc(s, func(r rune) bool { return r < '0' || r > '9' })
	letters := strings.TrimFunc(s, func(r rune) bool { return !unicode.IsLetter(r) })
	if rest := strings.TrimRight(s, "ABab"); len(rest) < len(s) && strings.HasSuffix(rest, "2") {
		// Corsica: the last letter belongs to the département.
		letters = strings.TrimFunc(rest, func(r rune) bool { return !unicode.IsLetter(r) })
	}
	spaced := strings.ContainsFunc(s, unicode.IsSpace)
	switch {
	case len(letters) == 1:
		// One letter is a unit or an hour unless the number before is long.
		return digits >= 3 && unicode.IsUpper(rune(letters[0])) && letters != "H"
	case spaced && strings.ToUpper(letters) != letters:
		return false // « 3 en 20 », « 100 m de 50 »
	case ordinary[strings.ToLower(letters)]:
		return digits >= 3 && !spaced
	}
	return true
}

var (
	// vehicle is a line of buses, or another thing that bears a number.
	vehicle = pattern(`(?i)(?:bus|ligne|tram|car|chronobus|train|arr[êe]t|quai|voie|article|loi|canal|[ée]quipe|groupe|table|feuille)\s?(?:n°\s?)?$`)
	// clock is an hour whose minutes come next: « 22 h 30 rue Ronde ».
	clock = pattern(`(?i)[0-9]\s?(?:h|:|heures?|/|\.|,)\s?$`)
	// others are ways only in some sentences: « 1 place de parking ».
	others = pattern(`(?i)^\s(?:de |du |des )?(?:parking|stationnement|libre|handicap|PMR|r[ée]serv|vide|assise|d’eau|d'eau|scolaire)`)
)

// doorNumber judges a number before a way by what stands around it.
func doorNumber(before, number, after string) bool {
	if r, _ := utf8.DecodeRuneInString(after); after != "" && inWord(r) {
		return false // « 3 rues »
	}
	if vehicle.MatchString(before) || clock.MatchString(before) || others.MatchString(after) {
		return false
	}
	if year := strings.TrimSpace(number); len(year) == 4 && (strings.HasPrefix(year, "19") || strings.HasPrefix(year, "20")) {
		return false
	}
	return true
}

// counted reports whether a number is followed by what it counts: « à l’entrée
// 2 scooters ».
func counted(after string) bool {
	word := strings.TrimLeftFunc(after, unicode.IsSpace)
	if word == after {
		return false
	}
	end := strings.IndexFunc(word, func(r rune) bool { return !inWord(r) })
	if end < 0 {
		end = len(word)
	}
	return end > 0 && !following[strings.ToLower(word[:end])]
}

// following are words that may come after the number of a door.
var following = words(`de du des d au aux à a la le les l et ou est sont était rue avenue boulevard place allée chemin square bâtiment bat bât rez étage gauche droite tous toutes toute chaque qui que où on il elle ils elles y pour vers depuis dans par avec sans sur sous`)

// article reports whether the letter after a dwelling is a word: « l’entrée a
// été forcée », « le hall à minuit ».
func article(s string) bool {
	return strings.HasSuffix(s, " a") || strings.HasSuffix(s, " d") || strings.HasSuffix(s, " c")
}

func words(list string) map[string]bool {
	m := map[string]bool{}
	for _, w := range strings.Fields(list) {
		m[w] = true
	}
	return m
}
