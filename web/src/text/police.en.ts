import { chanceEn } from "./chance";
import { formatDate as formatDay, formatNumber as n } from "./format";
import type { fr } from "./police.fr";
import type { Translation } from "./text";

const some = (value: number, one: string, many: string) =>
  `${n(value, value < 100 ? 1 : 0)} ${value === 1 ? one : many}`;
const days = (from: string, to: string) =>
  from === to ? `on ${formatDay(from)}` : `from ${formatDay(from)} to ${formatDay(to)}`;
const names = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];
const dayName = (day: number) => names[day - 1] ?? "";

export const en: Translation<typeof fr> = {
  title: (commune) => `Police – Quiétude, ${commune}`,
  name: "Quiétude",
  page: "Where and when",
  skip: "Go to filters and places",
  demo: "Fictional data",
  quartier: "Quartier",
  city: "Whole city",
  show: "Map",
  views: {
    signalements: "Reports",
    ressenti: "Felt, from ateliers",
    cote: "Both side by side",
    croisement: "Felt and reported crossed",
  },
  source: {
    label: "Source",
    all: "Reports and ateliers",
    signalements: "Reports only",
    ateliers: "Ateliers only",
    origins: "Where the reports came from",
    said: "Tick the origins to keep; without a choice, all count.",
    from: (origins: string) => `reports that came from: ${origins}`,
    habitant: "The residents' form",
    demo: "Examples of the demo",
    file: (name: string) => `File “${name}”`,
    how: (origins: string) => `Only reports that came from: ${origins} count.`,
    onlyHere: "Ateliers only: the reports of this place are left aside.",
    onlyAteliers:
      "Ateliers only: reports are left aside. The map, the places and the sheet say only what participants marked.",
  },
  form: "Drawing",
  forms: { hexagones: "Hexagons", densite: "Density" },
  reset: "Show everything",
  link: "Copy the link of this view",
  linkCopied: "Link copied: it shows the same view to whoever has the same rights.",
  howTitle: "How to read:",
  numbers: "The numbers as a table",
  method: "Method",
  wait: "Loading…",
  close: "Close",
  dayName,

  said: (count, people, from, to, lo, hi) =>
    `${some(count, "report", "reports")} (between ${n(lo)} and ${n(hi)} allowing for chance) ${days(from, to)}${people === 0 ? "" : `, by ${some(people, "person", "different people")}`}.`,
  anonymous: (count) =>
    count === 1
      ? "One report is anonymous: nobody knows from whom."
      : `${n(count)} reports are anonymous: nobody knows from how many people.`,
  unsure: (count) =>
    `For ${some(count, "report", "reports")} the hour is known only to within several hours: each is spread over them.`,
  nothing: "No report matches these choices. Widen the period or the themes.",
  nothingYet:
    "No report yet. They will appear here as soon as a resident sends one or a file is imported.",
  feltNoHour: "What was felt in ateliers has no hour: the filter on the week leaves it alone.",

  map: {
    signalements: "Map of reports",
    ressenti: "Map of what was felt in ateliers",
    croisement: "Map of felt and reported",
  },
  legend: {
    title: {
      signalements: "Reports per hexagon",
      ressenti: "Residents who do not feel safe, per hexagon",
      croisement: "What is said and what is reported",
    },
    titleDense: {
      signalements: "Density of reports",
      ressenti: "Density of places marked unsafe in ateliers",
    },
    more: (from) => `${n(from)} or more`,
    quadrant: {
      felt: "Felt, little reported",
      reported: "Reported, little felt",
      both: "Felt and reported",
    },
    beyond: "Gap beyond chance (thick edge)",
    agreedLine: "Place of the list: residents agree",
    reportedLine: "Place of the list: reports gather or rise",
    how: {
      signalements: "the darker a hexagon, the more was reported there.",
      ressenti: "the darker a hexagon, the more participants marked it as an unsafe place.",
      croisement: "“little” means no more than the mean of the hexagons that hold anything.",
    },
    method: {
      signalements:
        "Reports located in each hexagon (H3 grid, 10 hectares for the whole city, 1.5 for a quartier). One whose hour is known only roughly counts for the share of time that the chosen hours keep (aoristic method: Ratcliffe and McCullagh, 1998).",
      ressenti:
        "Distinct participants per hexagon (H3 grid), however many markers they placed. A drawn zone counts in each hexagon that it touches. What is felt in ateliers has no hour.",
      croisement: "Andresen's S (2009): Fisher's exact test per hexagon, Benjamini–Hochberg at 5%.",
      densite:
        "Quartic kernel (Silverman, 1986) around the middle of hexagons of 50 m. Colours change at 5, 15, 30, 50 and 75% of the highest point: two maps do not share a scale.",
    },
    caveat:
      "Recorded ≠ committed: a report depends on who reports, not only on what happens. A place without colour is not a place without trouble.",
    similarity: (s, differing, compared) =>
      `The two maps are alike in ${n(Math.round(s * 100))}% of ${n(compared)} hexagons; the gap is beyond chance in ${n(differing)}.`,
    similarityNone: "No comparison: felt or reported is missing for these choices.",
    density: (radius) =>
      `A picture smoothed over ${n(radius)} m: it guides the eye and proves nothing. Use the list of places for what is beyond chance.`,
    densityLow: "little",
    densityHigh: "much",
    densityNone: "Nothing to draw for these choices.",
    voices: "Each resident counts once per hexagon.",
  },

  exports: {
    always: "since the beginning",
    of: (format, layer) => `${format} ${layer}`,
    participants: (people, ateliers) =>
      `n = ${some(people, "participant", "participants")}, ${some(ateliers, "atelier tested", "ateliers tested")} one by one.`,
    days,
    themes: (names) => `themes: ${names}`,
    n: (count, people, anonymous) =>
      `n = ${some(count, "report", "reports")} by ${some(people, "person", "different people")}${anonymous > 0 ? ` and ${some(anonymous, "anonymous report", "anonymous reports")}` : ""}.`,
    reports: (count) => `n = ${some(count, "report", "reports")}.`,
    voices: (voices) =>
      `n = ${some(voices, "resident voice", "resident voices")} (one per person and hexagon).`,
  },

  hexagons: {
    numbers: "The numbers of the map as a table",
    caption: "The 50 hexagons with most",
    place: "Place",
    reported: "Reports",
    felt: "Not safe",
    quadrant: "Reading",
    beyond: "Gap beyond chance",
    yes: "yes",
    no: "no",
    little: "little of both",
    unnamed: (row) => `Hexagon ${row}`,
  },

  months: {
    title: "Reports per month",
    first: "From",
    last: "To",
    how: "the line is each month's number of reports; the grey band, what chance alone would make of it (95 times in 100).",
    month: "Month",
    count: "Reports",
    low: "Lower bound (95%)",
    high: "Upper bound (95%)",
    methodText:
      "Exact Poisson interval at 95% (Garwood, 1936) around the month's number. It does not account for habits of reporting.",
  },

  strip: {
    title: "When in the week",
    said: (count, total, words) =>
      `${words}: ${some(count, "report", "reports")} of ${n(total, total < 100 ? 1 : 0)}.`,
    whole: (total) => `Whole week: ${some(total, "report", "reports")}.`,
    label:
      "Week, hour by hour. Arrows: move. Shift and arrows: choose hours. Enter: choose the hour. Escape: whole week.",
    how: "the darker, the more reports. Drag a rectangle to keep only these hours everywhere else.",
    methodText:
      "A report whose hour is known only roughly is spread over the possible hours, by equal shares of time (aoristic method: Ratcliffe and McCullagh, 1998). Paris time, clock changes included.",
    days: ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"].join(","),
    hour: (hour) => `${hour}:00`,
    cell: (day, hour, value) => `${dayName(day)}, ${hour}:00: ${some(value, "report", "reports")}`,
    brush: (first, last, from, to) =>
      `${first === last ? dayName(first) : `${dayName(first)} to ${dayName(last)}`}, ${from}:00 to ${(to + 1) % 24}:00`,
    presets: { all: "Whole week", evening: "Evenings", night: "Nights", weekend: "Weekend" },
    day: "Day",
  },

  themes: {
    title: "Themes",
    said: "Tick the families to keep; without a choice, all count.",
    how: "the bar is the family's share; the figures follow the chosen hours, period and quartier.",
    method:
      "Each report has one family and one only. Share of all families, Wilson interval at 95% (JASA 22, 1927).",
    theme: "Theme",
    count: "Reports",
    share: "Share (interval at 95%)",
  },

  places: {
    title: "Places beyond chance",
    how: "these places stand out more than chance explains. They say where to look, not what will happen there, nor who.",
    agreed: "Where residents agree (ateliers)",
    gathered: "Where reports gather",
    risen: "Where and when reports rose",
    progress: (share) => `Computing: ${n(Math.round(share * 100))}%…`,
    none: "No place is beyond chance for these choices.",
    noAtelier: "No atelier for these choices.",
    why: (words) => `No result: ${words}.`,
    reasons: {
      invalid_input: "the data do not allow this computation",
      no_data: "there are no data",
      no_events: "nothing was counted",
      too_few_participants: "too few participants for a test",
      too_few_hexagons: "too few hexagons to compare",
      constant_field: "all hexagons have the same number",
      no_neighbours: "the hexagon stands alone",
      covers_everything: "there is nothing around to compare with",
      no_population: "the reference is empty",
      short_period: "the period has less than two months",
      other: "the computation could not be done",
    },
    unnamed: "Place without a named street nearby",
    near: (street) => `Near ${street}`,
    atelier: (people, of, lo, hi) =>
      `${some(people, "resident", "residents")} of ${n(of)} do not feel safe here or right beside (between ${n(lo)} and ${n(hi)} of ${n(of)} allowing for chance).`,
    atelierP: (p) => `Such agreement, were it chance alone, would happen ${chanceEn(p)}.`,
    atelierOf: (titre, day, of, people) =>
      `${titre}, ${formatDay(day)}: ${n(people)} of ${n(of)} participants marked an unsafe place.`,
    concentration: (count, from, to, people, expected) =>
      `${some(count, "report", "reports")} ${days(from, to)}, by ${some(people, "person or anonymous sender", "people or anonymous senders")}; spread at random, this area would have ${n(expected)}.`,
    concentrationP:
      "This computation is wrong at times, mostly with few reports: to be confirmed by a rise, by an atelier or on the spot.",
    rise: (count, from, to, people, expected) =>
      `${some(count, "report", "reports")} ${days(from, to)}, by ${some(people, "person or anonymous sender", "people or anonymous senders")}, for ${n(expected)} expected from the place and the season.`,
    riseP: (p) => `Such a rise, were it chance alone, would happen ${chanceEn(p)}.`,
    basis: (count, people, from, to) =>
      `From ${some(count, "report", "reports")} of ${some(people, "person or anonymous sender", "people or anonymous senders")}, ${days(from, to)}.`,
    recent: (from, to) => `The rise is looked for ${days(from, to)} (twelve months at most).`,
    seed: (seed, maps) => `${n(maps)} draws at random; seed ${seed} gives the same again.`,
    reading: {
      agreed:
        "two people may agree by chance; here they are more than chance explains. A place that is absent is not a safe place.",
      gathered:
        "more is reported there than elsewhere, neighbouring hexagons included. A place that is always busy is often among them.",
      risen: "more was reported there, in these months, than the place and the season let expect.",
    },
    methods: {
      agreed:
        "Shared-place test: each resident keeps the shape of what he or she marked, moved and turned at random in the quartier; the agreement seen is compared with the largest of each draw (max-T: Westfall and Young, 1993). Without known addresses the whole quartier counts alike.",
      gathered:
        "Gi* of Getis and Ord (1995) on distinct sources per hexagon and its neighbours, Benjamini and Hochberg (1995) at 5%. The test supposes numbers that are large enough: measured on maps drawn at random, without any concentration, it names a place in 11 maps of 100 with 8 reports per hexagon, in 39 with 0.3. To be read beside the rise below.",
      risen:
        "Space–time scan (Kulldorff, 1997 and 2005): disks of 330 m at most, windows of one to three months, baseline = total of the place × total of the month; places stay, and each person gets at random the dates of another who sent as many reports.",
    },
    add: "Put on the sheet",
    remove: "Take off the sheet",
  },

  place: {
    loading: "Reading the place…",
    count: (count, from, to, lo, hi) =>
      `${some(count, "report", "reports")} ${days(from, to)} (between ${n(lo)} and ${n(hi)} allowing for chance).`,
    found: "Why this place stands out",
    here: "In this hexagon alone",
    empty: "No report here for these choices.",
    band: (first, last, from, to, count, of) =>
      `Mostly ${first === 1 && last === 7 ? "every day" : first === 1 ? "Monday to Friday" : "Saturday and Sunday"}, ${from}:00 to ${to % 24}:00 (${n(count)} of ${n(of)}).`,
    themes: "Themes",
    felt: "What residents say",
    feltNone: "No resident marked this place in an atelier during this period.",
    feltOf: (titre, day) => `${titre}, ${formatDay(day)}`,
    unsafe: (people, of, lo, hi) =>
      `${some(people, "person", "people")} of ${n(of)} do not feel safe in this hexagon (between ${n(lo)} and ${n(hi)} of ${n(of)} once chance is allowed for).`,
    safe: (people, of) => `${some(people, "person", "people")} of ${n(of)} feel rather safe.`,
    whyUnsafe: "Why it does not feel safe",
    whySafe: "Why it feels safe",
    reason: (words, people) => `${words}: ${some(people, "person", "people")}`,
    actions: "Actions around this place",
    actionsNone: "No action is recorded here.",
    reports: (count) =>
      `Read ${count < 2 ? "the report" : `the ${n(Math.round(count))} reports`} (this reading is written in the log)`,
    why: "Why are you reading these details?",
    reportsTitle: "Reports of this place",
    when: "When",
    between: (from, to) => `between ${from} and ${to}`,
    theme: "Theme",
    detail: "Detail",
    reportsMost: "The latest 200 at most.",
  },

  recorded: {
    title: (commune) => `Recorded figures, all of ${commune}`,
    said: "Context for the commune. These figures have no finer place and enter no map.",
    how: "“withheld” means that the source does not publish the number: neither zero nor small. Recorded ≠ committed: much is never declared.",
    method:
      "Communal base of crimes and offences recorded by police and gendarmerie (SSMSI, Ministry of the Interior), as imported, without any computation. The rate per 1,000 inhabitants is the source's.",
    indicator: "Indicator",
    withheld: "withheld",
    missing: "not given",
    source: (sources, day) => `Source: ${sources}. Imported on ${formatDay(day)}.`,
    none: "No communal statistics are loaded.",
    noneHow: "Whoever administers the service can load the communal base of the SSMSI.",
    rate: (value) => `${n(value, 2)} ‰`,
  },

  sheet: {
    title: "Patrol sheet",
    open: (count) =>
      count === 0
        ? "Patrol sheet (proposed places)"
        : `Patrol sheet (${some(count, "place", "places")})`,
    print: "Print this page",
    pdf: "Download the PDF (A4)",
    back: "Back to the map",
    period: (from, to) => `Data ${days(from, to)}.`,
    choices: (words: string) => `Filter: ${words}.`,
    printed: (day) => `Made on ${formatDay(day)}.`,
    map: "Map of the places of the sheet, numbered like the list",
    consignes: "Instructions",
    consignesHelp: "One action per place; it will be seen in the follow-up of the quartier.",
    write: "Instruction for this place",
    record: "Record as an action “presence, patrol instructions”",
    recorded: "Instruction recorded: it is among the actions of the quartier.",
    outside:
      "This place is outside every quartier: the instruction cannot be recorded, but it prints.",
    titre: (place) => `Patrol instruction – ${place}`,
    none: "No place was kept: widen the period, or choose places on the map.",
  },
};
