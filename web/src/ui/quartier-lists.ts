import { html, nothing } from "lit";
import { figure } from "../chart/figure";
import { text as evening } from "../text/evening";
import { formatDay } from "../text/format";
import { text } from "../text/quartiers";
import { exportsOf, type FigureView, type Saved } from "./figure-view";
import {
  type Action,
  empty,
  nParticipants,
  number,
  type Portrait,
  table,
  words,
} from "./quartier-figure";

const listed = (title: string, columns: readonly string[], rows: readonly (readonly unknown[])[]) =>
  html`<div class="figure-table list" tabindex="0" role="region" aria-label=${title}>${table(title, columns, rows)}</div>`;

/** What was answered, whatever the period: an action may last for years. */
export function actionsFigure(view: FigureView, actions: readonly Action[], links: Saved["links"]) {
  const w = text.actions;
  if (actions.length === 0) return empty(w.title, w.none);
  const sentence = w.sentence(
    actions.length,
    actions.filter((one) => one.done_on).length,
    actions.filter((one) => one.late).length,
  );
  return figure(
    words(w.title, sentence, w.how, w.method),
    listed(
      w.title,
      [w.columns.titre, w.columns.state, w.columns.done, w.columns.due],
      actions.map((one) => [
        one.titre,
        `${evening.states[one.state]}${one.late ? ` (${evening.late})` : ""}`,
        one.done_on ? formatDay(one.done_on) : text.none,
        one.echeance ? formatDay(one.echeance) : text.none,
      ]),
    ),
    exportsOf(view, {
      title: w.title,
      n: sentence,
      caveat: w.how,
      links,
      name: "actions",
      charts: "none",
    }),
    nothing,
  );
}

/** The evenings that the other figures rest on. */
export function ateliersFigure(view: FigureView, portrait: Portrait, links: Saved["links"]) {
  const w = text.ateliers;
  const { ateliers, participants } = portrait;
  if (ateliers.length === 0) return empty(w.title, w.none);
  return figure(
    words(w.title, w.sentence(ateliers.length, participants), w.how, w.method),
    listed(
      w.title,
      [w.columns.titre, w.columns.day, w.columns.participants, w.columns.state],
      ateliers.map((one) => [
        one.titre,
        formatDay(one.starts_at),
        number(one.participants),
        w.states[one.state as keyof typeof w.states] ?? "",
      ]),
    ),
    exportsOf(view, {
      title: w.title,
      n: nParticipants(participants),
      caveat: text.exports.voices,
      links,
      name: "ateliers",
      charts: "none",
    }),
    nothing,
  );
}
