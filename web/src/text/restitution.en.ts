import { formatDate, formatNumber as n } from "./format";
import type { fr } from "./restitution.fr";
import type { Translation } from "./text";

const some = (value: number, one: string, many: string) =>
  `${n(value)} ${value === 1 ? one : many}`;

/** Texts of the restitution: the police's slides, chosen beforehand and shown on the wall. */
export const en: Translation<typeof fr> = {
  page: {
    title: "Restitution",
    intro:
      "What the police shows to residents, atelier by atelier. Open one, choose its slides and look at them before the evening.",
    empty: "No atelier is planned: as soon as the city prepares one, it appears here.",
    unknown: "This atelier does not exist, or has no restitution.",
    back: "All ateliers",
    open: (titre: string) => `Prepare the restitution: ${titre}`,
    wall: "In the evening, the animateur moves the slides on the wall.",
  },

  heading: "Slides",
  help: "What the police shows to the hall at step 3. Choose and order the slides before the evening; every number here is already the one that the hall will see.",
  rule: "A hall has no confidentiality: numbers are rounded down to multiples of five; fewer than five does not appear; a hexagon is about 350 m wide.",
  none: "No slide is chosen. The projection will show the map of the quartier.",
  usual: "Propose the four usual slides",
  add: "Add a slide",
  kind: "What it shows",
  kinds: {
    map: "Map of reports",
    week: "Days and hours",
    months: "Month by month",
    themes: "Themes",
    places: "Places beyond chance",
    density: "Density",
    edition: "Published edition",
    recorded: "Recorded figures of the commune",
  },
  theme: "Theme",
  allThemes: "All themes",
  moment: "Time",
  allMoments: "All day",
  moments: {
    day: "by day, 6:00 to 18:00",
    evening: "in the evening, 18:00 to 22:00",
    night: "at night, 22:00 to 6:00",
  },
  from: "From",
  to: "To",
  periodHelp: "Without dates: everything the city has received, until today.",
  edition: "Edition",
  editionNumber: (numero) => `Edition no. ${numero}`,
  recorded: "Recorded figure",
  nothingToChoose: {
    edition: "No edition of this quartier is published.",
    recorded: "No recorded figure of this commune was imported.",
  },
  submit: "Add",
  full: "Twelve slides at most: remove one before adding another.",
  up: (title) => `Move up: ${title}`,
  down: (title) => `Move down: ${title}`,
  remove: (title) => `Remove: ${title}`,
  list: "The slides, in order",
  preview: (title) => `Look at: ${title}`,
  previewTitle: "Preview",
  close: "Close the preview",
  overtaken: "Somebody else changed the slides meanwhile. The list is up to date: start again.",
  closed: "The workshop is closed: its slides do not change any more.",

  wall: {
    heading: "On the wall",
    help: "Left and right arrows, or the page keys of a remote control.",
    opening: "Opening page",
    now: (rang, of) => `Slide ${rang} of ${of}`,
    previous: "Previous",
    next: "Next",
    show: (title) => `Show on the wall: ${title}`,
    shown: "on the wall",
    notYet: "The projection shows the slides once the step Restitution is open.",
    end: "That was the last slide.",
    title: "What the police sees",
    list: "Tonight",
    nothing:
      "Nothing to show: fewer than five for these choices. That does not mean that nothing happens.",
    noPlace:
      "No place stands out from chance for these choices. That does not mean that nothing happens.",
    page: (rang, of) => `${rang} of ${of}`,
    how: "How to read",
    caveat: "Mind",
    source: "Source",
  },

  title: {
    map: (theme) => (theme === "" ? "Where the city received reports" : `Where: ${theme}`),
    week: (theme) =>
      theme === "" ? "Which days, at what time" : `Which days, at what time: ${theme}`,
    months: (theme) => (theme === "" ? "Month by month" : `Month by month: ${theme}`),
    themes: "What it is about",
    places: (theme) =>
      `Where reports gather more than by chance${theme === "" ? "" : `: ${theme}`}`,
    density: (theme) => `Where reports are densest${theme === "" ? "" : `: ${theme}`}`,
    edition: (numero) => `What residents said: edition no. ${numero}`,
    recorded: (indicator) => indicator,
  },
  period: {
    between: (from, to) => `${formatDate(from)} to ${formatDate(to)}`,
    until: (to) => `Until ${formatDate(to)}`,
    years: (first, last) => (first === last ? `Year ${first}` : `Years ${first} to ${last}`),
    evenings: (day) => `Workshops until ${formatDate(day)}`,
  },
  atLeast: (count) => `at least ${some(count, "report", "reports")}`,
  fewer: "fewer than five in all",
  how: {
    map: "the darker a hexagon, the more reports the city received there. It is about 350 m wide.",
    week: "a cell is a day and three hours. An empty one received fewer than five reports.",
    months: "a bar is a month. A month without a bar received fewer than five reports.",
    places:
      "a number is a hexagon of about 350 m, named by the street in its middle. Reports gather there more than if chance alone spread them over the quartier.",
    density:
      "the numbers of the map, spread over 500 m: the darker, the more reports around. Neither outlines nor spots are exact places.",
    themes: "a bar is a family of troubles. One that is missing received fewer than five reports.",
    edition: "a place is shown when at least five people spoke of it.",
    recorded: "a bar is a year, for the whole commune. “withheld” is neither zero nor small.",
  },
  rounded: "Numbers are rounded down to multiples of five.",
  caveat: {
    signalements:
      "recorded ≠ committed: a report depends on who reports, not only on what happens.",
    map: "recorded ≠ committed: a report depends on who reports. A place without colour is not a place without trouble.",
    felt: "the map says what those who came feel. It does not measure crime.",
    recorded: "recorded ≠ committed: many acts are never reported.",
  },
  source: {
    signalements: (quartier) => `reports received by the city, ${quartier}.`,
    edition: (quartier) => `edition published by the city, ${quartier}.`,
    recorded: (names) => `${names}.`,
  },
  legend: {
    signalements: "Reports",
    range: (from, to) => (to === null ? `${n(from)} or more` : `${n(from)} to ${n(to)}`),
    unsafe: "Do not feel safe",
    safe: "Feel rather safe",
    contested: "Opinions differ",
    fewest: "fewer",
    most: "more",
  },
  days: ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"],
  hours: (first) => `${first}:00`,
  hoursLong: (first) => `${first}:00 to ${first + 3}:00`,
  weekCaption: "Reports by day and by three hours",
  monthsCaption: "Reports by month",
  themesCaption: "Reports by theme",
  yearsCaption: (unit) => `By year (unit: ${unit})`,
  mapCaption: "Reports by hexagon",
  feltCaption: "People by hexagon",
  month: "Month",
  year: "Year",
  count: "At least",
  place: "Place",
  colon: ":",
  near: (street) => (street === "" ? "Far from a street" : `Near ${street}`),
  withheld: "withheld",
  less: "fewer than five",
  chart: (what) => `${what}. The numbers are in the table.`,
};
