import type { Attributes, Felt, MarkerState } from "../protocol";
import { text } from "../text/atelier";

/** Questions after a marker was placed, in their order. */
export const questions = ["moments", "reasons", "themes", "nature", "note"] as const;
export type Question = (typeof questions)[number];

/** Themes are kinds of trouble: they are not asked where one feels safe. */
export function questionsFor(felt: Felt): readonly Question[] {
  return felt === "safe" ? questions.filter((q) => q !== "themes") : questions;
}

type Choices = Readonly<Record<string, string>>;

/** The answers to a question, by code; null for a free text. */
export function choicesFor(question: Question, felt: Felt): Choices | null {
  switch (question) {
    case "moments":
      return text.moments;
    case "reasons":
      return felt === "unsafe" ? text.reasonsUnsafe : text.reasonsSafe;
    case "themes":
      return text.themes;
    case "nature":
      return text.natures;
    case "note":
      return null;
  }
}

/** The codes answered to a question. */
export function answered(attributes: Attributes, question: Question): readonly string[] {
  const value = attributes[question];
  if (Array.isArray(value)) return value;
  return typeof value === "string" && value !== "" ? [value] : [];
}

/** "En soirée · Mal éclairé": what the author answered, without the free text. */
export function details(marker: MarkerState): string {
  return questionsFor(marker.felt)
    .flatMap((question) => {
      const choices = choicesFor(question, marker.felt);
      return choices === null
        ? []
        : answered(marker.attributes, question).map((code) => choices[code] ?? code);
    })
    .join("\u00a0· ");
}

/** What may be read of a marker, by paragraph: the answers, then the free text. */
export function said(marker: MarkerState): readonly string[] {
  const [note] = answered(marker.attributes, "note");
  const words = [details(marker), note === undefined ? "" : text.marker.note(note)].filter(Boolean);
  return words.length === 0 ? [text.marker.nothing] : words;
}

export function feltWords(felt: Felt): string {
  return felt === "unsafe" ? text.draw.unsafeShort : text.draw.safeShort;
}
