import { formatNumber as n } from "./format";
import type { fr } from "./fr";
import type { Translation } from "./text";

const count = (value: number, one: string, many: string) =>
  `${n(value)} ${value === 1 ? one : many}`;

/** Texts of the city page, of the map and of the calls to the server. */
export const en: Translation<typeof fr> = {
  title: (commune) => `Quiétude, ${commune}`,
  name: "Quiétude",
  skip: "Skip to the figures",
  demo: "Fictional data",
  demoMore: "this page shows an example, nobody said this.",
  language: "Language",

  date: {
    pattern: { date: "dd/mm/yyyy", time: "18:30" },
    calendar: (field) => (field === "" ? "Choose in a calendar" : `${field}: choose in a calendar`),
    wrong: {
      date: "Write the date like this: 12/03/2026.",
      time: "Write the time like this: 18:30.",
    },
  },

  api: {
    offline: "The server does not answer. Check the connection, then try again.",
    foreign:
      "The answer does not come from Quiétude (a Wi-Fi login page?). Open a page in the browser to log in, then try again.",
    refused: "The request did not succeed. Nothing was changed.",
  },

  map: {
    label: (place) =>
      `Map: ${place}. Arrow keys move the map, + and − change the scale. The table holds the same figures.`,
    zoomIn: "Zoom in",
    zoomOut: "Zoom out",
    attribution: (commune) => `© Ville de ${commune}, IGN BD TOPO`,
    rasterAttribution: "© IGN",
    basemap: "Basemap",
    ownBasemap: "City map, without Internet",
    rasterBasemap: "IGN map, over the Internet",
  },

  search: {
    label: "Search for a street or a place",
    placeholder: "Street, square, school…",
    results: (found) =>
      found === 0 ? "No place found." : `${count(found, "place", "places")} found.`,
    none: "No place of that name. Try a single word.",
    outside: "outside the commune",
    clear: "Clear the search",
  },

  panel: {
    label: "What the map says",
    open: "See all choices and figures",
    close: "Back to the map",
    quartier: "Quartier",
    city: "The whole city",
    shown: "Show",
    size: "Size of the hexagons",
    sizes: {
      8: "very wide, about 900 m",
      9: "wide, about 350 m",
      10: "medium, about 130 m",
      11: "fine, about 50 m",
    },
    wide: "wide",
    fine: "fine",
    filters: "Choose themes and period, days and hours",
    filtersActive: (active) => count(active, "choice active", "choices active"),
    themes: "Themes",
    period: "Period",
    from: "From",
    to: "To",
    reset: "Show everything",
    periodWrong: "The first date comes after the second: nothing can match.",
  },

  moment: {
    title: "Days and hours of signalements",
    days: {
      1: "Monday",
      2: "Tuesday",
      3: "Wednesday",
      4: "Thursday",
      5: "Friday",
      6: "Saturday",
      7: "Sunday",
    },
    shortDays: {
      1: "Mon",
      2: "Tue",
      3: "Wed",
      4: "Thu",
      5: "Fri",
      6: "Sat",
      7: "Sun",
    },
    from: "From",
    to: "To",
    hour: (hour) => `${hour}:00`,
    known: "Only signalements whose hour is known count. What was said in an atelier has no hour.",
    overnight:
      "Hours after midnight count for their own day. Only signalements whose hour is known count.",
  },

  measure: {
    unsafe: "Felt unsafe",
    safe: "Felt safe",
    contested: "Contested",
    signalements: "Signalements",
  },
  measureLong: {
    unsafe: "People who do not feel safe",
    safe: "People who feel rather safe",
    contested: "Contested: people of each opinion",
    signalements: "Signalements sent to the city",
  },

  legend: {
    label: "Legend",
    people: (range, top) => `${range} ${top < 2 ? "person" : "people"}`,
    orMore: (from) => `${n(from)} or more`,
    contestedNote: "Hatched: at least one person in four says the opposite of the others.",
    voiceNote: "A person counts once per hexagon, even with several markers.",
    signalementNote: "A signalement may repeat the same fact: it is not a number of people.",
    nothing: "Without colour: nothing was said here.",
  },

  hexagon: {
    unnamed: (row) => `Hexagon ${row}`,
    unsafe: (people) =>
      people === 0
        ? "Nobody says they feel unsafe here."
        : `${count(people, "person does", "people do")} not feel safe here.`,
    safe: (people) =>
      people === 0
        ? "Nobody says they feel safe here."
        : `${count(people, "person feels", "people feel")} rather safe here.`,
    contested: "Opinions differ.",
    signalements: (found) =>
      found === 0
        ? "No signalement."
        : `${count(found, "signalement", "signalements")} sent to the city.`,
    markers: (found) => `${count(found, "marker", "markers")} placed on the map.`,
    close: "Close",
    show: "Choose a hexagon on the map or a row of the table to read what was said there.",
  },

  table: {
    title: "The same figures as a table",
    caption: (place) => `${place}, per hexagon: number of people, then of signalements`,
    captionCity: "Per quartier",
    place: "Place",
    quartier: "Quartier",
    unsafe: "Felt unsafe",
    safe: "Felt safe",
    contested: "Contested",
    markers: "Markers",
    signalements: "Signale\u00adments",
    yes: "yes",
    no: "no",
    more: (left) => `Show the other ${n(left)} rows`,
    sortHint: "Sort by this column",
  },

  status: {
    noTerritoire: "No commune is loaded on this server yet.",
    loading: "Loading the figures…",
    loadingMap: "Loading the map…",
    totals: (markers, signalements) =>
      `${count(markers, "marker", "markers")} placed by residents and ${count(signalements, "signalement", "signalements")}.`,
    empty:
      "Nothing to show with these choices. Hexagons appear when residents place markers or send signalements. Widen the period or show all themes.",
    retry: "Try again",
    choose: "Choose a quartier in the list, or touch it on the map, to see it in detail.",
  },

  draw: {
    open: "Draw with your table",
    title: "Join your table",
    explain:
      "The 8-character code is on the card of your table. No account, no e\u2011mail address.",
    code: "Table code",
    hint: "For example ABCD 2345",
    go: "Open the map of the table",
    close: "Close",
    wrong: "The code has 8 letters or digits. Check it on the card of the table.",
    examples: "To try: fictional ateliers that are open",
    table: (numero) => `Table ${numero}`,
    noExample: "No fictional atelier is open at the moment.",
  },
  prepare: "Prepare an atelier",
  ledger: "Follow-up of actions",

  about: {
    title: "What this map says, and does not say",
    felt: "It shows what people who came to the ateliers feel. It does not measure crime.",
    few: "A few people do not speak for the whole quartier: a hexagon without colour is not a safe place, it is a place nobody spoke of.",
    definition:
      "Feeling of insecurity: worry linked to a lack of safety or to a real or felt danger.",
    urgent: "In an emergency call 17 or 112, or text 114.",
  },

  theme: {
    BRU: "Noise",
    OCC: "Occupied space",
    STU: "Drugs (apparent)",
    DEG: "Damage",
    CIR: "Traffic and two-wheelers",
    PRO: "Cleanliness, dumping",
    AMB: "Buildings, surroundings",
    VIO: "Offences against people",
    VOL: "Offences against property",
    VOI: "Living together",
  },
};
