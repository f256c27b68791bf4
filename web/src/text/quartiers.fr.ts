import { chanceFr } from "./chance";
import { counted as count, formatNumber as n } from "./format";
import { capital, nearFr } from "./near";
import { french } from "./text";

const people = (value: number) => count(value, "personne", "personnes");
const share = (value: number) => `${n(value * 100)} %`;
const ratio = (value: number) => n(value, 2);
/** "Bellevue", "Bellevue et Biollay", "Bellevue, Biollay et Bissy". */
const listed = (names: readonly string[]) => new Intl.ListFormat("fr").format(names);
/** "3 participants sur 20 ont dit", "aucun participant sur 20 n'a dit". */
const ofParticipants = (value: number, of: number, said: string) =>
  value === 0
    ? `aucun participant sur ${n(of)} n'a ${said}`
    : `${count(value, "participant", "participants")} sur ${n(of)} ${value < 2 ? "a" : "ont"} ${said}`;
/** "(entre 4 et 11 sur 20 si l'on tient compte du hasard)". */
const between = (lo: number, hi: number, of: number) =>
  `entre ${n(Math.round(lo * of))} et ${n(Math.round(hi * of))} sur ${n(of)} si l'on tient compte du hasard`;

/** Texts of the planners' pages. */
export const quartiersFr = french({
  title: "Quartiers : comparer",
  titleOf: (name: string) => `Quartier ${name}`,
  skip: "Aller aux figures",
  overview: "Tous les quartiers",
  unknown: "Ce quartier n'existe pas. Choisissez-en un parmi tous les quartiers.",
  map: "Carte de la ville",
  print: "Imprimer",
  loading: "Calcul en cours…",
  progress: (part: number) => `Calcul en cours : ${share(part)}`,
  cancel: "Annuler le calcul",
  cancelled: "Calcul annulé.",
  again: "Relancer",
  retry: "Réessayer",
  howTitle: "Comment lire :",
  numbers: "Les mêmes chiffres en tableau",
  methodTitle: "La méthode et sa source",
  share,
  ratio,
  unbounded: "sans limite",
  none: "–",

  exports: {
    label: (figure: string) => `Enregistrer : ${figure}`,
    save: "Enregistrer",
    png: "Image PNG",
    svg: "Image SVG",
    csv: "Tableau CSV",
    of: (format: string, quartier: string) => `${format} ${quartier}`,
    xlsx: "Classeur XLSX",
    geojson: "Carte GeoJSON",
    failed: "Ce navigateur n'a pas pu faire l'image. L'image SVG reste possible.",
    source: (city: string, place: string, demo: boolean) =>
      `Source : Quiétude, ${city}${place ? `, ${place}` : ""}${demo ? " – données fictives" : ""}.`,
    period: (text: string) => `Période : ${text}.`,
    made: (day: string) => `Établi le ${day}.`,
    participants: (of: number) => `n = ${count(of, "participant", "participants")}.`,
    inhabitants: (of: number) => `n = ${count(of, "habitant", "habitants")}.`,
    reporters: (of: number, anonymous: number) =>
      `n = ${count(of, "personne ayant signalé", "personnes ayant signalé")}${anonymous > 0 ? `, dont ${count(anonymous, "signalement anonyme", "signalements anonymes")} (chacun compte pour une personne)` : ""}.`,
    twoSides: (before: number, after: number) => `n = ${n(before)} avant, ${n(after)} après.`,
    voices:
      "Une personne compte une fois par hexagone et par ressenti. Les participants n'ont pas été tirés au sort : l'intervalle dit le hasard du petit nombre, pas qui est venu.",
    reports:
      "Signalé n'est pas commis : un signalement dit ce qui a été porté à la connaissance de la ville.",
    shared:
      "Au seuil de 5 %, un atelier sur vingt désigne un lieu par hasard. Les adresses n'étant pas connues, chaque hexagone compte autant comme lieu de vie.",
    moved: "Une baisse dans la zone peut aussi être un déplacement à côté.",
    noRanking: "Les quartiers sont dans l'ordre de leurs codes : ce n'est pas un classement.",
  },

  period: {
    legend: "Période",
    from: "Du",
    to: "Au",
    wrong: "La première date vient après la seconde.",
    text: (from: string, to: string) =>
      from && to
        ? `du ${from} au ${to}`
        : from
          ? `depuis le ${from}`
          : to
            ? `jusqu'au ${to}`
            : "depuis le début",
  },

  choose: {
    quartiers: "Quartiers à comparer",
    few: "Choisissez au moins deux quartiers.",
    rate: "Comparer par",
    rates: {
      unsafe: "participants qui ont marqué au moins un lieu d'insécurité",
      avoids: "participants qui évitent un lieu",
      signalements: "personnes ayant signalé, par habitant",
    },
    per: {
      participants: "nombre de participants",
      inhabitants: "nombre d'habitants",
    },
    open: (name: string) => `Ouvrir la page du quartier ${name}`,
    openShort: "Voir ce quartier",
    size: "Taille des hexagones",
    sizes: { 9: "large, environ 350 m", 10: "moyenne, environ 130 m" },
    cut: "Une carte par",
    cuts: { atelier: "atelier", annee: "année" },
    show: "Montrer",
    measure: "Comparer",
    measures: {
      unsafe: "le sentiment d'insécurité",
      safe: "le sentiment de sécurité",
      signalements: "les signalements",
    },
    before: "Avant",
    after: "Après",
    year: (year: string) => `année ${year}`,
  },

  rates: {
    title: "Les quartiers côte à côte",
    titleOf: (rate: string) => `Les quartiers côte à côte : ${rate}`,
    sentence: (above: readonly string[], below: readonly string[], places: number) =>
      places < 2
        ? "Il faut des participants dans deux quartiers au moins pour comparer."
        : above.length + below.length === 0
          ? `Aucun des ${n(places)} quartiers ne s'écarte de l'ensemble au-delà de ce que le hasard explique.`
          : `Au-delà de ce que le hasard explique, ${[
              above.length > 0
                ? `${listed(above)} ${above.length === 1 ? "est" : "sont"} au-dessus de l'ensemble`
                : "",
              below.length > 0
                ? `${listed(below)} ${below.length === 1 ? "est" : "sont"} en dessous`
                : "",
            ]
              .filter(Boolean)
              .join(" et ")} ; les autres différences peuvent n'être que du hasard.`,
    how: "Chaque point est un taux, chaque trait l'intervalle dans lequel le hasard a pu le placer. Deux traits qui se recouvrent ne se distinguent guère. Le carré est le taux lissé : plus le quartier compte peu de monde, plus il est ramené vers l'ensemble.",
    method:
      "Taux brut avec l'intervalle de Wilson (parts de participants) ou de Garwood (taux par habitant), à 95 %. Taux lissé : bayésien empirique de Marshall (JRSS C 40, 1991). Les quartiers restent dans l'ordre de leurs codes ; rien ne les classe.",
    shrunk: "taux lissé",
    mean: "ensemble",
    rawNote: (peopleIn: number, of: number) => `${n(peopleIn)} sur ${n(of)}`,
    noAtelier: "pas d'atelier dans la période",
    noInhabitants: "population inconnue",
    noPopulation:
      "Les taux par habitant apparaîtront quand la population des quartiers aura été importée, avec son année et sa source. Aucun chiffre n'est estimé ici.",
    populationSource: (year: number, source: string) =>
      `Population de ${year}, source : ${source}.`,
    columns: {
      quartier: "Quartier",
      people: "Personnes",
      of: "Sur",
      raw: "Taux brut",
      low: "Borne basse (95 %)",
      high: "Borne haute (95 %)",
      shrunk: "Taux lissé",
    },
  },

  funnel: {
    title: "L'entonnoir : qui s'écarte vraiment ?",
    sentence: (outside: readonly string[]) =>
      outside.length === 0
        ? "Tous les quartiers sont dans l'entonnoir : leurs écarts sont de l'ordre du hasard."
        : `${listed(outside)} ${outside.length === 1 ? "est" : "sont"} hors de l'entonnoir : cela mérite qu'on cherche pourquoi.`,
    how: "Plus un quartier compte de monde, plus il est à droite, et moins le hasard peut l'éloigner de la ligne d'ensemble. Un point hors de la zone grise s'écarte plus que le hasard ne le fait d'ordinaire (zone foncée : 95 fois sur 100 ; zone claire : 998 fois sur 1 000).",
    method:
      "Graphique en entonnoir de Spiegelhalter (Statistics in Medicine 24, 2005, annexe A.1.1), limites binomiales pour des parts de participants, de Poisson pour des taux par habitant. Il remplace un palmarès, qui classerait surtout le hasard.",
    mean: "ensemble",
    inner: "95 %",
    outer: "99,8 %",
    limits: "Limites de l'entonnoir, CSV",
  },

  pairs: {
    title: "Deux à deux",
    sentence: (different: number, pairs: number) =>
      different === 0
        ? pairs === 1
          ? "Les deux ne se distinguent pas : pas de conclusion."
          : `Aucune des ${n(pairs)} paires ne se distingue : pas de conclusion.`
        : pairs === 1
          ? "Les deux se distinguent au-delà du hasard."
          : `${count(different, "paire se distingue", "paires se distinguent")} sur ${n(pairs)}.`,
    how: "1 veut dire « autant » ; 2, deux fois plus ; 0,5, deux fois moins. Si le trait touche la ligne de 1, on ne peut pas conclure.",
    method:
      "Rapport de deux taux, intervalle conditionnel exact, mid-p, à 95 % (Przyborowski et Wilenski, 1940 ; Lancaster, 1961). Aucune correction pour le nombre de paires : sur vingt paires égales, une paraît différente.",
    pair: (first: string, second: string) => `${first} / ${second}`,
    columns: {
      pair: "Paire",
      ratio: "Rapport",
      low: "Borne basse (95 %)",
      high: "Borne haute (95 %)",
      p: "p (hasard seul)",
    },
  },

  side: {
    title: "Ce qui se dit dans chacun",
    voicesTitle: "Ressentis des participants",
    themesTitle: "Thèmes nommés par les participants",
    monthsTitle: "Signalements par mois, à la même échelle",
    hoursTitle: "Heures des signalements, à la même échelle",
    themesSentence: (first: string) =>
      first ? `le thème le plus nommé est « ${first} ».` : "aucun thème n'a été nommé.",
  },

  voices: {
    title: "Ce que disent les participants",
    sentence: (unsafe: number, of: number, lo: number, hi: number) =>
      of === 0
        ? "Il n'y a pas encore eu d'atelier ici dans cette période ; les ressentis apparaîtront après le premier."
        : `${capital(ofParticipants(unsafe, of, "marqué un lieu d'insécurité"))} (${between(lo, hi, of)}).`,
    contested: (contested: number, spoken: number) =>
      spoken === 0
        ? "Aucun hexagone n'a reçu assez de voix (8) pour dire si les avis sont partagés."
        : spoken === 1
          ? `Les avis ${contested === 0 ? "ne sont pas partagés" : "sont partagés"} dans le seul hexagone qui a reçu au moins 8 voix.`
          : `Les avis sont partagés dans ${n(contested)} des ${n(spoken)} hexagones qui ont reçu au moins 8 voix.`,
    how: "Le point est la part des participants, le trait l'intervalle dans lequel le hasard d'une si petite salle a pu la placer.",
    method:
      "Part de participants, intervalle de Wilson à 95 % (JASA 22, 1927). Avis partagés : au moins 8 voix et un test des signes (binomial exact) qui ne montre pas de majorité au seuil de 5 %. Les pseudonymes changent d'un atelier à l'autre : qui est venu deux fois compte deux fois.",
    unsafe: "Pas en sécurité quelque part",
    safe: "En sécurité quelque part",
    avoids: "Évitent un lieu",
    of: (peopleIn: number, of: number) => `${n(peopleIn)} sur ${n(of)}`,
    side: (quartier: string, unsafe: number, avoids: number, of: number) =>
      of === 0
        ? `${quartier} : pas encore d'atelier dans cette période.`
        : `${quartier} : ${ofParticipants(unsafe, of, "marqué un lieu d'insécurité")}, ${avoids === 0 ? "aucun n'évite" : `${n(avoids)} ${avoids < 2 ? "évite" : "évitent"}`} un lieu.`,
    all: "Tous les ateliers",
    columns: {
      atelier: "Atelier",
      felt: "Ressenti",
      people: "Personnes",
      of: "Sur",
      low: "Borne basse (95 %)",
      high: "Borne haute (95 %)",
    },
  },

  multiples: {
    title: "La même carte, d'une fois à l'autre",
    sentence: (panels: number, places: number, top: string, most: number) =>
      panels === 0
        ? "Les cartes apparaîtront avec le premier atelier ou le premier signalement."
        : most === 0
          ? "Rien n'a été dit sur ces cartes."
          : `${count(panels, "carte", "cartes")} à la même échelle, ${count(places, "hexagone nommé", "hexagones nommés")} en tout ; le plus nommé est ${nearFr(top)} (${people(most)}).`,
    how: "Une même couleur veut dire un même nombre de personnes sur toutes les cartes. Plus de participants, c'est plus de voix : comparez avec le n écrit au-dessus de chaque carte. Le trait en bas à gauche mesure 200 m.",
    method:
      "Voix : une personne compte une fois par hexagone (grille H3) et par ressenti, quel que soit le nombre de ses repères. Les signalements sont comptés par personne. Les zones grises sont les rues.",
    scale: "200 m",
    none: "Sans couleur : rien n'a été dit",
    panelOf: (of: number) => `n = ${n(of)}`,
    reporters: (of: number) => `n = ${count(of, "personne", "personnes")}`,
    signalementsByYear: "Les signalements se montrent par année : un atelier n'en a pas.",
    hexagon: (place: string, value: number, of: number) => `${place} : ${n(value)} sur ${n(of)}`,
    unnamed: (row: number) => `Hexagone ${row}`,
    columns: {
      place: "Lieu",
      panel: "Carte",
      value: "Personnes",
      of: "Sur",
      low: "Borne basse (95 %)",
      high: "Borne haute (95 %)",
    },
  },

  shared: {
    title: "Où l'on est d'accord au-delà du hasard",
    sentence: (of: number, places: number, first: string, peopleIn: number, p: number) =>
      places === 0
        ? `Aucun lieu n'est nommé ensemble plus que le hasard ne l'explique (${count(of, "participant", "participants")}).`
        : `${count(places, "lieu ressort", "lieux ressortent")} ; ${places < 2 ? "" : "le premier, "}${nearFr(first)}, est marqué ici ou juste à côté par ${n(peopleIn)} participants sur ${n(of)}. Un tel accord, s'il n'était dû qu'au hasard, arriverait ${chanceFr(p)}.`,
    why: (of: number, few: boolean) =>
      few
        ? `Trop peu de participants pour un test (${n(of)} ; il en faut 8 qui ont marqué un lieu d'insécurité).`
        : "Le test n'a pas pu être fait.",
    total: (found: number, all: number) =>
      all === 1
        ? found === 1
          ? "L'atelier de cette période désigne au moins un lieu où l'accord dépasse le hasard."
          : "L'atelier de cette période ne désigne aucun lieu où l'accord dépasse le hasard."
        : found === all
          ? `Chacun des ${n(all)} ateliers désigne au moins un lieu où l'accord dépasse le hasard.`
          : `${found === 0 ? "Aucun" : n(found)} des ${n(all)} ateliers ${found < 2 ? "désigne" : "désignent"} ${found === 0 ? "un" : "au moins un"} lieu où l'accord dépasse le hasard.`,
    none: "Les lieux apparaîtront après le premier atelier du quartier dans cette période.",
    around: (peopleIn: number, of: number) => `${n(peopleIn)} sur ${n(of)}, ici ou juste à côté`,
    how: "Les hexagones colorés sont nommés par plus de personnes ensemble que dans presque toutes les cartes où chacun aurait marqué ailleurs, au hasard. Un lieu absent n'est pas un lieu sûr.",
    method: (maps: number, seed: number, hexagons: number) =>
      `Test de lieu partagé, atelier par atelier : chaque participant garde la forme de ce qu'il a marqué, déplacée et tournée au hasard dans le quartier ; l'accord observé est comparé au plus grand accord de chaque tirage (maximum T : Westfall et Young, 1993). ${n(maps)} tirages sur ${n(hexagons)} hexagones, graine ${seed} : la même graine redonne le même résultat. Deux ateliers ne sont pas réunis en un test : qui est venu deux fois serait d'accord avec soi-même.`,
    columns: {
      atelier: "Atelier",
      place: "Lieu",
      people: "Personnes",
      of: "Sur",
      low: "Borne basse (95 %)",
      high: "Borne haute (95 %)",
      expected: "Attendu par hasard autour",
      p: "p (hasard seul)",
    },
    place: (rank: number, name: string) => `${rank}. ${name}`,
  },

  themes: {
    title: "De quoi il est question",
    how: "À gauche du trait, la plus petite part que le hasard permet ; à droite, la plus grande. Triangles : participants des ateliers. Cercles : personnes ayant signalé.",
    method:
      "Part des participants (ou des personnes ayant signalé) qui nomment le thème, intervalle de Wilson à 95 %. Une personne peut en nommer plusieurs.",
    sentence: (theme: string, peopleIn: number, of: number, lo: number, hi: number) =>
      of === 0 || peopleIn === 0
        ? "Aucun thème n'a été nommé dans cette période."
        : `« ${theme} » est le thème que le plus de participants nomment : ${n(peopleIn)} sur ${n(of)} (${between(lo, hi, of)}).`,
    reported: (theme: string, peopleIn: number, of: number) =>
      theme
        ? `Pas encore d'atelier dans cette période. « ${theme} » est le thème que le plus de personnes ont signalé : ${n(peopleIn)} sur ${n(of)}.`
        : "Les thèmes apparaîtront avec le premier atelier ou le premier signalement de cette période.",
    residents: "Participants des ateliers",
    reporters: "Personnes ayant signalé",
    columns: {
      theme: "Thème",
      residents: "Participants",
      reporters: "Ayant signalé",
      reports: "Signalements",
    },
  },

  hours: {
    title: "À quelles heures",
    sentence: (total: number, part: number) =>
      total === 0
        ? "Aucun signalement dont l'heure est connue dans cette période ; les heures apparaîtront avec le premier."
        : `${share(part)} des ${count(total, "signalement", "signalements")} dont l'heure est connue se situent entre 20 h et 4 h.`,
    how: "Plus une case est foncée, plus il y a de signalements à cette heure de ce jour. Quand le moment n'est connu qu'à quelques heures près, le signalement est réparti entre elles.",
    method: (untimed: number) =>
      `Répartition aoristique (Ratcliffe, IJGIS 14, 2000), heure de Paris, changements d'heure compris.${untimed > 0 ? ` ${count(untimed, "signalement, étalé", "signalements, étalés")} sur plus d'un jour, ${untimed < 2 ? "est laissé" : "sont laissés"} de côté.` : ""}`,
    days: "lun. mar. mer. jeu. ven. sam. dim.",
    dayNames: "lundi mardi mercredi jeudi vendredi samedi dimanche",
    hour: (hour: number) => `${hour} h`,
    cell: (day: string, hour: number, value: number) => `${day}, ${hour} h : ${n(value, 1)}`,
    columns: { day: "Jour" },
  },

  months: {
    title: "Signalements par mois",
    sentence: (first: string, last: string, reports: number, reporters: number) =>
      reports === 0
        ? "Aucun signalement dans cette période ; les mois apparaîtront avec le premier."
        : `${count(reports, "signalement", "signalements")} de ${people(reporters)}, de ${first} à ${last}.`,
    how: "La ligne est le nombre de personnes qui ont signalé chaque mois, la bande l'intervalle dans lequel le hasard a pu le placer. Un mois creux ou plein à l'intérieur de la bande des autres ne veut rien dire. Un point vide est un mois incomplet.",
    method:
      "Personnes distinctes par mois (un signalement anonyme compte pour une), intervalle exact de Poisson à 95 % (Garwood, 1936).",
    columns: {
      month: "Mois",
      reports: "Signalements",
      people: "Personnes",
      low: "Borne basse (95 %)",
      high: "Borne haute (95 %)",
    },
  },

  change: {
    title: "Cela a-t-il changé ?",
    chooseTwo:
      "Il faut deux ateliers de ce quartier, ou deux années de signalements, pour dire si quelque chose a changé.",
    sentence: (fewer: number, more: number, tested: number) =>
      fewer + more === 0
        ? `Pas de conclusion : aucun des ${n(tested)} hexagones n'a changé au-delà de ce que le hasard explique.`
        : `${[
            fewer > 0
              ? `${count(fewer, "hexagone est moins nommé", "hexagones sont moins nommés")}`
              : "",
            more > 0
              ? `${count(more, "hexagone est plus nommé", "hexagones sont plus nommés")}`
              : "",
          ]
            .filter(Boolean)
            .join(", ")} qu'avant, au-delà du hasard ; pour les autres, pas de conclusion.`,
    visible: (from: number, n1: number, n2: number, fall: number | null) =>
      from === 0
        ? "Personne n'avait rien nommé avant : rien ne pouvait baisser."
        : fall === null
          ? `Avec ces nombres (${n(n1)} puis ${n(n2)} personnes), même le lieu le plus nommé avant (${n(from)} sur ${n(n1)}) aurait pu tomber à zéro sans que la baisse se voie.`
          : `Ce que ces nombres pouvaient montrer, au mieux : un lieu nommé par ${n(from)} personnes sur ${n(n1)} devait tomber à ${n(fall)} sur ${n(n2)} ou moins pour que la baisse se voie. Le tableau le dit pour chaque lieu.`,
    how: "▼ sur fond bleu : moins de personnes qu'avant, au-delà du hasard. ▲ sur fond orange : plus. Gris : nommé, mais sans conclusion. Sans conclusion ne veut pas dire sans changement.",
    method:
      "Par hexagone : test exact de Fisher, corrigé par Benjamini et Hochberg (1995) à 5 %, hexagones muets compris. Rapport des taux : intervalle conditionnel exact et mid-p. Participants : permutation des étiquettes avant et après. S d'Andresen (Applied Geography 29, 2009) avec Fisher.",
    key: {
      "-1": "moins de personnes qu'avant",
      "0": "nommé, sans conclusion",
      "1": "plus de personnes qu'avant",
    },
    never: "jamais",
    atMost: (count: number, of: number) => `${n(count)} sur ${n(of)} ou moins`,
    atLeast: (count: number, of: number) => `${n(count)} sur ${n(of)} ou plus`,
    verdicts: { "-1": "moins", "0": "sans conclusion", "1": "plus" },
    ratioTitle: "Dans l'ensemble du quartier",
    ratio: "Après, rapporté à avant",
    ratioSentence: (reports: boolean, value: string, lo: string, hi: string, concluded: boolean) =>
      `Après, ${reports ? "le nombre de personnes qui signalent, par jour," : "la part des participants qui l'ont dit"} est ${value === ratio(1) ? `${reports ? "le" : "la"} même qu'avant` : `${value} fois ${reports ? "celui" : "celle"} d'avant`} (entre ${lo} et ${hi} fois si l'on tient compte du hasard)${concluded ? "." : " : pas de conclusion."}`,
    ratioNone: "Personne ne l'avait dit avant : un rapport ne se calcule pas.",
    residents: (difference: number, p: number) =>
      `Chaque personne nomme en moyenne ${Math.abs(difference) < 0.05 ? "autant d'hexagones" : `${n(Math.abs(difference), 1)} ${Math.abs(difference) < 2 ? "hexagone" : "hexagones"} de ${difference < 0 ? "moins" : "plus"}`} qu'avant ; en redistribuant les personnes au hasard, un tel écart ou un plus grand arrive ${n(p * 100, 1)} fois sur 100${p <= 0.05 ? "." : " : pas de conclusion."}`,
    residentsUnknown: "Trop peu de personnes pour comparer les participants entre eux.",
    similarity: (value: number, differing: number) =>
      `Où l'on parle, quel que soit le nombre de voix : ${share(value)} des hexagones nommés reçoivent la même part de toutes les voix avant et après, au hasard près (indice S d'Andresen ; ${differing === 0 ? "aucun hexagone ne diffère" : count(differing, "hexagone diffère", "hexagones diffèrent")}). Avec peu de personnes, cela ne prouve pas que les deux cartes se ressemblent.`,
    similarityUnknown: "La ressemblance des deux cartes ne se calcule pas : un côté est vide.",
    agrees: "Avec des hexagones plus larges, la réponse est la même.",
    disagrees:
      "Attention : avec des hexagones plus larges, la réponse n'est pas la même. Les deux cartes sont montrées côte à côte ; une conclusion qui dépend de la taille des cases est fragile.",
    sizeLabel: { 8: "environ 900 m", 9: "environ 350 m", 10: "environ 130 m", 11: "environ 50 m" },
    columns: {
      place: "Lieu",
      before: "Avant",
      after: "Après",
      p: "p (hasard seul)",
      adjusted: "p corrigé du nombre de lieux",
      verdict: "Verdict",
      fall: "Une baisse se verrait à",
      rise: "Une hausse se verrait à",
    },
    sides: (before: string, after: string) => `avant : ${before} ; après : ${after}`,
    sideAtelier: (titre: string, day: string) => `${titre}, ${day}`,
    unequal: "Choisissez deux ateliers, ou deux années différentes.",
  },

  zone: {
    title: "Avant et après, à un endroit",
    intro:
      "Choisissez les hexagones où quelque chose a été fait (sur la carte ou dans la liste) et le jour ; ou une action réalisée.",
    action: "Action réalisée",
    noAction: "aucune : zone choisie à la main",
    date: "À partir du",
    cut: (day: string) => `comparés avant et après le ${day}`,
    months: "Comparer sur",
    monthsOption: (months: number) => `${months} mois de part et d'autre`,
    chosen: (hexagons: number) => count(hexagons, "hexagone choisi", "hexagones choisis"),
    clear: "Vider la zone",
    list: "Choisir dans la liste",
    sentence: {
      fell: (value: string, lo: string, hi: string) =>
        `Par rapport au reste du quartier, le nombre de personnes qui signalent dans la zone a baissé : rapport ${value} (entre ${lo} et ${hi} si l'on tient compte du hasard).`,
      rose: (value: string, lo: string, hi: string) =>
        `Par rapport au reste du quartier, le nombre de personnes qui signalent dans la zone a augmenté : rapport ${value} (entre ${lo} et ${hi} si l'on tient compte du hasard).`,
      inconclusive: (value: string, lo: string, hi: string) =>
        `Pas de conclusion : le rapport de la zone au reste du quartier est de ${value}, et le hasard permet tout ce qui va de ${lo} à ${hi}.`,
    },
    few: "Pas de conclusion : il y a trop peu de signalements dans la zone pour calculer un rapport.",
    nothing: "Aucun signalement dans ces deux périodes : rien à comparer.",
    how: "1 veut dire que la zone a évolué comme le reste du quartier. En dessous, elle a baissé davantage. Si le trait touche la ligne de 1, on ne peut pas conclure, et cela ne dit rien de la cause.",
    method:
      "Personnes distinctes ayant signalé, zone et reste du quartier, avant et après ; rapport des rapports, loi hypergéométrique non centrale de Fisher, intervalle mid-p à 95 % (Cornfield, 1956 ; Agresti et Gottard, 2007). Une tendance commune à tout le quartier s'annule.",
    counts: (before: number, after: number, restBefore: number, restAfter: number) =>
      `Personnes ayant signalé : dans la zone ${n(before)} avant et ${n(after)} après ; dans le reste du quartier ${n(restBefore)} avant et ${n(restAfter)} après.`,
    label: "Zone rapportée au reste",
    columns: { where: "Où", before: "Avant", after: "Après" },
    inZone: "Dans la zone",
    rest: "Reste du quartier",
  },

  actions: {
    title: "Ce qui a été répondu",
    sentence: (all: number, done: number, late: number) =>
      `${count(all, "action", "actions")}, dont ${count(done, "réalisée", "réalisées")} et ${n(late)} en retard.`,
    how: "Une ligne par action, quelle que soit la période choisie. « En retard » : l'échéance est passée et l'action n'est ni réalisée, ni refusée, ni abandonnée.",
    method:
      "Suivi tenu par la ville, la police et leurs partenaires dans Quiétude. L'état est celui de la dernière mise à jour ; il dit ce qui a été fait, pas ce que cela a changé : voyez « Avant et après ».",
    none: "Aucune action n'est encore enregistrée pour ce quartier.",
    columns: { titre: "Action", state: "État", done: "Réalisée le", due: "Échéance" },
  },

  ateliers: {
    title: "Les ateliers",
    sentence: (all: number, participants: number) =>
      `${count(all, "atelier", "ateliers")}, ${count(participants, "participant", "participants")} en tout.`,
    how: "Une ligne par atelier de la période. Un participant est une personne qui a rejoint une table, qu'elle ait marqué quelque chose ou non.",
    method:
      "Participants comptés par pseudonyme, un par personne et par atelier. Les pseudonymes changent d'un atelier à l'autre : qui est venu deux fois compte deux fois.",
    none: "Aucun atelier dans cette période.",
    columns: { titre: "Atelier", day: "Jour", participants: "Participants", state: "État" },
    states: { prepared: "préparé", open: "ouvert", closed: "terminé" },
  },
});
