import type { fr } from "./public.fr";
import type { Translation } from "./text";

export const en: Translation<typeof fr> = {
  name: "Quiétude",
  title: (commune) => `Feeling safe in ${commune} – Quiétude`,
  demo: "Fictional data",
  demoMore: "nothing below is about real people or events.",
  skip: "Skip to content",
  heading: (commune) => `Where do people feel safe in ${commune}?`,
  lead: "Residents meet, one neighbourhood at a time, and mark on the map the places where they feel safe and those where they do not. Here is what they said together.",
  loading: "Loading…",
  retry: "Try again",
  editions: {
    title: "What residents said",
    empty:
      "No map has been published yet. After each workshop, what several residents said of the same place appears here, never what one person alone said.",
  },
  staff: "For the city’s staff",
};
