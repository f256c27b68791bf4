import type { fr } from "./public.fr";
import type { Translation } from "./text";

export const en: Translation<typeof fr> = {
  name: "Quiétude",
  title: (commune) => `Feeling safe in ${commune} – Quiétude`,
  demo: "Fictional data",
  demoMore: "nothing below is about real people or events.",
  skip: "Skip to content",
  heading: (commune) => `Where do people feel safe in ${commune}?`,
  lead: "Residents meet, one neighbourhood at a time, and mark on the map the places where they feel safe and those where they do not. Here is what several of them said of the same place.",
  loading: "Loading…",
  retry: "Try again",
  staff: "For staff",
  report: "Report a problem",
  follow: "What you said, what we did",
  print: "Print",
  people: (from, to) => (to === null ? `${from} people or more` : `${from} to ${to} people`),

  editions: {
    title: "What residents said",
    choose: "Neighbourhood",
    all: "The whole city, newest editions",
    one: (quartier, numero) => `${quartier}, edition no. ${numero}`,
    empty:
      "No map has been published yet. After each workshop, what several residents said of the same place appears here, never what one person alone said.",
    missing:
      "The edition that was asked for does not exist, or was withdrawn. Here is the newest one of each neighbourhood.",
    nothing: "In this edition no place was named by enough people to be on the map.",
    source: (days) => `From ${days}.`,
    ateliers: (days) =>
      days.length === 1 ? `the workshop of ${days[0]}` : `the workshops of ${days.join(", ")}`,
    period: (from, to) => `the reports from ${from} until ${to}`,
  },

  legend: {
    title: "Reading the colours",
    unsafe: "People do not feel safe here",
    safe: "People feel rather safe here",
    contested: "Opinions differ: some people say one, some the other",
    none: "No colour: too few people spoke of it, or nobody. It does not mean that the place is safe.",
  },

  table: {
    title: "The same numbers as a table",
    caption: "For each hexagon, how many people said so",
    place: "Place, nearest",
    quartier: "Neighbourhood",
    unsafe: "Not safe",
    safe: "Rather safe",
    unnamed: "No street near",
    none: "–",
    noneLong: "too few to be told",
  },

  strips: {
    when: "When people do not feel safe there",
    what: "What it is about",
    absent:
      "Times and themes of this edition are not published: at least one of them was not named by enough people, and showing it would point at somebody.",
    caption: "Number of people, for the whole neighbourhood",
    part: "Time",
    theme: "Theme",
    number: "People",
    parts: {
      weekday_morning: "Weekdays, morning",
      weekday_afternoon: "Weekdays, afternoon",
      weekday_evening: "Weekdays, evening",
      weekday_night: "Weekdays, night",
      weekend_morning: "Weekend, morning",
      weekend_afternoon: "Weekend, afternoon",
      weekend_evening: "Weekend, evening",
      weekend_night: "Weekend, night",
    },
    themes: {
      BRUIT: "Noise, neighbours",
      ESPACE: "Gatherings, drug dealing",
      CADRE: "Litter, damage, lighting",
      CIRCULATION: "Traffic",
      ATTEINTES: "Harm to people and property",
    },
  },

  about: {
    title: "How to read this map",
    felt: "It shows what the people who came to the workshops feel. It does not measure crime, and a few people do not speak for a whole neighbourhood.",
    person: "Each person counts once per hexagon, however many markers they placed.",
    leftOut: "What is not there, and why",
    omissions: {
      hexagons_below_threshold_are_absent: (k) =>
        `A place of which fewer than ${k} people spoke does not appear, exactly like a place of which nobody spoke.`,
      hexagons_with_few_addresses_appear_in_their_parent: () =>
        "A hexagon with very few addresses is joined to its neighbours, when addresses are known.",
      places_outside_the_list_are_not_counted: () =>
        "What was placed outside the neighbourhood of the workshop is not counted.",
      strips_below_threshold_are_absent: () =>
        "Times and themes appear all together or not at all.",
      counts_are_classes_with_a_secret_margin: () =>
        "Numbers are given as ranges, and the exact threshold of each place is secret.",
      colluding_participants_may_learn_of_others: () =>
        "Limit: participants who put together what they said could guess that somebody else spoke of a place.",
    },
    texts:
      "No text, no exact time, no point is published. An edition never changes once published.",
  },

  meetings: {
    begun: "Today",
    title: "Next workshops",
    none: "No workshop is announced at the moment.",
    untitled: "Workshop on public tranquillity",
  },

  list: {
    title: "All editions",
    published: (day) => `published on ${day}`,
    withdrawn: (day) => `withdrawn on ${day}`,
    places: (count) => (count === 1 ? "1 place" : `${count} places`),
    hash: "Hash",
    hashHelp:
      "The hash (SHA-256 of the text) lets anyone check that an edition has not been changed.",
    fetch: "Download:",
    geojson: "GeoJSON",
    csv: "CSV table",
    canonical: "text",
    tiles: "Vector tiles for a GIS:",
  },

  privacy: "Privacy: what is kept, and for how long",
  contribution: "See or erase what I gave",
  urgent: "In an emergency call 17 or 112, or 114 by text message.",

  form: {
    title: (commune) => `Report a nuisance in ${commune}`,
    lead: "Your report goes to the city’s teams. No account, no name.",
    what: "What is it about?",
    where: "Where is it?",
    whereHelp:
      "Search for a street, or tap the map. With the keyboard, move the map with the arrows, then “Place in the middle”.",
    centre: "Place in the middle of the map",
    placed: "The place is set. Tap elsewhere to move it.",
    notPlaced: "No place is set yet.",
    when: "When?",
    whenDay: "Day",
    whenHour: "Around what time (if you know)",
    often: "Does it happen again?",
    frequencies: { once: "Once", recurrent: "Often", daily: "Every day" },
    note: "Would you like to add a word? (optional)",
    noteHelp:
      "280 characters at most. No name, no number plate, no flat number, nothing that points at a person: the text is read by an agent first, and is never public.",
    left: (count) => `${count} characters left`,
    danger:
      "Somebody is in danger or has just been attacked: call 17 or 112, or 114 by text message. This form is not read at night.",
    notice: "What becomes of your report",
    noticeText: (text, position) =>
      `The city keeps the exact place for ${position} months, then only a hexagon of about 50 m; the text for ${text} months at most. City agents and the police see it; the public never does. Unless you left an address above, nothing lets anyone recognise you.`,
    contact: "Would you like to be invited to talk about it? (optional)",
    contactHelp: (months) =>
      `The city holds workshops of about twenty residents in each neighbourhood. Leave an e-mail or postal address to be invited: it serves for nothing else. It is kept apart from your report, only the person who organises the workshops uses it, and it is erased after ${months} months. Neither the police nor the public see it.`,
    contactName: "Your name, for the envelope",
    contactEmail: "E-mail address",
    contactAddress: "Postal address",
    send: "Send the report",
    sending: "Sending…",
    sent: "Thank you, your report is recorded.",
    sentMore: "The city cannot answer you in person, but what is done appears on this page.",
    receipt: "Your receipt, to note if you ever want to see or erase this report:",
    again: "Make another report",
    back: "Back to the map",
    missing: {
      theme: "Choose what it is about.",
      place: "Set the place on the map or search for a street.",
      when: "This date is in the future, or too old.",
      contact: "With your name, give an e-mail or postal address, or leave all three empty.",
    },
    kept: "Nothing is lost: what you wrote is still here.",
    themes: {
      BRU: "Noise",
      OCC: "Gatherings, occupied spaces",
      STU: "Dealing or drug use, apparently",
      DEG: "Damage",
      CIR: "Traffic, reckless riding, parking",
      PRO: "Litter, fly-tipping",
      AMB: "Broken lighting, neglected place",
      VIO: "Insults, threats, assault",
      VOL: "Theft, burglary",
      VOI: "Neighbour conflict, isolated person",
    },
  },
};
