import type { fr } from "./animation.fr";
import { formatNumber as n } from "./format";
import type { Translation } from "./text";

const some = (value: number, one: string, many: string) =>
  `${n(value)} ${value === 1 ? one : many}`;

/** Texts of the animateur's page and of the projection. */
export const en: Translation<typeof fr> = {
  title: "Facilitation",
  titleOf: (atelier) => `${atelier} – facilitation`,
  projectionTitle: (atelier) => `${atelier} – projection`,
  name: "Quiétude",
  demo: "Fictional data",
  loading: "One moment…",
  retry: "Try again",
  back: "All workshops",
  close: "Close",
  cancel: "Cancel",

  steps: [
    "Before",
    "Welcome",
    "Diagnosis",
    "Feedback",
    "Mapping",
    "Answers",
    "Summary",
    "Follow-up",
  ],
  stepHelp: [
    "Print the table cards, open the projection, then welcome the residents.",
    "Introductions. Everyone joins their table with the code or the QR.",
    "The tables answer the four questions: what, why, what to do, what part residents can take.",
    "The police present the main problems of the quartier.",
    "The tables show on the map where they feel safe, and where they do not.",
    "The institutions say what can answer what is shown.",
    "Patrol instructions and prevention measures.",
    "What is decided, who follows it, when to meet again.",
  ],

  kinds: { atelier: "Workshop", reunion: "Specific meeting" },
  states: {
    prepared: "Upcoming",
    open: "Running",
    unclosed: "To be closed",
    closed: "Closed",
    missed: "Not held",
  },

  list: {
    heading: "Workshops",
    intro: "Prepare a workshop, print its table cards, then open it on the evening.",
    now: "Running and upcoming",
    past: (count) => `Past workshops (${n(count)})`,
    empty:
      "No workshop is running or upcoming. Prepare one: its codes and table cards will be ready at once.",
    tables: (count) => some(count, "table", "tables"),
    said: (people, markers) =>
      `${some(people, "person", "people")}, ${some(markers, "marker", "markers")}`,
    open: (title) => `Facilitate: ${title}`,
    step: (name) => `step ${name}`,
    between: (name) => `step ${name} finished`,
  },

  form: {
    heading: "Prepare a workshop",
    copy: "Copy from a previous workshop",
    copyNone: "Copy nothing",
    copied:
      "Quartier, place, time, tables and minutes of the steps are taken over. Choose the date.",
    quartier: "Quartier",
    choose: "Choose a quartier",
    kind: "Kind",
    title: "Title",
    titleHelp: "Proposed from the quartier and the date. No names of people.",
    proposed: (quartier, day, meeting) =>
      `${meeting ? "Specific meeting" : "Workshop"} ${quartier}${day === "" ? "" : `, ${day}`}`,
    date: "Date",
    time: "Time",
    place: "Place",
    placeHelp: "For example: community hall, 12 rue du Biollay",
    tables: "Number of tables",
    tablesHelp: "About five people per table.",
    submit: "Create the workshop",
    sending: "Creating…",
    again: "Try again",
    missing: {
      quartier: "Choose the quartier.",
      titre: "Give a title.",
      starts_at: "Give a date and a time.",
      tables: "Give a number of tables, from 1 to 20.",
    },
    unsure:
      "The server did not answer. Nothing is lost: try again, the workshop will be created only once.",
  },

  head: {
    cards: "Table cards (PDF)",
    projection: "Open the projection",
    projectionHelp: "opens in a new tab",
    more: "Info",
  },

  line: {
    live: "Live",
    connecting: "Connecting…",
    lost: "Connection lost. The map no longer moves; it will go on by itself. The tables keep drawing on their devices.",
    unsent: (count) =>
      `${some(count, "request has not left yet", "requests have not left yet")}. Trying again.`,
    drop: "Give up",
    refusedOrder: (what, detail) => `${what}: refused. ${detail}`,
    unknown: "This workshop does not exist, or you may not facilitate it.",
    unreachable: "The server does not answer. Check the network, then try again.",
  },

  next: {
    heading: "To do now",
    step: (name) => `Open the step ${name}`,
    prepare: "Print, invite",
    draw: "Open drawing for all tables",
    drawHelp: "The mapping step is open but no table can draw.",
    freeze: "Close the workshop",
    during: (step, help) => `${step}: ${help}`,
    between: (step) =>
      `The step ${step} is finished. Until the next one the projection shows how far the evening is.`,
    freezeHelp: "The last step is open. Closing freezes the map and gives its fingerprint.",
    closed: "The workshop is closed",
    closedHelp: "The map is frozen. Nothing can be added to it.",
    sending: "Sending…",
  },

  plan: {
    heading: "Steps",
    minutes: (name) => `Planned minutes for ${name}`,
    unit: "min",
    open: "Open",
    openNamed: (name) => `Open the step ${name}`,
    done: "past step",
    left: "left",
    overNow: "time is up",
    over: (time) => `over by ${time}`,
    since: (time) => `open for ${time}`,
    more: "+ 5 min",
    close: "Finish",
    closeNamed: (name) => `Finish the step ${name}`,
    moreNamed: "Give this step 5 more minutes",
    total: (time) => `${time} planned in all`,
    end: (time) => `ends about ${time}`,
    hours: (hours, minutes) =>
      hours === 0 ? `${n(minutes)} min` : `${n(hours)} h ${String(minutes).padStart(2, "0")}`,
    days: (count) => some(count, "day", "days"),
  },

  counts: {
    label: "Counts",
    unsafe: (count) => `${n(count)} not safe`,
    safe: (count) => `${n(count)} rather safe`,
    people: (count) => some(count, "participant", "participants"),
    hidden: (count) => `${n(count)} hidden`,
  },

  filter: {
    label: "What the map shows",
    table: "Table",
    allTables: "All tables",
    felt: "Feeling",
    all: "All",
    unsafe: "Not safe",
    safe: "Rather safe",
  },

  map: {
    label: (quartier) =>
      `Map of the markers of the quartier ${quartier}. The same markers are in the list “What just came in”.`,
    empty: "Markers will appear here as soon as the tables draw.",
    filtered: "No marker with this choice.",
    none: "No marker was placed.",
  },

  tables: {
    heading: "Tables",
    one: (numero) => `Table ${n(numero)}`,
    devices: (count) => some(count, "device", "devices"),
    people: (count) => some(count, "person", "people"),
    markers: (count) => some(count, "marker", "markers"),
    draw: (numero) => `Drawing of table ${n(numero)}`,
    drawing: "Drawing",
    paused: "Paused",
    openAll: "Open all",
    closeAll: "Close all",
    codeOf: (numero) => `Show the code of table ${n(numero)}`,
    scan: "Scan the code, or touch “Draw with your table” on the home page of Quiétude.",
    scanAt: (address) => `Scan the code, or open ${address} and touch “Draw with your table”.`,
    qr: (numero) => `QR code of table ${n(numero)}`,
    share: "Share the maps between tables",
    shared: "Each table sees the markers of all tables, live.",
    unshared:
      "Each table sees only its own markers, so as not to be influenced. You and the projection see everything.",
  },

  feed: {
    heading: "What just came in",
    empty: "Nothing yet. Each marker that a table places will show up here.",
    all: (count) => `See all ${n(count)} markers`,
    less: "See only the last ones",
    ago: (minutes) => (minutes < 1 ? "just now" : `${n(minutes)} min ago`),
    agoHours: (hours) => `${n(hours)} h ago`,
    agoDays: (days) => `${n(days)} days ago`,
    zone: "area",
    note: "with a word",
    hidden: "hidden",
    near: (street) => `near ${street}`,
    nothing: "no details",
  },

  marker: {
    heading: (numero) => `Marker of table ${n(numero)}`,
    note: "The resident's text, not to be projected",
    hide: "Hide this marker",
    hideAsk: "Hide this marker?",
    hideHelp:
      "It will leave the other devices and the projection. Its author goes on seeing it, with a word that it is hidden. You can show it again; both acts are logged.",
    hideDo: "Hide",
    unhide: "Show again",
    unhideAsk: "Show this marker again?",
    unhideHelp:
      "It will be back on the devices that may see it and on the projection. The act is logged.",
    unhideDo: "Show",
    hidden: "Hidden: only you and its author see it.",
    gone: "Deleted by its author.",
  },

  freeze: {
    open: "Close the workshop…",
    heading: "Close the workshop?",
    final: "This is final: the map is frozen and gets a fingerprint that proves its content.",
    refused:
      "Whatever arrives afterwards is refused. Devices keep what has not left, and you will see here how much, table by table.",
    connected: (devices) =>
      devices === 0
        ? "No device is connected now."
        : `${some(devices, "device is still connected", "devices are still connected")}.`,
    missing: (devices) =>
      `${some(devices, "device seen this evening is no longer connected", "devices seen this evening are no longer connected")}: unsent markers may remain there.`,
    check:
      "The server cannot know what a device without network has not sent: ask the tables whether their screen says “not sent”.",
    own: (count) =>
      `${some(count, "of your requests has not left yet", "of your requests have not left yet")}.`,
    submit: "Close for good",
    hash: "Fingerprint of the frozen map",
    at: (moment) => `Closed on ${moment}`,
    late: "Arrived after the closing",
    lateNone: "Nothing arrived after the closing.",
    lateTable: (numero, operations, people) =>
      `Table ${n(numero)}: ${some(operations, "refused", "refused")}, ${some(people, "person", "people")}. Kept on the devices.`,
    lateOwn: (operations) =>
      `${some(operations, "of your requests was refused", "of your requests were refused")}.`,
    lateUnknown: "The count of late arrivals cannot be read now.",
  },

  orders: {
    step: (name) => `Open the step ${name}`,
    stepClose: (name) => `Finish the step ${name}`,
    minutes: "Give 5 more minutes",
    plan: "Keep the planned minutes",
    tableOpen: (numero) => `Open drawing, table ${n(numero)}`,
    tableClose: (numero) => `Close drawing, table ${n(numero)}`,
    share: "Share the maps",
    unshare: "Stop sharing the maps",
    hide: "Hide a marker",
    unhide: "Show a marker",
    freeze: "Close the workshop",
  },

  erasure: {
    heading: "Erase what one person gave",
    help: "When that person asks, tonight or later, without having to say why. The code is on their device, under “My contribution”; without it, ask for the table and the number. A map already published does not change.",
    code: "The person's code",
    person: "Or table and number",
    choose: "Choose…",
    who: (table, rang) => `Table ${table}, resident ${rang}`,
    find: "Find",
    unknown: "Nobody in this atelier has that code: check it, or all was erased already.",
    sure: (who, markers, remarks) =>
      `${who}: ${some(markers, "marker", "markers")}, ${some(remarks, "remark", "remarks")}. All will be erased at once and cannot be restored.`,
    erase: "Erase for good",
    cancel: "Cancel",
    done: (who) => `${who}: all is erased.`,
  },

  publication: {
    heading: "Publication",
    help: "What several people said of the same place can be shown to everybody. Moderate first, then prepare: nothing is public before you have looked at it.",
    merge: "Merge with other ateliers of the quartier",
    mergeHelp:
      "An atelier is counted only once: those that you merge cannot appear alone any more. From three on, the map is finer.",
    alone: "This atelier alone.",
    merged: (ateliers, finer) =>
      `${n(ateliers)} ateliers merged${finer ? ": the map will be finer." : ". From three on, the map is finer."}`,
    together: (ateliers) => `It merges ${n(ateliers)} ateliers.`,
    prepare: "Prepare the publication",
    again: "Prepare again",
    making: "The preview is being made…",
    preview: (places) =>
      places === 0
        ? "No place was named by enough people: the edition would be empty."
        : `Preview: ${places === 1 ? "1 place" : `${places} places`} would be on the public map.`,
    read: { unsafe: "not safe", safe: "rather safe", contested: "opinions differ" },
    strips: "Times and themes would appear too.",
    noStrips: "Times and themes would not appear: one of them is too rare.",
    final:
      "Publishing is final: this workshop will never be counted again, and the devices of the evening can no longer show or take back their markers.",
    publish: "Publish for everybody",
    publishing: "Publishing…",
    published: (numero) => `Published: edition no. ${numero}.`,
    see: "See the public page",
    withdraw: "Withdraw this edition",
    withdrawHelp: "A withdrawn edition does not come back, and the workshop stays counted.",
    withdrawSure: "Withdraw for ever",
    withdrawn: "This edition was withdrawn.",
  },

  projection: {
    sentence: (people, markers) =>
      `${some(people, "person has placed", "people have placed")} ${some(markers, "marker", "markers")}`,
    empty: "Markers will appear here as soon as the tables draw",
    starts: (time) => `The workshop begins at ${time}`,
    unsafe: "I do not feel safe",
    safe: "I feel rather safe",
    left: (minutes) => (minutes < 1 ? "less than a minute" : `${n(minutes)} min left`),
    over: "time is up",
    closed: "Workshop closed",
    hexagons: "How many people",
    contested: "Divided",
    unsafeMore: "Mostly not safe",
    safeMore: "Mostly safe",
    smaller: "People on the smaller side",
    noContested: "No place is divided so far.",
    orMore: (count) => `${n(count)} +`,
    join: "Join your table",
    table: (numero) => `Table ${n(numero)}`,
    lost: "Connection lost, the map will go on by itself",
    unreachable:
      "The map cannot be opened now. Check the address and the network, then load the page again.",
    mapLabel: (quartier) => `Map of the quartier ${quartier}`,
    controls: "Controls of the projection",
    keys: {
      markers: "Markers",
      hexagons: "Hexagons",
      contested: "Divided",
      codes: "Table codes",
      auto: "Switch by itself",
      help: "Help",
      full: "Full screen",
    },
    help: "Keys of the projection",
    helpNote:
      "Without a choice, markers and hexagons take turns every 20 seconds. Escape closes this help.",
  },
};
