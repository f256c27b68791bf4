package personal

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"quietude/server/atelier"
)

// word is one word of a text, letters and what joins them.
type word struct {
	start, end int
	folded     string // as atelier.Fold: « Jean-Pierre » is "jean pierre"
	capital    bool   // begins with a capital
	upper      bool   // all capitals, two letters at least
	// starts: nothing but blanks stands between it and the start of a sentence.
	starts bool
	// joined: only blanks, one dash or one apostrophe since the word before.
	joined bool
	placed bool // part of the name of a street or place
}

// wordsOf cuts a text into words; an apostrophe ends one (l’, d’), a dash does
// not (Jean-Pierre).
func wordsOf(text string) []word {
	var out []word
	sentence, joined := true, false
	for i := 0; i < len(text); {
		r, size := utf8.DecodeRuneInString(text[i:])
		if !unicode.IsLetter(r) {
			switch {
			case strings.ContainsRune(".!?:;…\n\r", r):
				sentence, joined = true, false
			case unicode.IsSpace(r) || r == '’' || r == '\'' || r == '-' || r == 0xA0 || r == 0x202F:
			case r == '«' || r == '"' || r == '“' || r == '(':
				joined = false
			default:
				sentence, joined = sentence && !unicode.IsDigit(r), false
			}
			i += size
			continue
		}
		end, letters, upper := i, 0, true
		for end < len(text) {
			r, size := utf8.DecodeRuneInString(text[end:])
			next, _ := utf8.DecodeRuneInString(text[end+size:])
			inside := unicode.IsLetter(r) || unicode.IsMark(r) || (r == '-' || r == '‑') && unicode.IsLetter(next)
			if !inside {
				break
			}
			if unicode.IsLetter(r) {
				letters++
				upper = upper && unicode.IsUpper(r)
			}
			end += size
		}
		first, _ := utf8.DecodeRuneInString(text[i:])
		out = append(out, word{start: i, end: end, folded: atelier.Fold(text[i:end]), capital: unicode.IsUpper(first),
			upper: upper && letters > 1, starts: sentence, joined: joined})
		sentence, joined = false, true
		i = end
	}
	return out
}

// particles stand inside a name without a capital: « rue du Docteur Vernier »,
// « de la Fontaine ».
var particles = words(`de du des d la le les l aux au en sur sous et saint sainte`)

// sites are the words after which a capital belongs to a place.
var sites = words(`rue ruelle avenue av ave boulevard bd bld chemin che place pl allee all impasse imp passage pas quai square sq montee faubourg fbg route rte cours cour sentier clos residence res lotissement esplanade promenade traverse hameau pont passerelle tunnel rond carrefour giratoire
 parc jardin jardins stade gymnase piscine complexe salle espace maison centre ecole maternelle elementaire groupe college lycee creche universite campus mediatheque bibliotheque musee theatre cinema eglise chapelle cathedrale mosquee temple hopital clinique pharmacie cimetiere
 quartier cite secteur zone batiment bat tour immeuble galerie halle halles marche gare arret station parking caserne mairie foyer ehpad ccas mjc collectif fontaine statue monument bd fort fbg mont lac col dent croix`)

// names finds first names, and what a title or a word of kinship announces.
func (d *Detector) names(text string) []Finding {
	ws := wordsOf(text)
	d.markPlaces(ws)
	var out []Finding
	for i := 0; i < len(ws); {
		start, end := announced(ws, i)
		if end == 0 {
			start, end = i, i+firstName(ws, i)
			if end > i && i > 0 && surnameBefore(ws, i) {
				start--
			}
		}
		if end <= i {
			i++
			continue
		}
		out = append(out, Finding{Name, ws[start].start, ws[end-1].end})
		i = end
	}
	return out
}

// surnameBefore reports whether the word before a first name is a family name
// in capitals: « DUPONT Karim ».
func surnameBefore(ws []word, i int) bool {
	w, before := ws[i], ws[i-1]
	return w.joined && before.upper && !w.upper && !before.placed && len(before.folded) > 3 && !acronyms[before.folded]
}

// markPlaces marks the words that name a street or a place: known ones, else
// what follows « rue », « école », « parc ».
func (d *Detector) markPlaces(ws []word) {
	for i := 0; i < len(ws); i++ {
		if n := d.known(ws[i:]); n > 0 {
			for j := i; j < i+n; j++ {
				ws[j].placed = true
			}
			i += n - 1
			continue
		}
		switch {
		case ws[i].capital && dedicated(ws[i].folded):
			ws[i].placed = true // « Saint-Pierre »
		case sites[ws[i].folded]:
			markSite(ws[i+1:])
		}
	}
}

func dedicated(folded string) bool {
	first, rest, _ := strings.Cut(folded, " ")
	return rest != "" && (first == "saint" || first == "sainte" || first == "notre")
}

// markSite marks the name after the word of a site: at most three capitals (a
// title, a first and a last name) with the small words between them, or a first
// name typed in haste and the word after it.
func markSite(ws []word) {
	capitals := 0
	for j := 0; j < len(ws) && j < 6 && ws[j].joined && capitals < 3; j++ {
		switch {
		case ws[j].capital:
			ws[j].placed = true
			capitals++
		case particles[ws[j].folded] || sites[ws[j].folded] || honours[ws[j].folded]:
		case capitals == 0 && isFirstName(ws[j].folded):
			ws[j].placed = true
			if j+1 < len(ws) && ws[j+1].joined {
				ws[j+1].placed = true
			}
			return
		default:
			return
		}
	}
}

var honours = words(`docteur dr general marechal commandant colonel capitaine president professeur abbe pere soeur frere chanoine cardinal monseigneur comte comtesse duc baron roi reine saint sainte lieutenant amiral maitre`)

// announcers are the words after which a name comes: 1 wants a capital, 2 takes
// any word.
var announcers = map[string]int{
	"m": 1, "mr": 1, "mme": 1, "mmes": 1, "mlle": 1, "monsieur": 1, "madame": 1, "mademoiselle": 1, "messieurs": 1, "mesdames": 1,
	"famille": 1, "familles": 1, "fils": 1, "fille": 1, "filles": 1, "frere": 1, "freres": 1, "soeur": 1, "soeurs": 1, "cousin": 1, "cousins": 1,
	"mere": 1, "pere": 1, "epoux": 1, "epouse": 1, "veuve": 1, "couple": 1, "voisin": 1, "voisine": 1, "clan": 1, "bande": 1,
	"nomme": 2, "nommee": 2, "nommes": 2, "denomme": 2, "denommee": 2, "prenomme": 2, "prenommee": 2, "surnomme": 2, "surnommee": 2,
	"appelle": 2, "appellent": 2, "alias": 2,
}

// announced gives the words, from start to before end, that the title at i
// announces; none (0, 0) when it announces no name.
func announced(ws []word, i int) (start, end int) {
	how := announcers[ws[i].folded]
	if how == 0 || ws[i].placed {
		return 0, 0
	}
	j := i + 1
	for j < len(ws) && (announcers[ws[j].folded] == 1 || ws[j].folded == "et" && j+1 < len(ws) && announcers[ws[j+1].folded] == 1) {
		j++ // « M. et Mme »
	}
	first := j
	// « Mme de Boigne », « la famille Le Goff », « les frères El Haddad ».
	for j < len(ws) && j-first < 4 {
		w := ws[j]
		near := w.joined || short[ws[j-1].folded] // « M. Durand »: the dot ends no sentence
		switch {
		case !near || w.placed || sites[w.folded]:
			return 0, 0
		case w.capital && !functions[w.folded]:
			end := j + 1
			for end < len(ws) && end-first < 5 && ws[end].joined && ws[end].capital && !ws[end].placed {
				end++
			}
			return first, end
		case how == 2 && j == first && !particles[w.folded] && !pronouns[w.folded]:
			return first, first + 1
		case particles[w.folded] && !functions[w.folded]:
			j++
		default:
			return 0, 0
		}
	}
	return 0, 0
}

// short are titles that are written with a full stop, which ends no sentence.
var short = words(`m mr mme mlle mmes`)

// functions are offices, not persons: « Monsieur le Maire ».
var functions = words(`maire mairie prefet prefete directeur directrice president presidente adjoint adjointe elu elue police commissaire procureur gardien gardienne conseiller conseillere ministre proviseur principal bailleur coordonnateur animateur`)

var pronouns = words(`pas la le les police ca cela tout tous on nous vous moi toi lui elle eux plus souvent toujours jamais ainsi un une des mon ma mes son sa ses notre nos votre vos leur leurs et ou je tu il que qui quand`)

// acronyms are short words in capitals that are nobody's name.
var acronyms = words(`police urgent attention danger svp merci help stop bonjour jamais toujours tapage bruit nuit soir samedi dimanche lundi mardi mercredi jeudi vendredi`)

// firstName gives how many words from i on are a first name and the names that
// follow it; 0 when there is none.
func firstName(ws []word, i int) int {
	w := ws[i]
	if w.placed {
		return 0
	}
	maybe := ambiguous[w.folded]
	sure := !maybe && isFirstName(w.folded)
	switch {
	case !sure && !maybe:
		return 0
	case w.capital && maybe:
		// « Pierre a crié » and « Pierre sur la route » look alike: at the start
		// of a sentence, and in a text of capitals, the next word decides.
		next := word{}
		if i+1 < len(ws) && ws[i+1].joined {
			next = ws[i+1]
		}
		if w.upper && !(next.upper && isFirstName(next.folded)) && around(ws, i) {
			return 0
		}
		if w.starts && !w.upper && !(next.capital || acts[next.folded]) {
			return 0
		}
	case !w.capital && !sure:
		return 0
	}
	n := 1
	for i+n < len(ws) && n < 4 && ws[i+n].joined && !ws[i+n].placed && !sites[ws[i+n].folded] {
		next := ws[i+n]
		name := next.capital && (!next.upper || w.upper || len(next.folded) > 1) && !functions[next.folded] && !around(ws, i+n)
		particle := particles[next.folded] && next.folded != "et" && next.folded != "sur" && next.folded != "au" && next.folded != "aux" && next.folded != "en" &&
			next.folded != "sous" && (next.folded == "de" || next.capital) && i+n+1 < len(ws) && ws[i+n+1].joined && ws[i+n+1].capital && !ws[i+n+1].placed && w.capital
		if !name && !particle {
			break
		}
		n++
		if particle {
			n++
		}
	}
	return n
}

// around reports whether the words beside i are in capitals too: then capitals
// say nothing.
func around(ws []word, i int) bool {
	shouted, beside := 0, 0
	for j := max(0, i-2); j <= min(len(ws)-1, i+2); j++ {
		if j != i {
			beside++
			if ws[j].upper || len(ws[j].folded) == 1 && ws[j].capital {
				shouted++
			}
		}
	}
	return beside > 1 && shouted*2 > beside
}

// acts are verbs that a person, rather than a thing, is the subject of.
var acts = words(`a habite vit vend crie hurle insulte menace fait joue dit est et boit fume deale roule gare vient va tape frappe agresse traine squatte avait etait`)

// isFirstName knows also compounds: « Marie-Ange », « Mohamed-Amine ».
func isFirstName(folded string) bool {
	if firstNames[folded] {
		return true
	}
	parts := strings.Fields(folded)
	return len(parts) > 1 && (firstNames[parts[0]] || ambiguous[parts[0]]) && (firstNames[parts[1]] || ambiguous[parts[1]])
}
