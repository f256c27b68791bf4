import { chanceEn } from "./chance";
import { formatNumber as n } from "./format";
import type { quartiersFr } from "./quartiers.fr";
import type { Translation } from "./text";

const count = (value: number, one: string, many: string) =>
  `${n(value)} ${value === 1 ? one : many}`;
const people = (value: number) => count(value, "person", "people");
const share = (value: number) => `${n(value * 100)}%`;
const ratio = (value: number) => n(value, 2);
const between = (lo: number, hi: number, of: number) =>
  `between ${n(Math.round(lo * of))} and ${n(Math.round(hi * of))} of ${n(of)} once chance is allowed for`;

const listed = (names: readonly string[]) => new Intl.ListFormat("en-GB").format(names);

export const quartiersEn: Translation<typeof quartiersFr> = {
  title: "Neighbourhoods: compare",
  titleOf: (name) => `Neighbourhood ${name}`,
  skip: "Skip to the figures",
  overview: "All neighbourhoods",
  unknown: "There is no such quartier. Choose one among all quartiers.",
  map: "Map of the city",
  print: "Print",
  loading: "Computing…",
  progress: (part) => `Computing: ${share(part)}`,
  cancel: "Stop computing",
  cancelled: "Stopped.",
  again: "Start again",
  retry: "Try again",
  howTitle: "How to read:",
  numbers: "The same numbers as a table",
  methodTitle: "Method and source",
  share,
  ratio,
  unbounded: "no limit",
  none: "–",

  exports: {
    label: (figure) => `Save: ${figure}`,
    save: "Save",
    png: "PNG image",
    svg: "SVG image",
    csv: "CSV table",
    of: (format, quartier) => `${format} ${quartier}`,
    xlsx: "XLSX workbook",
    geojson: "GeoJSON map",
    failed: "This browser could not make the image. The SVG image still works.",
    source: (city, place, demo) =>
      `Source: Quiétude, ${city}${place ? `, ${place}` : ""}${demo ? " – fictional data" : ""}.`,
    period: (text) => `Period: ${text}.`,
    made: (day) => `Made on ${day}.`,
    participants: (of) => `n = ${count(of, "participant", "participants")}.`,
    inhabitants: (of) => `n = ${count(of, "inhabitant", "inhabitants")}.`,
    reporters: (of, anonymous) =>
      `n = ${count(of, "person who reported", "people who reported")}${anonymous > 0 ? `, of which ${count(anonymous, "anonymous report", "anonymous reports")} (each counts as a person)` : ""}.`,
    twoSides: (before, after) => `n = ${n(before)} before, ${n(after)} after.`,
    voices:
      "A person counts once per hexagon and feeling. Participants were not drawn at random: the interval tells the chance of a small number, not who came.",
    reports: "Reported is not committed: a report says what the city was told.",
    shared:
      "At the 5% level one workshop in twenty points at a place by chance. Addresses are not known: each hexagon counts alike as a home.",
    moved: "A fall in the zone may also be a move next door.",
    noRanking: "Neighbourhoods are in the order of their codes: this is no ranking.",
  },

  period: {
    legend: "Period",
    from: "From",
    to: "To",
    wrong: "The first date comes after the second.",
    text: (from, to) =>
      from && to
        ? `from ${from} to ${to}`
        : from
          ? `since ${from}`
          : to
            ? `until ${to}`
            : "since the beginning",
  },

  choose: {
    quartiers: "Neighbourhoods to compare",
    few: "Choose at least two neighbourhoods.",
    rate: "Compare by",
    rates: {
      unsafe: "participants who marked at least one unsafe place",
      avoids: "participants who avoid a place",
      signalements: "people who reported, per inhabitant",
    },
    per: { participants: "number of participants", inhabitants: "number of inhabitants" },
    open: (name) => `Open the page of ${name}`,
    openShort: "See this neighbourhood",
    size: "Size of hexagons",
    sizes: { 9: "wide, about 350 m", 10: "medium, about 130 m" },
    cut: "One map per",
    cuts: { atelier: "workshop", annee: "year" },
    show: "Show",
    measure: "Compare",
    measures: { unsafe: "feeling unsafe", safe: "feeling safe", signalements: "reports" },
    before: "Before",
    after: "After",
    year: (year) => `year ${year}`,
  },

  rates: {
    title: "Neighbourhoods side by side",
    titleOf: (rate) => `Neighbourhoods side by side: ${rate}`,
    sentence: (above, below, places) =>
      places < 2
        ? "Participants in at least two neighbourhoods are needed to compare."
        : above.length + below.length === 0
          ? `None of the ${n(places)} neighbourhoods differs from the whole beyond what chance explains.`
          : `Beyond what chance explains, ${[
              above.length > 0
                ? `${listed(above)} ${above.length === 1 ? "is" : "are"} above the whole`
                : "",
              below.length > 0
                ? `${listed(below)} ${below.length === 1 ? "is" : "are"} below it`
                : "",
            ]
              .filter(Boolean)
              .join(" and ")}; the other differences may be chance alone.`,
    how: "Each point is a rate, each line the interval in which chance may have put it. Two lines that overlap can hardly be told apart. The square is the smoothed rate: the fewer people, the closer it is drawn to the whole.",
    method:
      "Raw rate with the Wilson interval (shares of participants) or Garwood's (rates per inhabitant), 95%. Smoothed rate: Marshall's empirical Bayes (JRSS C 40, 1991). Neighbourhoods stay in the order of their codes; nothing ranks them.",
    shrunk: "smoothed rate",
    mean: "all together",
    rawNote: (peopleIn, of) => `${n(peopleIn)} of ${n(of)}`,
    noAtelier: "no workshop in the period",
    noInhabitants: "population unknown",
    noPopulation:
      "Rates per inhabitant will appear once population figures were imported with their year and source. Nothing is estimated here.",
    populationSource: (year, source) => `Population of ${year}, source: ${source}.`,
    columns: {
      quartier: "Neighbourhood",
      people: "People",
      of: "Of",
      raw: "Raw rate",
      low: "Lower bound (95%)",
      high: "Upper bound (95%)",
      shrunk: "Smoothed rate",
    },
  },

  funnel: {
    title: "The funnel: who really differs?",
    sentence: (outside) =>
      outside.length === 0
        ? "All neighbourhoods are inside the funnel: their differences are of the order of chance."
        : `${outside.join(", ")} ${outside.length === 1 ? "is" : "are"} outside the funnel: worth asking why.`,
    how: "The more people, the further right, and the less chance can move a neighbourhood from the common line. A point outside the grey area differs more than chance usually does (dark: 95 times in 100; light: 998 in 1,000).",
    method:
      "Spiegelhalter's funnel plot (Statistics in Medicine 24, 2005, appendix A.1.1), binomial limits for shares of participants, Poisson for rates per inhabitant. It replaces a league table, which would mostly rank chance.",
    mean: "all together",
    inner: "95%",
    outer: "99.8%",
    limits: "Limits of the funnel, CSV",
  },

  pairs: {
    title: "Two by two",
    sentence: (different, pairs) =>
      different === 0
        ? `None of the ${count(pairs, "pair", "pairs")} can be told apart: no conclusion.`
        : `${count(different, "pair differs", "pairs differ")} of ${n(pairs)}.`,
    how: "1 means “as much”; 2, twice as much; 0.5, half as much. If the line touches 1 nothing can be concluded.",
    method:
      "Ratio of two rates, exact conditional interval, mid-p, 95% (Przyborowski and Wilenski, 1940; Lancaster, 1961). Not corrected for the number of pairs: of twenty equal pairs one looks different.",
    pair: (first, second) => `${first} / ${second}`,
    columns: {
      pair: "Pair",
      ratio: "Ratio",
      low: "Lower bound (95%)",
      high: "Upper bound (95%)",
      p: "p (chance alone)",
    },
  },

  side: {
    title: "What is said in each",
    voicesTitle: "Feelings of participants",
    themesTitle: "Themes named by participants",
    monthsTitle: "Reports per month, on one scale",
    hoursTitle: "Hours of reports, on one scale",
    themesSentence: (first) =>
      first ? `the theme named most is “${first}”.` : "no theme was named.",
  },

  voices: {
    title: "What participants say",
    sentence: (unsafe, of, lo, hi) =>
      of === 0
        ? "There was no workshop here in this period yet; feelings will appear after the first one."
        : `${n(unsafe)} participants of ${n(of)} marked at least one place where they feel unsafe (${between(lo, hi, of)}).`,
    contested: (contested, spoken) =>
      spoken === 0
        ? "No hexagon got enough voices (8) to tell whether opinions are divided."
        : `Opinions are divided in ${n(contested)} of the ${count(spoken, "hexagon", "hexagons")} with at least 8 voices.`,
    how: "The point is the share of participants, the line the interval in which the chance of such a small room may have put it.",
    method:
      "Share of participants, Wilson interval, 95% (JASA 22, 1927). Divided: at least 8 voices and a sign test (exact binomial) that shows no majority at 5%. Pseudonyms change between workshops: who came twice counts twice.",
    unsafe: "Unsafe somewhere",
    safe: "Safe somewhere",
    avoids: "Avoid a place",
    of: (peopleIn, of) => `${n(peopleIn)} of ${n(of)}`,
    side: (quartier, unsafe, avoids, of) =>
      of === 0
        ? `${quartier}: no workshop yet in this period.`
        : `${quartier}: ${n(unsafe)} of ${n(of)} participants marked an unsafe place, ${n(avoids)} avoid one.`,
    all: "All workshops",
    columns: {
      atelier: "Workshop",
      felt: "Feeling",
      people: "People",
      of: "Of",
      low: "Lower bound (95%)",
      high: "Upper bound (95%)",
    },
  },

  multiples: {
    title: "The same map, from one time to the next",
    sentence: (panels, places, top, most) =>
      panels === 0
        ? "Maps will appear with the first workshop or report."
        : most === 0
          ? "Nothing was said on these maps."
          : `${count(panels, "map", "maps")} on one scale, ${count(places, "hexagon", "hexagons")} named in all; the most named is near ${top} (${people(most)}).`,
    how: "The same colour means the same number of people on all maps. More participants give more voices: compare with the n above each map. The line at the bottom left is 200 m.",
    method:
      "Voices: a person counts once per hexagon (H3 grid) and feeling, whatever the number of markers. Reports are counted by person. Grey lines are streets.",
    scale: "200 m",
    none: "No colour: nothing was said",
    panelOf: (of) => `n = ${n(of)}`,
    reporters: (of) => `n = ${people(of)}`,
    signalementsByYear: "Reports are shown by year: a workshop has none.",
    hexagon: (place, value, of) => `${place}: ${n(value)} of ${n(of)}`,
    unnamed: (row) => `Hexagon ${row}`,
    columns: {
      place: "Place",
      panel: "Map",
      value: "People",
      of: "Of",
      low: "Lower bound (95%)",
      high: "Upper bound (95%)",
    },
  },

  shared: {
    title: "Where people agree beyond chance",
    sentence: (of, places, first, peopleIn, p) =>
      places === 0
        ? `No place is named together more than chance explains (${count(of, "participant", "participants")}).`
        : `${count(places, "place stands", "places stand")} out; ${places < 2 ? "near" : "the first, near"} ${first}, is marked there or just beside by ${n(peopleIn)} of ${n(of)} participants. By chance alone, such agreement would come ${chanceEn(p)}.`,
    why: (of, few) =>
      few
        ? `Too few participants for a test (${n(of)}; 8 who marked an unsafe place are needed).`
        : "The test could not be made.",
    total: (found, all) =>
      all === 1
        ? found === 1
          ? "The workshop of this period points at one place at least where agreement is beyond chance."
          : "The workshop of this period points at no place where agreement is beyond chance."
        : `${found === 0 ? "None" : n(found)} of the ${n(all)} workshops ${found < 2 ? "points" : "point"} at a place where agreement is beyond chance.`,
    none: "Places will appear after the first workshop of the neighbourhood in this period.",
    around: (peopleIn, of) => `${n(peopleIn)} of ${n(of)}, there or just beside`,
    how: "Coloured hexagons are named together by more people than in almost all maps where each had marked elsewhere at random. A place that is absent is not a safe place.",
    method: (maps, seed, hexagons) =>
      `Shared-place test, workshop by workshop: each participant keeps the shape of what he or she marked, moved and turned at random within the neighbourhood; the agreement seen is compared with the largest agreement of each draw (maximum T: Westfall and Young, 1993). ${n(maps)} draws over ${n(hexagons)} hexagons, seed ${seed}: the same seed gives the same result. Two workshops are not joined into one test: somebody who came twice would agree with himself.`,
    columns: {
      atelier: "Workshop",
      place: "Place",
      people: "People",
      of: "Of",
      low: "Lower bound (95%)",
      high: "Upper bound (95%)",
      expected: "Expected around by chance",
      p: "p (chance alone)",
    },
    place: (rank, name) => `${rank}. ${name}`,
  },

  themes: {
    title: "What it is about",
    how: "The line goes from the smallest share that chance allows to the largest. Triangles: participants of workshops. Circles: people who reported.",
    method:
      "Share of participants (or of people who reported) who name the theme, Wilson interval, 95%. A person may name several.",
    sentence: (theme, peopleIn, of, lo, hi) =>
      of === 0 || peopleIn === 0
        ? "No theme was named in this period."
        : `“${theme}” is the theme that most participants name: ${n(peopleIn)} of ${n(of)} (${between(lo, hi, of)}).`,
    reported: (theme, peopleIn, of) =>
      theme
        ? `No workshop yet in this period. “${theme}” is the theme that most people reported: ${n(peopleIn)} of ${n(of)}.`
        : "Themes will appear with the first workshop or the first report of this period.",
    residents: "Participants of workshops",
    reporters: "People who reported",
    columns: {
      theme: "Theme",
      residents: "Participants",
      reporters: "Reporting",
      reports: "Reports",
    },
  },

  hours: {
    title: "At what hours",
    sentence: (total, part) =>
      total === 0
        ? "No report with a known hour in this period."
        : `${share(part)} of the ${count(total, "report", "reports")} with a known hour lie between 8 pm and 4 am.`,
    how: "The darker a cell, the more reports at that hour of that day. When the moment is known within some hours only, the report is spread over them.",
    method: (untimed) =>
      `Aoristic weights (Ratcliffe, IJGIS 14, 2000), Paris time, both clock changes included.${untimed > 0 ? ` ${count(untimed, "report", "reports")} spread over more than a day left out.` : ""}`,
    days: "Mon Tue Wed Thu Fri Sat Sun",
    dayNames: "Monday Tuesday Wednesday Thursday Friday Saturday Sunday",
    hour: (hour) => `${hour}:00`,
    cell: (day, hour, value) => `${day}, ${hour}:00: ${n(value, 1)}`,
    columns: { day: "Day" },
  },

  months: {
    title: "Reports per month",
    sentence: (first, last, reports, reporters) =>
      reports === 0
        ? "No report in this period."
        : `${count(reports, "report", "reports")} by ${people(reporters)}, from ${first} to ${last}.`,
    how: "The line is the number of people who reported each month, the band the interval in which chance may have put it. A low or high month inside the band of the others means nothing. A hollow point is an incomplete month.",
    method:
      "Distinct people per month (an anonymous report counts as one), exact Poisson interval, 95% (Garwood, 1936).",
    columns: {
      month: "Month",
      reports: "Reports",
      people: "People",
      low: "Lower bound (95%)",
      high: "Upper bound (95%)",
    },
  },

  change: {
    title: "Has it changed?",
    chooseTwo:
      "Two workshops of this neighbourhood, or two years of reports, are needed to tell whether anything changed.",
    sentence: (fewer, more, tested) =>
      fewer + more === 0
        ? `No conclusion: none of the ${n(tested)} hexagons changed beyond what chance explains.`
        : `${[
            fewer > 0 ? `${count(fewer, "hexagon is named less", "hexagons are named less")}` : "",
            more > 0 ? `${count(more, "hexagon is named more", "hexagons are named more")}` : "",
          ]
            .filter(Boolean)
            .join(", ")} than before, beyond chance; for the others, no conclusion.`,
    visible: (from, n1, n2, fall) =>
      from === 0
        ? "Nobody had named anything before: nothing could fall."
        : fall === null
          ? `With these numbers (${n(n1)}, then ${n(n2)} people), even the place most named before (${n(from)} of ${n(n1)}) could have fallen to zero without the fall being seen.`
          : `What these numbers could show, at best: a place named by ${n(from)} of ${n(n1)} people had to fall to ${n(fall)} of ${n(n2)} or fewer for the fall to be seen. The table says it for each place.`,
    how: "▼ on blue: fewer people than before, beyond chance. ▲ on orange: more. Grey: named, without conclusion. No conclusion does not mean no change.",
    method:
      "Per hexagon: Fisher's exact test, corrected after Benjamini and Hochberg (1995) at 5%, silent hexagons included. Ratio of rates: exact conditional interval and mid-p. Participants: permutation of the labels before and after. Andresen's S (Applied Geography 29, 2009) with Fisher.",
    key: {
      "-1": "fewer people than before",
      "0": "named, no conclusion",
      "1": "more people than before",
    },
    never: "never",
    atMost: (count, of) => `${n(count)} of ${n(of)} or fewer`,
    atLeast: (count, of) => `${n(count)} of ${n(of)} or more`,
    verdicts: { "-1": "fewer", "0": "no conclusion", "1": "more" },
    ratioTitle: "In the neighbourhood as a whole",
    ratio: "After over before",
    ratioSentence: (reports, value, lo, hi, concluded) =>
      `${reports ? "The number of people who report, by day," : "The share of participants who said so"} is ${value} times what it was before (between ${lo} and ${hi} times if chance is accounted for)${concluded ? "." : ": no conclusion."}`,
    ratioNone: "Nobody had said so before: a ratio cannot be computed.",
    residents: (difference, p) =>
      `Each participant names on average ${n(Math.abs(difference), 1)} hexagons ${difference < 0 ? "fewer" : "more"} than before; dealing participants at random, such a difference comes ${n(p * 100, 1)} times in 100${p <= 0.05 ? "." : ": no conclusion."}`,
    residentsUnknown: "Too few people to compare participants with each other.",
    similarity: (value, differing) =>
      `Where people speak of, however many: ${share(value)} of the hexagons named get the same share of all voices before and after, but for chance (Andresen's S; ${count(differing, "hexagon differs", "hexagons differ")}). With few people this does not prove that the two maps are alike.`,
    similarityUnknown: "The likeness of the two maps cannot be computed: one side is empty.",
    agrees: "With wider hexagons the answer is the same.",
    disagrees:
      "Note: with wider hexagons the answer is not the same. Both maps are shown side by side; a conclusion that depends on the size of the cells is fragile.",
    sizeLabel: { 8: "about 900 m", 9: "about 350 m", 10: "about 130 m", 11: "about 50 m" },
    columns: {
      place: "Place",
      before: "Before",
      after: "After",
      p: "p (chance alone)",
      adjusted: "corrected p",
      verdict: "Verdict",
      fall: "A fall would be seen at",
      rise: "A rise would be seen at",
    },
    sides: (before, after) => `before: ${before}; after: ${after}`,
    sideAtelier: (titre, day) => `${titre}, ${day}`,
    unequal: "Choose two workshops, or two different years.",
  },

  zone: {
    title: "Before and after, at a place",
    intro:
      "Choose the hexagons where something was done (on the map or in the list) and the day; or an action that was done.",
    action: "Action done",
    noAction: "none: zone chosen by hand",
    date: "From",
    cut: (day) => `compared before and after ${day}`,
    months: "Compare over",
    monthsOption: (months) => `${months} months on either side`,
    chosen: (hexagons) => count(hexagons, "hexagon chosen", "hexagons chosen"),
    clear: "Empty the zone",
    list: "Choose from the list",
    sentence: {
      fell: (value, lo, hi) =>
        `Relative to the rest of the neighbourhood, fewer people report in the zone: ratio ${value} (between ${lo} and ${hi} if chance is accounted for).`,
      rose: (value, lo, hi) =>
        `Relative to the rest of the neighbourhood, more people report in the zone: ratio ${value} (between ${lo} and ${hi} if chance is accounted for).`,
      inconclusive: (value, lo, hi) =>
        `No conclusion: the ratio of the zone to the rest is ${value}, and chance allows anything from ${lo} to ${hi}.`,
    },
    few: "No conclusion: there are too few reports in the zone for a ratio.",
    nothing: "No report in these two periods: nothing to compare.",
    how: "1 means that the zone went the way of the rest of the neighbourhood. Below, it fell more. If the line touches 1 nothing can be concluded, and nothing is said of the cause.",
    method:
      "Distinct people who reported, zone and rest, before and after; ratio of ratios, Fisher's noncentral hypergeometric law, mid-p interval, 95% (Cornfield, 1956; Agresti and Gottard, 2007). A trend shared by the whole neighbourhood cancels out.",
    counts: (before, after, restBefore, restAfter) =>
      `People who reported: in the zone ${n(before)} before and ${n(after)} after; in the rest of the neighbourhood ${n(restBefore)} before and ${n(restAfter)} after.`,
    label: "Zone over the rest",
    columns: { where: "Where", before: "Before", after: "After" },
    inZone: "In the zone",
    rest: "Rest of the neighbourhood",
  },

  actions: {
    title: "What was answered",
    sentence: (all: number, done: number, late: number) =>
      `${count(all, "action", "actions")}, of which ${n(done)} done and ${n(late)} late.`,
    how: "One line per action, whatever the period chosen. “Late”: its date has passed and the action is neither done, refused nor abandoned.",
    method:
      "Kept in Quiétude by the city, the police and their partners. The state is that of the last update; it says what was done, not what it changed: see “Before and after”.",
    none: "No action is recorded for this neighbourhood yet.",
    columns: { titre: "Action", state: "State", done: "Done on", due: "Due" },
  },

  ateliers: {
    title: "Workshops",
    sentence: (all: number, participants: number) =>
      `${count(all, "workshop", "workshops")}, ${count(participants, "participant", "participants")} in all.`,
    how: "One line per workshop of the period. A participant is a person who joined a table, whether they marked anything or not.",
    method:
      "Participants are counted by pseudonym, one per person and workshop. Pseudonyms change from one workshop to the next: who came twice counts twice.",
    none: "No workshop in this period.",
    columns: { titre: "Workshop", day: "Day", participants: "Participants", state: "State" },
    states: { prepared: "prepared", open: "open", closed: "closed" },
  },
};
